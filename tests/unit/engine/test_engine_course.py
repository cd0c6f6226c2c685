"""Which clock runs and how it ran, read off the steps alone."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace

import pytest
from little_office import defined
from plea import PLEA, at

from relief.engine.clocks.course import clocked_state, course_of
from relief.engine.clocks.terms import Course, Pause
from relief.engine.definitions.definition import Term
from relief.engine.journal.passages import Passage, as_recorded, last_taken

PLEAS = defined(tomllib.loads(PLEA))
RECEIVED, ACCEPTED, HEARD, CLOSED = (f"2005-06-{day}T20:00" for day in ("01", "06", "10", "14"))


def passage(action: str, leads: str, when: str) -> Passage:
    """A step from one state to another: `received accepted`."""
    from_state, _space, to_state = leads.rpartition(" ")
    return Passage(action, frozenset({"mei"}), from_state, to_state, at(when), at(when))


BEGUN = (
    passage("receive", "received", RECEIVED),
    passage("accept", "received accepted", ACCEPTED),
    passage("hear", "accepted hearing", HEARD),
)


def accepted(*more: Passage, zone: dt.tzinfo = dt.UTC) -> Course | None:
    """The course of the term that runs from the acceptance."""
    term = PLEAS.state_by_id["accepted"].deadline
    assert term is not None
    return course_of(PLEAS, term, "accepted", (*BEGUN, *more), zone)


def test_no_clock_is_anybodys_where_every_state_so_far_pauses() -> None:
    assert clocked_state(PLEAS, ()) == ""
    assert clocked_state(PLEAS, [passage("receive", "hearing", RECEIVED)]) == ""
    assert clocked_state(PLEAS, BEGUN) == "accepted"


def test_clock_stands_still_since_the_first_of_several_steps_in_a_pause() -> None:
    stays = passage("note", "hearing hearing", "2005-06-12T09:00")
    assert accepted(stays) == Course(at(ACCEPTED), (Pause(at(HEARD)),))
    ended = passage("close_hearing", "hearing accepted", CLOSED)
    assert accepted(stays, ended) == Course(at(ACCEPTED), (Pause(at(HEARD), at(CLOSED)),))


@pytest.mark.parametrize(
    ("more", "started"),
    [
        ((), ACCEPTED),
        (("stay", "accepted accepted"), ACCEPTED),
        (("close_hearing", "hearing accepted"), ACCEPTED),
        (("return", "answered accepted"), CLOSED),
    ],
    ids=["as it came", "staying", "back from a pause", "back from elsewhere"],
)
def test_term_of_a_state_runs_from_when_the_case_came_there_anew(
    more: tuple[str, str] | tuple[()], started: str
) -> None:
    passages = [*BEGUN[:2], *([passage(*more, CLOSED)] if more else [])]
    course = course_of(PLEAS, Term(days=60), "accepted", passages, dt.UTC)
    assert course == Course(at(started))


def test_term_of_a_state_runs_from_its_own_coming_and_no_other() -> None:
    course = course_of(PLEAS, Term(days=15), "received", BEGUN, dt.UTC)
    assert course == Course(at(RECEIVED), (Pause(at(HEARD)),))
    assert course_of(PLEAS, Term(days=15), "answered", BEGUN, dt.UTC) is None


def test_term_runs_from_the_last_time_that_its_step_was_taken() -> None:
    again = passage("accept", "accepted accepted", CLOSED)
    course = accepted(passage("close_hearing", "hearing accepted", CLOSED), again)
    assert course == Course(at(CLOSED))
    term = Term(days=60, since="answer")
    assert course_of(PLEAS, term, "accepted", BEGUN, dt.UTC) is None


def test_step_right_after_the_beginning_may_extend() -> None:
    term = PLEAS.state_by_id["accepted"].deadline
    assert term is not None
    extended = passage("extend", "accepted accepted", HEARD)
    course = course_of(PLEAS, term, "accepted", (*BEGUN[:2], extended), dt.UTC)
    assert course == Course(at(ACCEPTED), (), ((dt.date(2005, 6, 10), 30),))


@pytest.mark.parametrize(("hours", "day"), [(-12, 14), (0, 14), (14, 15)])
def test_extension_is_of_the_day_that_the_office_had(hours: int, day: int) -> None:
    """Wherever the machine stands: 20:00 in Shanghai is noon in UTC."""
    ended = passage("close_hearing", "hearing accepted", CLOSED)
    extended = passage("extend", "accepted accepted", CLOSED)
    course = accepted(ended, extended, zone=dt.timezone(dt.timedelta(hours=hours)))
    assert course is not None
    assert course.extensions == ((dt.date(2005, 6, day), 30),)


def test_step_is_remembered_by_the_last_time_it_was_taken() -> None:
    again = passage("accept", "answered accepted", CLOSED)
    passages = [*BEGUN, again, passage("hear", "accepted hearing", CLOSED)]
    assert last_taken(passages, "accept") == again
    assert last_taken(passages, "receive") == BEGUN[0]
    assert last_taken(passages, "dance") is None
    assert last_taken([], "accept") is None


def test_passage_that_was_entered_late_counts_as_recorded_where_nobody_could_know() -> None:
    late = replace(BEGUN[1], recorded_at=at(CLOSED))
    assert as_recorded([BEGUN[0], late]) == [BEGUN[0], replace(late, happened_at=at(CLOSED))]
