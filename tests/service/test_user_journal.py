"""What changes a user is chained in the journal: nobody changes it, or the user, unseen."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from relief.accounts.queries import USER, USER_ROLE
from relief.accounts.service import (
    change_own_password,
    change_roles,
    disable_user,
    enable_user,
    set_password,
)
from relief.accounts.sessions import candidate
from relief.accounts.user_journal import user_row
from relief.bootstrap import initialise
from relief.engine.actors import Actor
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.inspection import handed_out_entries
from relief.engine.journal.seals import seal_day
from relief.engine.journal.verification import verify_journal
from relief.engine.listing import list_cases
from tests.office import AN, CHEN, PASSWORD, WEN, Office
from tests.older_office import as_made_at
from tests.service.test_audited_money import by_hand
from tests.signing_in import HOME, NOW, signs_in

pytestmark = pytest.mark.postgresql_slow

OTHER = "three violet kettles"


@pytest.fixture
def lived(office: Office) -> Office:
    """Chen after everything that can happen to a user."""
    with office.relief.work() as work:
        change_roles(work, AN, "chen", ["finance", "clerk"])
        disable_user(work, AN, "chen")
        enable_user(work, AN, "chen")
        set_password(work, Actor("gao", frozenset({"admin"}), "an"), "chen", OTHER)
        own = candidate(work, "chen", HOME, NOW)
        assert own.matches(OTHER)
        change_own_password(work, CHEN, own, PASSWORD)
        seal_day(work, work.today)
        work.commit()
    return office


def entries(office: Office, username: str) -> list[sa.Row[tuple[object, ...]]]:
    with office.relief.reading() as work:
        row = user_row(work, username)
        assert row is not None
        return list(
            work.rows(
                sa.select(JOURNAL)
                .where(JOURNAL.c.subject_kind == "user", JOURNAL.c.subject_id == row.id)
                .order_by(JOURNAL.c.number)
            )
        )


def found(office: Office) -> list[tuple[str, str]]:
    """What `audit verify` tells."""
    with office.relief.reading() as work:
        return [(problem.code, str(problem.text)) for problem in verify_journal(work)]


def test_everything_that_happened_to_a_user_is_told(lived: Office) -> None:
    told = entries(lived, "chen")
    steps = [(e.number, e.action, e.from_state, e.to_state, e.actor) for e in told]
    assert steps == [
        (1, "add", "", "active", "an"),
        (2, "change_roles", "active", "active", "an"),
        (3, "disable", "active", "disabled", "an"),
        (4, "enable", "disabled", "active", "an"),
        (5, "set_password", "active", "active", "gao"),
        (6, "set_password", "active", "active", "chen"),
    ]
    assert told[4].on_behalf_of == "an"
    assert json.loads(told[0].facts)["roles"] == ["clerk"]
    assert json.loads(told[1].facts)["roles"] == ["clerk", "finance"]
    assert [e.actor for e in entries(lived, "an")] == ["system"]
    assert found(lived) == []


def test_signing_in_and_own_settings_leave_no_entry(lived: Office) -> None:
    before = entries(lived, "chen")
    signs_in(lived, "chen")
    assert entries(lived, "chen") == before
    assert found(lived) == []


def test_no_password_and_no_hash_stands_in_the_journal(lived: Office) -> None:
    with lived.relief.reading() as work:
        journal = repr(work.rows(sa.select(JOURNAL)))
        hashes = work.rows(sa.select(USER.c.password_hash))
    for secret in (PASSWORD, OTHER, "argon2", *(row.password_hash for row in hashes)):
        assert secret not in journal


def test_users_are_handed_out_with_the_journal_but_are_no_cases(lived: Office) -> None:
    with lived.relief.reading() as work:
        handed_out = list(handed_out_entries(work, WEN))
        cases = {case.kind for case in list_cases(work, AN)}
    references = {each["reference"] for each in handed_out if each["subject_kind"] == "user"}
    assert references == {"an", "chen", "fang", "gao", "ping", "wen"}
    assert "user" not in cases


def _entry(**values: object) -> sa.Executable:
    newest = sa.select(sa.func.max(JOURNAL.c.id)).where(JOURNAL.c.action == "change_roles")
    return sa.update(JOURNAL).where(JOURNAL.c.id == newest.scalar_subquery()).values(**values)


def _chen(**values: object) -> sa.Executable:
    return sa.update(USER).where(USER.c.username == "chen").values(**values)


_CHEN_ID = sa.select(USER.c.id).where(USER.c.username == "chen").scalar_subquery()
BY_HAND: dict[str, tuple[Callable[[], sa.Executable], str]] = {
    "an entry changed": (lambda: _entry(actor="fang"), "journal.entry_changed"),
    "an entry with no facts": (lambda: _entry(facts="no json"), "journal.entry_changed"),
    "an entry removed": (
        lambda: sa.delete(JOURNAL).where(JOURNAL.c.action == "disable"),
        "journal.entry_missing",
    ),
    "the last entry removed": (
        lambda: sa.delete(JOURNAL).where(JOURNAL.c.number == 6),
        "journal.entry_missing",
    ),
    "a role given": (
        lambda: sa.insert(USER_ROLE).values(user_id=_CHEN_ID, role="admin"),
        "user.altered",
    ),
    "a role taken": (
        lambda: sa.delete(USER_ROLE).where(USER_ROLE.c.role == "finance"),
        "user.altered",
    ),
    "a password put in": (lambda: _chen(password_hash="$argon2id$own"), "user.altered"),
    "a demo account made real": (lambda: _chen(is_demo=True), "user.altered"),
    "a name changed": (lambda: _chen(username="cheng"), "user.altered"),
    "a user disabled": (lambda: _chen(disabled_at=NOW), "journal.state_differs"),
    "the head changed": (lambda: _chen(journal_head="x"), "journal.head_differs"),
    "the version set back": (lambda: _chen(version=5), "journal.version_differs"),
    "a user put in": (
        lambda: sa.insert(USER).values(username="eve", password_hash="x", recorded_at=NOW),
        "journal.entry_missing",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_what_was_changed_by_hand_is_found(name: str, lived: Office) -> None:
    statement, code = BY_HAND[name]
    by_hand(lived, statement())
    told = found(lived)
    assert code in {each for each, _text in told}, told
    who = {"a user put in": "eve", "a name changed": "cheng", "a role taken": "gao"}
    assert any(who.get(name, "chen") in text for _code, text in told), told


def test_refused_change_leaves_no_entry(office: Office) -> None:
    before = entries(office, "an")
    with office.relief.work() as work:
        with pytest.raises(Exception, match="only admin"):
            disable_user(work, AN, "an")
        work.commit()
    assert entries(office, "an") == before
    assert found(office) == []


def test_users_of_an_older_version_get_a_journal_when_the_office_is_upgraded(
    lived: Office,
) -> None:
    engine = lived.relief.database.engine
    as_made_at(lived, "0008")
    with engine.begin() as connection:  # as the older program added users
        connection.exec_driver_sql(
            "INSERT INTO user_account (username, password_hash, is_demo, recorded_at, version) "
            "VALUES ('mei', 'kept', false, '2005-01-03 00:00:00.000000', 0)"
        )
        connection.exec_driver_sql(
            "INSERT INTO user_role SELECT id, 'clerk' FROM user_account WHERE username = 'mei'"
        )
    for _ in range(2):  # the second time there is nothing left to do
        initialise(lived.relief.settings).database.dispose()
    assert [entry.action for entry in entries(lived, "chen")] == ["take_over"]
    (first,) = entries(lived, "mei")
    assert (first.number, first.action, first.actor) == (1, "take_over", "system")
    assert (first.from_state, first.to_state) == ("", "active")
    assert json.loads(first.facts)["roles"] == ["clerk"]
    assert found(lived) == []


def test_user_put_in_by_hand_is_not_taken_over_by_the_next_upgrade(office: Office) -> None:
    row = {"password_hash": "x", "is_demo": False, "recorded_at": NOW, "version": 0}
    by_hand(office, sa.insert(USER).values(username="mole", **row))
    before = entries_of_users(office)
    office.relief.database.dispose()
    initialise(office.relief.settings).database.dispose()
    assert entries_of_users(office) == before
    with office.relief.reading() as work:
        assert [problem.code for problem in verify_journal(work)] != []


def entries_of_users(office: Office) -> int:
    with office.relief.reading() as work:
        kind = JOURNAL.c.subject_kind == "user"
        return int(work.connection.execute(sa.select(sa.func.count()).where(kind)).scalar_one())
