"""What a case's row, its readers, and who stands aside have to be, worked out once more from the
journal (pure: entries in, what they mean out). By the effects that the pinned workflow names, as
`petitions.life.effects` and `engine.steps.recusal` wrote then; a test holds the two together.

Of what was erased, or cannot be opened, nothing is said: it is None.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from relief.desk.rules import OPENED
from relief.engine.actors import PROGRAM
from relief.engine.journal.against import Written
from relief.engine.journal.chain import happened_at
from relief.petitions.life.guards import named_readers
from relief.petitions.rules import ACCUSATION

# Somebody named: by what name, when, by whom, and until when.
Naming = tuple[str, dt.datetime, str, dt.datetime | None]
Subject = tuple[str, int]
_FLAGS = ("urgent", "collective")


class Names:
    """Who was named when by whom, and until when; not known where a step's words are gone."""

    def __init__(self) -> None:
        self.known = True
        self._standing: dict[str, tuple[dt.datetime, str]] = {}
        self._ended: list[Naming] = []

    @property
    def standing(self) -> set[str]:
        """Who is named now."""
        return set(self._standing)

    @property
    def all(self) -> list[Naming]:
        """Everybody who ever was."""
        now = [(name, at, by, None) for name, (at, by) in self._standing.items()]
        return [*self._ended, *now]

    def name(self, step: Written, names: Iterable[str | None]) -> None:
        """These are named by a step, as far as they were not."""
        for name in names:
            if name is None:
                self.known = False
            elif name:
                self._standing.setdefault(name, (step.record["at"], step.record["actor"]))

    def end(self, step: Written, names: Iterable[str]) -> None:
        """These are named no more."""
        for name in set(names) & self.standing:
            at, by = self._standing.pop(name)
            self._ended.append((name, at, by, step.record["at"]))


@dataclass
class Told:
    """A case as its entries tell it. `columns` are those of its row that they say; `may_vary` where
    whether it began restricted was not written down in those days."""

    columns: dict[str, Any]
    readers: Names = field(default_factory=Names)
    restricted: bool = False
    may_vary: bool = False
    merged: list[int] = field(default_factory=list)


class Replay:
    """The cases as the steps that go by make them; `of_references` is which case a number names,
    `day_of` the office's day of an instant, `began_restricted` answers for the cases of which no
    entry says it."""

    def __init__(
        self,
        of_references: Mapping[str, int],
        day_of: Callable[[dt.datetime], dt.date],
        began_restricted: Callable[[Written], bool],
    ) -> None:
        self.cases: dict[int, Told] = {}
        self.aside: dict[Subject, Names] = {}
        self._of_references = of_references
        self._day_of = day_of
        self._began_restricted = began_restricted

    def take(self, step: Written, effects: Iterable[str]) -> None:
        """Let one more step go by, which has these effects."""
        if "merged_case" in step.facts:
            self._take_in(step)
        for name in effects:
            if name in _EFFECTS:
                _EFFECTS[name](self, step)

    def _join_contact(self, step: Written) -> None:
        facts, record = step.facts, step.record
        if not record["from_state"] and facts.get("relation") == OPENED:
            self._begin(step)
        told = self.cases.get(record["subject_id"])
        if told:
            told.columns |= {name: True for name in _FLAGS if facts.get(name)}

    def _begin(self, step: Written) -> None:
        record, facts = step.record, step.facts
        actor, at = record["actor"], record["at"]
        columns = {
            "recorded_by": actor,
            "case_worker": actor,
            "recorded_at": at,
            "received_on": self._day_of(happened_at(facts, at)),
            "matter_class": "",
            "merged_into_id": None,
            **dict.fromkeys(_FLAGS, False),
        }
        began = facts.get("restricted")
        restricted = self._began_restricted(step) if began is None else bool(began)
        told = Told(columns, restricted=restricted)
        if restricted:
            told.readers.name(step, [actor])
        self.cases[record["subject_id"]] = told

    def _keep_matter_class(self, step: Written) -> None:
        told = self.cases.get(step.record["subject_id"])
        if told is None:
            return
        said = _word(step, "matter_class")
        told.columns["matter_class"] = said
        if said is None:
            told.readers.known, told.may_vary = False, True
        elif said == ACCUSATION and not told.restricted:
            self._restrict(step.record["subject_id"])
            worker = told.columns["case_worker"]
            told.readers.name(step, [told.columns["recorded_by"], step.record["actor"], worker])

    def _restrict(self, case_id: int) -> None:
        told = self.cases.get(case_id)
        if told:
            told.restricted = True
            for merged in told.merged:
                self._restrict(merged)

    def _keep_readers(self, step: Written) -> None:
        told = self.cases.get(step.record["subject_id"])
        if told is None:
            return
        typed = _word(step, "readers")
        if typed is None:
            told.readers.known = False
            return
        named = [*named_readers(typed), *({step.record["actor"]} - PROGRAM)]
        told.readers.end(step, told.readers.standing - set(named))
        told.readers.name(step, named)

    def _name_case_worker(self, step: Written) -> None:
        told = self.cases.get(step.record["subject_id"])
        if told:
            told.columns["case_worker"] = _word(step, "case_worker")

    def _take_in(self, step: Written) -> None:
        """Another case went into this one, by a step of its own in the same transaction."""
        record = step.record
        merged_id = self._of_references.get(step.facts["merged_case"])
        told, merged = self.cases.get(record["subject_id"]), self.cases.get(merged_id or 0)
        if merged_id is None or told is None or merged is None:
            return
        merged.columns["merged_into_id"] = record["subject_id"]
        told.merged.append(merged_id)
        told.columns |= {name: True for name in _FLAGS if merged.columns[name]}
        told.may_vary |= merged.may_vary
        if told.restricted:
            self._restrict(record["subject_id"])
        kind = record["subject_kind"]
        others = self.aside.get((kind, merged_id), Names())
        mine = self.aside.setdefault(step.subject, Names())
        mine.known &= others.known
        mine.name(step, sorted(others.standing))

    def _step_aside(self, step: Written) -> None:
        names = self.aside.setdefault(step.subject, Names())
        colleague = _word(step, "colleague")
        names.name(step, [step.record["actor"] if colleague == "" else colleague])

    def _end_recusal(self, step: Written) -> None:
        names = self.aside.setdefault(step.subject, Names())
        colleague = _word(step, "colleague")
        if colleague is None:
            names.known = False
        else:
            names.end(step, [colleague])


def _word(step: Written, name: str) -> str | None:
    """What was typed ("": nothing); None where it is gone."""
    return None if step.fields is None else step.fields.get(name, "")


_EFFECTS: dict[str, Callable[[Replay, Written], None]] = {
    "join_contact": Replay._join_contact,
    "keep_matter_class": Replay._keep_matter_class,
    "keep_readers": Replay._keep_readers,
    "name_case_worker": Replay._name_case_worker,
    "step_aside": Replay._step_aside,
    "end_recusal": Replay._end_recusal,
}
# The effects that say something of a case, its readers, or who stands aside.
SAYING = frozenset(_EFFECTS)
