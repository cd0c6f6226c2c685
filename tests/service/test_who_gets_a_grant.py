"""Nobody alone names who gets a grant and decides on it: neither before the first decision nor
after one that was returned; what pages offer, and for whom a case waits, goes by the same."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from relief.accounts.service import add_user
from relief.auditing import verify_office
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.steps.standing import available_of_many
from relief.flows.waiting import waiting_for
from relief.kernel.errors import NotAllowed
from relief.kernel.text import Translator
from relief.petitions.lists.pages import cases_page
from relief.petitions.lists.queues import Asked, cases_in
from relief.petitions.queries import CASE
from tests.matters import FIELDS, MEI, WU, allowed, do, entries, opened, row, walk
from tests.office import AN, CHEN, PASSWORD, PING, Office
from tests.own_kind import looks_always, put
from tests.service.test_standing import counted, words_opened

pytestmark = pytest.mark.postgresql_slow

LU = Actor("lu", frozenset({"approver"}))
LU_FOR_PING = Actor("lu", frozenset({"approver"}), "ping")
MEI_SAID = {"petitioner_name": "梅试乙", "id_number": MEI}
WU_SAID = {"petitioner_name": "吴试甲", "id_number": WU}


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    with office.relief.work() as work:
        add_user(work, AN, "lu", ["approver"], PASSWORD)
        work.commit()
    return office


def accepted(office: Office, kind: str = "relief") -> str:
    case = opened(office, kind)
    walk(office, case, "accept")
    return case


def decide(office: Office, case: str, actor: Actor = PING) -> None:
    do(office, case, "handle", actor, FIELDS[row(office, case)["kind"]]["handle"])


def second(office: Office, actor: Actor) -> set[str]:
    with office.relief.reading() as work:
        sought = cases_in(work, [actor], Asked(queue="second"))
        return {found.reference for found in cases_page(work, actor, sought).rows}


def waits(office: Office, actor: Actor) -> int:
    with office.relief.reading() as work:
        return sum(each.count for each in waiting_for(work, [actor]))


@pytest.mark.parametrize("kind", ["relief", "education_aid"])
def test_who_names_the_petitioner_after_the_acceptance_does_not_decide(
    june: Office, kind: str
) -> None:
    looks_always(june.relief)
    put(june.relief.settings.data_dir)
    june.relief.take_changed_files()
    case = accepted(june, kind)
    assert "handle" in allowed(june, case, PING)
    do(june, case, "identify", PING, MEI_SAID)
    assert "handle" not in allowed(june, case, PING)
    with pytest.raises(NotAllowed, match="is for another person") as refused:
        decide(june, case)
    (problem,) = refused.value.problems
    assert problem.code == "step.kept_apart"
    assert '"Record who the applicant is" is the work of ping' in str(problem.text)
    assert 'until another takes "Record who the applicant is" anew' in str(problem.text)
    assert "can be done by: lu" in str(problem.text)
    assert "补登申请人身份" in Translator("zh_Hans_CN")(problem.text)
    with pytest.raises(NotAllowed):
        decide(june, case, LU_FOR_PING)  # not by a deputy, either
    decide(june, case, LU)


def test_who_returned_a_grant_and_named_another_does_not_decide_anew(june: Office) -> None:
    case = accepted(june)
    decide(june, case)
    do(june, case, "return", PING, reason="再看")
    decide(june, case)  # nobody else was named
    do(june, case, "return", PING, reason="再看")
    do(june, case, "identify", PING, MEI_SAID)
    with pytest.raises(NotAllowed, match="is for another person"):
        decide(june, case)
    do(june, case, "identify", CHEN, {"petitioner_name": "梅试乙"})
    with pytest.raises(NotAllowed):  # the number is still as the approver said it
        decide(june, case)
    do(june, case, "identify", CHEN, MEI_SAID)
    decide(june, case)


def test_the_acceptance_stands_for_whom_it_named(june: Office) -> None:
    case = opened(june, "relief")
    do(june, case, "identify", PING, MEI_SAID)
    walk(june, case, "accept")  # by another, of who is named now
    do(june, case, "identify", PING, {"phone": "13800001234"})  # says not who it is
    assert second(june, PING) == {case}
    decide(june, case)


def test_where_no_money_is_granted_nobody_is_kept_apart(june: Office) -> None:
    case = accepted(june, "petition")
    do(june, case, "identify", PING, MEI_SAID)
    decide(june, case)


def test_queues_and_the_first_page_know_who_does_not_decide(june: Office) -> None:
    case, other = accepted(june), accepted(june)
    assert second(june, PING) == second(june, LU) == {case, other}
    assert (waits(june, PING), waits(june, LU)) == (2, 2)
    do(june, case, "identify", PING, MEI_SAID)
    assert (second(june, PING), second(june, LU)) == ({other}, {case, other})
    assert (waits(june, PING), waits(june, LU)) == (1, 2)
    do(june, case, "identify", CHEN, WU_SAID)
    assert second(june, PING) == {case, other}
    assert waits(june, PING) == 2


def test_who_named_whom_is_read_at_once_of_many(june: Office) -> None:
    cases = [accepted(june) for _case in range(6)]
    for case in cases:
        do(june, case, "identify", PING, MEI_SAID)
    with june.relief.reading() as work:
        ids, said = [find_case(work, case, CHEN).id for case in cases], []
        available_of_many(work, "relief", ids, PING)  # the definitions are in memory now
        for some in (ids[:2], ids):
            with counted(work) as statements:
                found = available_of_many(work, "relief", some, PING)
            said.append(len(statements))
            decisions = [c for each in found.values() for c in each if c.action.id == "handle"]
            assert {r.problem.code for c in decisions for r in c.refusals} == {"step.kept_apart"}
    assert said[0] == said[1]


def as_older_programs_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, no entry tells openly which fields were said."""
    monkeypatch.setattr("relief.engine.steps.advance._with_said", lambda step, _kind: step)


@pytest.mark.parametrize("key", [b"", b"garbled"], ids=["no key", "garbled key"])
def test_words_that_do_not_open_keep_apart_in_that_case_alone(
    june: Office, monkeypatch: pytest.MonkeyPatch, key: bytes
) -> None:
    as_older_programs_wrote(monkeypatch)
    case, other = accepted(june), accepted(june)
    do(june, case, "identify", PING, {"phone": "13800001234"})
    assert second(june, PING) == {case, other}
    with june.relief.work() as work:
        damage = sa.update(CASE).where(CASE.c.reference == case).values(journal_key=key)
        work.connection.execute(damage)
        work.commit()
    assert (second(june, PING), second(june, LU)) == ({other}, {case, other})
    assert (waits(june, PING), waits(june, LU)) == (1, 2)
    assert "handle" not in allowed(june, case, PING)
    assert "handle" in allowed(june, other, PING)
    with june.relief.reading() as work:
        found = verify_office(work, june.relief.papers)
    assert [each.text.values["reference"] for each in found if each.code == "journal.unreadable"]


def test_which_fields_were_said_is_read_without_opening_words(
    june: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, other = accepted(june), accepted(june)
    do(june, case, "identify", PING, {**MEI_SAID, "phone": "13800001234"})
    do(june, other, "identify", PING, {"phone": "13800001234"})
    assert entries(june, case)[-1].facts == {"said": ["petitioner_name", "id_number"]}
    assert entries(june, other)[-1].facts == {"said": []}
    read = words_opened(monkeypatch)
    assert second(june, PING) == {other}
    assert waits(june, PING) == 1
    assert read == []


def test_older_entries_say_by_their_words_who_does_not_decide(
    june: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_older_programs_wrote(monkeypatch)
    case, other = accepted(june), accepted(june)
    do(june, case, "identify", PING, MEI_SAID)
    do(june, other, "identify", PING, {"phone": "13800001234"})
    assert second(june, PING) == {other}
    assert waits(june, PING) == 1
