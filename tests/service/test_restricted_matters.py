"""Accusations are for who is named; merging, second visits, and late entries."""

from __future__ import annotations

import pytest

from relief.desk.queries import Sought, list_contacts
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance, available
from relief.kernel.errors import Conflict, NotAllowed, NotFound, ReliefError, TransitionRefused
from relief.petitions.seeing import readable_contacts
from relief.petitions.service import open_from_contact, void_contact
from tests.matters import (
    MEI,
    WU,
    added,
    allowed,
    answered,
    contacts,
    do,
    entries,
    opened,
    row,
    state,
    walk,
)
from tests.office import AN, CHEN, PING, WEN, ZONE, Office

pytestmark = pytest.mark.postgresql_slow

ACCUSED = {"matter_class": "accusation"}


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def seen_contacts(office: Office, username: str) -> list[str]:
    with office.relief.reading() as work:
        found = list_contacts(work, Sought(), readable_contacts(username))
    return [contact.reference for contact in found]


def codes(refused: pytest.ExceptionInfo[ReliefError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_restricted_case_does_not_exist_for_whoever_is_not_named(june: Office) -> None:
    case = opened(june, restricted=True)
    for stranger in (PING, AN, WEN):
        with pytest.raises(NotFound):
            row(june, case, stranger)
        with pytest.raises(NotFound):
            do(june, case, "note", stranger, {"note": "x"})
    with june.relief.reading() as work, pytest.raises(NotFound):
        find_case(work, case, None)
    assert state(june, case, CHEN) == "received"


def test_restricted_case_does_not_exist_by_its_number_in_the_database_either(
    june: Office,
) -> None:
    case = opened(june, restricted=True)
    before = entries(june, case)
    with june.relief.reading() as work:
        found = find_case(work, case, CHEN)
    for stranger in (PING, AN, WEN):
        with june.relief.work() as work, pytest.raises(NotFound, match="no such case"):
            advance(work, found.kind.key, found.id, "note", stranger, fields={"note": "x"})
        with june.relief.reading() as work, pytest.raises(NotFound, match="no such case"):
            available(work, found.kind.key, found.id, stranger)
    assert entries(june, case) == before


def test_reader_is_named_by_who_received_it_and_the_list_stands_as_it_was_last_said(
    june: Office,
) -> None:
    case = opened(june, restricted=True)
    with pytest.raises(TransitionRefused, match='no user "nobody"'):
        do(june, case, "name_readers", CHEN, {"readers": "nobody，ping"})
    do(june, case, "name_readers", CHEN, {"readers": "ping、wen"})
    assert state(june, case, PING) == state(june, case, WEN) == "received"
    do(june, case, "name_readers", PING, {"readers": "chen"})  # who names them stays
    with pytest.raises(NotFound):
        row(june, case, WEN)
    do(june, case, "name_readers", PING, {"readers": "ping, wen"})
    assert state(june, case, WEN) == "received"


def test_readers_are_named_for_restricted_cases_alone(june: Office) -> None:
    case = opened(june)
    with pytest.raises(TransitionRefused, match="everybody who works here may see it"):
        do(june, case, "name_readers", CHEN, {"readers": "ping"})


def test_accusation_is_restricted_from_its_acceptance_on_with_its_contacts(june: Office) -> None:
    case = opened(june)
    second = added(june, case).contact.reference
    do(june, case, "accept", PING, ACCUSED)
    assert row(june, case, PING)["restricted"]
    with pytest.raises(NotFound):
        row(june, case, WEN)
    assert seen_contacts(june, "wen") == []
    assert seen_contacts(june, "ping") == seen_contacts(june, "chen") == ["C2005-0001", second]


def test_case_worker_of_a_restricted_case_is_one_of_its_readers(june: Office) -> None:
    case = opened(june, restricted=True)
    with pytest.raises(TransitionRefused, match="name ping as a reader first"):
        do(june, case, "assign", CHEN, {"case_worker": "ping"})
    do(june, case, "name_readers", CHEN, {"readers": "ping"})
    do(june, case, "assign", CHEN, {"case_worker": "ping"})
    assert row(june, case)["case_worker"] == "ping"


def test_walk_in_about_a_restricted_case_is_restricted(june: Office) -> None:
    case = opened(june, restricted=True)
    contact = added(june, case).contact
    assert contact.restricted
    assert seen_contacts(june, "wen") == []


def test_accusation_does_not_go_into_an_open_case(june: Office) -> None:
    case = opened(june)
    with pytest.raises(Conflict, match="open a case of its own"):
        added(june, case, restricted=True)


def test_second_visit_and_chase_up_are_joined_and_told_in_the_journal(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept")
    second = added(june, case, on="2005-06-14").contact  # before the acceptance, entered after it
    chase = added(june, case, chase_up=True, urgent=True).contact
    assert contacts(june, case) == [
        (second.reference, "added"), ("C2005-0001", "opened"), (chase.reference, "chase_up"),
    ]  # fmt: skip
    assert chase.chase_up
    assert [e.action for e in entries(june, case)][-2:] == ["add_contact", "add_contact"]
    assert row(june, case)["urgent"]


@pytest.mark.parametrize(("end", "words"), [
    ("feedback", "answer on the spot, or open a new case"),
    ("withdrawn", "answer on the spot, or open a new case"),
    ("merged", "was merged into P2005-0002; add the contact there"),
])  # fmt: skip
def test_closed_case_takes_no_contact_and_says_where_it_belongs(
    june: Office, end: str, words: str
) -> None:
    case, other = opened(june), opened(june)
    if end == "feedback":
        walk(june, case, "accept", "handle", "implement", "feedback")
    elif end == "withdrawn":
        do(june, case, "withdraw", CHEN, reason="已解决")
    else:
        do(june, case, "merge", CHEN, {"merge_into": other})
    with pytest.raises(Conflict, match=words):
        added(june, case)
    assert seen_contacts(june, "chen") == ["C2005-0001", "C2005-0002"]


def test_nothing_is_added_to_what_nobody_brought(june: Office) -> None:
    with pytest.raises(NotFound, match='no case "P2005-0009"'):
        added(june, "P2005-0009")


def test_merging_moves_the_contacts_and_both_journals_say_so(june: Office) -> None:
    first, twice = opened(june, urgent=True), opened(june)
    do(june, first, "merge", CHEN, {"merge_into": twice})
    assert state(june, first) == "merged"
    assert contacts(june, first) == []
    assert contacts(june, twice) == [("C2005-0001", "added"), ("C2005-0002", "opened")]
    assert row(june, twice)["urgent"]
    assert entries(june, twice)[-1].facts == {"merged_case": first}


def test_case_goes_only_into_an_open_one_of_its_kind_that_is_seen(june: Office) -> None:
    case, relief = opened(june), opened(june, "relief")
    merged, closed = opened(june), opened(june)
    secret = opened(june, restricted=True)
    do(june, merged, "merge", CHEN, {"merge_into": case})
    do(june, closed, "withdraw", CHEN, reason="已解决")
    for other, words in (
        (case, "into itself"),
        (relief, "of another kind"),
        (merged, "was merged itself"),
        (closed, "is closed"),
        ("P2005-0099", "There is no case"),
    ):
        with pytest.raises(TransitionRefused, match=words):
            do(june, case, "merge", CHEN, {"merge_into": other})
    with pytest.raises(TransitionRefused, match=f'There is no case "{secret}"'):
        do(june, case, "merge", PING, {"merge_into": secret})
    with pytest.raises(TransitionRefused, match=f"merge {case} into {secret}"):
        do(june, secret, "merge", CHEN, {"merge_into": case})
    do(june, case, "merge", CHEN, {"merge_into": secret})
    assert seen_contacts(june, "wen") == ["C2005-0002", "C2005-0004"]


def test_group_visit_is_collective_and_one_contact(june: Office) -> None:
    case = opened(june, heads=5)
    assert row(june, case)["collective"]
    assert "report_upward" in allowed(june, case, CHEN)
    assert len(contacts(june, case)) == 1


def test_late_entry_runs_from_when_it_happened(june: Office) -> None:
    case = opened(june, on="2005-06-10", at="14:30")
    received = entries(june, case)[0]
    assert received.happened_at.astimezone(ZONE).isoformat() == "2005-06-10T14:30:00+08:00"
    assert received.entered_late(ZONE)
    assert row(june, case)["received_on"].isoformat() == "2005-06-10"
    with pytest.raises(ReliefError):
        do(june, case, "accept", CHEN, {"matter_class": "appeal"}, happened_at="2005-06-09T09:00")
    do(june, case, "accept", CHEN, {"matter_class": "appeal"}, happened_at="2005-06-11T09:00")
    assert not entries(june, opened(june))[0].entered_late(ZONE)


def test_answered_contact_opens_a_case_later_without_being_typed_again(june: Office) -> None:
    contact = answered(june, matter="工资没有发", name="吴试甲", phone="13800000017", heads=6)
    with june.relief.work() as work:
        joined = open_from_contact(work, CHEN, "legal_aid", contact)
        work.commit()
    assert contacts(june, joined.reference) == [(contact, "opened")]
    found = row(june, joined.reference)
    assert (found["petitioner_name"], found["collective"]) == ("吴试甲", True)
    with june.relief.work() as work, pytest.raises(Conflict, match="belongs to a case already"):
        open_from_contact(work, CHEN, "legal_aid", contact)


def test_contact_that_opened_a_case_is_void_only_when_the_case_has_gone(june: Office) -> None:
    case = opened(june)
    ways = rf"opened {case}, which stands .*: Do not accept, .*Withdraw .*, Merge"
    with june.relief.work() as work, pytest.raises(Conflict, match=ways):
        void_contact(work, PING, "C2005-0001", "登记错了")
    do(june, case, "withdraw", CHEN, reason="登记错了")
    with june.relief.work() as work:
        assert void_contact(work, PING, "C2005-0001", "登记错了").voided_by == "ping"


def test_contact_of_a_case_that_went_too_far_is_not_sent_to_steps_it_cannot_take(
    june: Office,
) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement", "feedback")
    with june.relief.work() as work, pytest.raises(Conflict, match="gone too far") as refused:
        void_contact(work, PING, "C2005-0001", "登记错了")
    assert case in str(refused.value)
    assert "Withdraw" not in str(refused.value)


def test_restricted_contact_is_void_only_by_who_may_see_it(june: Office) -> None:
    contact = answered(june, restricted=True)
    with june.relief.work() as work, pytest.raises(NotFound):
        void_contact(work, PING, contact, "登记错了")


def test_case_is_opened_by_a_clerk_alone(june: Office) -> None:
    with pytest.raises(NotAllowed):
        opened(june, actor=PING)


def test_name_of_whom_restricted_matters_alone_know_is_put_right_together_with_the_number(
    june: Office,
) -> None:
    case = opened(june, "relief", restricted=True)
    walk(june, case, "accept")
    before = row(june, case)
    with pytest.raises(TransitionRefused, match="stands for 吴试甲") as refused:
        do(june, case, "identify", CHEN, {"petitioner_name": "王试辛"})
    assert codes(refused) == ["petition.name_without_number"]
    do(june, case, "identify", CHEN, {"petitioner_name": "吴试甲", "phone": "13800001234"})
    do(june, case, "identify", CHEN, {"petitioner_name": "吴试佳", "id_number": WU})
    after = row(june, case)
    assert (after["petitioner_id"], after["petitioner_name"]) == (before["petitioner_id"], "吴试佳")
    do(june, case, "identify", CHEN, {"petitioner_name": "王试辛", "id_number": MEI})
    assert row(june, case)["petitioner_id"] != before["petitioner_id"]
