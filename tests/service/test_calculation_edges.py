"""The calculation where it turns: at one fen, and at the very instant of T."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from relief.kernel.months import parse_month
from relief.payouts.entitlement import MONTHS, VERDICTS, Window, stage, unstage
from relief.payouts.entitlement.window import HOUSEHOLD, ITEM, RATE
from tests.life import PERSONS
from tests.office import Office

MAY, JUNE = parse_month("2005-05"), parse_month("2005-06")
ALONE = {"grade": "deep", "applicant_name": "试甲", "account_no": "6228480000000000001"}


def opened(office: Office, no: str = "H1", approved_on: str = "2005-03-10") -> None:
    """A household of one person."""
    person = {"applicant_id": PERSONS[int(no[1])], "approved_on": approved_on}
    office.register([ALONE | person | {"household_no": no}])


def spring(office: Office) -> Office:
    """H1, at 199.98 a month from April on."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 199_98))
    office.at("2005-03-25T09:00")
    opened(office)
    office.at("2005-06-15T09:00")
    return office


def months(office: Office, as_of: dt.datetime | None = None) -> list[tuple[int, ...]]:
    """Month, due and over of what is staged for the second quarter."""
    return _staged(office, as_of, MONTHS, "month", "due_fen", "over_fen")


def verdicts(office: Office) -> list[tuple[object, ...]]:
    return _staged(office, None, VERDICTS, "household_no", "reason", "has_line")


def _staged(office: Office, as_of: dt.datetime | None, table: sa.Table, *columns: str) -> list:
    with office.relief.work() as work:
        first, last = parse_month("2005-04"), JUNE
        stage(work, Window(as_of or work.instant(), first, first, last, 50, full=True))
        chosen = [table.c[column] for column in columns]
        rows = [tuple(row) for row in work.connection.execute(sa.select(*chosen).order_by(*chosen))]
        unstage(work)
    return rows


def instant(office: Office, column: sa.Column[dt.datetime]) -> dt.datetime:
    with office.relief.reading() as work:
        return work.connection.execute(sa.select(sa.func.max(column))).scalar_one()


def test_one_fen_is_due_and_one_fen_is_too_much(office: Office) -> None:
    spring(office)
    office.prepare("2005Q2")
    assert months(office) == []
    raised, lowered = ("deep", "2005-05", 199_99), ("deep", "2005-06", 199_97)
    office.rates(raised, lowered, document_no="2005-12")
    assert months(office) == [(MAY, 1, 0), (JUNE, 0, 1)]


def test_what_became_known_at_the_instant_itself_is_known(office: Office) -> None:
    spring(office)
    opened_at = instant(office, HOUSEHOLD.c.recorded_at)
    assert [month for month, _due, _over in months(office, opened_at)] == [MAY - 1, MAY, JUNE]
    assert months(office, opened_at - dt.timedelta(microseconds=1)) == []
    office.rates(("deep", "2005-06", 199_99), document_no="2005-12")
    confirmed_at = instant(office, RATE.c.confirmed_at)
    assert months(office, confirmed_at)[-1] == (JUNE, 199_99, 0)
    assert months(office, confirmed_at - dt.timedelta(microseconds=1))[-1] == (JUNE, 199_98, 0)


def test_list_is_not_paid_yet_at_its_own_instant(office: Office) -> None:
    """A list made at T is computed as of T, and would else take itself for paid."""
    spring(office)
    office.prepare("2005Q2")
    made_at = instant(office, ITEM.c.made_at)
    assert len(months(office, made_at)) == 3
    assert months(office, made_at + dt.timedelta(microseconds=1)) == []


def test_hold_is_told_only_where_there_is_money_to_hold(office: Office) -> None:
    spring(office)
    opened(office, "H2", "2005-06-10")
    for no in ("H1", "H2"):
        office.change({"household_no": no, "change": "suspend", "reason": "to be found out"})
    assert verdicts(office) == [("H1", "on_hold", 0), ("H2", "not_yet", 0)]


def test_second_list_leaves_out_whoever_has_nothing_more_to_get(office: Office) -> None:
    """No account, no hold, no start to come: there is nothing to tell of a settled household."""
    spring(office)
    office.prepare("2005Q2")
    office.change({"household_no": "H1", "change": "suspend", "reason": "to be found out"})
    assert verdicts(office) == []
