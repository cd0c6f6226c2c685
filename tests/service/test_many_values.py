"""Reads by many ids: neither database takes them all in one statement."""

from __future__ import annotations

import pytest

from relief.desk.queries import contacts_with_ids
from relief.households.life.surveys import last_visits
from relief.households.life.waiting import _announced, _applied_on
from relief.kernel.unit_of_work import in_chunks
from relief.reports.money.queries import covered_members
from tests.matters import answered
from tests.office import Office

MANY = range(1, 70_000)  # PostgreSQL takes 65,535 at most


def test_values_come_in_portions_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relief.kernel.unit_of_work._VALUES_MAX", 2)
    assert list(in_chunks([3, 1, 3, 2, 5, 4])) == [[3, 1], [2, 5], [4]]
    assert list(in_chunks([])) == []


def test_reads_take_more_ids_than_one_statement(office: Office) -> None:
    with office.relief.reading() as work:
        assert contacts_with_ids(work, MANY) == []
        assert last_visits(work, MANY) == {}
        assert _announced(work, MANY) == {}
        assert _applied_on(work, MANY) == {}
        assert list(covered_members(work, MANY)) == []


def test_contacts_stand_by_time_whatever_portion_they_came_in(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relief.kernel.unit_of_work._VALUES_MAX", 1)
    office.at("2005-05-12T09:00")
    late = answered(office)
    early = answered(office, on="2005-05-10")
    with office.relief.reading() as work:
        found = contacts_with_ids(work, [1, 2])
    assert [contact.reference for contact in found] == [early, late]
