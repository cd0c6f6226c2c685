"""How cases flow: what stands where, what is overdue, how long cases stayed in what they left."""

from __future__ import annotations

import datetime as dt
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.engine.cases import find_case
from relief.engine.journal.passages import passages_of, passages_of_all
from relief.engine.work import Work
from relief.flows.standing import Standing, Stays, middle_of, open_of, standing_of, stays_of
from relief.flows.stays import stays_in, tenths_between
from tests.matters import do, fields_of, opened, walk
from tests.office import CHEN, PING, WEN, Office

LONG_AGO = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def four(office: Office) -> list[str]:
    """Four petitions: one walked to its end, one returned once, one received late, one hidden."""
    office.at("2005-04-06T09:00")
    first, second = opened(office), opened(office, name="吴试乙", id_number="")
    office.at("2005-04-10T09:00")
    walk(office, first, "accept")
    office.at("2005-04-16T09:00")
    walk(office, second, "accept")
    hidden = opened(office, name="吴试丙", id_number="", restricted=True)
    office.at("2005-05-01T21:00")
    walk(office, first, "handle", "implement")
    walk(office, second, "handle")
    do(office, second, "return", PING, reason="重办")
    office.at("2005-05-11T09:00")
    late = opened(office, name="吴试丁", id_number="")
    do(office, late, "accept", CHEN, {"matter_class": "appeal"})
    return [first, second, hidden, late]


def petitions(work: Work, since: dt.datetime = LONG_AGO) -> dict[str, Stays]:
    return stays_of(work, work.workflows.kinds["petition"], WEN, since)


def test_what_stands_where_is_counted_and_what_of_it_is_overdue(
    office: Office, four: list[str]
) -> None:
    with office.relief.reading() as work:
        kind = work.workflows.kinds["petition"]
        assert standing_of(work, kind, WEN) == {
            "accepted": Standing(2, 0),
            "implemented": Standing(1, 0),
        }
        assert open_of(work, "petition", standing_of(work, kind, WEN)) == Standing(3, 0)
    office.at("2005-06-20T09:00")
    with office.relief.reading() as work:
        assert standing_of(work, kind, WEN) == {
            "accepted": Standing(2, 1),
            "implemented": Standing(1, 1),
        }


def test_a_hidden_matter_is_counted_for_who_may_see_it_alone(
    office: Office, four: list[str]
) -> None:
    _first, _second, hidden, _late = four
    with office.relief.reading() as work:
        kind = work.workflows.kinds["petition"]
        assert "received" not in standing_of(work, kind, PING)
        assert standing_of(work, kind, CHEN)["received"] == Standing(1, 1)
    walk(office, hidden, "accept")
    with office.relief.reading() as work:
        assert petitions(work)["received"].count == 3
        assert stays_of(work, kind, CHEN, LONG_AGO)["received"].count == 4


def test_stays_are_those_that_the_journal_tells_of(office: Office, four: list[str]) -> None:
    with office.relief.reading() as work:
        told: dict[str, list[float]] = {}
        for _case, passages in passages_of_all(work, "petition"):
            for stay in stays_in(passages, work.as_known_now())[:-1]:
                told.setdefault(stay.state, []).append(stay.days)
        assert petitions(work) == {
            state: Stays(len(days), pytest.approx(median(days))) for state, days in told.items()
        }
        assert petitions(work)["received"] == Stays(3, 4.0)


def test_a_step_that_happened_before_it_was_entered_counts_from_then(office: Office) -> None:
    office.at("2005-04-06T09:00")
    case = opened(office)
    office.at("2005-04-20T09:00")
    accepted = {"matter_class": "appeal"}
    do(office, case, "accept", CHEN, accepted, happened_at="2005-04-08T21:00")
    with office.relief.reading() as work:
        assert petitions(work) == {"received": Stays(1, 2.5)}


def test_one_case_is_told_as_long_as_the_median_over_it_alone(office: Office) -> None:
    """Also where steps were entered as earlier than the one before them, on its day."""
    office.at("2005-04-06T09:00")
    case = opened(office)
    office.at("2005-04-20T22:00")
    accepted = {"matter_class": "appeal"}
    do(office, case, "accept", CHEN, accepted, happened_at="2005-04-08T22:13")
    do(office, case, "note", CHEN, {"note": "来电"}, happened_at="2005-04-20T21:00")
    handled = fields_of(office, case, "handle")
    do(office, case, "handle", PING, handled, happened_at="2005-04-20T15:00")
    do(office, case, "return", PING, reason="重办", happened_at="2005-04-20T09:00")
    office.at("2005-04-21T09:00")
    with office.relief.reading() as work:
        case_id = find_case(work, case, CHEN).id
        stays = stays_in(passages_of(work, "petition", case_id), work.as_known_now())
        assert [(stay.state, stay.days) for stay in stays] == [
            ("received", 2.6),
            ("accepted", 11.9),
            ("handled", 0.0),
            ("accepted", 0.5),
        ]
        assert petitions(work) == {
            "received": Stays(1, 2.6),
            "accepted": Stays(1, 11.9),
            "handled": Stays(1, 0.0),
        }


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_stay_is_the_nearest_tenth_of_a_day_and_the_half_is_rounded_up(
    came: int, length: int
) -> None:
    came_at = dt.datetime(2005, 4, 6, tzinfo=dt.UTC) + dt.timedelta(seconds=came)
    tenths = tenths_between(came_at, came_at + dt.timedelta(seconds=length))
    assert -4320 < tenths * 8640 - length <= 4320


def test_only_cases_that_left_since_are_looked_at(office: Office, four: list[str]) -> None:
    since = dt.datetime(2005, 4, 12, tzinfo=dt.UTC)
    with office.relief.reading() as work:
        assert petitions(work, since)["received"] == Stays(2, 5.0)
        assert petitions(work, since + dt.timedelta(days=100)) == {}


def test_every_kind_of_case_can_be_asked_for(office: Office, four: list[str]) -> None:
    with office.relief.reading() as work:
        for kind in work.workflows.kinds.values():
            standing = standing_of(work, kind, CHEN)
            assert sum(each.count for each in standing.values()) == (
                4 if kind.key == "petition" else 0
            )
            assert bool(stays_of(work, kind, CHEN, LONG_AGO)) == (kind.key == "petition")


@given(st.lists(st.integers(0, 60), min_size=1, max_size=30))
def test_themiddle_of_of_counted_lengths_is_their_median(tenths: list[int]) -> None:
    counts = [(each, tenths.count(each)) for each in sorted(set(tenths))]
    assert middle_of(counts) == Stays(len(tenths), pytest.approx(median(tenths) / 10))


def test_cases_that_rest_since_are_left_out_and_nothing_else(
    office: Office, four: list[str]
) -> None:
    """Whatever day it is asked from: what was left since then is among what was ever left."""
    with office.relief.reading() as work:
        days: dict[str, list[tuple[dt.datetime, float]]] = {}
        for _case, passages in passages_of_all(work, "petition"):
            for stay in stays_in(passages, work.as_known_now())[:-1]:
                assert stay.until is not None
                days.setdefault(stay.state, []).append((stay.until, stay.days))
        for last in sorted(until for left in days.values() for until, _days in left):
            since = last - dt.timedelta(minutes=1)
            assert petitions(work, since) == {
                state: Stays(len(among), pytest.approx(median(among)))
                for state, left in days.items()
                if (among := [each for until, each in left if until >= since])
            }
