"""Persons are recorded once, found by their numbers, and their numbers are sealed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from relief.kernel.errors import NotFound
from relief.people.queries import (
    IDENTITY,
    PERSON,
    find_all_by_identity,
    identity_number,
    identity_numbers,
)
from relief.people.rules import check_character
from relief.people.service import record_people, record_person
from tests.office import Office


def number(order: int) -> str:
    first17 = f"331021{1950 + order // 900:04d}0203{order % 900 + 100:03d}"
    return first17 + check_character(first17)


def test_person_is_recorded_once_and_named_as_it_came_last_while_no_record_names_it(
    office: Office,
) -> None:
    with office.relief.work() as work:
        first = record_person(work, "王小禾", number(1), restricted=False)
        again = record_person(work, "王小荷", number(1), restricted=False)
        assert first == again
        (known,) = find_all_by_identity(work, [number(1), number(2)]).values()
        assert (known.person_id, known.name) == (first, "王小荷")


def test_people_by_set_are_each_given_their_own_number(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relief.kernel.unit_of_work._VALUES_MAX", 1_000)  # three questions, not one
    people = [(f"测试{order}", number(order)) for order in range(2_500)]
    with office.relief.work() as work:
        record_people(work, people[1_000:1_100])
        ids = record_people(work, [*people, ("别名", number(7))])
        assert len(set(ids.values())) == len(people)
        found = find_all_by_identity(work, ids)
        assert {key: known.person_id for key, known in found.items()} == ids
        assert all(found[key].name == name for name, key in people)
        identities = {known.person_id: known.identity_id for known in found.values()}
        opened = identity_numbers(work, identities.values())
        assert all(opened[identities[ids[key]]] == key for _name, key in people)


def test_number_is_nowhere_in_the_clear(office: Office) -> None:
    with office.relief.work() as work:
        record_people(work, [("王小禾", number(3))], {number(3): "331021500203103"})
        row = work.rows(sa.select(IDENTITY))[0]._mapping
        stored = repr(dict(row))
        assert number(3) not in stored
        assert "331021500203103" not in stored
        token = row["token"]
        original = work.cipher.open(row["sealed_original"], f"person_identity.original:{token}")
        assert original == "331021500203103"


def test_original_is_kept_only_where_it_differs(office: Office) -> None:
    with office.relief.work() as work:
        record_person(work, "王小禾", number(4), restricted=False)
        record_people(work, [("王小禾", number(5))], {number(5): number(5)})
        assert work.rows(sa.select(IDENTITY.c.sealed_original)) == [(None,), (None,)]


def test_name_is_found_by_its_pinyin(office: Office) -> None:
    with office.relief.work() as work:
        record_person(work, "王小禾", number(6), restricted=False)
        assert work.rows(sa.select(PERSON.c.pinyin)) == [("wxh wangxiaohe",)]


def test_unknown_identity_record_is_refused(sqlite_office: Office) -> None:
    with sqlite_office.relief.reading() as work, pytest.raises(NotFound):
        identity_number(work, 999)
