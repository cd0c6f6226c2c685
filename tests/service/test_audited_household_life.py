"""What an audit found in the life of hardship files: each case fails without its mending."""

from __future__ import annotations

import datetime as dt

import pytest

from relief.engine.journal.history import history
from relief.households import queries
from relief.households.life.notices import last_notice, notice_runs
from relief.households.life.rechecks import recheck_of, rechecks_due
from relief.kernel.errors import ReliefError
from relief.kernel.months import format_month
from relief.scheduler.jobs.rechecks import TELL_RECHECKS
from relief.scheduler.runner import tick
from tests.life import PERSONS
from tests.office import CHEN, FANG, PING, Office
from tests.service.test_household_life import (
    APPLICANTS,
    CHILD,
    QIN,
    apply_all,
    approved,
    enrolled,
    found,
    no_place_left,
    on_the_file,
    published,
    reasons,
)

pytestmark = pytest.mark.postgresql_slow


@pytest.fixture
def applied(office: Office) -> Office:
    """H1 (with a child), H2 and H3 have applied by the register; two places; line 240.00."""
    return apply_all(office)


def ledger_codes(office: Office, row: dict[str, str], **more: object) -> set[str]:
    """The codes with which a row of the ledger is refused; none where it is taken."""
    try:
        office.change(row, **more)
    except ReliefError as refused:
        return {problem.code for problem in refused.problems}
    return set()


# --- the applicant dies ---


def exit_by_death(office: Office) -> None:
    """On 2005-05-14."""
    office.file_step("H1", "exit", CHEN, fields={"exit_reason": "died"})


def test_dead_applicant_is_not_paid_and_the_money_waits_for_a_payee(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-05-14T10:00")
    exit_by_death(applied)
    assert applied.file_state("H1") == "exited"
    applicant = on_the_file(applied, queries.members_of)[0]
    assert applicant.left_by_death
    assert format_month(applicant.until_month) == "2005-06"
    applied.at("2005-06-15T10:00")
    run = applied.prepare("2005Q2", actor=FANG)
    assert run.total_fen == 0
    assert applied.exceptions("2005Q2") == [("H1", "no_account", 2 * 2 * 15_000)]


def test_account_of_another_payee_outlives_the_death_of_the_applicant(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-05-10T10:00")
    payee = on_the_file(applied, queries.members_of)[1]
    applied.change(
        {
            "household_no": "H1",
            "change": "account",
            "account_name": payee.name,
            "account_no": "6228480000000000009",
        }
    )
    applied.at("2005-05-14T10:00")
    exit_by_death(applied)
    applied.at("2005-06-15T10:00")
    assert applied.prepare("2005Q2", actor=FANG).total_fen == 2 * 2 * 15_000


def test_death_that_the_ledger_told_before_is_not_told_again(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-05-14T10:00")
    applied.change(
        {
            "household_no": "H1",
            "change": "leave",
            "effective_on": "2005-04-20",
            "id_number": APPLICANTS["H1"],
            "reason": "病故",
        }
    )
    exit_by_death(applied)
    assert format_month(on_the_file(applied, queries.members_of)[0].until_month) == "2005-05"


def test_exit_by_death_of_who_moved_out_before_does_not_bring_the_months_back(
    applied: Office,
) -> None:
    enrolled(applied)
    applied.at("2005-05-14T10:00")
    moved = {"household_no": "H1", "change": "leave", "id_number": APPLICANTS["H1"]}
    applied.change({**moved, "effective_on": "2005-04-20", "reason": "迁出"})
    exit_by_death(applied)
    assert format_month(on_the_file(applied, queries.members_of)[0].until_month) == "2005-05"


# --- the notice binds ---

PHONE = {"objection_phone": "0576-87654321"}


def test_nobody_is_approved_in_another_grade_than_announced(applied: Office) -> None:
    applied.at("2005-03-14T10:00")
    applied.file_step("H1", "survey", CHEN, fields=found("3000.00", "3000.00"))  # proposed: deep
    applied.file_step("H1", "publish", CHEN, fields={**PHONE, "grade": "relative"})
    applied.at("2005-03-25T10:00")
    for grade in ("deep", "accidental"):
        fields = {"grade": grade}
        assert reasons(applied, "H1", "approve", PING, fields=fields, reason="重病") == {
            "notice.other_grade"
        }
    applied.file_step("H1", "publish", CHEN, fields={**PHONE, "grade": "deep"})
    assert on_the_file(applied, notice_runs).due_on == dt.date(2005, 4, 1)
    applied.at("2005-04-01T23:00")
    fields = {"grade": "deep"}
    assert reasons(applied, "H1", "approve", PING, fields=fields) == {"step.too_early"}
    applied.at("2005-04-02T08:00")
    approved(applied, "H1", "deep")


def joining(person: str, day: str = "2005-03-16") -> dict[str, str]:
    row = {"household_no": "H1", "change": "join", "id_number": person, "effective_on": day}
    return {**row, "name": "试己", "relation": "other"}


@pytest.mark.parametrize("waits", [False, True])
def test_nobody_is_approved_with_more_members_than_announced(applied: Office, waits: bool) -> None:
    applied.at("2005-03-14T10:00")
    published(applied)
    applied.at("2005-03-25T10:00")
    if waits:
        no_place_left(applied)
        applied.file_step("H1", "wait", PING)
        applied.scheme(places_max=2)
    applied.change(joining(PERSONS[6]), actor=CHEN)
    fields = {"grade": "relative"}
    assert reasons(applied, "H1", "approve", PING, fields=fields) == {"notice.more_members"}
    applied.file_step("H1", "publish", CHEN, fields=PHONE)
    assert applied.file_state("H1") == "published"
    assert on_the_file(applied, last_notice).counted_members == 3
    applied.at("2005-04-02T08:00")
    approved(applied, "H1")


def test_member_who_counts_later_than_the_first_month_is_announced_too(applied: Office) -> None:
    applied.scheme(start_rule="same_month")
    always = {**joining(PERSONS[6], ""), "household_no": "H2"}
    applied.change(always)
    applied.at("2005-03-14T10:00")
    published(applied)
    applied.at("2005-03-25T10:00")
    moved = {"change": "leave", "effective_on": "2005-03-16", "id_number": PERSONS[6]}
    applied.change({"household_no": "H2", **moved}, joining(PERSONS[6]))  # counts here from April
    fields = {"grade": "relative"}
    assert reasons(applied, "H1", "approve", PING, fields=fields) == {"notice.more_members"}


def test_fewer_members_than_announced_and_who_does_not_count_need_no_new_notice(
    applied: Office,
) -> None:
    applied.at("2005-03-14T10:00")
    published(applied)
    applied.at("2005-03-25T10:00")
    applied.change({**joining(PERSONS[6]), "counted": "no", "reason": "服役"}, actor=CHEN)
    leaving = {"household_no": "H1", "change": "leave", "effective_on": "2005-03-20"}
    applied.change({**leaving, "id_number": CHILD})
    approved(applied, "H1")


# --- decisions on paper do not end what was begun here ---

ON_PAPER = {"household_no": "H1", "change": "approve", "effective_on": "2005-03-25"}


def lead_to(office: Office, state: str) -> None:
    office.at("2005-03-14T10:00")
    office.file_step("H1", "survey", CHEN, fields=found())
    if state != "surveyed":
        office.file_step("H1", "publish", CHEN, fields=PHONE)
    office.at("2005-03-25T10:00")
    if state == "objection":
        office.file_step("H1", "object", CHEN, fields={"objection": "有车"})
    if state == "waiting":
        no_place_left(office)
        office.file_step("H1", "wait", PING)
        office.scheme(places_max=2)


@pytest.mark.parametrize("state", ["surveyed", "published", "objection", "waiting"])
def test_paper_ends_what_was_begun_here_only_by_an_approver_with_a_reason(
    applied: Office, state: str
) -> None:
    lead_to(applied, state)
    row = {**ON_PAPER, "grade": "deep"}
    assert ledger_codes(applied, row, actor=CHEN) == {
        "take_over.surveyed_here",
        "take_over.reason_missing",
    }
    said = {**row, "reason": "县领导小组会议纪要第3号"}
    assert ledger_codes(applied, said, actor=CHEN) == {"take_over.surveyed_here"}
    assert ledger_codes(applied, row, actor=PING) == {"take_over.reason_missing"}
    assert applied.file_state("H1") == state
    applied.change(said, actor=PING)
    assert applied.file_state("H1") == "active"
    with applied.relief.reading() as work:
        entry = history(work, "household", queries.find_household(work, "H1").id)[-1]
        assert (entry.action, entry.reason) == ("take_over", said["reason"])


def test_clerk_takes_over_what_was_decided_on_paper_before_anything_was_begun_here(
    applied: Office,
) -> None:
    applied.at("2005-03-25T10:00")
    applied.change({**ON_PAPER, "grade": "deep"}, actor=CHEN)
    applied.change({**ON_PAPER, "change": "exit"}, actor=CHEN)
    applied.at("2005-05-25T10:00")
    applied.change({**ON_PAPER, "effective_on": "2005-05-20"}, actor=CHEN)
    assert applied.file_state("H1") == "active"


def test_who_surveyed_or_published_does_not_dismiss_the_objection(applied: Office) -> None:
    applied.at("2005-03-14T10:00")
    applied.file_step("H1", "survey", PING, fields=found())
    applied.file_step("H1", "publish", QIN, fields=PHONE)
    applied.file_step("H1", "object", CHEN, fields={"objection": "有车"})
    for actor in (PING, QIN):
        assert reasons(applied, "H1", "dismiss_objection", actor, reason="查无此车") == {
            "step.kept_apart"
        }
    applied.file_step("H1", "uphold_objection", PING, reason="属实")


# --- who is no longer entitled stays on the list ---

NO_LONGER = found("90000", recheck_result="no_longer_entitled")


def due(office: Office) -> list[tuple[str, dt.date, bool]]:
    with office.relief.reading() as work:
        return [(each.household_no, each.due_on, each.to_exit) for each in rechecks_due(work)]


def told(office: Office) -> list[str]:
    return [str(d.text) for d in tick(office.relief) if d.job == TELL_RECHECKS.key]


def test_household_no_longer_entitled_stands_on_the_list_until_it_exits(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-08-10T09:00")
    assert due(applied) == []
    applied.file_step("H1", "recheck", CHEN, fields=NO_LONGER, on="2005-08-09")
    applied.file_step("H1", "suspend", CHEN, reason="核实")
    assert due(applied) == [("H1", dt.date(2005, 8, 9), True)]
    assert told(applied) == [
        "Re-checks due within sixty days: H1 (to exit: no longer entitled since 2005-08-09)."
    ]
    applied.file_step("H1", "exit", CHEN, fields={"exit_reason": "graduation"})
    assert due(applied) == []


def test_recheck_that_finds_otherwise_takes_the_household_off_the_list(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-08-10T09:00")
    applied.file_step("H1", "recheck", CHEN, fields=NO_LONGER)
    applied.at("2005-09-10T09:00")
    applied.file_step("H1", "recheck", CHEN, fields=found(recheck_result="unchanged"))
    assert due(applied) == []
    assert on_the_file(applied, recheck_of).due_on == dt.date(2006, 9, 10)


def test_return_to_the_scheme_ends_what_an_earlier_recheck_found(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-08-10T09:00")
    applied.file_step("H1", "recheck", CHEN, fields=NO_LONGER)
    applied.file_step("H1", "exit", CHEN, fields={"exit_reason": "graduation"})
    applied.at("2005-09-14T10:00")
    applied.file_step("H1", "apply_again", CHEN)
    published(applied)
    applied.at("2005-10-25T10:00")
    approved(applied, "H1")
    assert due(applied) == []


# --- entered late ---


def test_notice_entered_late_stands_its_days_from_when_it_was_entered(applied: Office) -> None:
    applied.at("2005-03-28T10:00")
    applied.file_step("H1", "survey", CHEN, fields=found(), on="2005-03-15")
    applied.file_step("H1", "publish", CHEN, fields=PHONE, on="2005-03-15")
    fields = {"grade": "relative"}
    assert reasons(applied, "H1", "approve", PING, fields=fields) == {"step.too_early"}
    assert reasons(applied, "H1", "wait", PING) == {"step.too_early", "places.free"}
    notice, runs = on_the_file(applied, last_notice), on_the_file(applied, notice_runs)
    assert notice.published_on == dt.date(2005, 3, 15)
    assert runs.due_on == dt.date(2005, 4, 4)
    applied.at("2005-04-04T23:59")
    assert reasons(applied, "H1", "approve", PING, fields=fields) == {"step.too_early"}
    applied.at("2005-04-05T00:00")
    approved(applied, "H1")


def test_dismissal_entered_late_does_not_shorten_the_notice(applied: Office) -> None:
    applied.at("2005-03-14T10:00")
    published(applied)
    applied.at("2005-03-15T10:00")
    applied.file_step("H1", "object", CHEN, fields={"objection": "有车"})
    applied.at("2005-03-28T10:00")
    more = {"reason": "查无此车", "on": "2005-03-15"}
    applied.file_step("H1", "dismiss_objection", PING, **more)
    fields = {"grade": "relative"}
    assert reasons(applied, "H1", "approve", PING, fields=fields) == {"step.too_early"}
    # No day had counted before the objection; the first is that of the dismissal's record.
    assert on_the_file(applied, notice_runs).due_on == dt.date(2005, 4, 1)
    applied.at("2005-04-02T10:00")
    approved(applied, "H1")


def test_approval_of_a_day_before_the_notice_had_run_is_refused(applied: Office) -> None:
    applied.at("2005-03-25T10:00")
    published(applied)  # to 2005-04-01
    applied.at("2005-04-15T10:00")
    fields = {"grade": "relative"}
    for day in ("2005-03-31", "2005-04-01"):
        assert reasons(applied, "H1", "approve", PING, fields=fields, on=day) == {"step.too_early"}
    approved(applied, "H1", on="2005-04-02")
    (enrolment,) = on_the_file(applied, queries.enrolments_of)
    assert format_month(enrolment.from_month) == "2005-05"
