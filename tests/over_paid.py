"""An office that paid too much, and how it stands there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.journal.verification import verify_journal
from relief.kernel.errors import ReliefError
from relief.payouts import queries
from relief.payouts.over_paid.kinds import KINDS
from relief.payouts.over_paid.standing import Standing, standing_of
from tests.life import PERSONS
from tests.office import Office

APRIL, MAY, JUNE = (2005 * 12 + month for month in (3, 4, 5))
BOTH = Actor("both", frozenset({"finance", "approver"}))
GAO_FOR_FANG = Actor("gao", frozenset({"finance"}), "fang")
DEPUTY = Actor("ping", frozenset({"approver", "finance"}), "fang")


def over_paid(office: Office) -> Office:
    """H1, two persons, was paid 400.00 a month; that one left in April is recorded in July: of May
    and June 200.00 each came too much. H2 was paid rightly."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    office.at("2005-03-25T09:00")
    row = {"grade": "deep", "approved_on": "2005-03-10", "applicant_name": "试甲"}
    office.register(
        [
            row
            | {"household_no": no, "applicant_id": who, "account_no": f"622848000000000000{no[1]}"}
            for no, who in zip(("H1", "H2"), PERSONS, strict=False)
        ],
        [{"household_no": "H1", "name": "试乙", "id_number": PERSONS[3], "relation": "child"}],
    )
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    office.release("2005Q2")
    office.answer("2005Q2", {"H1": "success", "H2": "success"})
    office.at("2005-07-08T09:00")
    left = {"change": "leave", "effective_on": "2005-04-20", "id_number": PERSONS[3]}
    office.change({"household_no": "H1", **left})
    office.at("2005-07-11T09:00")
    return office


def stands(office: Office, month: int = JUNE, no: str = "H1") -> Standing:
    with office.relief.reading() as work:
        household_id = work.connection.execute(
            sa.select(queries.HOUSEHOLD.c.id).where(queries.HOUSEHOLD.c.household_no == no)
        ).scalar_one()
        return standing_of(work, work.as_known_now(), household_id, month)


def refused(act: Callable[[], object]) -> set[str]:
    """The codes of a refusal; none where it was taken."""
    try:
        act()
    except ReliefError as fault:
        return {problem.code for problem in fault.problems}
    return set()


def tampered(office: Office) -> set[str]:
    with office.relief.reading() as work:
        return {problem.code for problem in verify_journal(work)}


both_kinds = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
