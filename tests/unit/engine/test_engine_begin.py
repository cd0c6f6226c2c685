"""What the guards, the effects and the clock of a step know that begins a case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from little_office import AUDITOR, Office, codes, defined, permit_table
from plea import Desk, at

from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.history import history
from relief.engine.step import Step
from relief.engine.work import Work
from relief.kernel.errors import NotAllowed, TransitionRefused


def test_begin_writes_the_row_and_its_first_entry(office: Office) -> None:
    case = office.begin()
    (row,) = office.rows(office.permits)
    (entry,) = office.rows(JOURNAL)
    assert (row["id"], row["state"], row["version"]) == (case, "draft", 1)
    assert row["journal_head"] == entry["hash"]
    assert row["definition_sha256"] == office.workflows.definitions["permit"].sha256
    assert (entry["number"], entry["from_state"], entry["to_state"]) == (1, "", "draft")
    assert (entry["actor"], entry["sealed"], entry["previous_hash"]) == ("mei", None, "")


def test_begin_is_refused_when_the_action_does_not_open(office: Office) -> None:
    with pytest.raises(TransitionRefused) as raised:
        office.begin("submit")
    assert codes(raised.value.problems) == ["step.does_not_open"]
    assert "it begins with one of prepare." in str(raised.value)
    assert office.rows(office.permits) == []


def test_begin_is_refused_when_the_role_is_missing(office: Office) -> None:
    with pytest.raises(NotAllowed, match="bao, lu, mei"):
        office.begin("prepare", AUDITOR)
    assert office.everything() == [[], []]


class Ears:
    """A guard and an effect that remember what they were told."""

    def __init__(self, path: Path) -> None:
        self.guarded: list[Step] = []
        self.effected: list[Step] = []
        table = permit_table()
        table["action"][0].update(guards=["listens"], effects=["remembers"])
        table["action"][-1].update(guards=[], effects=[])
        self.office = Office(
            path, defined(table), guards={"listens": self._listens},
            effects={"remembers": self._remembers},
        )  # fmt: skip

    def _listens(self, _work: Work, step: Step) -> list[Any]:
        self.guarded.append(step)
        return []

    def _remembers(self, _work: Work, step: Step) -> None:
        self.effected.append(step)


@pytest.fixture
def ears(tmp_path: Path) -> Iterator[Ears]:
    ears = Ears(tmp_path / "office.db")
    yield ears
    ears.office.database.dispose()


def test_guards_of_the_first_step_know_what_the_case_will_be_called_but_no_id(ears: Ears) -> None:
    ears.office.begin(facts={"lines": 3})
    (step,) = ears.guarded
    assert (step.subject_id, step.reference, step.state) == (0, "N-1", "")
    assert (step.row, step.facts) == ({"reference": "N-1"}, {"lines": 3})


def test_effects_of_the_first_step_know_the_id_of_the_case(ears: Ears) -> None:
    ears.office.begin()
    case = ears.office.begin()
    assert [step.subject_id for step in ears.effected] == [case - 1, case]


@pytest.mark.usefixtures("_machine_abroad")
def test_case_that_begins_late_is_reckoned_from_the_day_it_began(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk.db")
    desk.on("2005-06-10T09:00")
    happened = at("2005-06-02T16:00")
    desk.case = desk.office.begin("receive", kind="plea", happened_at=happened)
    with desk.office.work(writes=False) as work:
        (entry,) = history(work, "plea", desk.case)
    assert (entry.happened_at, entry.facts) == (
        happened, {"happened_at": "2005-06-02T08:00:00+00:00"},
    )  # fmt: skip
    due = [row["due_on"] for row in desk.office.rows(DEADLINE)]
    assert due == [dt.date(2005, 6, 16), dt.date(2005, 6, 17)]
    desk.office.database.dispose()
