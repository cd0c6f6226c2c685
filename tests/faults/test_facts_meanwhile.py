"""Facts that are recorded while a list is made: in this list or in the next, in neither never, and
never in both."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from relief.engine.work import Work
from relief.kernel.months import Quarter
from relief.payouts import queries
from relief.payouts.entitlement.window import ENROLMENT, HOLD, MEMBERSHIP
from relief.payouts.runs.preparation import prepare_run
from tests.faults.conftest import Shelf
from tests.faults.desk import spread
from tests.faults.example import QUARTER
from tests.faults.striking import striking
from tests.faults.waiting import at_statement
from tests.invariants.everything import check_everything
from tests.life import id_number
from tests.office import FANG, Office

pytestmark = pytest.mark.postgresql_slow

POINTS = 5
FACTS = {
    "exit": {"change": "exit", "effective_on": "2005-06-20", "reason": "收入提高"},
    "hold": {"change": "suspend", "effective_on": "2005-09-15", "reason": "待核实"},
    "join": {
        "change": "join", "effective_on": "2005-04-02", "id_number": id_number(50),
        "name": "试子", "relation": "child",
    },
}  # fmt: skip
each_fact = pytest.mark.parametrize("fact", FACTS)
HOUSEHOLD = "H2"
_RECORDED = sa.union_all(
    *(sa.select(table.c.recorded_at) for table in (ENROLMENT, HOLD, MEMBERSHIP))
).order_by("recorded_at")


def record(office: Office, fact: str) -> Callable[[], None]:
    """Records a fact of a household that is on the list."""

    def writer() -> None:
        office.change({"household_no": HOUSEHOLD, **FACTS[fact]})

    return writer


def prepare(work: Work) -> str:
    return prepare_run(work, FANG, Quarter.parse(QUARTER)).sha256


def one_after_the_other(shelf: Shelf, fact: str) -> tuple[str, str, int]:
    """The list before a fact and the one after it, with nobody beside; and the statements."""
    office = shelf.take("begun")
    with striking(office.relief.database) as counted:
        before = office.prepare(QUARTER, actor=FANG).sha256
    record(office, fact)()
    after = office.prepare(QUARTER, actor=FANG).sha256
    assert before != after
    shelf.give_back(office)
    return before, after, counted.statements


@each_fact
def test_fact_recorded_while_a_list_is_made_comes_with_the_next(shelf: Shelf, fact: str) -> None:
    before, after, statements = one_after_the_other(shelf, fact)
    for number in spread(statements, POINTS)[1:]:  # at the first nothing is locked yet
        office = shelf.take("begun")
        made, _nothing = at_statement(office, number, prepare, record(office, fact))
        assert made == before, number
        as_of = office.run(QUARTER).as_of
        with office.relief.reading() as work:
            assert work.rows(_RECORDED)[-1].recorded_at > as_of
        check_everything(office)
        assert office.prepare(QUARTER, actor=FANG).sha256 == after, number
        check_everything(office)
        shelf.give_back(office)


@each_fact
def test_fact_recorded_before_the_lock_is_taken_comes_with_this_list(
    shelf: Shelf, fact: str
) -> None:
    _before, after, _statements = one_after_the_other(shelf, fact)
    office = shelf.take("begun")
    with office.relief.work() as work:
        if not work.is_sqlite:
            assert queries.all_runs(work)  # has read already, and holds nothing yet
        record(office, fact)()
        assert prepare(work) == after
        work.commit()
    check_everything(office)
    assert office.prepare(QUARTER, actor=FANG).sha256 == after
    shelf.give_back(office)
