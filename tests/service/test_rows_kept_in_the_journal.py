"""Rows that have entries of the journal: put in, changed, brought back or removed by hand, each is
named by the audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, end_absence, record_absence
from relief.accounts.queries import ABSENCE
from relief.auditing import verify_office
from relief.bootstrap import initialise
from relief.desk.service import read_form
from relief.engine.work import Work
from relief.petitions.phones_shown import SHOWN, show_case_phone
from relief.petitions.service import open_case
from relief.reminders.addresses import ADDRESS, set_mail
from relief.reminders.feeds import FEED, make_feed, owner_of
from tests.office import AN, CHEN, PING, Office
from tests.older_office import as_made_at
from tests.service.test_audited_money import by_hand

pytestmark = pytest.mark.postgresql_slow


def found(work: Work, office: Office) -> list[str]:
    """What the audit tells."""
    return [str(problem.text) for problem in verify_office(work, office.relief.papers)]


def told(office: Office) -> list[str]:
    with office.relief.reading() as work:
        return found(work, office)


def _away(work: Work) -> None:
    """Ping twice, of which once is ended; fang with chen as deputy."""
    for who, deputy, first in (("ping", "", 20), ("ping", "gao", 25), ("fang", "chen", 16)):
        day = dt.date(2005, 6, first)
        record_absence(work, AN, AbsenceForm(who, day, day, deputy, "ill"))
    end_absence(work, PING, "ping", dt.date(2005, 6, 20))


def _show(work: Work) -> None:
    """A number thrice."""
    typed = {"channel": "visit", "matter": "工资", "name": "吴试甲", "phone": "13857612345"}
    reference = open_case(work, CHEN, "petition", read_form(work, typed)).reference
    for actor in (CHEN, PING, CHEN):
        show_case_phone(work, actor, reference)


def _renew(work: Work) -> None:
    """A calendar's address anew, and another's."""
    for actor in (CHEN, CHEN, PING):
        make_feed(work, actor)


def _move(work: Work) -> None:
    """Somebody's mail goes elsewhere, and another's somewhere."""
    for name, address in (("chen", "a@a.org"), ("chen", "b@a.org"), ("ping", "c@a.org")):
        set_mail(work, AN, name, address, digest=True)


DO: dict[str, tuple[sa.Table, Callable[[Work], None]]] = {
    "absence": (ABSENCE, _away),
    "phone_shown": (SHOWN, _show),
    "calendar_feed": (FEED, _renew),
    "mail_address": (ADDRESS, _move),
}
BEFORE = dt.datetime(2005, 6, 14, tzinfo=dt.UTC)


def _by_hand(table: sa.Table) -> dict[str, sa.Executable]:
    """What somebody may do to rows past the program: row 1 has ended where rows do, row 2 not."""
    columns = [column.name for column in table.c if column.name != "id"]
    own = {"ended_at": sa.literal(BEFORE), "key_sha256": sa.literal("0" * 64)}
    copied = [own.get(name, table.c[name]) for name in columns]
    others = {
        ABSENCE: sa.update(ABSENCE).where(ABSENCE.c.id == 3).values(deputy_id=None),
        SHOWN: sa.update(SHOWN).where(SHOWN.c.id == 1).values(username="gao"),
        FEED: sa.update(FEED).where(FEED.c.id == 3).values(user_id=1),
        ADDRESS: sa.update(ADDRESS).where(ADDRESS.c.id == 3).values(digest=False),
    }
    statements = {
        "put in": sa.insert(table).from_select(columns, sa.select(*copied).where(table.c.id == 1)),
        "removed": sa.delete(table).where(table.c.id == 2),
        "last removed": sa.delete(table).where(table.c.id == 3),
        "changed": others[table],
    }
    if "ended_at" in table.c:
        back, ended = sa.update(table).where(table.c.id == 1), sa.update(table)
        statements |= {
            "brought back": back.values(ended_at=None),
            "ended": ended.where(table.c.id == 3).values(ended_at=BEFORE),
            "ended at another time": back.values(ended_at=BEFORE),
        }
    return statements


@pytest.mark.parametrize("what", DO)
def test_each_row_that_was_changed_by_hand_is_named(office: Office, what: str) -> None:
    table, act = DO[what]
    with office.relief.work() as work:
        act(work)
        work.commit()
    assert told(office) == []
    by_hand(office)  # no trigger stands in the way
    silent = []
    for name, statement in _by_hand(table).items():
        with office.relief.work() as work:
            if name == "brought back":  # one of each may stand
                others = sa.update(table).where(table.c.id != 1, table.c.ended_at.is_(None))
                work.connection.execute(others.values(ended_at=BEFORE))
            assert work.connection.execute(statement).rowcount, name  # type: ignore[attr-defined]
            silent += [] if found(work, office) else [name]
    assert silent == []


@pytest.mark.parametrize("what", DO)
def test_rows_from_before_are_taken_over_and_none_that_came_later(
    office: Office, what: str
) -> None:
    table, act = DO[what]
    with office.relief.work() as work:
        act(work)
        work.commit()
    as_made_at(office, "0022")
    for stood in (True, False):
        office.relief.database.dispose()
        office.relief = initialise(office.relief.settings)
        assert (told(office) == []) is stood
        if stood:
            by_hand(office, _by_hand(table)["put in"])


def test_key_that_was_renewed_stays_shut_when_somebody_swaps_the_rows(office: Office) -> None:
    with office.relief.work() as work:
        old, new = make_feed(work, CHEN), make_feed(work, CHEN)
        work.commit()
    with office.relief.reading() as work:
        assert [owner_of(work, key) is not None for key in (old, new)] == [False, True]
    by_hand(
        office,
        sa.update(FEED).where(FEED.c.id == 2).values(ended_at=BEFORE),
        sa.update(FEED).where(FEED.c.id == 1).values(ended_at=None),
    )
    with office.relief.reading() as work:
        assert [owner_of(work, key) for key in (old, new)] == [None, None]
    assert len(told(office)) == 2
