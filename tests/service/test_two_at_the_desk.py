"""Two people at the desk at once, on PostgreSQL: who comes second judges by what the first wrote.

On SQLite the second cannot even begin before the first has ended.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from relief.desk.forms import check_contact
from relief.desk.queries import find_contact
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.petitions.service import add_to_case, open_from_contact, void_contact
from tests.matters import answered, contacts, opened
from tests.office import CHEN, PING, ZONE, Office

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
Part = Callable[[Work], object]
WAITING = sa.text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE NOT granted AND datname = current_database()"
)


@pytest.fixture
def march(office: Office) -> Office:
    office.at("2005-03-01T09:00")
    return office


def meanwhile(office: Office, first: Part, second: Part) -> list[str]:
    """The codes that the second part is refused with, which begins after the first has written
    and before it commits."""
    with ThreadPoolExecutor(1) as pool, office.relief.work() as work:
        first(work)
        refusal = pool.submit(_codes, office, second)
        _wait_until_it_waits(office, refusal)
        work.commit()
        return refusal.result(timeout=60)


def _codes(office: Office, part: Part) -> list[str]:
    try:
        with office.relief.work() as work:
            part(work)
            work.commit()
    except ReliefError as refused:
        return [problem.code for problem in refused.problems]
    return []


def _wait_until_it_waits(office: Office, second: Future[list[str]]) -> None:
    waiting = 0
    while not waiting and not second.done():
        with office.relief.database.engine.connect() as connection:
            waiting = connection.execute(WAITING).scalar_one()


def opens(contact: str, kind: str = "petition") -> Part:
    return lambda work: open_from_contact(work, CHEN, kind, contact)


def voids(contact: str) -> Part:
    return lambda work: void_contact(work, PING, contact, "登记错了")


@pytest.mark.parametrize(("first", "second", "code"), [
    (voids, opens, "contact.not_free"),
    (opens, opens, "contact.not_free"),
    (opens, voids, "contact.opened_a_case"),
    (voids, voids, "contact.void"),
])  # fmt: skip
def test_contact_is_opened_or_taken_out_once(
    march: Office,
    first: Callable[[str], Part],
    second: Callable[[str], Part],
    code: str,
) -> None:
    contact = answered(march)
    assert meanwhile(march, first(contact), second(contact)) == [code]


def test_contact_that_comes_while_its_case_becomes_an_accusation_is_restricted(
    march: Office,
) -> None:
    case = opened(march)
    now = march.relief.clock.now()
    form = check_contact({"channel": "call", "matter": "又来问"}, now, ZONE)

    def accepts(work: Work) -> None:
        found = find_case(work, case, CHEN)
        advance(
            work, "petition", found.id, "accept", CHEN, fields={"matter_class": "accusation"}
        )  # fmt: skip

    assert meanwhile(march, accepts, lambda work: add_to_case(work, CHEN, form, case)) == []
    with march.relief.reading() as work:
        for reference, _relation in contacts(march, case):
            assert find_contact(work, reference, sa.true()).restricted
