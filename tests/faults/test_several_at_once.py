"""One form for several cases, and a failure amid the second: each case has taken the step whole or
not at all, and the form sent once more takes it where it was not taken, and nowhere twice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from relief.engine.cases import find_case
from relief.petitions.many.bulk import BulkStep, Sent, step_once
from tests.faults.conftest import Shelf
from tests.faults.dump import differences, dump, left_behind
from tests.faults.striking import COMMIT, striking
from tests.faults.test_every_statement import told_of_a_strike
from tests.invariants.everything import check_everything
from tests.matters import FIELDS, entries, opened
from tests.office import CHEN, Office

STEP = BulkStep("accept", FIELDS["petition"]["accept"], "", "0" * 32)


def sent(office: Office) -> list[Sent]:
    """Three cases, each with the version that is on the screen."""
    cases = ["P2005-0001", opened(office), opened(office)]
    with office.relief.reading() as work:
        return [Sent(case, find_case(work, case, CHEN).version) for case in cases]


def taken(office: Office, case: Sent) -> bool:
    """The step on one case, as the page takes it: in a unit of work of its own."""
    with office.relief.work() as work:
        is_new = step_once(work, CHEN, case, STEP)
        work.commit()
    return is_new


def acceptances(office: Office, cases: list[Sent]) -> list[int]:
    """How often each has taken the step."""
    return [
        sum(entry.action == "accept" for entry in entries(office, case.reference)) for case in cases
    ]


@contextmanager
def three(shelf: Shelf) -> Iterator[tuple[Office, list[Sent]]]:
    """An office with three cases to accept, the first of which was."""
    office = shelf.take("begun")
    cases = sent(office)
    assert taken(office, cases[0])
    yield office, cases
    shelf.give_back(office)


@pytest.mark.postgresql_slow
def test_failure_amid_the_second_case_leaves_the_first_done_and_the_others_to_be_sent_again(
    shelf: Shelf,
) -> None:
    with three(shelf) as (office, cases), striking(office.relief.database) as counted:
        assert taken(office, cases[1])
    assert counted.statements > 10
    with three(shelf) as (office, cases):
        before = dump(office)
        for at in [*range(1, counted.statements + 1), COMMIT]:
            with striking(office.relief.database, at) as strike, told_of_a_strike():
                taken(office, cases[1])
            assert strike.struck
            assert differences(before, dump(office)) == [], at
            assert left_behind(office) == [], at
        assert acceptances(office, cases) == [1, 0, 0]
        assert [taken(office, case) for case in cases] == [False, True, True]
        assert [taken(office, case) for case in cases] == [False, False, False]
        assert acceptances(office, cases) == [1, 1, 1]
        check_everything(office)
