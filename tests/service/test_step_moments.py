"""When a step happened, as day and time were typed."""

from __future__ import annotations

import pytest

from relief.cli.office import local
from relief.engine.cases import find_case
from relief.engine.steps.moment import moment_of_step
from relief.kernel.errors import Invalid
from tests.matters import opened
from tests.office import CHEN, Office

pytestmark = pytest.mark.postgresql_slow


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def moment(office: Office, on: str, at: str, reference: str = "") -> str:
    """The office's local time that is meant, for a case or for any."""
    with office.relief.work() as work:
        case = find_case(work, reference, CHEN) if reference else None
        kind, subject_id = (case.kind.key, case.id) if case else ("petition", 0)
        found = moment_of_step(work, kind, subject_id, on, at)
        return local(found, work.clock.zone)


def test_step_happens_now_where_nothing_is_typed(june: Office) -> None:
    assert moment(june, "", "") == ""


@pytest.mark.parametrize(
    ("on", "at", "meant"),
    [
        ("2005-06-14", "14:30", "2005-06-14 14:30"),
        ("2005-06-15", "08:05", "2005-06-15 08:05"),
        ("2005-06-15", "09:00", "2005-06-15 09:00"),
        ("1900-01-01", "12:30", "1900-01-01 12:30"),
        ("", "8:05", "2005-06-15 08:05"),
    ],
)
def test_typed_time_is_meant_as_it_stands(june: Office, on: str, at: str, meant: str) -> None:
    assert moment(june, on, at) == meant


@pytest.mark.parametrize(
    ("on", "meant"),
    [
        ("2005-06-15", "2005-06-15 09:00"),  # now
        ("2005-06-11", "2005-06-11 12:00"),
        ("2005-06-10", "2005-06-10 15:00"),
        ("2005-06-09", "2005-06-09 12:00"),
    ],
)
def test_day_without_a_time_is_noon_or_the_step_before_it(
    june: Office, on: str, meant: str
) -> None:
    case = opened(june, on="2005-06-10", at="15:00")
    assert moment(june, on, "", case) == meant


@pytest.mark.parametrize(
    ("on", "at", "told"),
    [
        ("2005-06-31", "", [("step.date", "on")]),
        ("200506", "", [("step.date", "on")]),
        ("0001-01-01", "00:30", [("step.date", "on")]),
        ("2005-06-14", "25:00", [("step.time", "at")]),
        ("yesterday", "noon", [("step.date", "on"), ("step.time", "at")]),
        ("2005-06-16", "", [("step.in_future", "on")]),
        ("9999-12-31", "", [("step.in_future", "on")]),
        ("", "09:01", [("step.in_future", "at")]),
    ],
)
def test_moment_that_is_none_or_to_come_is_refused(
    june: Office, on: str, at: str, told: list[tuple[str, str]]
) -> None:
    with pytest.raises(Invalid) as refused:
        moment(june, on, at)
    assert [(problem.code, problem.field) for problem in refused.value.problems] == told
