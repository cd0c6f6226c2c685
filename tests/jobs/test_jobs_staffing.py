"""The warning that nobody is left who can take a list to the bank."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, end_absence, record_absence
from relief.accounts.queries import USER_ROLE
from relief.payouts.runs.staffing import staffing_warning
from relief.scheduler.jobs import PREPARE, WARN_OF_STAFFING
from relief.scheduler.runner import tick
from tests.office import AN, FANG, GAO, PING, Office


def leave(office: Office, name: str, first: str, last: str, deputy: str = "") -> None:
    days = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
    with office.relief.work() as work:
        record_absence(work, AN, AbsenceForm(name, *days, deputy))
        work.commit()


def warned(office: Office) -> str | None:
    with office.relief.reading() as work:
        warning = staffing_warning(work)
    return str(warning.text) if warning else None


@pytest.fixture
def short(office: Office) -> Office:
    """An office whose only approver is away in the second half of June."""
    office.scheme(go_live="2005-04")
    leave(office, "ping", "2005-06-10", "2005-07-10")
    return office


def test_warning_comes_ten_working_days_before(short: Office) -> None:
    short.at("2005-05-31T23:00")
    assert warned(short) is None
    short.at("2005-06-01T00:01")
    said = warned(short)
    assert said is not None
    assert "2005Q2 is due on 2005-06-15" in said
    assert '"Approve the list"' in said
    assert "Away: ping from 2005-06-10 until 2005-07-10." in said


def test_warning_is_told_once_a_quarter_and_holds_until_somebody_is_found(short: Office) -> None:
    short.at("2005-06-01T09:00")
    assert [each.period for each in tick(short.relief) if each.job == WARN_OF_STAFFING.key] == [
        "2005Q2"
    ]
    short.at("2005-06-02T09:00")
    assert WARN_OF_STAFFING.key not in [each.job for each in tick(short.relief)]
    assert warned(short)
    with short.relief.work() as work:
        end_absence(work, PING, "ping")
        work.commit()
    assert warned(short) is None


def test_warning_names_nobody_away_when_nobody_ever_held_the_role(office: Office) -> None:
    office.scheme(go_live="2005-04")
    with office.relief.work() as work:
        work.connection.execute(sa.delete(USER_ROLE).where(USER_ROLE.c.role == "approver"))
        work.commit()
    office.at("2005-06-01T09:00")
    said = warned(office)
    assert said is not None
    assert '"Approve the list"' in said
    assert "Away" not in said


def test_deputy_ends_the_warning(office: Office) -> None:
    office.scheme(go_live="2005-04")
    leave(office, "ping", "2005-06-10", "2005-07-10", deputy="chen")
    office.at("2005-06-01T09:00")
    assert warned(office) is None


def test_warning_that_arises_later_is_told_then(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    assert [each.job for each in tick(office.relief)][:1] == [PREPARE.key]
    leave(office, "gao", "2005-06-15", "2005-06-30")
    done = tick(office.relief)
    assert [each.job for each in done] == [WARN_OF_STAFFING.key]
    assert "only with an override" in str(done[0].text)


def test_warning_follows_who_has_acted(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    tick(office.relief)
    leave(office, "fang", "2005-06-15", "2005-06-30")
    assert "override" in (warned(office) or "")
    with office.relief.work() as work:
        end_absence(work, AN, "fang")
        work.commit()
    office.step("2005Q2", "submit", FANG)
    leave(office, "fang", "2005-06-16", "2005-06-30")
    assert warned(office) is None
    office.step("2005Q2", "approve", PING)
    leave(office, "ping", "2005-06-16", "2005-06-30")
    assert warned(office) is None
    office.step("2005Q2", "release", GAO)
    leave(office, "gao", "2005-06-16", "2005-06-30")
    assert warned(office) is None


def test_list_returned_to_draft_needs_three_again(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    tick(office.relief)
    office.step("2005Q2", "submit", FANG)
    office.step("2005Q2", "return", PING, reason="look again")
    leave(office, "fang", "2005-06-15", "2005-06-30")
    assert "override" in (warned(office) or "")


def test_there_is_no_warning_before_go_live_or_without_it(office: Office) -> None:
    leave(office, "ping", "2005-03-01", "2005-07-10")
    office.at("2005-03-15T09:00")
    assert warned(office) is None
    office.scheme(go_live="2005-04")
    assert warned(office) is None
    office.at("2005-06-15T09:00")
    assert warned(office)
