"""What a decision grants: what stands against a grant, and what was granted in the words of one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from relief.engine.definitions.form import is_amount
from relief.engine.journal.chain import Entry
from relief.engine.journal.history import last_entries
from relief.engine.journal.passages import Passage, passages_of
from relief.engine.publishing import pinned_machine
from relief.engine.step import Step
from relief.engine.work import Work
from relief.kernel.errors import Problem
from relief.kernel.looking import asked_once, know
from relief.kernel.money import Fen, format_yuan, parse_yuan
from relief.kernel.text import _
from relief.petitions.life.guards import petitioner_is_identified
from relief.petitions.queries import last_words
from relief.petitions.rules import (
    ACCEPTED,
    GRANT_LOOKED_AT_FEN,
    GRANTED,
    GRANTED_AMOUNT,
    HANDLE,
    grants_money,
)

# The step that grants, and what it asks for.
STEP, DECISION, AMOUNT, SOURCE = HANDLE, "decision", GRANTED_AMOUNT, "fund_source"
# Where a decision that is returned leads back to; where it has been carried out, or is given up.
IMPLEMENTED, WITHDRAWN = "implemented", "withdrawn"
# How much was asked for, where the acceptance asks that.
ASKED_AMOUNT = "requested_amount"
_DECIDED = "handled"
# What a decision that grants nothing leaves out.
_UNUSED = {
    AMOUNT: _("Nothing was granted; leave the amount out."),
    SOURCE: _("Nothing was granted; leave out which money it comes from."),
}


def was_granted(words: Mapping[str, str]) -> bool:
    """Whether a decision grants, in its words; where it was not asked what is decided, one that
    writes an amount does."""
    return words.get(DECISION, GRANTED if words.get(AMOUNT) else "") == GRANTED


def granted_fen(words: Mapping[str, str]) -> Fen | None:
    """The amount of a decision that grants; None where none can be read in its words."""
    amount = words.get(AMOUNT, "")
    return parse_yuan(amount) if is_amount(amount) else None


def grant_stands(work: Work, step: Step) -> bool:
    """Whether money was granted in the case of a step, and the decision was not taken back."""
    if standing_decision(passages_of(work, step.kind, step.subject_id)) is None:
        return False
    definition = pinned_machine(work, step.row["definition_sha256"]).definition
    words = last_words(work, step.kind, step.subject_id, STEP)
    return grants_money(definition) and was_granted(words)


@asked_once
def decision_of(work: Work, kind: str, case_id: int) -> Mapping[str, str]:
    """The words of a case's last decision; empty where there is none."""
    return last_words(work, kind, case_id, STEP)


def know_decisions(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Read the same beforehand, of the cases among these that stand decided."""
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        if row["state"] == _DECIDED and grants_money(work.workflows.definitions[row["kind"]]):
            by_kind.setdefault(row["kind"], []).append(row["id"])
    for kind, ids in by_kind.items():
        entries = last_entries(work, kind, ids, STEP)
        for case_id in ids:
            words = entries[case_id].fields if case_id in entries else {}
            know(work, decision_of, words, kind, case_id)


def was_refused(work: Work, kind: str, case_id: int) -> bool:
    """Whether the last decision of a case grants nothing of what was asked for."""
    words = decision_of(work, kind, case_id)
    return bool(words.get(DECISION)) and not was_granted(words)


def states_skipped(entries: Sequence[Entry]) -> frozenset[str]:
    """The states that a case which has been through these entries does not come to: what was
    refused is not carried out."""
    if not entries or entries[-1].to_state != _DECIDED:
        return frozenset()
    words = next((each.fields for each in reversed(entries) if each.action == STEP), {})
    refused = bool(words.get(DECISION)) and not was_granted(words)
    return frozenset({IMPLEMENTED}) if refused else frozenset()


def something_was_granted(work: Work, step: Step) -> list[Problem]:
    """Of what was refused there is nothing to carry out: it is told."""
    if not was_refused(work, step.kind, step.subject_id):
        return []
    text = _("nothing was granted, so there is nothing to carry out: the applicant is told")
    return [Problem("petition.nothing_granted", text)]


def nothing_was_granted(work: Work, step: Step) -> list[Problem]:
    """What was granted is carried out before it is answered for."""
    if was_refused(work, step.kind, step.subject_id):
        return []
    text = _("this is for what was refused; what was granted is carried out first")
    return [Problem("petition.was_granted", text)]


def something_is_asked_for(_work: Work, step: Step) -> list[Problem]:
    """Who asks for money asks for some. (An amount that is none is the form's.)"""
    if not _is_nothing(step.fields.get(ASKED_AMOUNT, "")):
        return []
    text = _("Nothing would be asked for; write how much the applicant asks for.")
    return [Problem("petition.asked_nothing", text, ASKED_AMOUNT)]


def standing_decision(passages: Sequence[Passage]) -> int | None:
    """The number of the entry of the decision that stands; None where none was taken, or it was
    taken back."""
    number, later = next(_decisions(passages), (None, []))
    return None if ACCEPTED in later else number


def told_decisions(passages: Sequence[Passage]) -> dict[int, bool]:
    """The decisions that whoever decides elsewhere has to know of, by the numbers of their entries,
    the latest first: the one that stands, and those that were once carried out; each with whether
    it was taken back afterwards."""
    told = {}
    for number, later in _decisions(passages):
        is_taken_back = ACCEPTED in later or WITHDRAWN in later
        if IMPLEMENTED in later or not is_taken_back:
            told[number] = is_taken_back
    return told


def _decisions(passages: Sequence[Passage]) -> Iterator[tuple[int, list[str]]]:
    """Every decision, the latest first: its number, and the states it led to until the next."""
    states: list[str] = []
    for number in range(len(passages), 0, -1):
        passage = passages[number - 1]
        if passage.action == STEP:
            yield number, states
            states = []
        else:
            states.append(passage.to_state)


def is_given_up(states: Collection[str]) -> bool:
    """Whether a case was withdrawn before what was decided was ever carried out, by the states that
    the decision led to."""
    return WITHDRAWN in states and IMPLEMENTED not in states


def grant_is_whole(work: Work, step: Step) -> list[Problem]:
    """What is granted has an amount and a source, and goes to somebody whose identity number is
    known; what is refused has neither, and says why."""
    decision, amount = step.fields.get(DECISION), step.fields.get(AMOUNT, "")
    if not decision:
        return []  # the form asks for it
    if decision != GRANTED:
        unused = [
            Problem("petition.grant_refused", text, name)
            for name, text in _UNUSED.items()
            if step.fields.get(name)
        ]
        return [*unused, *_refused_without_reason(step)]
    problems = petitioner_is_identified(work, step)
    if not amount or _is_nothing(amount):
        text = _("Write the amount that is granted.")
        problems.append(Problem("petition.grant_amount", text, AMOUNT))
    if not step.fields.get(SOURCE):
        text = _("Write which money it comes from.")
        problems.append(Problem("petition.grant_source", text, SOURCE))
    return problems or _more_than_asked(work, step, amount)


def _refused_without_reason(step: Step) -> list[Problem]:
    if step.reason:
        return []
    text = _("nothing is granted: give the reason; the letter to the petitioner says it")
    return [Problem("petition.refused_without_reason", text, "reason")]


def _is_nothing(amount: str) -> bool:
    """True of an amount of 0, however it is written: `0.00`, `００`, `¥0`."""
    return is_amount(amount) and parse_yuan(amount) == 0


def _more_than_asked(work: Work, step: Step, amount: str) -> list[Problem]:
    """Who grants more than was asked for, or very much, says why. (An amount that is none is the
    form's.)"""
    if step.reason or not is_amount(amount):
        return []
    if parse_yuan(amount) > GRANT_LOOKED_AT_FEN:
        text = _(
            "{amount} yuan is more than {limit}: look at the amount once more, and give the reason",
            amount=format_yuan(parse_yuan(amount), grouped=True),
            limit=format_yuan(GRANT_LOOKED_AT_FEN, grouped=True),
        )
        return [Problem("petition.grant_large", text, "reason")]
    asked = last_words(work, step.kind, step.subject_id, "accept").get(ASKED_AMOUNT, "")
    if not is_amount(asked) or parse_yuan(amount) <= parse_yuan(asked):
        return []
    text = _(
        "this is more than the {asked} yuan that were asked for; give the reason",
        asked=format_yuan(parse_yuan(asked), grouped=True),
    )
    return [Problem("petition.grant_more", text, "reason")]
