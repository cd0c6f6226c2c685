"""What stands beside a case, on both databases: the hardship file with its payouts, the matters
that may be the same, the way of the case as far as it was known at an entry."""

from __future__ import annotations

import pytest

from relief.engine.cases import find_case
from relief.finding.beside import household_beside
from relief.kernel.errors import NotFound
from relief.kernel.months import parse_month
from relief.petitions.one_case.alike import cases_alike
from relief.petitions.one_case.reading import as_known_after, view_case
from tests.life import id_number
from tests.matters import added, contacts, do, opened, row, walk
from tests.office import CHEN, PING, Office

pytestmark = pytest.mark.postgresql_slow

APPLICANT, CHILD = id_number(7), id_number(8)


def enrolled(office: Office) -> None:
    """A household of two that was paid for a quarter."""
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    file = {"household_no": "H7", "grade": "deep", "approved_on": "2005-03-24"}
    person = {"applicant_name": "试户", "applicant_id": APPLICANT, "township": "城关镇"}
    child = {"household_no": "H7", "name": "试子", "id_number": CHILD, "relation": "child",
             "counted": "yes"}  # fmt: skip
    office.register([file | person | {"account_no": "6228480000000000007"}], [child])
    office.prepare("2005Q2")
    office.release("2005Q2")
    office.prepare("2005Q2", "supplementary")  # a draft is nothing that was paid


@pytest.mark.parametrize(("no", "of"), [("H7", ""), ("", APPLICANT), ("", CHILD)])
def test_a_household_is_found_by_its_number_or_by_who_belongs_to_it(
    office: Office, no: str, of: str
) -> None:
    office.at("2005-06-01T09:00")
    enrolled(office)
    person = row(office, opened(office, name="", id_number=of))["petitioner_id"] if of else None
    with office.relief.reading() as work:
        found = household_beside(work, no, person)
    assert found is not None
    assert (found.household_no, found.applicant_name, found.state) == ("H7", "试户", "active")
    assert (found.from_month, found.until_month) == (parse_month("2005-04"), None)
    assert (found.members, found.grade) == (2, "deep")
    assert found.is_named is bool(no)
    assert [(each.quarter, each.amount_fen) for each in found.payouts] == [("2005Q2", 120_000)]


def test_who_has_no_household_has_none_beside(office: Office) -> None:
    office.at("2005-06-01T09:00")
    enrolled(office)
    stranger = row(office, opened(office))["petitioner_id"]
    with office.relief.reading() as work:
        assert household_beside(work, "", stranger) is None
        assert household_beside(work, "", None) is None
        assert household_beside(work, "H0", stranger) is None


def test_matters_of_the_same_petitioner_are_alike_as_far_as_they_are_seen(office: Office) -> None:
    reference = opened(office)
    same = opened(office, name="", phone="13800001234")  # by the number that was typed
    named = opened(office, id_number="")
    hidden = opened(office, restricted=True)
    closed = opened(office)
    do(office, closed, "withdraw", CHEN, reason="不要了")
    opened(office, name="别人", id_number="")
    opened(office, "relief")
    with office.relief.reading() as work:
        found = [each.reference for each in cases_alike(work, PING, row(office, reference))]
        mine = [each.reference for each in cases_alike(work, CHEN, row(office, reference))]
        nobody = cases_alike(work, CHEN, row(office, reference) | {
            "petitioner_id": None, "phone_hash": "", "petitioner_name": "",
        })  # fmt: skip
    assert found == [named, same]
    assert mine == [hidden, named, same]
    assert nobody == []


def test_a_case_as_it_was_known_has_no_more_than_was_recorded(office: Office) -> None:
    office.at("2005-06-01T09:00")
    reference = opened(office)
    office.at("2005-06-02T09:00")
    walk(office, reference, "accept", "handle")
    do(office, reference, "return", PING, reason="再查")
    with office.relief.reading() as work:
        case = find_case(work, reference, CHEN)
        past = [as_known_after(work, case, number, CHEN) for number in (1, 2, 3, 4)]
        now = view_case(work, case, CHEN)
        for number in (0, 5):
            with pytest.raises(NotFound):
                as_known_after(work, case, number, CHEN)
    assert [each.state for each in past] == ["received", "accepted", "handled", "accepted"]
    assert [len(each.entries) for each in past] == [1, 2, 3, 4]
    assert {each.count for each in past} == {4}
    assert (past[3].way, past[3].deadline) == (now.way, now.deadline)
    due = [each.deadline.due_on.isoformat() for each in past if each.deadline and
           each.deadline.due_on]  # fmt: skip
    assert due == ["2005-06-16", "2005-08-01", "2005-07-04", "2005-08-01"]


def test_contacts_come_in_the_order_in_which_they_happened(office: Office) -> None:
    office.at("2005-06-01T09:00")
    reference = opened(office)
    office.at("2005-06-03T09:00")
    later = added(office, reference).contact.reference
    between = added(office, reference, on="2005-06-02", chase_up=True).contact.reference
    assert contacts(office, reference)[1:] == [(between, "chase_up"), (later, "added")]
