"""One step for many cases: which go together, and that each is taken by itself and once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle

import pytest
import sqlalchemy as sa

from relief.engine.actors import STAFF_ROLES, Actor
from relief.kernel.errors import Conflict, Invalid, NotAllowed, ReliefError
from relief.petitions.many.bulk import (
    BULK_MAX,
    Bulk,
    BulkStep,
    Sent,
    form_faults,
    look_at,
    remember_refusal,
    step_once,
)
from relief.petitions.many.bulk_steps import Row, steps_from
from relief.petitions.rules import SHIPPED
from relief.typed.once import new_key
from tests.life import id_number
from tests.matters import MEI, WU, do, entries, opened, row, state
from tests.office import CHEN, PING, Office

DECIDED = {
    "decision": "granted",
    "opinion": "属实",
    "granted_amount": "1000",
    "fund_source": "union",
}


_SERIALS = cycle(range(99))


def seen(office: Office, actor: Actor, action: str, references: Sequence[str]) -> Bulk:
    with office.relief.reading() as work:
        return look_at(work, actor, action, references)


def singled(bulk: Bulk) -> dict[str, list[str]]:
    return {each.case.reference: [p.code for p in each.reasons] for each in bulk.single}


def somebody() -> dict[str, str]:
    """A person who asks for the first time."""
    number = next(_SERIALS)
    return {"name": f"试人{chr(0x4E00 + number)}", "id_number": id_number(number)}


def accepted(office: Office, amount: str = "1000", **more: object) -> str:
    """A request for money that was accepted: of somebody else each time, where it is not said."""
    no = opened(office, "relief", **(somebody() | more))
    do(office, no, "accept", CHEN, {"cause": "illness", "requested_amount": amount})
    return no


def send(office: Office, actor: Actor, step: BulkStep, sent: Sent) -> bool:
    with office.relief.work() as work:
        fresh = step_once(work, actor, sent, step)
        work.commit()
    return fresh


def step(key: str = "", **fields: str) -> BulkStep:
    return BulkStep("handle", fields or DECIDED, "", key or new_key())


WU_ASKS, MEI_ASKS = {"name": "吴试甲", "id_number": WU}, {"name": "梅试乙", "id_number": MEI}


@pytest.mark.postgresql_slow
def test_who_was_granted_money_within_a_year_is_looked_at_singly(office: Office) -> None:
    office.at("2005-06-01T09:00")
    long_ago = accepted(office, **MEI_ASKS)
    do(office, long_ago, "handle", PING, DECIDED)
    office.at("2006-06-28T09:00")
    given = accepted(office, **WU_ASKS)
    do(office, given, "handle", PING, DECIDED)
    again, other, mei = accepted(office, **WU_ASKS), accepted(office), accepted(office, **MEI_ASKS)
    bulk = seen(office, PING, "handle", [again, other, mei])
    assert singled(bulk) == {again: ["bulk.granted_before"]}
    assert f"the last 1,000.00 yuan on 2006-06-28 ({given})" in str(bulk.single[0].reasons[0].text)
    assert singled(seen(office, PING, "note", [again, other])) == {}
    do(office, given, "withdraw", CHEN, reason="不要了")  # before it was given
    assert singled(seen(office, PING, "handle", [again, other])) == {}


@pytest.mark.postgresql_slow
def test_one_person_or_household_is_not_granted_money_twice_in_one_form(office: Office) -> None:
    office.at("2005-06-28T09:00")
    office.scheme(go_live="2005-04")
    office.register(
        [{"household_no": "H1", "grade": "deep", "approved_on": "2005-03-24",
          "applicant_name": "试户", "applicant_id": id_number(99), "township": "城关镇"}],
        [{"household_no": "H1", "name": "梅试乙", "id_number": MEI, "relation": "child"}],
    )  # fmt: skip
    twice = [accepted(office, **WU_ASKS) for _number in range(2)]
    child, parent = (
        accepted(office, **MEI_ASKS),
        accepted(office, name="试户", id_number=id_number(99)),
    )
    other = accepted(office)
    bulk = seen(office, PING, "handle", [*twice, child, parent, other])
    assert singled(bulk) == {no: ["bulk.same_household"] for no in (*twice, child, parent)}
    assert [each.case.reference for each in bulk.together] == [other]


def test_outliers_are_taken_out_with_every_reason(office: Office) -> None:
    office.at("2005-03-01T09:00")
    late = accepted(office)
    office.at("2005-06-28T09:00")
    alike = [accepted(office) for _number in range(4)]
    dear, urgent = accepted(office, "9000"), accepted(office, urgent="yes")
    new, petition = opened(office, "relief", id_number=""), opened(office, id_number="")
    secret = opened(office, "relief", id_number="", restricted="yes")
    bulk = seen(office, PING, "handle", [late, *alike, dear, urgent, new, petition, secret, "X"])
    assert [each.case.reference for each in bulk.together] == alike
    assert [each.amount_fen for each in bulk.together] == [100_000] * 4
    found = singled(bulk)
    assert found[late] == ["bulk.overdue"]
    assert found[dear] == ["bulk.amount"]
    assert found[urgent] == ["bulk.urgent"]
    assert found[new] == ["bulk.no_start"]
    assert found[petition] == ["bulk.no_start", "bulk.kind"]
    assert bulk.unknown == (secret, "X")  # one is not for who looks: it is not there
    assert bulk.action
    assert bulk.action.id == "handle"


def test_what_a_step_is_not_open_to_is_told_as_the_engine_tells_it(office: Office) -> None:
    office.at("2005-06-28T09:00")
    cases = [accepted(office) for _number in range(3)]
    found = singled(seen(office, CHEN, "handle", cases))
    assert set(found) == set(cases)
    assert all("step.role" in codes for codes in found.values())


@pytest.mark.parametrize("references", [[], [f"R{n}" for n in range(BULK_MAX + 1)]])
def test_none_and_too_many_are_refused(office: Office, references: list[str]) -> None:
    with pytest.raises(Invalid):
        seen(office, PING, "handle", references)


def test_each_is_taken_once_however_often_the_form_is_sent(office: Office) -> None:
    office.at("2005-06-28T09:00")
    no, typed = accepted(office), step()
    sent = Sent(no, row(office, no)["version"])
    assert send(office, PING, typed, sent)
    assert not send(office, PING, typed, sent)
    assert [entry.action for entry in entries(office, no)] == ["receive", "accept", "handle"]


def test_the_same_form_with_other_words_takes_nothing_again(office: Office) -> None:
    office.at("2005-06-28T09:00")
    no, typed = accepted(office), step()
    sent = Sent(no, row(office, no)["version"])
    send(office, PING, typed, sent)
    with pytest.raises(Conflict) as refused:
        send(office, PING, step(typed.key, **DECIDED | {"opinion": "另写"}), sent)
    assert refused.value.problems[0].code == "form.other_words"


def test_one_that_went_on_meanwhile_is_stale_and_the_others_are_taken(office: Office) -> None:
    office.at("2005-06-28T09:00")
    first, second = accepted(office), accepted(office)
    versions = {no: row(office, no)["version"] for no in (first, second)}
    do(office, first, "note", CHEN, {"note": "又来电"})
    typed = step()
    with pytest.raises(Conflict) as refused:
        send(office, PING, typed, Sent(first, versions[first]))
    assert refused.value.problems[0].code == "case.stale"
    assert send(office, PING, typed, Sent(second, versions[second]))
    assert (state(office, first), state(office, second)) == ("accepted", "handled")


def test_what_was_refused_is_not_tried_again_by_the_same_form(office: Office) -> None:
    office.at("2005-06-28T09:00")
    no, typed = accepted(office), step()
    sent = Sent(no, row(office, no)["version"])
    with pytest.raises(ReliefError):
        send(office, CHEN, typed, sent)
    with office.relief.work() as work:
        remember_refusal(work, CHEN, sent, typed)
        remember_refusal(work, CHEN, sent, typed)
        work.commit()
    with pytest.raises(Conflict) as refused:
        send(office, CHEN, typed, sent)
    assert refused.value.problems[0].code == "bulk.refused_before"
    with pytest.raises(ReliefError) as told:  # typed otherwise it is another try
        send(office, CHEN, step(typed.key, **DECIDED | {"opinion": "另写"}), sent)
    assert told.value.problems[0].code != "bulk.refused_before"


def test_a_form_of_somebody_else_takes_nothing(office: Office) -> None:
    office.at("2005-06-28T09:00")
    no, typed = accepted(office), step()
    sent = Sent(no, row(office, no)["version"])
    assert send(office, PING, typed, sent)
    with pytest.raises(NotAllowed):
        send(office, CHEN, typed, sent)
    with pytest.raises(Invalid):
        send(office, PING, BulkStep("handle", DECIDED, "", "no key"), sent)


def test_faults_of_the_form_are_told_once_for_all(office: Office) -> None:
    office.at("2005-06-28T09:00")
    bulk = seen(office, PING, "handle", [accepted(office) for _number in range(2)])
    drawn = bulk.drawn_for([each.case.reference for each in bulk.together], "handle")
    assert [p.field for p in form_faults(drawn, step(decision="granted"))] == ["opinion"]
    assert form_faults(drawn, step()) == []
    no = accepted(office)
    nothing = seen(office, PING, "no-such-step", [no]).drawn_for([no], "no-such-step")
    assert [p.code for p in form_faults(nothing, step())] == ["bulk.no_start"]


def test_a_form_asks_what_it_was_drawn_for_wherever_the_cases_stand_now(office: Office) -> None:
    office.at("2005-06-28T09:00")
    gone_on = accepted(office)
    do(office, gone_on, "handle", PING, DECIDED)
    petition = opened(office, id_number="")
    do(office, petition, "accept", CHEN, {"matter_class": "appeal"})
    bulk = seen(office, PING, "handle", [petition, gone_on])
    assert bulk.action is not None
    drawn = bulk.drawn_for([gone_on], "handle")
    assert drawn is not None
    assert (drawn.definition.key, "decision" in drawn.action.fields) == ("relief", True)
    assert "decision" not in bulk.action.fields  # the petition is the only one where it starts
    alone = seen(office, PING, "handle", [gone_on])
    assert alone.action == drawn.action
    assert singled(alone) == {gone_on: ["bulk.no_start"]}


def test_no_step_that_is_said_of_one_case_alone_is_offered_for_many(office: Office) -> None:
    of_one_case = {"paper_no", "merge_into", "readers", "petitioner_name"}
    with office.relief.reading() as work:
        for kind in SHIPPED:
            definition = work.workflows.definitions[kind]
            asking = {each.id for each in definition.actions
                      if of_one_case & {*each.fields, *each.optional_fields}}  # fmt: skip
            assert "detach" in asking
            places = [Row(kind, state.id) for state in definition.states]
            offered = {each.action for each in steps_from(work, places, frozenset(STAFF_ROLES))}
            assert "note" in offered
            assert offered.isdisjoint(asking), kind


def test_steps_that_lead_the_most_on_are_offered_first(office: Office) -> None:
    places = [Row("relief", "accepted"), Row("relief", "handled"), Row("petition", "handled")]
    with office.relief.reading() as work:
        offered = [each.action for each in steps_from(work, places, PING.roles)]
        assert offered[:2] == ["implement", "handle"]
        assert {"merge", "identify", "add_contact", "take_in"}.isdisjoint(offered)
        assert {"assign", "note", "recuse"} <= set(offered)
        assert steps_from(work, places, frozenset({"auditor"})) == []


def test_a_notice_is_not_given_to_people_whom_nobody_knows(office: Office) -> None:
    office.at("2005-06-28T09:00")
    known = [opened(office, id_number="") for _number in range(2)]
    anonymous = opened(office, name="", id_number="")
    bulk = seen(office, CHEN, "accept", [*known, anonymous])
    assert [each.case.reference for each in bulk.together] == known
    assert singled(bulk) == {anonymous: ["bulk.nobody_told"]}
    assert singled(seen(office, CHEN, "note", [*known, anonymous])) == {}


def test_many_cases_are_looked_at_by_as_many_statements_as_few(office: Office) -> None:
    office.at("2005-06-28T09:00")
    cases = [accepted(office) for _number in range(6)]
    few, many = (statements(office, cases[:each]) for each in (2, 6))
    assert few == many


def statements(office: Office, references: Sequence[str]) -> int:
    told: list[str] = []

    def tell(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        told.append(statement)

    seen(office, PING, "handle", references)  # what is read once is read
    sa.event.listen(office.relief.database.engine, "before_cursor_execute", tell)
    assert len(seen(office, PING, "handle", references).together) == len(references)
    sa.event.remove(office.relief.database.engine, "before_cursor_execute", tell)
    return len(told)
