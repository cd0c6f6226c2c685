"""Numbers that were printed on paper for a day without power, and what is entered from it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from relief.engine.actors import Actor
from relief.kernel.errors import Invalid, NotAllowed, ReliefError
from relief.petitions.day.pack import DayPack, Reserved, day_pack, reserve_numbers
from tests.matters import MEI, added, answered, do, opened, walk
from tests.office import CHEN, FANG, PING, Office

pytestmark = pytest.mark.postgresql_slow

DAY = dt.date(2005, 6, 16)


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def reserve(office: Office, on: dt.date = DAY, actor: Actor = CHEN, **counts: object) -> Reserved:
    with office.relief.work() as work:
        reserved = reserve_numbers(work, actor, on, **counts)
        work.commit()
    return reserved


def packed(office: Office, on: dt.date = DAY, actor: Actor = CHEN) -> DayPack:
    with office.relief.reading() as work:
        return day_pack(work, actor, on)


def test_reserved_numbers_are_given_to_nothing_else(june: Office) -> None:
    answered(june)
    reserved = reserve(june, contacts=3, cases=2)
    assert reserved.contacts == ["C2005-0002", "C2005-0003", "C2005-0004"]
    assert reserved.cases == ["P2005-0001", "P2005-0002"]
    assert answered(june) == "C2005-0005"
    assert opened(june) == "P2005-0003"
    again = reserve(june, contacts=1, cases=1, kinds=("relief", "petition"))
    assert (again.contacts, again.cases) == (["C2005-0007"], ["R2005-0001", "P2005-0004"])


def test_what_is_entered_from_paper_bears_its_numbers_and_the_time_it_happened(
    june: Office,
) -> None:
    reserve(june, contacts=2, cases=1)
    june.at("2005-06-17T09:00")
    then = {"on": "2005-06-16", "at": "10:20"}
    assert answered(june, reserved_number=" c2005-0002 ", **then) == "C2005-0002"
    case = opened(june, reserved_number="C2005-0001", reserved_case="P2005-0001", **then)
    assert case == "P2005-0001"
    pack = packed(june)
    assert (pack.reserved.contacts, pack.reserved.cases) == ([], [])


@pytest.mark.parametrize(
    ("typed", "field", "code"),
    [
        ({"reserved_number": "C2005-0009"}, "reserved_number", "reserved.unknown"),
        ({"reserved_number": "P2005-0001"}, "reserved_number", "reserved.unknown"),
        ({"reserved_number": "'; --"}, "reserved_number", "reserved.unknown"),
        ({"reserved_number": "C2005-0001"}, "reserved_number", "reserved.used"),
        (
            {"reserved_number": "C2005-0002", "on": "2005-06-14"},
            "reserved_number",
            "reserved.later",
        ),
        (
            {"reserved_number": "C2005-0002", "on": "2004-12-30"},
            "reserved_number",
            "reserved.unknown",
        ),
        ({"reserved_case": "P2005-0001"}, "reserved_case", "reserved.no_case"),
    ],
)
def test_number_that_cannot_be_used_is_refused_and_nothing_is_written(
    june: Office, typed: dict[str, str], field: str, code: str
) -> None:
    reserve(june, contacts=2, cases=1)
    answered(june, reserved_number="C2005-0001")
    with pytest.raises(ReliefError) as refused:
        answered(june, **typed)
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == (field, code)
    assert packed(june).reserved.contacts == ["C2005-0002"]
    assert answered(june) == "C2005-0003"


def test_number_of_a_case_goes_with_its_kind(june: Office) -> None:
    reserve(june, contacts=1, cases=1, kinds=("relief",))
    paper = {"reserved_number": "C2005-0001", "reserved_case": "R2005-0001"}
    with pytest.raises(ReliefError) as refused:
        opened(june, **paper)
    assert refused.value.problems[0].code == "reserved.unknown"
    assert opened(june, "relief", **paper) == "R2005-0001"


@pytest.mark.parametrize(
    ("typed", "field", "other"),
    [
        ({"reserved_case": "P2005-0001"}, "reserved_number", "C2005-0001"),
        (
            {"reserved_case": "P2005-0001", "reserved_number": "C2005-0002"},
            "reserved_number",
            "C2005-0001",
        ),
        ({"reserved_number": "C2005-0002"}, "reserved_case", "P2005-0002"),
    ],
)
def test_numbers_of_two_papers_are_refused_with_the_one_that_belongs_there(
    june: Office, typed: dict[str, str], field: str, other: str
) -> None:
    reserve(june, contacts=3, cases=2)
    with pytest.raises(Invalid) as refused:
        opened(june, **typed)
    (problem,) = refused.value.problems
    assert (problem.field, problem.code) == (field, "reserved.other_sheet")
    assert other in str(problem.text)
    assert packed(june).reserved.contacts == ["C2005-0001", "C2005-0002", "C2005-0003"]
    # Another kind has its own numbers, and who was only answered needs no number of a case.
    assert opened(june, "relief", reserved_number="C2005-0001") == "R2005-0001"
    assert answered(june, reserved_number="C2005-0002") == "C2005-0002"
    assert opened(june, reserved_number="C2005-0003") == "P2005-0003"


def test_papers_are_printed_again_with_the_numbers_that_they_had(june: Office) -> None:
    reserve(june, contacts=3, cases=2)
    before = {"C2005-0001": "P2005-0001", "C2005-0002": "P2005-0002"}
    assert packed(june).reserved.case_on == before
    answered(june, reserved_number="C2005-0001")
    assert packed(june).reserved.case_on == {"C2005-0002": "P2005-0002"}
    june.at("2005-06-15T10:00")
    reserve(june, contacts=1, cases=2)
    assert packed(june).reserved.case_on == {
        "C2005-0002": "P2005-0002", "C2005-0003": "P2005-0003", "C2005-0004": "P2005-0004",
    }  # fmt: skip


def test_form_that_failed_leaves_its_number_free(june: Office) -> None:
    reserve(june, contacts=1, cases=0)
    with pytest.raises(ReliefError):
        added(june, "P2005-0001", reserved_number="C2005-0001")
    assert answered(june, reserved_number="C2005-0001") == "C2005-0001"


@pytest.mark.parametrize(
    ("on", "counts", "codes"),
    [
        (dt.date(2005, 6, 14), {}, ["reserved.day"]),
        (dt.date(2005, 8, 15), {}, ["reserved.day"]),
        (DAY, {"contacts": -1}, ["reserved.count"]),
        (DAY, {"contacts": 201, "cases": 201}, ["reserved.count", "reserved.count"]),
        (DAY, {"contacts": 0, "cases": 0}, ["reserved.none"]),
        (DAY, {"kinds": ("payout_run",)}, ["petition.kind_unknown"]),
    ],
)
def test_reservation_that_makes_no_sense_is_refused(
    june: Office, on: dt.date, counts: dict[str, object], codes: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        reserve(june, on, **counts)
    assert [problem.code for problem in refused.value.problems] == codes


@pytest.mark.parametrize("actor", [FANG, PING])
def test_numbers_are_reserved_by_clerks(june: Office, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        reserve(june, actor=actor)


def test_two_who_reserve_at_once_get_numbers_of_their_own(june: Office) -> None:
    with ThreadPoolExecutor(3) as at_once:
        given = list(at_once.map(lambda _n: reserve(june, contacts=20, cases=5), range(3)))
    counted = Counter(no for each in given for no in (*each.contacts, *each.cases))
    assert set(counted.values()) == {1}
    assert len(counted) == 75


def test_pack_shows_what_is_due_by_then_with_masked_phones(june: Office) -> None:
    near = opened(june, name="李试乙", id_number="", phone="13800000017", on="2005-06-01")
    far = opened(june, "relief", name="孙试丙", id_number=MEI)
    walk(june, far, "accept", "handle", "implement", "feedback")
    secret = opened(june, restricted=True, name="周试", id_number="", phone="13900000001")
    do(june, secret, "name_readers", CHEN, {"readers": "ping"})
    june.at("2005-06-15T17:00")
    reserve(june, dt.date(2005, 6, 28), contacts=1, cases=1)
    assert [each.reference for each in packed(june).due] == [near]
    pack = packed(june, dt.date(2005, 6, 28))
    assert pack.until_on == dt.date(2005, 7, 1)
    assert pack.reserved.contacts == ["C2005-0003"]  # no gap where the restricted one came
    shown = {each.reference: (each.name, each.phone_masked) for each in pack.due}
    assert shown == {near: ("李试乙", "138****0017"), secret: ("", "")}
    assert set(packed_numbers(june, FANG)) == {near}
    assert not pack.more


def packed_numbers(office: Office, actor: Actor) -> list[str]:
    return [each.reference for each in packed(office, dt.date(2005, 6, 28), actor).due]


@pytest.mark.parametrize("cases", [4, 200])
def test_there_are_no_more_numbers_of_cases_than_forms_that_bear_them(
    june: Office, cases: int
) -> None:
    reserve(june, contacts=2, cases=1)
    with pytest.raises(ReliefError) as refused:
        reserve(june, contacts=2, cases=cases)
    assert [problem.code for problem in refused.value.problems] == ["reserved.more_cases"]
    assert packed(june).reserved.cases == ["P2005-0001"]
    assert len(reserve(june, contacts=2, cases=3).cases) == 3
