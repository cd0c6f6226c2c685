"""Who is accused, or has an interest of their own, is kept out: also who received the case, and
also by way of a merge (信访工作条例 articles 28 and 30)."""

from __future__ import annotations

import pytest

from relief.accounts.service import add_user
from relief.desk.queries import Sought, list_contacts
from relief.engine.actors import Actor
from relief.flows.waiting import waiting_for
from relief.kernel.errors import NotAllowed, NotFound, ReliefError, TransitionRefused
from relief.petitions.seeing import cases_of_contacts, readable_contacts
from relief.petitions.service import void_contact
from tests.matters import (
    FIELDS,
    added,
    allowed,
    contacts,
    do,
    entries,
    fields_of,
    opened,
    row,
    state,
)
from tests.office import AN, CHEN, PASSWORD, PING, Office

LI, QIN = Actor("li", frozenset({"clerk"})), Actor("qin", frozenset({"approver"}))
ACCUSED, APPEAL = {"matter_class": "accusation"}, {"matter_class": "appeal"}


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    with office.relief.work() as work:
        for who in (LI, QIN):
            add_user(work, AN, who.username, list(who.roles), PASSWORD)
        work.commit()
    return office


def seen_contacts(office: Office, username: str) -> list[str]:
    with office.relief.reading() as work:
        found = list_contacts(work, Sought(), readable_contacts(username))
        named = cases_of_contacts(work, username)
    return [contact.reference for contact in found if contact.id in named]


def hidden(office: Office, case: str, actor: Actor) -> bool:
    try:
        row(office, case, actor)
    except NotFound:
        return True
    return False


def test_accused_receiver_is_shut_out_by_who_accepted_the_case(june: Office) -> None:
    case = opened(june)
    do(june, case, "accept", LI, ACCUSED)
    assert not hidden(june, case, CHEN)
    do(june, case, "name_readers", LI, {"readers": "ping"})
    assert [hidden(june, case, who) for who in (CHEN, LI, PING)] == [True, False, False]
    assert seen_contacts(june, "chen") == []
    assert seen_contacts(june, "li") == ["C2005-0001"]


def test_readers_are_named_by_no_other_clerk(june: Office) -> None:
    case = opened(june, restricted=True)
    do(june, case, "name_readers", CHEN, {"readers": "li"})
    with pytest.raises(TransitionRefused, match="who received or accepted the case"):
        do(june, case, "name_readers", LI, {"readers": "li"})


def test_whoever_stands_aside_in_a_restricted_case_sees_it_no_more(june: Office) -> None:
    case = opened(june, restricted=True)
    first = contacts(june, case)[0][0]
    second = added(june, case).contact.reference
    do(june, case, "name_readers", CHEN, {"readers": "ping"})
    do(june, case, "recuse", PING, {"colleague": "chen"}, reason="告的是他")
    assert hidden(june, case, CHEN)
    assert seen_contacts(june, "chen") == []
    assert seen_contacts(june, "ping") == [first, second]
    with pytest.raises(TransitionRefused, match="chen stands aside"):
        do(june, case, "name_readers", PING, {"readers": "chen"})
    do(june, case, "end_recusal", PING, {"colleague": "chen"}, reason="不是他")
    assert not hidden(june, case, CHEN)


def test_whoever_stands_aside_in_an_open_case_sees_it_as_everybody_does(june: Office) -> None:
    case = opened(june)
    do(june, case, "recuse", CHEN, reason="亲属")
    assert not hidden(june, case, CHEN)
    assert seen_contacts(june, "chen") == ["C2005-0001"]


def test_last_reader_does_not_step_aside_before_there_is_another(june: Office) -> None:
    case = opened(june, restricted=True)
    with pytest.raises(TransitionRefused, match="name another reader first"):
        do(june, case, "recuse", CHEN, reason="亲属")
    do(june, case, "name_readers", CHEN, {"readers": "ping"})
    do(june, case, "recuse", CHEN, reason="亲属")
    assert hidden(june, case, CHEN)


def test_clerk_steps_aside_and_sets_nobody_else_aside(june: Office) -> None:
    case = opened(june)
    for colleague in ("ping", "li"):
        with pytest.raises(TransitionRefused, match="decided by an approver"):
            do(june, case, "recuse", CHEN, {"colleague": colleague}, reason="会退回")
    do(june, case, "recuse", CHEN, {"colleague": "chen"}, reason="亲属")
    do(june, case, "recuse", QIN, {"colleague": "li"}, reason="亲属")
    for aside in (CHEN, LI):
        with pytest.raises(NotAllowed, match="stepped aside"):
            do(june, case, "accept", aside, APPEAL)
    assert "accept" in allowed(june, case, PING)


def test_whoever_stands_aside_does_so_in_the_case_that_it_is_merged_into(june: Office) -> None:
    first, second = opened(june), opened(june)
    do(june, first, "recuse", PING, {"colleague": "li"}, reason="亲属")
    do(june, first, "merge", CHEN, {"merge_into": second})
    with pytest.raises(NotAllowed, match="li has stepped aside"):
        do(june, second, "accept", LI, APPEAL)
    do(june, second, "accept", CHEN, APPEAL)


@pytest.mark.postgresql_slow
def test_who_accepted_a_case_does_not_decide_on_the_one_that_it_went_into(june: Office) -> None:
    both = Actor("hui", frozenset({"clerk", "approver"}))
    first, second, third = (opened(june, "relief") for _ in range(3))
    for case, who in ((first, both), (second, CHEN), (third, CHEN)):
        do(june, case, "accept", who, FIELDS["relief"]["accept"])
    do(june, first, "merge", both, {"merge_into": second})
    do(june, second, "merge", CHEN, {"merge_into": third})
    assert "handle" not in allowed(june, third, both)
    with pytest.raises(NotAllowed, match="is the work of hui"):
        do(june, third, "handle", both, FIELDS["relief"]["handle"])
    assert "handle" in allowed(june, third, PING)
    do(june, third, "handle", PING, FIELDS["relief"]["handle"])


def test_nobody_comes_to_read_a_restricted_case_by_a_merge(june: Office) -> None:
    about_li, other = opened(june, restricted=True), opened(june, restricted=True)
    do(june, about_li, "name_readers", CHEN, {"readers": "ping"})
    do(june, other, "name_readers", CHEN, {"readers": "li"})
    with pytest.raises(TransitionRefused, match=f"li may see {other} and not {about_li}"):
        do(june, about_li, "merge", CHEN, {"merge_into": other})
    do(june, about_li, "recuse", PING, {"colleague": "li"}, reason="告的是他")
    do(june, about_li, "merge", CHEN, {"merge_into": other})
    assert [hidden(june, other, who) for who in (LI, CHEN)] == [True, False]
    assert seen_contacts(june, "li") == []


def test_case_that_went_into_a_restricted_one_is_for_the_same_people(june: Office) -> None:
    earlier, case = opened(june), opened(june)
    do(june, earlier, "merge", CHEN, {"merge_into": case})
    secret = opened(june, restricted=True)
    do(june, case, "merge", CHEN, {"merge_into": secret})
    for merged in (earlier, case):
        assert row(june, merged)["restricted"]
        assert hidden(june, merged, PING)
        with pytest.raises(NotFound):
            added(june, merged, actor=LI)
    do(june, secret, "name_readers", CHEN, {"readers": "ping"})
    assert not hidden(june, earlier, PING)
    with pytest.raises(TransitionRefused, match="name the readers of the case it went into"):
        do(june, case, "name_readers", CHEN, {"readers": "li"})


def test_case_that_went_into_one_that_became_an_accusation_is_for_the_same_people(
    june: Office,
) -> None:
    earlier, case = opened(june), opened(june)
    do(june, earlier, "merge", CHEN, {"merge_into": case})
    do(june, case, "accept", PING, ACCUSED)
    assert [hidden(june, earlier, who) for who in (LI, CHEN, PING)] == [True, False, False]
    assert state(june, earlier) == "merged"
    assert len(contacts(june, case)) == 2
    assert entries(june, earlier)[-1].fields == {"merge_into": case}


def test_accused_receiver_is_refused_the_case_as_if_it_were_not_there(june: Office) -> None:
    case = opened(june)
    do(june, case, "accept", LI, ACCUSED)
    do(june, case, "name_readers", LI, {"readers": "ping"})
    for attempt in (lambda: added(june, case), lambda: do(june, case, "note", CHEN, {"note": "x"})):
        with pytest.raises(ReliefError, match="There is no case"):
            attempt()


def test_contact_is_taken_out_in_the_journal_of_its_case_by_nobody_who_stands_aside(
    june: Office,
) -> None:
    case = opened(june)
    second = added(june, case).contact.reference
    do(june, case, "recuse", LI, reason="亲属")
    with june.relief.work() as work, pytest.raises(NotAllowed, match="li has stepped aside"):
        void_contact(work, LI, second, "登记错了")
    with june.relief.work() as work:
        void_contact(work, CHEN, second, "登记错了")
        work.commit()
    noted = entries(june, case)[-1]
    assert (noted.action, noted.actor) == ("note", "chen")
    assert noted.facts == {"voided_contact": second}
    assert noted.fields == {"note": "登记错了"}


def test_a_step_is_said_to_be_for_those_alone_who_may_see_the_case(june: Office) -> None:
    case = opened(june, restricted=True)
    do(june, case, "accept", CHEN, ACCUSED)
    opinion = fields_of(june, case, "handle")
    with pytest.raises(NotAllowed, match="may not see this case yet: name them as readers") as told:
        do(june, case, "handle", CHEN, opinion)
    assert "It can be done by" not in str(told.value)
    assert waits(june, PING) == waits(june, LI) == 0
    do(june, case, "name_readers", CHEN, {"readers": "chen, ping"})
    with pytest.raises(NotAllowed, match=r"It can be done by: ping\."):
        do(june, case, "handle", CHEN, opinion)
    assert (waits(june, PING), waits(june, LI)) == (1, 0)  # li is a clerk, who does not see it


def waits(office: Office, actor: Actor) -> int:
    with office.relief.reading() as work:
        return sum(each.count for each in waiting_for(work, [actor]))
