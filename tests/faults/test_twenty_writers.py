"""Twenty who write at once: nothing is lost, nobody is told that the database is locked, and the
record has an order."""

from __future__ import annotations

import os

import pytest
import sqlalchemy as sa

from relief.desk.tables import Contact
from relief.engine.journal.chain import JOURNAL
from relief.kernel.columns import table_of
from relief.payouts.entitlement.window import ACCOUNT, HOLD, HOUSEHOLD
from relief.petitions.tables import PetitionCase
from tests.faults.conftest import Shelf
from tests.faults.writers import ACCOUNTS, CONTACTS, HOLDS, STEPS, UNITS, write_together
from tests.invariants.everything import check_everything
from tests.office import Office

WRITERS = 20
CASE, CONTACT = table_of(PetitionCase), table_of(Contact)


def standing(office: Office) -> dict[str, int]:
    """What is counted of all that they write."""
    with office.relief.reading() as work:
        counted = {
            name: int(work.connection.execute(statement).scalar_one())
            for name, statement in {
                "contacts": sa.select(sa.func.count(CONTACT.c.id)),
                "contact numbers": sa.select(sa.func.count(sa.distinct(CONTACT.c.reference))),
                "last contact": sa.select(
                    sa.func.max(sa.cast(sa.func.substr(CONTACT.c.reference, 7), sa.Integer))
                ),
                "cases": sa.select(sa.func.count(CASE.c.id)),
                "steps of cases": sa.select(sa.func.sum(CASE.c.version)),
                "accounts": sa.select(sa.func.count(ACCOUNT.c.id)),
                "holds": sa.select(sa.func.count(HOLD.c.id)),
                "entries": sa.select(sa.func.count(JOURNAL.c.id)),
            }.items()
        }
        wanted = HOUSEHOLD.c.household_no.in_(("H1", "H2"))
        rows = work.rows(sa.select(HOUSEHOLD.c.household_no, HOUSEHOLD.c.version).where(wanted))
        versions = {f"version of {no}": version for no, version in rows}
    return counted | versions


@pytest.mark.skipif(os.name != "posix", reason="the writers are forked, which Windows cannot")
@pytest.mark.parametrize("rounds", [1, pytest.param(25, marks=pytest.mark.deep)])
def test_of_twenty_writers_at_once_nobody_loses_anything(shelf: Shelf, rounds: int) -> None:
    office = shelf.take("begun")
    before = standing(office)
    writers = write_together(office, WRITERS, rounds)
    assert [writer.fault for writer in writers if writer.fault] == []
    print(f"longest wait: {max(writer.waited_s_max for writer in writers):.2f} s")  # noqa: T201
    turns, after = WRITERS * rounds, standing(office)
    cases = 1 + len(STEPS)
    assert {name: after[name] - before[name] for name in before} == {
        "contacts": 2 * turns * CONTACTS,  # a case is opened with one, too
        "contact numbers": 2 * turns * CONTACTS,
        "last contact": 2 * turns * CONTACTS,
        "cases": turns,
        "steps of cases": turns * cases,
        "accounts": turns * ACCOUNTS,
        "holds": turns,  # what is lifted in the file that set it is one fact
        "entries": turns * (cases + ACCOUNTS + HOLDS),
        "version of H1": turns * ACCOUNTS,
        "version of H2": turns * HOLDS,
    }
    instants = sorted(instant for writer in writers for instant in writer.instants)
    assert len(set(instants)) == len(instants) == turns * UNITS
    check_everything(office)
    shelf.give_back(office)
