"""Who is being typed in may have been here before: the clerk sees it before saving."""

from __future__ import annotations

import datetime as dt

import pytest

from relief.engine.actors import Actor
from relief.finding.likely import Likely, likely_same
from tests.matters import MEI, WU, answered, opened, walk
from tests.office import CHEN, FANG, Office

PHONE = "13800000017"


@pytest.fixture
def desk(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def likely(
    office: Office,
    name: str = "",
    phone: str = "",
    id_number: str = "",
    actor: Actor = CHEN,
    on: dt.date | None = None,
) -> list[Likely]:
    with office.relief.reading() as work:
        return likely_same(work, actor, name, phone, id_number, on)


def numbers(found: list[Likely]) -> list[tuple[str, str]]:
    return [(each.reference, each.by) for each in found]


def test_contact_of_the_last_days_is_told_with_what_it_was_about(desk: Office) -> None:
    no = answered(desk, on="2005-06-14", name="吴试甲", matter="工资没有发\n三个月")
    assert likely(desk, name="吴试甲") == [
        Likely(
            by="name", is_case=False, reference=no, kind="visit", state="answered",
            on=dt.date(2005, 6, 14), name="吴试甲", first_line="工资没有发",
        )
    ]  # fmt: skip


def test_same_is_who_shares_the_number_the_phone_or_the_sound_of_the_name(desk: Office) -> None:
    by_name = answered(desk, name="吴市佳")
    by_phone = answered(desk, channel="call", phone=PHONE)
    by_number = answered(desk, name="吴试甲", id_number=WU)
    answered(desk, name="王吴试甲")
    answered(desk, name="吴试")
    found = numbers(likely(desk, "吴试甲", "138-0000-0017", WU))
    assert found == [(by_number, "id_number"), (by_phone, "phone"), (by_name, "name")]


def test_open_case_is_told_however_old_and_a_closed_one_is_not(desk: Office) -> None:
    desk.at("2005-06-15T09:00")
    old = opened(desk)
    done = opened(desk, "relief")
    walk(desk, done, "accept", "handle", "implement", "feedback")
    desk.at("2005-09-01T09:00")
    (case,) = likely(desk, id_number=WU)
    assert (case.reference, case.is_case, case.kind, case.state) == (
        old,
        True,
        "petition",
        "received",
    )


@pytest.mark.parametrize(("day", "told"), [("2005-05-16", True), ("2005-05-15", False)])
def test_contacts_of_thirty_days_are_looked_at(desk: Office, day: str, told: bool) -> None:
    answered(desk, on=day, name="吴试甲")
    assert bool(likely(desk, "吴试甲")) is told
    assert likely(desk, "吴试甲", on=dt.date.fromisoformat(day))


@pytest.mark.parametrize("typed", [("", "", ""), (" ", "138", "33100"), ("\x00", "x", "1" * 18)])
def test_what_is_not_whole_yet_is_no_problem(desk: Office, typed: tuple[str, str, str]) -> None:
    answered(desk, phone=PHONE)
    assert likely(desk, *typed) == []


def test_restricted_matter_is_told_to_who_may_see_it_alone(desk: Office) -> None:
    opened(desk, restricted=True, name="梅试丁", id_number=MEI, phone=PHONE)
    answered(desk, restricted=True, name="梅试丁", phone=PHONE)
    assert len(likely(desk, "梅试丁", PHONE, MEI)) == 3
    assert likely(desk, "梅试丁", PHONE, MEI, FANG) == []


def test_ten_are_enough(desk: Office) -> None:
    latest = [answered(desk, name="吴试甲") for _ in range(12)]
    assert [each.reference for each in likely(desk, "吴试甲")] != latest
    assert len(likely(desk, "吴试甲")) == 10
