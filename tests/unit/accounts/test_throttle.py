"""How many sign-ins are answered, whatever their order, and who is not locked out by others."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.accounts.throttle import HOUR, QUARTER, Failure, minutes_to_wait, place_of

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@dataclass
class Door:
    """Counts failures as the tables do. `known` are pairs of account and address."""

    known: set[tuple[str, str]] = field(default_factory=set)
    answered: list[tuple[dt.datetime, str, str]] = field(default_factory=list)
    from_known: list[bool] = field(default_factory=list)

    def minutes(self, at: dt.datetime, account: str, address: str) -> int:
        first = bisect_left(self.answered, (at - HOUR, "", ""))
        failures = [
            Failure(when, who == account, where == address, known)
            for (when, who, where), known in zip(
                self.answered[first:], self.from_known[first:], strict=True
            )
        ]
        return minutes_to_wait(failures, at, from_known=(account, address) in self.known)

    def fail(self, at: dt.datetime, account: str, address: str) -> bool:
        """A wrong password; False where it was not looked at."""
        if self.minutes(at, account, address):
            return False
        self.answered.append((at, account, address))
        self.from_known.append((account, address) in self.known)
        return True

    def most(self, within: dt.timedelta, account: str = "", address: str = "") -> int:
        """The most answers within any such time, against an account, from an address."""
        times = [
            at
            for at, who, where in self.answered
            if account in ("", who) and address in ("", where)
        ]
        ends = [bisect_left(times, at + within) for at in times]
        return max((end - start for start, end in enumerate(ends)), default=0)


addresses = st.integers(1, 9).map("10.0.0.{}".format)
tries = st.tuples(
    st.sampled_from((0, 0, 0, 1, 20, 400)),  # seconds since the try before
    st.sampled_from(("an", "an", "an", "chen", "nobody")),
    addresses,
    st.integers(1, 30),  # how often
)
known_pairs = st.sets(st.tuples(st.sampled_from(("an", "chen")), addresses), max_size=12)


def play(door: Door, played: list[tuple[int, str, str, int]], address: str = "") -> None:
    at = NOW
    for seconds, account, where, times in played:
        at += dt.timedelta(seconds=seconds)
        for _ in range(times):
            if not door.fail(at, account, address or where):
                break


@settings(max_examples=40)
@given(known_pairs, st.lists(tries, min_size=20, max_size=120))
def test_no_order_of_tries_gets_more_answers_than_the_limits(
    known: set[tuple[str, str]], played: list[tuple[int, str, str, int]]
) -> None:
    door = Door(known)
    play(door, played)
    for account in ("an", "chen", "nobody"):
        assert door.most(HOUR, account) <= 100
        for number in range(1, 10):
            assert door.most(QUARTER, account, f"10.0.0.{number}") <= 10
            assert door.most(HOUR, account, f"10.0.0.{number}") <= 20


@settings(max_examples=20)
@given(st.lists(tries, min_size=20, max_size=80))
def test_an_address_that_nobody_knows_gets_thirty_answers_an_hour(
    played: list[tuple[int, str, str, int]],
) -> None:
    door = Door()
    play(door, played, "10.0.0.1")
    assert door.most(HOUR, address="10.0.0.1") <= 30


def test_tenth_wrong_password_in_a_quarter_is_the_last_that_is_looked_at() -> None:
    door = Door()
    assert [door.fail(NOW, "an", "a") for _ in range(12)] == [True] * 10 + [False] * 2


def test_minutes_to_wait_are_those_until_the_next_is_answered() -> None:
    door = Door()
    for second in range(10):
        door.fail(NOW + dt.timedelta(seconds=second), "an", "a")
    later = NOW + dt.timedelta(minutes=4, seconds=30)
    wait = door.minutes(later, "an", "a")
    assert wait == 11
    assert door.minutes(later + (wait - 1) * MINUTE, "an", "a") == 1
    assert door.minutes(later + wait * MINUTE, "an", "a") == 0


def hammered(door: Door, addresses: int) -> dt.datetime:
    """An hour of wrong passwords for one account, from many addresses, every three seconds."""
    at = NOW
    for number in range(1_200):
        at = NOW + number * dt.timedelta(seconds=3)
        door.fail(at, "an", f"evil {number % addresses}")
    return at


def test_account_that_is_fired_at_from_one_address_is_open_from_any_other() -> None:
    door = Door()
    at = hammered(door, 1)
    assert door.minutes(at, "an", "evil 0") > 0
    assert door.minutes(at, "an", "home") == 0
    assert door.minutes(at, "chen", "home") == 0


def test_account_that_is_fired_at_from_a_hundred_addresses_is_open_from_where_its_owner_is() -> (
    None
):
    door = Door({("an", "office")})
    at = hammered(door, 100)
    assert door.most(HOUR, "an") == 60
    assert door.minutes(at, "an", "a new café") > 0
    assert door.minutes(at, "an", "office") == 0


def test_account_is_never_tried_more_than_a_hundred_times_an_hour_even_from_where_it_is_known() -> (
    None
):
    door = Door({("an", f"evil {number}") for number in range(100)})
    hammered(door, 100)
    assert door.most(HOUR, "an") == 100


def test_colleague_who_tries_all_names_at_the_office_locks_nobody_out_who_signs_in_there() -> None:
    door = Door({("chen", "office"), ("an", "office")})
    for number in range(50):
        door.fail(NOW, f"name {number}", "office")
    assert door.most(HOUR, address="office") == 30
    assert door.minutes(NOW, "chen", "office") == 0
    assert door.minutes(NOW, "fang", "office") > 0


def test_failures_that_a_wrong_clock_wrote_in_the_future_lock_nobody_out() -> None:
    door = Door()
    for _ in range(30):
        door.answered.append((NOW + dt.timedelta(days=400), "an", "a"))
        door.from_known.append(False)
    assert door.minutes(NOW, "an", "a") == 0


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7 ", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("fe80::1%eth0", "fe80::"),
        ("unix socket", "unix socket"),
        ("", ""),
    ],
)
def test_address_counts_as_what_one_customer_has(address: str, place: str) -> None:
    assert place_of(address) == place
