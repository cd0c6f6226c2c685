"""A calendar of one's own: what stands in it, who may read it, and that moved days move in it."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
import sqlalchemy as sa
from icalendar import Calendar

from relief.accounts.guesses import TooManyGuesses
from relief.accounts.service import disable_user
from relief.engine.actors import Actor
from relief.kernel.text import Translator
from relief.reminders.calendar_file import calendar_file
from relief.reminders.feeds import (
    FEED,
    due_days,
    end_feed,
    make_feed,
    note_guess,
    owner_of,
)
from tests.matters import do, opened, walk
from tests.office import AN, CHEN, PING, ZONE, Office
from tests.reminders.readers import away

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=ZONE)


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def made(office: Office, actor: Actor) -> str:
    with office.relief.work() as work:
        key = make_feed(work, actor)
        work.commit()
    return key


def content(office: Office, username: str, locale: str = "en") -> bytes:
    with office.relief.reading() as work:
        return calendar_file(due_days(work, username), Translator(locale), "office")


def events(office: Office, username: str) -> list[tuple[str, str, dt.date]]:
    """Name, words and day of each, as a calendar program reads them."""
    calendar = Calendar.from_ical(content(office, username).decode())
    return [
        (str(each["UID"]), str(each["SUMMARY"]), each["DTSTART"].dt)
        for each in calendar.walk("VEVENT")
    ]


def test_deadlines_are_whole_days_with_number_kind_and_state(june: Office) -> None:
    case = opened(june)
    ((uid, summary, day),) = events(june, "chen")
    assert summary == f"{case} Petition, Received: due"
    assert day == dt.date(2005, 6, 30)
    assert not isinstance(day, dt.datetime)
    assert uid == "case-1@office.relief.invalid"
    (event,) = Calendar.from_ical(content(june, "chen").decode()).walk("VEVENT")
    assert event["DTEND"].dt == dt.date(2005, 7, 1)
    assert events(june, "ping") == []


def test_nothing_personal_stands_in_it(june: Office) -> None:
    opened(june, matter="秘密的事", phone="13800000000")
    text = content(june, "chen", "zh_Hans_CN").decode()
    assert "信访" in text
    for word in ("秘密", "吴试甲", "1380", "chen"):
        assert word not in text


def test_day_that_moved_moves_under_the_same_name(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept")
    (before,) = events(june, "chen")
    do(june, case, "extend", PING, {"notice_on": "2005-06-15"}, reason="鉴定")
    (after,) = events(june, "chen")
    assert before[0] == after[0]
    assert (before[2], after[2]) == (dt.date(2005, 8, 15), dt.date(2005, 9, 13))


def test_case_that_is_closed_or_stands_still_leaves_it(june: Office) -> None:
    closed, paused = opened(june), opened(june, "relief")
    do(june, closed, "withdraw", CHEN, reason="撤回")
    do(june, paused, "await_papers", CHEN, {"papers_missing": "证明"})
    assert events(june, "chen") == []


def test_same_deadlines_are_the_same_bytes(june: Office) -> None:
    opened(june)
    before = content(june, "chen")
    june.at("2005-06-16T09:00")
    assert content(june, "chen") == before


def test_restricted_matter_is_a_day_and_only_for_who_may_see_it(june: Office) -> None:
    case = opened(june, restricted=True)
    ((_uid, summary, _day),) = events(june, "chen")
    assert summary == "restricted matter: due"
    assert case not in content(june, "chen").decode()
    away(june, CHEN, "2005-06-15", "2005-06-20", "gao")
    assert events(june, "gao") == []


def test_deputy_has_the_days_of_who_is_away(june: Office) -> None:
    opened(june)
    away(june, CHEN, "2005-06-15", "2005-06-20", "gao")
    assert len(events(june, "gao")) == 1
    june.at("2005-06-21T09:00")
    assert events(june, "gao") == []


def test_key_is_kept_as_its_hash_alone_and_renewing_ends_the_old_one(june: Office) -> None:
    old = made(june, CHEN)
    new = made(june, CHEN)
    with june.relief.reading() as work:
        assert owner_of(work, old) is None
        owner = owner_of(work, new)
        assert owner is not None
        assert owner.username == "chen"
        kept = work.rows(sa.select(FEED))
    assert [row.key_sha256 for row in kept] == [
        hashlib.sha256(key.encode()).hexdigest() for key in (old, new)
    ]


def test_address_ends_when_its_owner_ends_it_or_is_disabled(june: Office) -> None:
    key, other = made(june, CHEN), made(june, PING)
    with june.relief.work() as work:
        assert end_feed(work, CHEN)
        assert not end_feed(work, CHEN)
        disable_user(work, AN, "ping", 1)
        work.commit()
    with june.relief.reading() as work:
        assert owner_of(work, key) is None
        assert owner_of(work, other) is None


@pytest.mark.parametrize("key", ["", "\0", "\ud800", "x" * 5000, "' OR 1=1"])
def test_anything_else_is_nobodys(june: Office, key: str) -> None:
    made(june, CHEN)
    with june.relief.reading() as work:
        assert owner_of(work, key) is None


def test_thirty_wrong_ones_from_an_address_are_answered_in_an_hour(june: Office) -> None:
    with june.relief.work() as work:
        for _ in range(30):
            note_guess(work, "10.0.0.1", NOW)
        with pytest.raises(TooManyGuesses):
            note_guess(work, "10.0.0.1", NOW)
        note_guess(work, "10.0.0.2", NOW)
        note_guess(work, "10.0.0.1", NOW + dt.timedelta(hours=1))
