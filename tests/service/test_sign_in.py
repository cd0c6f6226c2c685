"""Signing in: one answer for every failure, keys that are kept nowhere, and sessions that end."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from relief.accounts import passwords
from relief.accounts.queries import USER
from relief.accounts.service import add_user
from relief.accounts.sessions import (
    choose_locale,
    end_sessions,
    open_session,
    sign_out,
    signed_in,
    switch_keys,
    touch,
)
from relief.accounts.sign_in_queries import SESSION
from relief.kernel.errors import Invalid, NotAllowed
from tests.office import AN, PASSWORD, Office
from tests.signing_in import HOME, NOW, answer, everything, signs_in, who, who_tries
from tests.web.statements import statements

pytestmark = pytest.mark.postgresql_slow

SECOND, MINUTE, HOUR = (dt.timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours"))


def disabled(office: Office, username: str) -> None:
    with office.relief.work() as work:
        work.connection.execute(
            sa.update(USER).where(USER.c.username == username).values(disabled_at=NOW)
        )
        work.commit()


# Who gets in


def test_right_password_signs_in_with_the_roles_that_are_held(office: Office) -> None:
    found = who(office, signs_in(office, "chen"))
    assert found is not None
    assert (found.username, found.roles) == ("chen", {"clerk"})
    assert (found.seen_at, found.locale, found.keys_off) == (NOW, "", False)


def test_several_roles_are_all_told(office: Office) -> None:
    with office.relief.work() as work:
        add_user(work, AN, "bao", ["finance", "clerk"], PASSWORD)
        work.commit()
    found = who(office, signs_in(office, "bao"))
    assert found is not None
    assert found.roles == {"clerk", "finance"}


def test_name_may_be_typed_with_capitals_and_blanks(sqlite_office: Office) -> None:
    assert answer(sqlite_office, " Chen ") == "in"


def test_unknown_disabled_and_wrong_are_told_the_same(office: Office) -> None:
    disabled(office, "wen")
    told = {
        answer(office, "chen", "a wrong password"),
        answer(office, "wen"),
        answer(office, "wen", "a wrong password"),
        answer(office, "nobody"),
        answer(office, ""),
    }
    assert len(told) == 1
    assert told.pop().startswith("signin.wrong: ")


def test_no_name_and_no_password_breaks_the_door(office: Office) -> None:
    for typed in ("", "\0", "x\0y", "\ud800", "好" * 20_000, "'; --", "\u202echen"):
        assert answer(office, typed, address="\ud800").startswith("signin.wrong")
        assert answer(office, "chen", typed).startswith("signin.wrong")


def test_hash_that_is_none_matches_nothing(sqlite_office: Office) -> None:
    with sqlite_office.relief.work() as work:
        work.connection.execute(sa.update(USER).values(password_hash="no hash"))
        work.commit()
    assert answer(sqlite_office, "chen").startswith("signin.wrong")


def test_nobody_gets_a_key_without_the_right_password(sqlite_office: Office) -> None:
    tried = who_tries(sqlite_office, "chen")
    tried.matches("a wrong password")
    with sqlite_office.relief.work() as work, pytest.raises(NotAllowed, match="not right"):
        open_session(work, tried, HOME, NOW)


def test_user_who_is_disabled_between_the_two_steps_is_not_signed_in(office: Office) -> None:
    tried = who_tries(office, "chen")
    assert tried.matches(PASSWORD)
    disabled(office, "chen")
    with office.relief.work() as work, pytest.raises(NotAllowed, match="not right"):
        open_session(work, tried, HOME, NOW)


# How passwords are kept


def test_name_that_is_not_there_costs_as_much_as_one_that_is(sqlite_office: Office) -> None:
    real, none = who_tries(sqlite_office, "chen"), who_tries(sqlite_office, "nobody")
    cost = real.password_hash.split("$")[:4]
    assert cost[1] == "argon2id"
    assert none.password_hash.split("$")[:4] == cost
    assert len(none.password_hash) == len(real.password_hash)
    assert none.password_hash != who_tries(sqlite_office, "nobody").password_hash
    assert PasswordHasher().check_needs_rehash(none.password_hash)  # it can be read as a hash


def test_password_hash_and_name_are_told_by_no_representation(sqlite_office: Office) -> None:
    tried = who_tries(sqlite_office, "chen")
    assert tried.password_hash not in repr(tried)
    assert "my password" not in repr(who_tries(sqlite_office, "my password"))


def test_no_more_than_four_passwords_are_verified_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most, lock = [], [], threading.Lock()
    all_in = threading.Barrier(4)

    class Slow:
        def verify(self, _kept: str, _password: bytes) -> bool:
            with lock:
                inside.append(1)
                most.append(len(inside))
            all_in.wait(timeout=30)  # four are inside together, and nobody else
            with lock:
                inside.pop()
            return True

    monkeypatch.setattr(passwords, "HASHER", Slow())
    with ThreadPoolExecutor(12) as pool:
        assert all(pool.map(lambda _: passwords.matches("kept", "typed"), range(12)))
    assert max(most) == 4


# Sessions


def test_every_sign_in_has_a_key_of_its_own_that_is_kept_nowhere(office: Office) -> None:
    one, other = signs_in(office, "chen"), signs_in(office, "chen")
    assert one != other
    assert min(len(one), len(other)) >= 43  # 256 bits
    stored = repr(everything(office, SESSION))
    assert one not in stored
    assert other not in stored
    assert HOME not in stored


def test_key_that_nobody_was_given_signs_nobody_in(office: Office) -> None:
    signs_in(office, "chen")
    (row,) = everything(office, SESSION)
    for key in ("", "made up", "\0", "\ud800", "x" * 20_000, str(row["key_sha256"])):
        assert who(office, key) is None


def test_session_ends_after_thirty_idle_minutes(office: Office) -> None:
    key = signs_in(office, "chen")
    assert who(office, key, NOW + 30 * MINUTE)
    assert who(office, key, NOW + 30 * MINUTE + SECOND) is None


def test_session_goes_on_while_somebody_is_there_but_no_longer_than_twelve_hours(
    office: Office,
) -> None:
    key = signs_in(office, "chen")
    at = NOW
    for _ in range(36):
        at += 20 * MINUTE
        found = who(office, key, at)
        assert found is not None
        with office.relief.work() as work:
            touch(work, found.session_id, at)
            work.commit()
    assert at == NOW + 12 * HOUR
    assert who(office, key, at)
    assert who(office, key, at + SECOND) is None


def test_touch_never_moves_time_back(sqlite_office: Office) -> None:
    key = signs_in(sqlite_office, "chen")
    found = who(sqlite_office, key)
    assert found is not None
    with sqlite_office.relief.work() as work:
        touch(work, found.session_id, NOW - HOUR)
        work.commit()
    assert who(sqlite_office, key, NOW + 30 * MINUTE)


def test_session_that_a_wrong_clock_began_in_the_future_does_not_live_for_ever(
    office: Office,
) -> None:
    key = signs_in(office, "chen", now=NOW + 400 * 24 * HOUR)
    assert who(office, key, NOW) is None
    assert who(office, signs_in(office, "chen", now=NOW + MINUTE), NOW)  # another machine's clock


def test_rehearsal_clock_counts_for_nothing(sqlite_office: Office) -> None:
    key = signs_in(sqlite_office, "chen")
    sqlite_office.at("2005-03-01T09:00")
    assert who(sqlite_office, key)


def test_sign_out_ends_this_session_alone(office: Office) -> None:
    key, other = signs_in(office, "chen"), signs_in(office, "chen")
    with office.relief.work() as work:
        sign_out(work, key, NOW)
        sign_out(work, "made up", NOW)
        work.commit()
    assert who(office, key) is None
    assert who(office, other)


def test_all_sessions_of_a_user_end_and_nobody_elses(office: Office) -> None:
    keys, of_another = [signs_in(office, "chen") for _ in range(2)], signs_in(office, "fang")
    with office.relief.work() as work:
        assert end_sessions(work, "chen", NOW) == 2
        assert end_sessions(work, "chen", NOW) == 0
        work.commit()
    assert [who(office, key) for key in keys] == [None, None]
    assert who(office, of_another)


def test_session_of_a_disabled_user_is_dead_however_the_row_was_changed(office: Office) -> None:
    key = signs_in(office, "chen")
    disabled(office, "chen")
    assert who(office, key) is None


def test_one_statement_answers_who_is_signed_in(office: Office) -> None:
    key = signs_in(office, "chen")
    with statements(office) as said, office.relief.reading() as work:
        assert signed_in(work, key, NOW)
    assert len(said) == 1, said


def test_last_sign_in_is_kept_in_real_time(office: Office) -> None:
    signs_in(office, "chen")
    signed = {row["username"]: row["signed_in_at"] for row in everything(office, USER)}
    assert (signed["chen"], signed["fang"]) == (NOW, None)


def test_browser_is_kept_in_short_or_not_at_all(office: Office) -> None:
    tried = who_tries(office, "chen")
    assert tried.matches(PASSWORD)
    with office.relief.work() as work:
        for agent in ("x" * 999, "a\0b", "好"):
            open_session(work, tried, HOME, NOW, agent)
        work.commit()
    kept = [row["user_agent"] for row in everything(office, SESSION)]
    assert kept == ["x" * 200, "", "好"]


# What users set for themselves


def test_language_and_keys_are_the_users_own_and_end_no_session(office: Office) -> None:
    key = signs_in(office, "chen")
    with office.relief.work() as work:
        choose_locale(work, "chen", "zh_Hans_CN")
        switch_keys(work, "chen", off=True)
        work.commit()
    found = who(office, key)
    assert found is not None
    assert (found.locale, found.keys_off) == ("zh_Hans_CN", True)
    other = who(office, signs_in(office, "fang"))
    assert other is not None
    assert (other.locale, other.keys_off) == ("", False)
    with office.relief.work() as work:
        choose_locale(work, "chen", "")
        switch_keys(work, "chen", off=False)
        work.commit()
    found = who(office, key)
    assert found is not None
    assert (found.locale, found.keys_off) == ("", False)


def test_language_that_is_not_there_is_refused(sqlite_office: Office) -> None:
    for locale in ("zh", "EN", "../etc", "\0"):
        with sqlite_office.relief.work() as work, pytest.raises(Invalid, match="no such language"):
            choose_locale(work, "chen", locale)
