"""Too many failures have to wait, and lock out nobody else."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from relief.accounts.sessions import (
    Candidate,
    open_session,
    record_failure,
)
from relief.accounts.sign_in_queries import ATTEMPT, SESSION, known_user, tried
from relief.kernel.errors import NotAllowed
from tests.office import PASSWORD, Office
from tests.signing_in import AWAY, HOME, NOW, answer, everything, signs_in, who_tries

SECOND, MINUTE, HOUR = (dt.timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours"))


@pytest.fixture
def tried_out(office: Office) -> Office:
    """Ten wrong passwords for Chen from elsewhere."""
    for second in range(10):
        told = answer(office, "chen", "a wrong password", AWAY, NOW + second * SECOND)
        assert told.startswith("signin.wrong")
    return office


def test_eleventh_try_is_not_looked_at_even_with_the_right_password(tried_out: Office) -> None:
    told = answer(tried_out, "chen", PASSWORD, AWAY, NOW + MINUTE)
    assert told.startswith("signin.throttled: ")
    assert "Wait 14 minutes" in told
    assert answer(tried_out, "chen", PASSWORD, AWAY, NOW + 15 * MINUTE + SECOND) == "in"


def test_others_are_not_locked_out_nor_the_right_user_elsewhere(tried_out: Office) -> None:
    assert answer(tried_out, "chen", PASSWORD, HOME, NOW + MINUTE) == "in"
    assert answer(tried_out, "fang", PASSWORD, AWAY, NOW + MINUTE) == "in"


def test_name_that_is_not_there_is_throttled_just_the_same(sqlite_office: Office) -> None:
    told = [
        [answer(sqlite_office, name, "a wrong password", AWAY) for _ in range(11)]
        for name in ("chen", "nobody")
    ]
    assert told[0] == told[1]


def test_address_that_tries_many_names_is_stopped_but_not_for_who_signs_in_there(
    office: Office,
) -> None:
    signs_in(office, "chen", address=AWAY)
    told = [answer(office, f"name{number}", "a wrong password", AWAY) for number in range(31)]
    assert [each.split(":")[0] for each in told] == ["signin.wrong"] * 30 + ["signin.throttled"]
    assert answer(office, "fang", PASSWORD, AWAY).startswith("signin.throttled")
    assert answer(office, "chen", PASSWORD, AWAY) == "in"


def test_many_tries_at_once_get_no_more_answers_than_one_after_the_other(office: Office) -> None:
    tried = [who_tries(office, "chen", AWAY) for _ in range(14)]  # all before the first failed
    told = []
    for each in tried[:13]:
        each.matches("a wrong password")
        with office.relief.work() as work:
            try:
                told.append(record_failure(work, each, AWAY, NOW).problems[0].code)
                work.commit()
            except NotAllowed as refused:
                told.append(refused.problems[0].code)
    assert told == ["signin.wrong"] * 10 + ["signin.throttled"] * 3
    assert tried[13].matches(PASSWORD)
    with office.relief.work() as work, pytest.raises(NotAllowed, match="Wait 15 minutes"):
        open_session(work, tried[13], AWAY, NOW)


def test_failures_of_writers_at_the_same_time_are_counted_one_by_one(office: Office) -> None:
    tried = [who_tries(office, "chen", AWAY) for _ in range(16)]

    def fail(each: Candidate) -> str:
        with office.relief.work() as work:
            try:
                refusal = record_failure(work, each, AWAY, NOW)
                work.commit()
            except NotAllowed as refused:
                return refused.problems[0].code
        return refusal.problems[0].code

    with ThreadPoolExecutor(8) as pool:
        told = sorted(pool.map(fail, tried))
    assert told == ["signin.throttled"] * 6 + ["signin.wrong"] * 10


def test_what_was_tried_cannot_be_read_and_is_removed_after_a_day(office: Office) -> None:
    answer(office, "correct horse battery", "chen", AWAY)
    (row,) = everything(office, ATTEMPT)
    assert not any(word in repr(row) for word in ("correct", "horse", "chen", AWAY))
    answer(office, "chen", "a wrong password", HOME, NOW + 25 * HOUR)
    (left,) = everything(office, ATTEMPT)
    assert left["at"] == NOW + 25 * HOUR


def test_address_is_known_for_thirty_days_and_then_the_session_is_removed(office: Office) -> None:
    signs_in(office, "chen", address=AWAY)
    with office.relief.reading() as work:
        chen, later = known_user(work, "chen"), NOW + 30 * 24 * HOUR
        asked = [(AWAY, later - SECOND), (AWAY, later), (HOME, NOW)]
        known = [tried(work, chen, "chen", place, at).from_known for place, at in asked]
    assert known == [True, False, False]
    signs_in(office, "fang", now=later + SECOND)
    (left,) = everything(office, SESSION)
    assert left["started_at"] == later + SECOND
