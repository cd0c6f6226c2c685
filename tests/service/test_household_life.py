"""The life of a hardship file by its steps: survey, notice, objection, decision, re-check, exit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from relief.accounts.service import add_user
from relief.engine.actors import Actor
from relief.engine.journal.history import history
from relief.engine.journal.verification import verify_journal
from relief.engine.steps.advance import available
from relief.households import queries
from relief.households.life.notices import last_notice, notice_runs
from relief.households.life.rechecks import recheck_of, rechecks_due
from relief.households.life.surveys import last_visit
from relief.households.life.waiting import waiting_list
from relief.households.tables import Membership
from relief.kernel.errors import NotAllowed, ReliefError
from relief.kernel.months import format_month, parse_month
from tests.life import PERSONS
from tests.office import AN, CHEN, FANG, PASSWORD, PING, Office

pytestmark = pytest.mark.postgresql_slow

QIN = Actor("qin", frozenset({"approver"}))
APPLICANTS = {
    "H1": "331002195406274937",
    "H2": "33102119940822085X",
    "H3": "331021197101175709",
}
CHILD = "33102120031101203X"
LINE_FEN = 24_000


@pytest.fixture
def applied(office: Office) -> Office:
    """H1 (with a child), H2 and H3 have applied by the register; two places; line 240.00."""
    return apply_all(office)


def apply_all(office: Office) -> Office:
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04", places_max=2)
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.dibao_line("2005-01", LINE_FEN)
    with office.relief.work() as work:
        add_user(work, AN, QIN.username, sorted(QIN.roles), PASSWORD)
        work.commit()
    office.at("2005-03-01T09:00")
    office.register(
        [
            {
                "household_no": no,
                "applicant_name": f"试{name}",
                "applicant_id": APPLICANTS[no],
                "township": "城关镇",
                "account_no": f"622848000000000000{digit}",
            }
            for no, name, digit in (("H1", "甲", 1), ("H2", "乙", 2), ("H3", "丙", 3))
        ],
        [{"household_no": "H1", "name": "试丁", "id_number": CHILD, "relation": "child"}],
        actor=CHEN,
    )
    return office


def found(income: str = "9000.00", expense: str = "3000.00", **more: str) -> dict[str, str]:
    """What a visit found; two people live on 250.00 each a month."""
    return {
        "visitors": "陈试、方试",
        "annual_household_income": income,
        "unavoidable_expense": expense,
        "persons": "2",
        "main_cause": "major_illness",
        "exclusion_criterion": "none",
        **more,
    }


def published(office: Office, no: str = "H1", **more: str) -> None:
    """Visited and put on notice on the day of the clock."""
    office.file_step(no, "survey", CHEN, fields=found(**more))
    office.file_step(no, "publish", CHEN, fields={"objection_phone": "0576-87654321"})


def approved(office: Office, no: str, grade: str = "relative", **more: Any) -> None:
    office.file_step(no, "approve", PING, fields={"grade": grade}, **more)


def reasons(office: Office, no: str, action: str, actor: Actor, **more: Any) -> set[str]:
    """The codes with which a step is refused; none where it is taken."""
    try:
        office.file_step(no, action, actor, **more)
    except ReliefError as refused:
        return {problem.code for problem in refused.problems}
    return set()


def on_the_file(office: Office, read: Callable[..., Any], no: str = "H1", *more: Any) -> Any:
    with office.relief.reading() as work:
        return read(work, queries.find_household(work, no).id, *more)


# --- survey ---


def test_survey_is_kept_with_its_line_and_its_arithmetic(applied: Office) -> None:
    applied.at("2005-03-14T10:00")
    applied.file_step("H1", "survey", CHEN, fields=found(), on="2005-03-10")
    applied.dibao_line("2005-01", 30_000, "2005-9")  # a later document changes nothing of it
    visit = on_the_file(applied, last_visit)
    assert (visit.visited_on, visit.proposed_grade) == (dt.date(2005, 3, 10), "relative")
    assert visit.line.line_fen == LINE_FEN
    assert [str(line) for line in visit.arithmetic()] == [
        "annual household income 9,000.00 − unavoidable expense 3,000.00 = 6,000.00",
        "6,000.00 / 12 months / 2 persons living together = 250.00 a person a month",
        "minimum living line from 2005-01 on (document 2005-3): 240.00, twice the line: 480.00",
        "250.00 is below twice the line, 480.00: relative",
    ]


def test_survey_leaves_no_income_in_the_open(applied: Office) -> None:
    applied.file_step("H1", "survey", CHEN, fields=found("9876.50"))
    with applied.relief.reading() as work:
        for table in ("survey", "journal_entry"):
            rows = work.connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert not any("9876" in str(value) or "987650" in str(value) for value in rows)


def test_survey_waits_for_a_line_and_for_people(applied: Office) -> None:
    assert reasons(applied, "H1", "survey", CHEN, fields=found(persons="0"), on="2004-12-30") == {
        "survey.nobody",
        "survey.no_line",
        "step.before_last_step",
    }
    assert on_the_file(applied, last_visit) is None


def test_survey_is_refused_with_every_fault_of_its_form(applied: Office) -> None:
    fields = found("-3", persons="two") | {"exclusion_criterion": "yacht"}
    assert reasons(applied, "H1", "survey", FANG, fields=fields) == {
        "step.role", "field.no_amount", "field.no_whole", "field.no_option",
    }  # fmt: skip


def test_second_survey_stands_in_place_of_the_first(applied: Office) -> None:
    applied.file_step("H1", "survey", CHEN, fields=found())
    applied.file_step("H1", "survey", CHEN, fields=found("3000", "0"))
    assert on_the_file(applied, last_visit).proposed_grade == "deep"


# --- notice and objection ---


def test_notice_announces_what_was_proposed_and_stands_five_working_days(applied: Office) -> None:
    applied.at(
        "2005-04-27T10:00"
    )  # a Wednesday; 1 to 7 May are holidays, 30 April and 8 May worked
    published(applied)
    notice, runs = on_the_file(applied, last_notice), on_the_file(applied, notice_runs)
    assert (notice.grade, notice.counted_members) == ("relative", 2)
    assert format_month(notice.from_month) == "2005-05"
    assert runs.due_on == dt.date(2005, 5, 9)
    applied.at("2005-05-09T23:59")
    assert reasons(applied, "H1", "approve", PING, fields={"grade": "relative"}) == {
        "step.too_early"
    }
    assert reasons(applied, "H1", "wait", PING) == {"step.too_early", "places.free"}
    applied.at("2005-05-10T08:00")
    approved(applied, "H1")
    assert applied.file_state("H1") == "active"


def test_notice_needs_a_grade_where_none_was_proposed(applied: Office) -> None:
    applied.file_step("H1", "survey", CHEN, fields=found("90000", exclusion_criterion="car"))
    phone = {"objection_phone": "0576-87654321"}
    assert reasons(applied, "H1", "publish", CHEN, fields=phone) == {"notice.no_grade"}
    applied.file_step("H1", "publish", CHEN, fields={**phone, "grade": "accidental"})
    assert on_the_file(applied, last_notice).grade == "accidental"


def test_objection_stops_the_notice_and_dismissing_it_lets_it_go_on(applied: Office) -> None:
    applied.at("2005-03-14T10:00")  # Monday: the notice would end on the 21st
    published(applied)
    applied.at("2005-03-16T10:00")
    applied.file_step("H1", "object", CHEN, fields={"objection": "有其他房产"})
    applied.at("2005-03-30T10:00")
    assert on_the_file(applied, notice_runs).paused
    assert reasons(applied, "H1", "approve", PING, fields={"grade": "relative"}) == {
        "step.wrong_state"
    }
    assert reasons(applied, "H1", "dismiss_objection", CHEN, reason="查无实据") == {
        "step.role", "step.kept_apart",
    }  # fmt: skip
    assert reasons(applied, "H1", "dismiss_objection", PING) == {"reason.missing"}
    applied.file_step("H1", "dismiss_objection", PING, reason="查无实据")
    # One day had counted; the 30th is the second.
    assert on_the_file(applied, notice_runs).due_on == dt.date(2005, 4, 4)
    applied.at("2005-04-05T09:00")
    approved(applied, "H1")


def test_objection_that_is_upheld_asks_for_another_visit(applied: Office) -> None:
    published(applied)
    applied.file_step("H1", "object", CHEN, fields={"objection": "有车", "objector": "邻居"})
    applied.file_step("H1", "uphold_objection", PING, reason="属实")
    assert applied.file_state("H1") == "surveyed"
    phone = {"objection_phone": "0576-87654321"}
    assert reasons(applied, "H1", "publish", CHEN, fields=phone) == {"notice.not_visited_again"}
    published(applied)
    assert applied.file_state("H1") == "published"


# --- the decision ---


def test_who_surveyed_or_published_does_not_approve(applied: Office) -> None:
    applied.at("2005-03-14T10:00")
    applied.file_step("H1", "survey", PING, fields=found())
    applied.file_step("H1", "publish", QIN, fields={"objection_phone": "1"})
    applied.at("2005-03-25T10:00")
    for actor in (PING, QIN):
        assert reasons(applied, "H1", "approve", actor, fields={"grade": "relative"}) == {
            "step.kept_apart"
        }
    assert reasons(applied, "H1", "approve", CHEN, fields={"grade": "relative"}) == {"step.role"}


def test_another_grade_than_the_proposed_one_needs_a_reason(applied: Office) -> None:
    applied.at("2005-03-14T10:00")
    applied.file_step("H1", "survey", CHEN, fields=found())
    phone = {"objection_phone": "0576-87654321"}
    applied.file_step("H1", "publish", CHEN, fields={**phone, "grade": "deep"})
    applied.at("2005-03-25T10:00")
    assert reasons(applied, "H1", "approve", PING) == {"field.missing"}
    assert reasons(applied, "H1", "approve", PING, fields={"grade": "deep"}) == {"grade.differs"}
    approved(applied, "H1", "deep", reason="重病，支出将增加")
    assert [grade.grade for grade in on_the_file(applied, queries.grades_of)] == ["deep"]


def test_available_says_nothing_of_what_only_the_form_can_tell(applied: Office) -> None:
    applied.at("2005-03-14T10:00")
    published(applied)
    applied.at("2005-03-25T10:00")
    with applied.relief.reading() as work:
        choices = available(work, "household", queries.find_household(work, "H1").id, PING)
    allowed = {choice.action.id for choice in choices if choice.allowed}
    assert allowed == {"publish", "approve", "refuse", "object", "recuse", "end_recusal"}


def test_approval_counts_from_the_month_after_it_and_money_follows(applied: Office) -> None:
    applied.at("2005-03-14T10:00")
    published(applied)
    applied.at("2005-04-15T10:00")
    approved(applied, "H1", on="2005-03-31")
    (enrolment,) = on_the_file(applied, queries.enrolments_of)
    assert enrolment.approved_on == dt.date(2005, 3, 31)
    assert format_month(enrolment.from_month) == "2005-04"
    applied.at("2005-06-15T10:00")
    run = applied.prepare("2005Q2")
    assert run.total_fen == 2 * 15_000 * 3


def test_nobody_is_approved_beyond_the_places(applied: Office) -> None:
    three_on_notice(applied)
    approved(applied, "H1")
    approved(applied, "H2")
    assert reasons(applied, "H3", "approve", PING, fields={"grade": "relative"}) == {
        "places.none_free"
    }
    assert reasons(applied, "H3", "wait", PING) == set()
    assert applied.file_state("H3") == "waiting"


def three_on_notice(office: Office) -> None:
    office.at("2005-03-14T10:00")
    for no in APPLICANTS:
        published(office, no)
    office.at("2005-03-25T10:00")


def no_place_left(office: Office) -> None:
    """One place, and H0 has it, by a decision on paper."""
    office.scheme(places_max=1)
    office.register(
        [
            {
                "household_no": "H0",
                "applicant_name": "试戊",
                "applicant_id": PERSONS[0],
                "grade": "deep",
                "approved_on": "2005-02-20",
            }
        ]
    )


def test_waiting_list_is_ranked_by_grade_then_income_then_application(applied: Office) -> None:
    no_place_left(applied)
    applied.at("2005-03-14T10:00")
    published(applied, "H1", income="12000")
    published(applied, "H2", income="11000")
    published(applied, "H3", income="99000", accident_loss="80000")
    applied.at("2005-03-25T10:00")
    for no in APPLICANTS:
        applied.file_step(no, "wait", PING)
    with applied.relief.reading() as work:
        ranked = waiting_list(work)
    assert [(each.rank, each.household_no, each.grade) for each in ranked] == [
        (1, "H3", "accidental"),
        (2, "H2", "relative"),
        (3, "H1", "relative"),
    ]
    assert {each.applied_on for each in ranked} == {dt.date(2005, 3, 1)}
    applied.scheme(places_max=3)
    assert reasons(applied, "H1", "approve", PING, fields={"grade": "relative"}) == {
        "waiting.not_first"
    }
    approved(applied, "H3", "accidental")
    approved(applied, "H1", reason="房屋倒塌，情况紧急")
    with applied.relief.reading() as work:
        assert [each.household_no for each in waiting_list(work)] == ["H2"]


def test_nobody_passes_by_those_who_wait_when_a_notice_ends(applied: Office) -> None:
    no_place_left(applied)
    three_on_notice(applied)
    applied.file_step("H1", "wait", PING)
    applied.scheme(places_max=2)
    assert reasons(applied, "H2", "approve", PING, fields={"grade": "relative"}) == {
        "waiting.not_first"
    }
    approved(applied, "H1")


def test_person_counts_in_one_household_also_at_approval(applied: Office) -> None:
    applied.at("2005-03-14T10:00")
    published(applied)
    with applied.relief.work() as work:  # past the rules, by hand
        work.insert(
            Membership,
            household_id=queries.find_household(work, "H2").id,
            person_id=queries.members_of(work, queries.find_household(work, "H1").id)[-1].person_id,
            relation="child",
            counted=True,
            from_month=parse_month("2005-01"),
            recorded_at=work.instant(),
            recorded_by="chen",
        )
        work.commit()
    applied.at("2005-03-25T10:00")
    assert reasons(applied, "H1", "approve", PING, fields={"grade": "relative"}) == {
        "membership.counted_twice"
    }


def test_refused_household_may_apply_again(applied: Office) -> None:
    assert reasons(applied, "H1", "refuse", PING) == {"reason.missing"}
    applied.file_step("H1", "refuse", PING, reason="不符合条件")
    assert applied.file_state("H1") == "refused"
    applied.at("2005-03-14T10:00")
    applied.file_step("H1", "apply_again", CHEN)
    published(applied)
    applied.at("2005-03-25T10:00")
    approved(applied, "H1")


# --- while enrolled ---


def enrolled(office: Office, no: str = "H1") -> None:
    """Approved on 2005-03-25."""
    office.at("2005-03-14T10:00")
    published(office, no)
    office.at("2005-03-25T10:00")
    approved(office, no)


def test_recheck_is_due_twelve_months_after_the_approval_and_after_the_last(
    applied: Office,
) -> None:
    enrolled(applied)
    assert on_the_file(applied, recheck_of).due_on == dt.date(2006, 3, 25)
    assert on_the_file(applied, recheck_of, "H2") is None
    applied.at("2006-01-23T09:00")
    assert due(applied) == []
    applied.at("2006-01-24T09:00")  # sixty days before
    assert due(applied) == ["H1"]
    applied.file_step(
        "H1", "recheck", CHEN, fields=found(recheck_result="unchanged"), on="2006-01-20"
    )
    assert due(applied) == []
    assert on_the_file(applied, recheck_of).due_on == dt.date(2007, 1, 20)


def due(office: Office) -> list[str]:
    with office.relief.reading() as work:
        return [each.household_no for each in rechecks_due(work)]


def test_recheck_writes_another_grade_from_the_month_after_the_visit(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-08-10T09:00")
    fields = found("3000", "0", recheck_result="regraded", grade="deep")
    applied.file_step("H1", "recheck", CHEN, fields=fields, on="2005-07-30")
    grades = on_the_file(applied, queries.grades_of)
    assert [(each.grade, format_month(each.from_month)) for each in grades] == [
        ("relative", "2005-04"),
        ("deep", "2005-08"),
    ]
    assert on_the_file(applied, last_visit).decided_grade == "deep"
    assert applied.file_state("H1") == "active"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"recheck_result": "regraded"}, "recheck.grade_missing"),
        ({"recheck_result": "unchanged", "grade": "deep"}, "recheck.grade_unasked"),
        ({"recheck_result": "regraded", "grade": "relative"}, "recheck.same_grade"),
        ({"recheck_result": "regraded", "grade": "accidental"}, "grade.differs"),
    ],
)
def test_recheck_is_refused_where_result_and_grade_do_not_fit(
    applied: Office, said: dict[str, str], code: str
) -> None:
    enrolled(applied)
    assert reasons(applied, "H1", "recheck", CHEN, fields=found(**said)) == {code}
    assert len(on_the_file(applied, queries.grades_of)) == 1


def test_household_is_suspended_resumed_and_exits_with_its_facts(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-05-20T09:00")
    applied.file_step("H1", "suspend", CHEN, reason="核实收入")
    assert on_the_file(applied, queries.standing_hold).event_on == dt.date(2005, 5, 20)
    applied.file_step("H1", "resume", CHEN)
    assert on_the_file(applied, queries.standing_hold) is None
    assert reasons(applied, "H1", "exit", CHEN) == {"field.missing"}
    applied.file_step("H1", "exit", CHEN, fields={"exit_reason": "graduation"})
    (enrolment,) = on_the_file(applied, queries.enrolments_of)
    assert enrolment.exited_on == dt.date(2005, 5, 20)
    assert format_month(enrolment.until_month) == "2005-06"
    with applied.relief.reading() as work:
        entry = history(work, "household", queries.find_household(work, "H1").id)[-1]
        assert entry.fields["exit_reason"] == "graduation"


def test_payment_is_not_stopped_without_a_reason(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-05-20T09:00")
    other = {"exit_reason": "other"}
    assert reasons(applied, "H1", "suspend", CHEN) == {"reason.missing"}
    assert reasons(applied, "H1", "exit", CHEN, fields=other) == {"reason.missing"}
    assert applied.file_state("H1") == "active"
    applied.change({"household_no": "H1", "change": "suspend"})  # as it stands on paper
    assert applied.file_state("H1") == "suspended"


def test_household_that_returns_while_held_is_suspended(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-05-20T09:00")
    applied.file_step("H1", "suspend", CHEN, reason="核实收入")
    applied.file_step("H1", "exit", CHEN, fields={"exit_reason": "other"}, reason="迁出本县")
    applied.at("2005-06-20T09:00")
    applied.file_step("H1", "apply_again", CHEN)
    published(applied)
    applied.at("2005-07-05T09:00")
    approved(applied, "H1")
    assert applied.file_state("H1") == "suspended"
    applied.file_step("H1", "resume", CHEN)
    assert applied.file_state("H1") == "active"
    with applied.relief.reading() as work:
        assert verify_journal(work) == []


def test_days_far_back_are_for_an_approver(applied: Office) -> None:
    enrolled(applied)
    applied.at("2006-06-20T09:00")
    fields = {"exit_reason": "died"}
    assert reasons(applied, "H1", "exit", CHEN, fields=fields, on="2005-06-01") == {"day.far_back"}
    assert "step.in_future" in reasons(applied, "H1", "exit", PING, fields=fields, on="2006-07-01")
    applied.file_step("H1", "exit", PING, fields=fields, on="2005-06-01")


def test_exit_on_a_day_of_an_ended_enrolment_is_sent_to_the_ledger(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-05-20T09:00")
    applied.file_step("H1", "exit", CHEN, fields={"exit_reason": "other"}, reason="迁出本县")
    applied.at("2005-10-20T09:00")
    applied.change(
        {"household_no": "H1", "change": "approve", "effective_on": "2005-09-10", "grade": "deep"}
    )
    # The day that was typed lies before what the file has been through: the ledger may, a step not.
    assert "household.ended_already" in reasons(
        applied, "H1", "exit", PING, fields={"exit_reason": "other"}, on="2005-05-01", reason="x"
    )


def test_recheck_that_leaves_all_as_it_is_against_its_arithmetic_needs_a_reason(
    applied: Office,
) -> None:
    enrolled(applied)
    applied.at("2005-08-10T09:00")
    rich = found("90000", "0", recheck_result="unchanged")
    assert reasons(applied, "H1", "recheck", CHEN, fields=rich) == {"grade.differs"}
    applied.file_step("H1", "recheck", CHEN, fields=rich, reason="收入系一次性补偿")


def test_ledger_and_register_go_on_by_the_same_workflow(applied: Office) -> None:
    row = {"household_no": "H1", "effective_on": "2005-03-20"}
    applied.at("2005-03-25T09:00")
    applied.change({**row, "change": "approve", "grade": "deep"}, actor=CHEN)
    applied.change({**row, "change": "exit", "reason": "病故"}, actor=CHEN)
    assert applied.file_state("H1") == "exited"
    with applied.relief.reading() as work:
        entry = history(work, "household", queries.find_household(work, "H1").id)[-1]
        assert (entry.action, entry.fields) == ("exit", {"exit_reason": "died"})


def test_clerk_keeps_no_approver_out(applied: Office) -> None:
    for approver in ("ping", "qin"):
        with pytest.raises(ReliefError, match="decided by an approver"):
            applied.file_step(
                "H1", "recuse", CHEN, fields={"colleague": approver}, reason="会驳回"
            )  # fmt: skip
    applied.file_step("H1", "recuse", PING, fields={"colleague": "chen"}, reason="亲属")


def test_who_steps_aside_takes_no_step(applied: Office) -> None:
    applied.file_step("H1", "recuse", CHEN, reason="亲属")
    with pytest.raises(NotAllowed):
        applied.file_step("H1", "survey", CHEN, fields=found())
    applied.file_step("H1", "end_recusal", PING, fields={"colleague": "chen"}, reason="误会")
    applied.file_step("H1", "survey", CHEN, fields=found())
