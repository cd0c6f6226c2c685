"""Users, from the command line."""

from __future__ import annotations

import datetime as dt

from relief.accounts.sessions import candidate, open_session, signed_in
from relief.bootstrap import open_relief
from relief.kernel.settings import load_settings
from tests.cli.conftest import Shell
from tests.office import PASSWORD

OTHER = "three violet kettles"


def listed(shell: Shell, name: str) -> dict[str, object]:
    return next(dict(each) for each in shell.json("user", "list") if each["username"] == name)


def session(name: str, password: str = PASSWORD) -> str:
    """A sign-in now, in a process that goes on."""
    relief = open_relief(load_settings())
    now = dt.datetime.now(dt.UTC)
    with relief.reading() as work:
        tried = candidate(work, name, "192.0.2.7", now)
    assert tried.matches(password)
    with relief.work() as work:
        key = open_session(work, tried, "192.0.2.7", now)
        work.commit()
    relief.database.dispose()
    return key


def is_signed_in(key: str) -> bool:
    relief = open_relief(load_settings())
    with relief.reading() as work:
        found = signed_in(work, key, dt.datetime.now(dt.UTC))
    relief.database.dispose()
    return found is not None


def test_roles_are_changed_and_the_user_is_signed_out(shell: Shell) -> None:
    key = session("chen")
    said = shell.ok(
        "user", "roles", "chen", "--role", "clerk", "--role", "auditor", "--actor", "an"
    )
    assert "clerk, auditor" in said
    assert listed(shell, "chen")["roles"] == ["auditor", "clerk"]
    assert not is_signed_in(key)
    (again,) = shell.refused(
        "user", "roles", "chen", "--role", "clerk", "--role", "auditor", "--actor", "an"
    )
    assert "has these roles already" in again


def test_user_is_disabled_and_enabled(shell: Shell) -> None:
    shell.ok("user", "disable", "chen", "--actor", "an")
    assert str(listed(shell, "chen")["disabled_at"]).startswith("2005-01-03T08:00")
    assert "disabled on 2005-01-03" in shell.ok("user", "list")
    (said,) = shell.refused("user", "disable", "chen", "--actor", "an")
    assert "disabled already" in said
    (said,) = shell.refused("user", "away", "chen", "--from", "2005-01-04", "--until", "2005-01-05",
                            "--actor", "an")  # fmt: skip
    assert "works here now" in said
    shell.ok("user", "enable", "chen", "--actor", "an")
    assert listed(shell, "chen")["disabled_at"] is None


def test_password_is_read_from_standard_input_and_never_told(shell: Shell) -> None:
    words = ("user", "password", "chen", "--actor", "an", "--password-stdin")
    (said,) = shell.refused(*words, typed="relief123456\n")
    assert "first that are tried" in said
    assert OTHER not in shell.ok(*words, typed=f"{OTHER}\n")
    assert is_signed_in(session("chen", OTHER))


def test_password_is_asked_for_only_where_somebody_can_type_it(shell: Shell) -> None:
    (said,) = shell.refused("user", "password", "chen", "--actor", "an")
    assert "--password-stdin" in said


def test_admin_ends_the_sessions_of_a_user(shell: Shell) -> None:
    keys = [session("chen") for _ in range(2)]
    assert all(map(is_signed_in, keys))
    assert "sessions ended: 2" in shell.ok("user", "sign-out", "chen", "--actor", "an")
    assert not any(map(is_signed_in, keys))
    assert "sessions ended: 0" in shell.ok("user", "sign-out", "chen", "--actor", "chen")


def test_nobody_else_changes_users_nor_does_the_last_admin_leave(shell: Shell) -> None:
    for words in (
        ("roles", "fang", "--role", "admin"),
        ("disable", "an"),
        ("enable", "an"),
        ("sign-out", "an"),
    ):
        (said,) = shell.refused("user", *words, "--actor", "chen")
        assert "Only an admin" in said
    (said,) = shell.refused("user", "disable", "an", "--actor", "an")
    assert "only admin who works here" in said
    (said,) = shell.refused("user", "roles", "an", "--role", "clerk", "--actor", "an")
    assert "only admin who works here" in said


def test_user_who_is_not_there_is_told_with_where_to_look(shell: Shell) -> None:
    (said,) = shell.refused("user", "enable", "nobody", "--actor", "an")
    assert 'There is no user "nobody".' in said
    assert "relief user list" in said


def test_changes_of_users_stand_in_the_journal(shell: Shell) -> None:
    shell.ok("user", "roles", "chen", "--role", "auditor", "--actor", "an")
    assert "all as they were written" in shell.ok("audit", "verify")
    exported = shell.ok("audit", "export", "--actor", "wen")
    (line,) = [line for line in exported.splitlines() if "change_roles" in line]
    assert '"reference": "chen"' in line
    assert '"actor": "an"' in line


def test_an_admin_writes_down_how_others_know_a_user(shell: Shell) -> None:
    assert "chen has another full name." in shell.ok(
        "user", "name", "chen", "陈静", "--actor", "an"
    )
    [told] = shell.refused("user", "name", "chen", "程静", "--actor", "chen")
    assert "Only an admin" in told


def test_reader_is_named_of_what_nobody_reads(shell: Shell) -> None:
    shell.ok("contacts", "add", "--actor", "chen", "--channel", "visit", "--name", "试甲",
             "--matter", "举报", "--open", "petition", "--restricted")  # fmt: skip
    (said,) = shell.refused("user", "disable", "chen", "--actor", "an")
    assert "only reader of restricted matters: 1" in said
    shell.ok("user", "disable", "chen", "--actor", "an", "--leave-unread")
    assert "matters: 1" in shell.ok("user", "reader", "ping", "--actor", "an")
