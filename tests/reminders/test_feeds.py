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
from relief.reminders.addresses import ADDRESS, mail_of, set_mail, user_id_of
from relief.reminders.calendar_file import calendar_file
from relief.reminders.feeds import (
    FEED,
    due_days,
    end_feed,
    feed_since,
    make_feed,
    note_guess,
    owner_of,
)
from relief.reminders.tables import CalendarFeed
from relief.reminders.verification import verify_reminders
from tests.matters import do, opened, walk
from tests.office import AN, CHEN, PING, ZONE, Office
from tests.reminders.readers import away

pytestmark = pytest.mark.postgresql_slow

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


def put_in(office: Office, username: str, key: str, seal: str) -> None:
    """Somebody who may write into the database gives themself a key to another's calendar."""
    with office.relief.work() as work:
        work.insert(
            CalendarFeed,
            user_id=user_id_of(work, username),
            key_sha256=hashlib.sha256(key.encode()).hexdigest(),
            owner_seal=seal,
            made_at=work.instant(),
            ended_at=None,
        )
        work.commit()


def told(office: Office) -> list[str]:
    with office.relief.reading() as work:
        return [problem.code for problem in verify_reminders(work)]


def test_row_that_was_put_in_by_hand_opens_nothing_and_is_found(june: Office) -> None:
    own = made(june, PING)
    with june.relief.reading() as work:
        (seal,) = [row.owner_seal for row in work.rows(sa.select(FEED))]
    assert told(june) == []
    put_in(june, "chen", "my own key", seal)
    with june.relief.reading() as work:
        assert owner_of(work, "my own key") is None
        assert feed_since(work, "chen") is None
        assert owner_of(work, own) is not None
    assert told(june) == ["feed.altered"]
    made(june, CHEN)  # who sets a new one ends it
    assert told(june) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE calendar_feed SET user_id = user_id + 1",
        "UPDATE calendar_feed SET key_sha256 = 'x'",
        "DELETE FROM calendar_feed",
        "UPDATE mail_address SET user_id = user_id + 1",
        "UPDATE mail_address SET token = 'x'",
        "DELETE FROM mail_address",
    ],
)
def test_database_refuses_to_change_or_forget_an_address(june: Office, change: str) -> None:
    made(june, CHEN)
    with june.relief.work() as work:
        set_mail(work, CHEN, "chen", "chen@example.com", digest=True)
        work.commit()
    with june.relief.work() as work, pytest.raises(sa.exc.DBAPIError, match="never"):
        work.connection.execute(sa.text(change))


def test_address_that_was_written_for_somebody_else_gets_no_mail_and_is_found(june: Office) -> None:
    """Sealed and token of one row, put into a row of another."""
    with june.relief.work() as work:
        set_mail(work, CHEN, "chen", "chen@example.com", digest=True)
        (row,) = work.connection.execute(sa.select(ADDRESS)).mappings()
        swapped = {**row, "id": row["id"] + 1, "user_id": user_id_of(work, "ping")}
        work.connection.execute(sa.insert(ADDRESS), swapped)
        work.commit()
    with june.relief.reading() as work:
        assert mail_of(work, "chen").address == "chen@example.com"
        assert mail_of(work, "ping").address == ""
    assert told(june) == ["mail.altered"]
