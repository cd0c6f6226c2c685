"""Each kind of case on the five steps, by the people who may; what they refuse, and why."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from relief.accounts.service import add_user
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.clocks.deadlines import deadline_of
from relief.engine.journal.chain import Entry
from relief.kernel.errors import Conflict, Invalid, NotAllowed, ReliefError, TransitionRefused
from relief.people.queries import find_all_by_identity, known_name
from relief.petitions.one_case.reading import view_case
from relief.petitions.queries import CASE, JOB, last_words
from relief.petitions.rules import SHIPPED
from tests.life import id_number
from tests.matters import FIELDS, MEI, WU, added, allowed, do, entries, opened, row, state, walk
from tests.office import AN, CHEN, FANG, PASSWORD, PING, Office
from tests.own_kind import looks_always, put
from tests.reports.reading import values

pytestmark = pytest.mark.postgresql_slow


APPLICANT, CHILD, DAUGHTER = (id_number(number) for number in (7, 8, 9))
ZHOU = Actor("zhou", frozenset({"clerk"}))
STEPS = ("accept", "handle", "implement", "feedback")


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def reasons(refused: pytest.ExceptionInfo[ReliefError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def due_on(office: Office, reference: str) -> dt.date | None:
    with office.relief.reading() as work:
        case = find_case(work, reference, CHEN)
        runs = deadline_of(work, case.kind.key, case.id)
    return runs.due_on if runs else None


@pytest.mark.parametrize("kind", SHIPPED)
def test_case_goes_from_the_desk_to_the_feedback_by_two_people(june: Office, kind: str) -> None:
    case = opened(june, kind)
    assert case == f"{SHIPPED[kind]}2005-0001"
    assert walk(june, case, *STEPS) == "feedback"
    taken = [(entry.action, entry.actor) for entry in entries(june, case)]
    assert taken == [
        ("receive", "chen"),
        ("accept", "chen"),
        ("handle", "ping"),
        ("implement", "chen"),
        ("feedback", "chen"),
    ]


@pytest.mark.parametrize("kind", SHIPPED)
def test_who_accepted_does_not_handle_and_who_handled_does_not_feed_back(
    june: Office, kind: str
) -> None:
    case = opened(june, kind)
    walk(june, case, "accept")
    with pytest.raises(NotAllowed, match="It can be done by: ping"):
        do(june, case, "handle", CHEN, FIELDS[kind]["handle"])
    walk(june, case, "handle", "implement")
    with pytest.raises(NotAllowed, match="It can be done by: chen"):
        do(june, case, "feedback", PING, FIELDS[kind]["feedback"])


def test_refusal_has_every_reason_at_once(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept")
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "handle", FANG, {"opinion": "x", "outcome": "perhaps", "colour": "red"})
    assert reasons(refused) == [
        "step.role", "field.missing", "field.no_option", "field.unknown",
    ]  # fmt: skip
    assert "It can be done by: ping" in str(refused.value)


def test_available_tells_each_reason_before_anything_was_typed(june: Office) -> None:
    case = opened(june)
    assert {"accept", "decline", "refer", "merge", "withdraw"} <= allowed(june, case, CHEN)
    assert allowed(june, case, FANG) == set()
    assert "report_upward" not in allowed(june, case, CHEN)  # neither urgent nor collective
    assert "name_readers" not in allowed(june, case, CHEN)
    assert not {"add_contact", "take_in"} & allowed(june, case, CHEN)


@pytest.mark.parametrize("kind", SHIPPED)
@pytest.mark.parametrize(("action", "end"), [
    ("decline", "not_accepted"), ("refer", "transferred_out"), ("withdraw", "withdrawn"),
])  # fmt: skip
def test_side_exit_needs_its_reason(june: Office, kind: str, action: str, end: str) -> None:
    case = opened(june, kind)
    fields = {"notice_on": "2005-06-15"} if action != "withdraw" else {}
    fields |= {"competent_body": "县劳动局"} if action == "refer" else {}
    with pytest.raises(TransitionRefused, match="needs a reason"):
        do(june, case, action, CHEN, fields)
    do(june, case, action, CHEN, fields, reason="不属于本中心")
    assert state(june, case) == end


def test_known_petitioner_is_told_in_writing_and_an_anonymous_one_is_not(june: Office) -> None:
    known, anonymous = opened(june), opened(june, name="", id_number="")
    with pytest.raises(TransitionRefused) as refused:
        do(june, known, "decline", CHEN, reason="不属于本中心")
    assert reasons(refused) == ["petition.notice_missing"]
    with pytest.raises(TransitionRefused) as refused:
        do(june, known, "decline", CHEN, {"notice_on": "2005-06-16"}, reason="不属于本中心")
    assert reasons(refused) == ["petition.day_to_come"]
    do(june, anonymous, "decline", CHEN, reason="不属于本中心")
    assert state(june, anonymous) == "not_accepted"


def test_petition_is_due_as_the_regulation_has_it(june: Office) -> None:
    case = opened(june, on="2005-06-10")
    assert due_on(june, case) == dt.date(2005, 6, 27)  # the 25th is a Saturday
    walk(june, case, "accept")
    assert due_on(june, case) == dt.date(2005, 8, 15)  # the 14th is a Sunday


def test_extension_is_given_once_by_an_approver_who_told_why(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept")
    told = {"notice_on": "2005-06-15"}
    with pytest.raises(NotAllowed):
        do(june, case, "extend", CHEN, told, reason="证人外出")
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "extend", PING)
    assert reasons(refused) == ["field.missing", "reason.missing"]
    do(june, case, "extend", PING, told, reason="证人外出")
    assert due_on(june, case) == dt.date(2005, 9, 13)
    with pytest.raises(TransitionRefused, match="once only"):
        do(june, case, "extend", PING, told, reason="证人外出")


def test_extension_comes_too_late_when_the_deadline_has_passed(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept")
    june.at("2005-08-16T09:00")
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "extend", PING, {"notice_on": "2005-08-15"}, reason="证人外出")
    assert reasons(refused) == ["step.deadline_passed"]


def test_rework_goes_on_with_the_days_from_the_acceptance(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle")
    june.at("2005-07-01T09:00")
    with pytest.raises(NotAllowed):
        do(june, case, "return", CHEN, reason="依据不足")
    do(june, case, "return", PING, reason="依据不足")
    assert (state(june, case), due_on(june, case)) == ("accepted", dt.date(2005, 8, 15))
    assert walk(june, case, "handle", "implement") == "implemented"
    do(june, case, "return", PING, reason="没有落实")
    assert state(june, case) == "handled"


def test_review_is_asked_for_in_thirty_days_and_answered_by_another(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement", "feedback")
    june.at("2005-07-15T17:00")
    do(june, case, "request_review", CHEN)
    assert due_on(june, case) == dt.date(2005, 8, 15)
    answer = {"review_opinion": "维持", "review_result": "upheld"}
    with pytest.raises(NotAllowed, match="It can be done by: chen"):
        do(june, case, "conclude_review", PING, answer)
    do(june, case, "conclude_review", CHEN, answer)
    assert state(june, case) == "reviewed"


def test_review_comes_too_late_after_thirty_days(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle")
    june.at("2005-07-16T09:00")
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "request_review", CHEN)
    assert reasons(refused) == ["step.too_late"]


def test_review_is_counted_from_the_day_on_which_the_opinion_was_received(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle")
    june.at("2005-07-20T09:00")

    def asked(day: str) -> Entry:
        return do(june, case, "request_review", CHEN, {"opinion_received_on": day})

    for day, code in (
        ("2005-06-18", "step.too_late"),
        ("2005-06-14", "petition.day_before"),
        ("2005-07-21", "petition.day_to_come"),
    ):
        with pytest.raises(TransitionRefused) as refused:
            asked(day)
        assert code in reasons(refused)
    assert asked("2005-06-20").to_state == "review"
    answer = {"review_opinion": "维持", "review_result": "upheld"}
    do(june, case, "conclude_review", CHEN, answer)
    june.at("2005-08-25T09:00")
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "request_re_review", CHEN)
    assert reasons(refused) == ["step.too_late"]
    received = {"opinion_received_on": "2005-07-29"}
    assert do(june, case, "request_re_review", CHEN, received).to_state == "re_review"


def test_day_of_receipt_before_the_opinion_lets_nothing_run_earlier(june: Office) -> None:
    case = opened(june, on="2005-06-01")
    walk(june, case, "accept", "handle")
    june.at("2005-07-15T17:00")
    received = {"opinion_received_on": "2005-06-02"}
    assert do(june, case, "request_review", CHEN, received).to_state == "review"


def test_hearing_is_not_counted_and_after_the_re_review_the_matter_is_final(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle")
    answer = {"review_opinion": "维持", "review_result": "upheld"}
    do(june, case, "request_review", CHEN)
    do(june, case, "conclude_review", CHEN, answer)
    do(june, case, "request_re_review", CHEN)
    assert due_on(june, case) == dt.date(2005, 7, 15)
    june.at("2005-06-20T09:00")
    do(june, case, "begin_hearing", CHEN)
    assert due_on(june, case) is None
    june.at("2005-06-24T09:00")
    do(june, case, "end_hearing", CHEN)
    assert due_on(june, case) == dt.date(2005, 7, 19)
    with pytest.raises(NotAllowed):
        do(june, case, "conclude_re_review", PING, answer)
    with pytest.raises(NotAllowed):  # nor who answered the review
        do(june, case, "conclude_re_review", CHEN, answer)


def test_re_review_is_final(june: Office) -> None:
    case = opened(june)
    do(june, case, "accept", PING, FIELDS["petition"]["accept"])
    do(june, case, "handle", CHEN, FIELDS["petition"]["handle"])
    answer = {"review_opinion": "维持", "review_result": "upheld"}
    with june.relief.work() as work:
        add_user(work, AN, "zhou", ["clerk"], PASSWORD)
        work.commit()
    do(june, case, "request_review", CHEN)
    do(june, case, "conclude_review", PING, answer)
    do(june, case, "implement", CHEN, FIELDS["petition"]["implement"])
    do(june, case, "request_re_review", CHEN)
    do(june, case, "conclude_re_review", ZHOU, answer)
    assert allowed(june, case, PING) == {"note"}
    assert allowed(june, case, CHEN) == {"note"}


def test_re_review_needs_a_review_before(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    assert "request_re_review" not in allowed(june, case, CHEN)
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "request_re_review", CHEN)
    assert reasons(refused) == ["petition.not_reviewed"]


def test_missing_papers_stop_the_clock(june: Office) -> None:
    case = opened(june, "relief")
    assert due_on(june, case) == dt.date(2005, 6, 22)
    do(june, case, "await_papers", CHEN, {"papers_missing": "诊断书"})
    assert due_on(june, case) is None
    june.at("2005-06-17T09:00")
    do(june, case, "papers_arrived", CHEN)
    assert due_on(june, case) == dt.date(2005, 6, 23)


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"decision": "granted"}, ["petition.grant_amount", "petition.grant_source"]),
        ({"decision": "granted", "granted_amount": "0.00", "fund_source": "union"},
         ["petition.grant_amount"]),
        *(
            ({"decision": "granted", "granted_amount": nothing, "fund_source": "union"},
             ["petition.grant_amount"])
            for nothing in ("００", "¥0", "0,000", "０．００")
        ),
        ({"decision": "refused", "granted_amount": "10"},
         ["petition.grant_refused", "petition.refused_without_reason"]),
    ],
)  # fmt: skip
def test_grant_is_whole_or_nothing(june: Office, fields: dict[str, str], codes: list[str]) -> None:
    case = opened(june, "relief")
    walk(june, case, "accept")
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "handle", PING, {"opinion": "情况属实"} | fields)
    assert reasons(refused) == codes


def test_refusal_says_of_each_field_that_it_is_to_be_left_out(june: Office) -> None:
    case = opened(june, "relief")
    walk(june, case, "accept")
    typed = {
        "decision": "refused",
        "opinion": "不符",
        "granted_amount": "10",
        "fund_source": "union",
    }
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "handle", PING, typed, reason="不符合条件")
    told = {each.field: str(each.text) for each in refused.value.problems}
    assert told == {
        "granted_amount": "Nothing was granted; leave the amount out.",
        "fund_source": "Nothing was granted; leave out which money it comes from.",
    }


def test_grant_of_more_than_was_asked_for_needs_a_reason(june: Office) -> None:
    case = opened(june, "relief")
    walk(june, case, "accept")
    more = FIELDS["relief"]["handle"] | {"granted_amount": "2,000.01"}
    with pytest.raises(TransitionRefused, match=r"the 2,000\.00 yuan") as refused:
        do(june, case, "handle", PING, more)
    assert reasons(refused) == ["petition.grant_more"]
    do(june, case, "handle", PING, more | {"granted_amount": "2000"})


def test_relief_is_accepted_of_nobody_who_is_not_known(june: Office) -> None:
    case = opened(june, "relief", name="", id_number="")
    with pytest.raises(TransitionRefused) as refused:
        walk(june, case, "accept")
    assert reasons(refused) == ["petition.unidentified"]
    do(june, case, "identify", CHEN, {"petitioner_name": "吴试甲", "id_number": WU})
    assert walk(june, case, "accept") == "accepted"


def test_money_is_granted_to_nobody_who_is_not_known(june: Office) -> None:
    """Nor where an office's own file accepts them, or an older one did."""
    case = opened(june, "relief")
    walk(june, case, "accept")
    with june.relief.work() as work:
        work.connection.execute(CASE.update().values(petitioner_id=None, petitioner_name=""))
        work.commit()
    with pytest.raises(TransitionRefused) as refused:
        walk(june, case, "handle")
    assert reasons(refused) == ["petition.unidentified"]
    refusal = {"decision": "refused", "opinion": "身份不明"}
    step = do(june, case, "handle", PING, refusal, reason="身份不明")
    assert step.to_state == "handled"


def test_a_large_grant_needs_a_reason_even_where_so_much_was_asked_for(june: Office) -> None:
    case = opened(june, "relief")
    do(june, case, "accept", CHEN, FIELDS["relief"]["accept"] | {"requested_amount": "90000"})
    large = FIELDS["relief"]["handle"] | {"granted_amount": "50000.01"}
    with pytest.raises(TransitionRefused, match=r"50,000\.01") as refused:
        do(june, case, "handle", PING, large)
    assert reasons(refused) == ["petition.grant_large"]
    do(june, case, "handle", PING, large | {"granted_amount": "50000"})


def test_a_dispute_of_which_the_limitation_has_run_is_accepted_with_a_reason(june: Office) -> None:
    case = opened(june, "legal_aid")
    typed = {
        "dispute_kind": "work_injury",
        "employer": "试用厂",
        "limitation_ends_on": "2005-06-14",
    }
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "accept", CHEN, typed)
    assert reasons(refused) == ["petition.limitation_over"]
    do(june, case, "accept", CHEN, typed, reason="单位同意协商")


def test_refusal_of_relief_gives_its_reason(june: Office) -> None:
    case = opened(june, "relief")
    walk(june, case, "accept")
    no = {"decision": "refused", "opinion": "不符合条件"}
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "handle", PING, no)
    assert reasons(refused) == ["petition.refused_without_reason"]
    do(june, case, "handle", PING, no, reason="家庭收入高于救助标准")


def refused_request(office: Office) -> str:
    """A request for relief of which nothing was granted."""
    case = opened(office, "relief")
    walk(office, case, "accept")
    no = {"decision": "refused", "opinion": "不符合条件"}
    do(office, case, "handle", PING, no, reason="家庭收入高于救助标准")
    return case


def test_what_was_refused_is_told_and_not_carried_out(june: Office) -> None:
    case = refused_request(june)
    assert "implement" not in allowed(june, case, CHEN)
    assert "feedback" not in allowed(june, case, PING)  # who decided does not answer for it
    with pytest.raises(TransitionRefused) as refused:
        walk(june, case, "implement")
    assert reasons(refused) == ["petition.nothing_granted"]
    assert walk(june, case, "feedback") == "feedback"
    with june.relief.reading() as work:
        view = view_case(work, find_case(work, case, CHEN), CHEN)
    assert [each.standing for each in view.way.milestones] == [
        "done", "done", "done", "left_out", "done",
    ]  # fmt: skip


def test_what_was_granted_is_carried_out_before_it_is_answered_for(june: Office) -> None:
    case = refused_request(june)
    do(june, case, "return", PING, reason="漏看了病历")
    walk(june, case, "handle")
    assert {"implement", "feedback"} & allowed(june, case, CHEN) == {"implement"}
    with pytest.raises(TransitionRefused) as refused:
        walk(june, case, "feedback")
    assert reasons(refused) == ["petition.was_granted"]
    assert walk(june, case, "implement", "feedback") == "feedback"


def test_relief_is_decided_by_an_approver(june: Office) -> None:
    case = opened(june, "relief")
    walk(june, case, "accept")
    with pytest.raises(NotAllowed):
        do(june, case, "handle", ZHOU, FIELDS["relief"]["handle"])


def test_notice_is_served_on_a_day_that_can_be(june: Office) -> None:
    case = opened(june)
    for day, code in (
        ("2005-06-14", "petition.day_before"),
        ("2005-06-16", "petition.day_to_come"),
    ):
        fields = FIELDS["petition"]["accept"] | {"notice_on": day}
        with pytest.raises(TransitionRefused) as refused:
            do(june, case, "accept", CHEN, fields)
        assert reasons(refused) == [code]


def test_relief_names_only_a_household_that_has_a_file(june: Office) -> None:
    case = opened(june, "relief")
    fields = FIELDS["relief"]["accept"] | {"household_no": "H404"}
    with pytest.raises(TransitionRefused, match='no hardship file "H404"'):
        do(june, case, "accept", CHEN, fields)


def test_relief_is_not_hung_on_the_household_of_others(june: Office) -> None:
    june.scheme(go_live="2005-04")
    file = {"household_no": "H1", "grade": "deep", "approved_on": "2005-03-24"}
    person = {"applicant_name": "试户", "applicant_id": APPLICANT, "township": "城关镇"}
    june.register(
        [file | person | {"account_no": "6228480000000000007"}],
        [{"household_no": "H1", "name": name, "id_number": number, "relation": "child"}
         for name, number in (("试子", CHILD), ("试女", DAUGHTER))],
    )  # fmt: skip
    june.change(
        {"household_no": "H1", "change": "leave", "id_number": DAUGHTER,
         "effective_on": "2005-04-20"}
    )  # fmt: skip
    named = FIELDS["relief"]["accept"] | {"household_no": "H1"}
    for name, stranger in (("吴试甲", WU), ("", DAUGHTER)):  # she left it
        case = opened(june, "relief", name=name, id_number=stranger)
        with pytest.raises(TransitionRefused, match="is not of the household H1") as refused:
            do(june, case, "accept", CHEN, named)
        assert reasons(refused) == ["petition.household_of_others"]
    for member in (APPLICANT, CHILD):
        case = opened(june, "relief", name="", id_number=member)
        assert do(june, case, "accept", CHEN, named).to_state == "accepted"


def test_nobody_asks_for_nothing(june: Office) -> None:
    case = opened(june, "relief")
    for nothing in ("0", "0.00", "¥0"):
        with pytest.raises(TransitionRefused) as refused:
            do(
                june,
                case,
                "accept",
                CHEN,
                FIELDS["relief"]["accept"] | {"requested_amount": nothing},
            )
        assert reasons(refused) == ["petition.asked_nothing"]
    assert walk(june, case, "accept") == "accepted"


def test_limitation_is_told_unless_wages_are_owed_while_the_work_goes_on(june: Office) -> None:
    case = opened(june, "legal_aid")
    fields = {"dispute_kind": "dismissal", "employer": "试用厂"}
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "accept", CHEN, fields)
    assert reasons(refused) == ["petition.limitation_missing"]
    do(june, case, "accept", CHEN, fields | {"limitation_ends_on": "2005-09-01"})
    with june.relief.reading() as work:
        found = find_case(work, case, CHEN)
        told = last_words(work, "legal_aid", found.id, "accept")
        assert told["limitation_ends_on"] == "2005-09-01"


def test_legal_aid_has_no_deadline_while_the_tribunal_has_it(june: Office) -> None:
    case = opened(june, "legal_aid")
    walk(june, case, "accept", "handle")
    assert due_on(june, case) is None


def test_job_start_is_written_and_void_when_the_step_is_taken_back(june: Office) -> None:
    case = opened(june, "job_referral")
    walk(june, case, "accept", "handle", "implement")
    assert jobs(june) == [(dt.date(2005, 6, 15), "contract", True, False)]
    do(june, case, "return", PING, reason="没有上岗")
    assert jobs(june) == [(dt.date(2005, 6, 15), "contract", True, True)]
    walk(june, case, "implement")
    assert [voided for *_rest, voided in jobs(june)] == [True, False]


def test_job_start_goes_on_counting_where_the_request_is_withdrawn(june: Office) -> None:
    case = opened(june, "job_referral")
    walk(june, case, "accept", "handle", "implement")
    do(june, case, "withdraw", CHEN, reason="不再需要")
    assert jobs(june) == [(dt.date(2005, 6, 15), "contract", True, False)]
    assert values(june, "2005H1", "reemployed") == [1]


def test_return_before_any_start_takes_no_start_back(june: Office) -> None:
    case = opened(june, "job_referral")
    walk(june, case, "accept", "handle", "implement")
    do(june, case, "return", PING, reason="没有上岗")
    before = jobs_as_stored(june)
    do(june, case, "return", PING, reason="换单位")
    assert jobs_as_stored(june) == before
    assert state(june, case) == "accepted"


def jobs_as_stored(office: Office) -> list[tuple[object, ...]]:
    with office.relief.reading() as work:
        return [tuple(found) for found in work.rows(sa.select(JOB).order_by(JOB.c.id))]


def jobs(office: Office) -> list[tuple[dt.date, str, bool, bool]]:
    with office.relief.reading() as work:
        found = work.rows(sa.select(JOB).order_by(JOB.c.id))
    return [(r.started_on, r.evidence, r.was_unemployed, r.voided_at is not None) for r in found]


def test_job_is_counted_only_for_a_person_who_is_identified(june: Office) -> None:
    case = opened(june, "job_referral", name="", id_number="")
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "accept", CHEN, FIELDS["job_referral"]["accept"])
    assert reasons(refused) == ["petition.unidentified"]
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "identify", CHEN, {"id_number": MEI})
    assert reasons(refused) == ["name.missing"]
    do(
        june,
        case,
        "identify",
        CHEN,
        {"id_number": MEI, "petitioner_name": "吴试乙", "phone": "0576-87000000"},
    )
    found = row(june, case)
    assert (found["petitioner_name"], found["petitioner_id"] is not None) == ("吴试乙", True)
    assert walk(june, case, "accept", "handle", "implement") == "implemented"


@pytest.mark.postgresql_slow
def test_number_that_was_typed_by_a_slip_is_its_owners_once_it_was_put_right(june: Office) -> None:
    case = opened(june, "relief", name="梅试丁", id_number="")
    do(june, case, "identify", CHEN, {"petitioner_name": "梅试丁", "id_number": WU})
    with pytest.raises(Conflict, match="belongs to 梅试丁 here, not to 吴试甲"):
        opened(june, "relief", name="吴试甲", id_number=WU)
    do(june, case, "identify", CHEN, {"petitioner_name": "梅试丁", "id_number": MEI})
    with pytest.raises(Invalid, match="give the name"):  # nobody is meant by that number now
        opened(june, "relief", name="", id_number=WU)
    owners = opened(june, "relief", name="吴试甲", id_number=WU)
    with june.relief.reading() as work:
        assert known_name(work, row(june, owners)["petitioner_id"]) == "吴试甲"
        assert known_name(work, row(june, case)["petitioner_id"]) == "梅试丁"
    with pytest.raises(TransitionRefused, match="belongs to 吴试甲 here"):
        do(june, case, "identify", CHEN, {"petitioner_name": "梅试丁", "id_number": WU})


@pytest.mark.postgresql_slow
def test_slip_that_a_restricted_matter_puts_right_tells_no_name(june: Office) -> None:
    case = opened(june, "relief", name="梅试丁", id_number="")
    for number in (WU, MEI):
        do(june, case, "identify", CHEN, {"id_number": number})
    hidden = opened(june, restricted=True, name="吴试甲", id_number=WU)
    with june.relief.reading() as work:
        assert known_name(work, row(june, hidden)["petitioner_id"]) == ""


def test_identify_says_something_of_the_petitioner(june: Office) -> None:
    case = opened(june, name="", id_number="")
    assert "identify" in allowed(june, case, CHEN)
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "identify", CHEN, {"phone": " "})
    assert reasons(refused) == ["petition.identity_missing"]
    assert row(june, case)["version"] == 1


@pytest.mark.postgresql_slow
@pytest.mark.parametrize("kind", ["relief", "education_aid"])
def test_who_gets_a_grant_changes_only_where_it_is_decided_anew(june: Office, kind: str) -> None:
    looks_always(june.relief)
    put(june.relief.settings.data_dir)
    june.relief.take_changed_files()
    case = opened(june, kind)
    walk(june, case, "accept", "handle")
    before = row(june, case)
    another = {"petitioner_name": "梅试乙", "id_number": MEI}
    for typed in (another, {"petitioner_name": "梅试乙"}, {"id_number": MEI}):
        with pytest.raises(TransitionRefused, match="was decided for 吴试甲") as refused:
            do(june, case, "identify", CHEN, typed)
        assert set(reasons(refused)) == {"petition.grant_decided"}
    same = {"petitioner_name": "吴试甲", "id_number": WU, "phone": "13800001234"}
    do(june, case, "identify", CHEN, same)
    walk(june, case, "implement")
    with pytest.raises(TransitionRefused, match="was decided for 吴试甲"):
        do(june, case, "identify", PING, another)
    assert row(june, case)["petitioner_id"] == before["petitioner_id"]
    do(june, case, "return", PING, reason="人不对")
    with pytest.raises(TransitionRefused, match="was decided for 吴试甲"):
        do(june, case, "identify", CHEN, another)
    do(june, case, "return", PING, reason="人不对")
    do(june, case, "identify", CHEN, another)
    assert row(june, case)["petitioner_name"] == "梅试乙"
    assert walk(june, case, "handle") == "handled"


@pytest.mark.postgresql_slow
def test_where_nothing_was_granted_the_petitioner_is_identified_at_any_time(june: Office) -> None:
    petition, refused = opened(june, name="", id_number=""), opened(june, "relief")
    walk(june, petition, "accept", "handle", "implement")
    walk(june, refused, "accept")
    do(june, refused, "handle", PING, {"decision": "refused", "opinion": "不符合"}, reason="收入高")
    for case in (petition, refused):
        do(june, case, "identify", CHEN, {"petitioner_name": "梅试乙", "id_number": MEI})
        assert row(june, case)["petitioner_name"] == "梅试乙"


def test_slip_in_a_name_is_put_right_where_the_case_alone_knows_the_person(june: Office) -> None:
    case = opened(june, "relief", name="吴试假")
    do(june, case, "identify", CHEN, {"petitioner_name": "吴试甲"})
    with june.relief.reading() as work:
        known = find_all_by_identity(work, [WU])[WU]
    assert (row(june, case)["petitioner_id"], known.name) == (known.person_id, "吴试甲")
    do(june, case, "identify", CHEN, {"petitioner_name": "吴试佳", "id_number": WU})
    assert (row(june, case)["petitioner_id"], row(june, case)["petitioner_name"]) == (
        known.person_id, "吴试佳",
    )  # fmt: skip
    opened(june, name="吴试佳")  # another record of theirs
    with pytest.raises(TransitionRefused, match="belongs to 吴试佳") as told:
        do(june, case, "identify", CHEN, {"petitioner_name": "梅试乙"})
    assert reasons(told) == ["petition.name_of_another"]
    do(june, case, "identify", CHEN, {"petitioner_name": "梅试乙", "id_number": MEI})
    assert row(june, case)["petitioner_id"] != known.person_id


def test_decline_of_a_known_petitioner_misses_the_notice_though_nothing_was_typed(
    june: Office,
) -> None:
    case = opened(june)
    assert "decline" in allowed(june, case, CHEN)
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "decline", CHEN)
    assert reasons(refused) == ["reason.missing", "petition.notice_missing"]


@pytest.fixture
def reviewed(june: Office) -> str:
    case = opened(june)
    walk(june, case, "accept", "handle")
    do(june, case, "request_review", CHEN)
    answer = {"review_opinion": "维持", "review_result": "upheld"}
    do(june, case, "conclude_review", CHEN, answer)
    return case


def test_reviewed_matter_is_chased_up_and_taken_in(june: Office, reviewed: str) -> None:
    added(june, reviewed, chase_up=True)
    other = opened(june)
    do(june, other, "merge", CHEN, {"merge_into": reviewed})
    assert [entry.action for entry in entries(june, reviewed)][-2:] == ["add_contact", "take_in"]
    assert state(june, reviewed) == "reviewed"


def test_who_has_an_interest_steps_aside_from_a_reviewed_matter(
    june: Office, reviewed: str
) -> None:
    do(june, reviewed, "recuse", CHEN, reason="是亲属")
    assert allowed(june, reviewed, CHEN) == set()


def test_nothing_goes_into_a_case_that_is_closed(june: Office) -> None:
    closed, other = opened(june), opened(june)
    walk(june, closed, "accept", "handle", "implement", "feedback")
    with pytest.raises(TransitionRefused, match="is closed") as refused:
        do(june, other, "merge", CHEN, {"merge_into": closed})
    assert reasons(refused) == ["petition.merge_refused"]
    with pytest.raises(ReliefError, match="is closed"):
        added(june, closed)


def test_job_does_not_start_tomorrow(june: Office) -> None:
    case = opened(june, "job_referral")
    walk(june, case, "accept", "handle")
    fields = {"started_on": "2005-06-16", "evidence": "contract"}
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "implement", CHEN, fields)
    assert reasons(refused) == ["petition.day_to_come"]


def test_job_does_not_start_before_the_introduction(june: Office) -> None:
    case = opened(june, "job_referral", on="2005-06-10")
    do(june, case, "accept", CHEN, FIELDS["job_referral"]["accept"])
    june.at("2005-06-17T09:00")
    introduced = {"happened_at": "2005-06-16T10:00"}
    do(june, case, "handle", PING, FIELDS["job_referral"]["handle"], **introduced)
    with pytest.raises(TransitionRefused, match="introduction was on 2005-06-16") as refused:
        do(june, case, "implement", CHEN, {"started_on": "2005-06-15", "evidence": "contract"})
    assert reasons(refused) == ["petition.started_before"]
    do(june, case, "implement", CHEN, {"started_on": "2005-06-16", "evidence": "contract"})


def test_work_is_handed_to_somebody_who_does_such_work(june: Office) -> None:
    case = opened(june)
    assert row(june, case)["case_worker"] == "chen"
    with pytest.raises(TransitionRefused, match='no user "fang"'):
        do(june, case, "assign", CHEN, {"case_worker": "fang"})
    do(june, case, "assign", CHEN, {"case_worker": "ping"})
    assert row(june, case)["case_worker"] == "ping"


def test_urgent_matter_is_reported_upward_and_stays_reported(june: Office) -> None:
    case = opened(june, urgent=True)
    fields = {"reported_to": "市总工会", "reported_on": "2005-06-15"}
    do(june, case, "report_upward", CHEN, fields)
    assert [e.fields for e in entries(june, case) if e.action == "report_upward"] == [fields]


def test_who_stepped_aside_takes_no_step_until_it_is_ended(june: Office) -> None:
    case = opened(june)
    do(june, case, "recuse", CHEN, reason="是亲属")
    with pytest.raises(ReliefError):
        walk(june, case, "accept")
    do(june, case, "end_recusal", PING, {"colleague": "chen"}, reason="弄错了")
    assert walk(june, case, "accept") == "accepted"


def test_faulty_words_are_refused_whole(june: Office) -> None:
    case = opened(june)
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "note", CHEN, {"note": "a\x00" + "b" * 20_000})
    assert set(reasons(refused)) <= {"field.too_long", "field.characters"}
    do(june, case, "note", CHEN, {"note": "👩‍🏭 好"})
    assert entries(june, case)[-1].fields == {"note": "👩‍🏭 好"}


def test_unknown_kind_is_refused(june: Office) -> None:
    with pytest.raises(ReliefError, match="petition, relief, legal_aid, job_referral"):
        opened(june, "complaint")


def test_form_is_refused_before_a_number_is_given(june: Office) -> None:
    with pytest.raises(Invalid):
        opened(june, matter="")
    assert opened(june) == "P2005-0001"


def test_transfer_of_what_is_not_ours_is_objected_to_within_five_working_days(
    office: Office,
) -> None:
    office.at("2005-06-13T09:00")  # a Monday: five working days end on the next one
    in_time, late = opened(office), opened(office)
    fields = {"transferred_by": "县信访局", "competent_body": "县人社局"}
    with pytest.raises(TransitionRefused) as unsaid:
        do(office, in_time, "object_to_transfer", CHEN, fields)
    assert reasons(unsaid) == ["reason.missing"]
    office.at("2005-06-20T17:00")
    do(office, in_time, "object_to_transfer", CHEN, fields, reason="属行政机关职权")
    assert state(office, in_time) == "transferred_out"
    office.at("2005-06-21T09:00")
    with pytest.raises(TransitionRefused) as refused:
        do(office, late, "object_to_transfer", CHEN, fields, reason="属行政机关职权")
    assert len(reasons(refused)) == 1
