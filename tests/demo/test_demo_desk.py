"""The desk's half-year in the demo: every figure that people hold on to, and how it came about."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
import sqlalchemy as sa

from relief.demo.desk.diary import LEDGER_ENTERED_ON, diary
from relief.demo.desk.matters import Again, Contact
from relief.desk.queries import CONTACT
from relief.engine.actors import PETITIONER
from relief.engine.calendar import WorkingCalendar
from relief.engine.journal.chain import JOURNAL
from relief.petitions.queries import CASE
from relief.petitions.rules import SHIPPED
from relief.reports.rules import Figure
from tests.demo.conftest import Played

PROMISED = {
    "contacts": 52,
    "visits": 30,
    "calls": 16,
    "letters": 6,
    "petitions_accepted": 22,
    "petitions_handled": 20,
    "handled_rate": "20/22",
    "handled_percent": "90.9",
    "households_enrolled": 50,
    "workers_helped": 35,
    "amount_settled": "42000.00",
    "reemployed": 1,
}
BESIDE = {
    "contact_entries": 44,
    "visit_batches": 24,
    "letter_pieces": 4,
    "contacts_entered_late": 12,
    "contacts_anonymous": 2,
    "contacts_restricted": 1,
    "accepted_petition": 10,
    "accepted_relief": 6,
    "accepted_legal_aid": 4,
    "accepted_job_referral": 2,
    "on_time_rate": "19/20",
    "petitions_open": 2,
    "petitions_declined": 1,
    "petitions_transferred": 1,
    "petitions_withdrawn": 1,
    "petitions_merged": 1,
    "petitions_returned": 1,
    "petitions_extended": 1,
    "petitions_reviewed": 1,
    "petitions_reported_upward": 1,
    "households_helped": 35,
    "members_covered": 80,
    "relief_granted": "3400.00",
    "introductions": 2,
    "satisfaction_own": 2,
    "satisfied_rate": "14/15",
}


def figure(played: Played, name: str) -> Figure:
    return played.story.report.figure(name)


@pytest.mark.parametrize(("name", "value"), [*PROMISED.items(), *BESIDE.items()])
def test_half_year_ends_with_the_figure(played: Played, name: str, value: object) -> None:
    assert figure(played, name).value == value


def test_figures_equal_what_the_tables_hold_when_they_are_counted_by_hand(played: Played) -> None:
    with played.relief.reading() as work:
        heads = dict(
            work.rows(
                sa.select(CONTACT.c.channel, sa.func.sum(CONTACT.c.head_count))
                .where(CONTACT.c.happened_on.between(dt.date(2005, 1, 1), dt.date(2005, 6, 30)))
                .group_by(CONTACT.c.channel)
            )
        )
        states = Counter(work.connection.execute(sa.select(CASE.c.state)).scalars())
    assert heads == {"visit": 30, "call": 16, "letter": 6}
    assert states.pop("accepted") == 2
    assert states == {
        "feedback": 14,
        "handled": 4,
        "implemented": 1,
        "reviewed": 1,
        "not_accepted": 1,
        "transferred_out": 1,
        "withdrawn": 1,
        "merged": 1,
    }


def test_everything_happens_on_a_working_day_of_the_half_year() -> None:
    calendar = WorkingCalendar()
    days = {entry.what.on for entry in diary()}
    assert {day for day in days if not calendar.is_working_day(day).is_worked} == set()
    assert dt.date(2005, 1, 1) <= min(days)
    assert max(days) <= dt.date(2005, 6, 30)


def test_contacts_before_the_office_opened_were_entered_late_from_the_ledger(
    played: Played,
) -> None:
    late = {row.reference: row for row in figure(played, "contacts_entered_late").rows}
    assert len(late) == 12
    assert all(row.counts_on < LEDGER_ENTERED_ON for row in late.values())
    contacts = [e for e in diary() if isinstance(e.what, Contact | Again) and e.is_late]
    assert len(contacts) == len(late)


def test_two_pairs_of_eyes_took_every_case_from_acceptance_to_opinion(played: Played) -> None:
    with played.relief.reading() as work:
        steps = work.rows(
            sa.select(
                JOURNAL.c.subject_kind, JOURNAL.c.subject_id, JOURNAL.c.action, JOURNAL.c.actor
            ).where(JOURNAL.c.subject_kind.in_(SHIPPED))
        )
    actors = {(kind, case, action): actor for kind, case, action, actor in steps}
    handled = {key for key in actors if key[2] == "handle"}
    assert len(handled) == 20
    assert {actor for *_step, actor in steps} == {"clerk", "approver", PETITIONER.username}
    for kind, case, _action in handled:
        assert actors[kind, case, "accept"] != actors[kind, case, "handle"]


def test_restricted_matter_is_in_no_row_but_by_its_number(played: Played) -> None:
    (restricted,) = figure(played, "petitions_restricted").rows
    (contact,) = figure(played, "contacts_restricted").rows
    told = {
        str(row.why)
        for each in played.story.report.figures
        for row in each.rows
        if row.reference in (restricted.reference, contact.reference)
    }
    assert told == {"restricted"}


def test_three_households_went_through_visit_notice_and_approval(played: Played) -> None:
    with played.relief.reading() as work:
        approved = work.rows(
            sa.select(JOURNAL.c.actor).where(
                JOURNAL.c.subject_kind == "household", JOURNAL.c.action == "approve"
            )
        )
    assert [row.actor for row in approved] == ["approver"] * 3
    assert played.story.not_settled["not_yet"] == ["H016", "H031", "H050"]
