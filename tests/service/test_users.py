"""What an admin does to users: who may, what is refused, and that it ends sessions at once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from relief.accounts import passwords
from relief.accounts.queries import USER, find_actor, list_users, shown_names
from relief.accounts.service import (
    add_user,
    change_full_name,
    change_own_password,
    change_roles,
    disable_user,
    enable_user,
    set_password,
    sign_out_user,
)
from relief.accounts.sessions import candidate, open_session
from relief.accounts.user_journal import differences, user_row
from relief.engine.work import Work
from relief.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, ReliefError
from tests.office import AN, CHEN, PASSWORD, Office
from tests.signing_in import HOME, NOW, answer, signs_in, who, who_tries

pytestmark = pytest.mark.postgresql_slow

OTHER = "three violet kettles"
Deed = Callable[[Work], object]
DEEDS: dict[str, Deed] = {
    "roles": lambda work: change_roles(work, AN, "chen", ["clerk", "finance"]),
    "named": lambda work: change_full_name(work, AN, "chen", "陈静"),
    "disabled": lambda work: disable_user(work, AN, "chen"),
    "password set": lambda work: set_password(work, AN, "chen", OTHER),
    "password chosen": lambda work: change_own_password(work, CHEN, proven(work, "chen"), OTHER),
}


def proven(work: Work, username: str, password: str = PASSWORD) -> object:
    tried = candidate(work, username, HOME, NOW)
    tried.matches(password)
    return tried


def do(office: Office, deed: Deed) -> None:
    with office.relief.work() as work:
        deed(work)
        work.commit()


def codes(office: Office, deed: Deed) -> set[str]:
    """Why a deed is refused; none where it is done."""
    try:
        do(office, deed)
    except ReliefError as refused:
        return {problem.code for problem in refused.problems}
    return set()


def version(office: Office, username: str) -> int:
    with office.relief.reading() as work:
        row = user_row(work, username)
    assert row is not None
    return row.version


def test_every_change_of_a_user_ends_their_sessions_at_once_and_nobody_elses(
    office: Office,
) -> None:
    for deed in DEEDS.values():
        if answer(office, "chen") != "in":
            do(office, lambda work: set_password(work, AN, "chen", PASSWORD))
        keys, other = [signs_in(office, "chen") for _ in range(2)], signs_in(office, "fang")
        assert all(who(office, key) for key in keys)
        do(office, deed)
        assert [who(office, key) for key in keys] == [None, None]
        assert who(office, other)
        do(office, lambda work: _enabled(work, "chen"))
        assert [who(office, key) for key in keys] == [None, None], "it came to life again"


def _enabled(work: Work, username: str) -> None:
    row = user_row(work, username)
    if row and row.disabled_at:
        enable_user(work, AN, username)


def test_disabled_user_signs_in_and_acts_no_more_until_enabled(office: Office) -> None:
    do(office, DEEDS["disabled"])
    assert answer(office, "chen").startswith("signin.wrong")
    with office.relief.reading() as work, pytest.raises(NotFound):
        find_actor(work, "chen")
    do(office, lambda work: enable_user(work, AN, "chen"))
    assert answer(office, "chen") == "in"


def test_new_roles_are_those_of_the_next_sign_in(office: Office) -> None:
    do(office, DEEDS["roles"])
    found = who(office, signs_in(office, "chen"))
    assert found is not None
    assert found.roles == {"clerk", "finance"}


def test_password_that_an_admin_set_is_lent_until_the_user_chooses_one(office: Office) -> None:
    do(office, DEEDS["password set"])
    assert answer(office, "chen").startswith("signin.wrong")
    lent = who(office, signs_in(office, "chen", OTHER))
    assert lent is not None
    assert lent.password_is_lent
    do(office, lambda work: change_own_password(work, CHEN, proven(work, "chen", OTHER), PASSWORD))
    own = who(office, signs_in(office, "chen"))
    assert own is not None
    assert not own.password_is_lent


def test_who_changes_the_own_password_goes_on_with_a_new_key(office: Office) -> None:
    old_key, other_key = signs_in(office, "chen"), signs_in(office, "chen")
    old = who_tries(office, "chen")
    assert old.matches(PASSWORD)
    with office.relief.work() as work:
        renewed = change_own_password(work, CHEN, old, OTHER)
        key = open_session(work, renewed, HOME, NOW)
        work.commit()
    assert [who(office, each) for each in (old_key, other_key)] == [None, None]
    assert who(office, key)
    assert answer(office, "chen", OTHER) == "in"


def test_own_password_is_changed_only_with_the_old_one_by_its_owner(office: Office) -> None:
    deeds: list[Deed] = [
        lambda work: change_own_password(work, CHEN, proven(work, "chen", "a wrong one"), OTHER),
        lambda work: change_own_password(work, CHEN, proven(work, "fang"), OTHER),
    ]
    assert [codes(office, deed) for deed in deeds] == [{"signin.wrong"}] * 2
    stale = who_tries(office, "chen")
    assert stale.matches(PASSWORD)
    do(office, DEEDS["password set"])
    assert codes(office, lambda work: change_own_password(work, CHEN, stale, PASSWORD)) == {
        "signin.wrong"
    }


def test_password_in_use_is_no_new_one(sqlite_office: Office) -> None:
    assert codes(
        sqlite_office,
        lambda work: change_own_password(work, CHEN, proven(work, "chen"), PASSWORD),
    ) == {"user.same_password"}


def test_only_an_admin_changes_users(office: Office) -> None:
    deeds: list[Deed] = [
        lambda work: add_user(work, CHEN, "mei", ["clerk"], OTHER),
        lambda work: change_roles(work, CHEN, "chen", ["admin"]),
        lambda work: disable_user(work, CHEN, "an"),
        lambda work: enable_user(work, CHEN, "an"),
        lambda work: set_password(work, CHEN, "an", OTHER),
        lambda work: sign_out_user(work, CHEN, "an", NOW),
    ]
    assert [codes(office, deed) for deed in deeds] == [{"user.role"}] * len(deeds)


def test_last_admin_stays(office: Office) -> None:
    deeds: list[Deed] = [
        lambda work: change_roles(work, AN, "an", ["clerk"]),
        lambda work: disable_user(work, AN, "an"),
    ]
    assert [codes(office, deed) for deed in deeds] == [{"user.last_admin"}] * 2
    do(office, lambda work: change_roles(work, AN, "chen", ["admin"]))
    do(office, lambda work: disable_user(work, AN, "chen"))
    assert [codes(office, deed) for deed in deeds] == [{"user.last_admin"}] * 2
    do(office, lambda work: enable_user(work, AN, "chen"))
    do(office, deeds[1])
    with office.relief.reading() as work:
        disabled = {user.username for user in list_users(work) if user.disabled_at}
    assert disabled == {"an"}


def test_two_admins_who_remove_each_other_leave_one(office: Office) -> None:
    do(office, lambda work: change_roles(work, AN, "chen", ["admin"]))
    with ThreadPoolExecutor(2) as pool:
        told = list(
            pool.map(
                lambda name: codes(office, lambda work: disable_user(work, AN, name)),
                ("an", "chen"),
            )
        )
    assert sorted(told, key=len) == [set(), {"user.last_admin"}]


def test_stale_form_is_refused_with_both_versions(office: Office) -> None:
    seen = version(office, "chen")
    do(office, lambda work: change_roles(work, AN, "chen", ["auditor"], seen))
    deeds: list[Deed] = [
        lambda work: change_roles(work, AN, "chen", ["finance"], seen),
        lambda work: disable_user(work, AN, "chen", seen),
        lambda work: enable_user(work, AN, "chen", seen),
        lambda work: set_password(work, AN, "chen", OTHER, seen),
    ]
    for deed in deeds:
        with pytest.raises(Conflict) as refused:
            do(office, deed)
        (problem,) = refused.value.problems
        assert problem.code == "case.stale"
        assert (problem.text.values["seen"], problem.text.values["current"]) == (seen, seen + 1)


def test_what_is_so_already_is_refused(sqlite_office: Office) -> None:
    office = sqlite_office
    assert codes(office, lambda w: change_roles(w, AN, "chen", ["clerk"])) == {"user.same_roles"}
    assert codes(office, lambda w: enable_user(w, AN, "chen")) == {"user.enabled"}
    do(office, DEEDS["disabled"])
    assert codes(office, DEEDS["disabled"]) == {"user.disabled"}


def test_faults_of_a_new_user_are_told_all_at_once(office: Office) -> None:
    told = codes(office, lambda work: add_user(work, AN, "Mei Li", ["boss"], "short"))
    assert told == {"user.name", "user.unknown_role", "user.password"}
    assert codes(office, lambda work: add_user(work, AN, "chen", [], "chenchenchen")) == {
        "user.exists", "user.no_role", "user.password_common",
    }  # fmt: skip


def test_odd_input_is_refused_and_breaks_nothing(office: Office) -> None:
    for odd in ("", "\0", "\ud800", "‮an", "好" * 20_000, "=1+1", "<b>"):
        assert codes(office, lambda w, odd=odd: disable_user(w, AN, odd)) == {"user.no_such"}
        assert "user.name" in codes(
            office, lambda w, odd=odd: add_user(w, AN, odd, ["clerk"], OTHER)
        )
        told = codes(office, lambda w, odd=odd: change_roles(w, AN, "chen", [odd]))
        assert told == {"user.unknown_role"}


def test_user_is_listed_with_what_a_form_needs(office: Office) -> None:
    signs_in(office, "chen")
    do(office, DEEDS["disabled"])
    with office.relief.reading() as work:
        listed = {user.username: user for user in list_users(work)}
    chen, an = listed["chen"], listed["an"]
    assert (chen.roles, chen.signed_in_at, chen.version) == ({"clerk"}, NOW, 2)
    assert chen.disabled_at is not None
    assert (an.disabled_at, an.signed_in_at, an.password_is_lent) == (None, None, False)


def test_password_is_kept_as_today_when_its_owner_signs_in(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    costlier = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", costlier)
    key = signs_in(office, "chen")
    assert who(office, key)
    with office.relief.reading() as work:
        hashes = {row.username: row.password_hash for row in work.rows(sa.select(USER))}
    assert not costlier.check_needs_rehash(hashes["chen"])
    assert costlier.check_needs_rehash(hashes["fang"])
    again = version(office, "chen")
    signs_in(office, "chen")
    assert version(office, "chen") == again, "it was kept anew a second time"


def test_own_sessions_may_be_ended_by_oneself_or_an_admin(office: Office) -> None:
    keys = [signs_in(office, "chen") for _ in range(2)]
    do(office, lambda work: sign_out_user(work, CHEN, "chen", NOW))
    assert [who(office, key) for key in keys] == [None, None]
    key = signs_in(office, "chen")
    do(office, lambda work: sign_out_user(work, AN, "chen", NOW))
    assert who(office, key) is None
    with pytest.raises(NotFound):
        do(office, lambda work: sign_out_user(work, AN, "nobody", NOW))


def test_refused_password_leaves_the_old_one_and_the_sessions(office: Office) -> None:
    key = signs_in(office, "chen")
    with pytest.raises(Invalid):
        do(office, lambda work: set_password(work, AN, "chen", "relief123456"))
    with pytest.raises(NotAllowed):
        do(office, lambda work: set_password(work, CHEN, "chen", OTHER))
    assert who(office, key)
    assert answer(office, "chen") == "in"


def test_people_are_shown_by_their_full_names_and_two_alike_with_their_usernames(
    office: Office,
) -> None:
    do(office, lambda work: change_full_name(work, AN, "chen", " 陈静 "))
    do(office, lambda work: change_full_name(work, AN, "ping", "王建国"))
    do(office, lambda work: change_full_name(work, AN, "wen", "王建国"))
    with office.relief.reading() as work:
        assert shown_names(work) == {
            "chen": "陈静",
            "ping": "王建国 (ping)",
            "wen": "王建国 (wen)",
        }
    do(office, lambda work: change_full_name(work, AN, "chen", ""))
    with office.relief.reading() as work:
        assert "chen" not in shown_names(work)


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        (lambda work: change_full_name(work, CHEN, "chen", "陈静"), "user.role"),
        (lambda work: change_full_name(work, AN, "chen", "陈" * 41), "field.too_long"),
        (lambda work: change_full_name(work, AN, "chen", "陈\n静"), "user.full_name"),
        (lambda work: change_full_name(work, AN, "chen", ""), "user.same_full_name"),
        (lambda work: change_full_name(work, AN, "nobody", "陈静"), "user.no_such"),
    ],
)
def test_a_full_name_is_refused_that_is_none(office: Office, deed: Deed, code: str) -> None:
    assert codes(office, deed) == {code}


def test_a_full_name_that_was_changed_by_hand_shows(office: Office) -> None:
    do(office, lambda work: change_full_name(work, AN, "chen", "陈静"))
    with office.relief.work() as work:
        assert not list(differences(work))
        work.connection.execute(
            sa.update(USER).where(USER.c.username == "chen").values(full_name="程静")
        )
        assert [each.code for each in differences(work)] == ["user.altered"]
