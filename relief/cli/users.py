"""The people who work here."""

from __future__ import annotations

import sys

import click

from relief.accounts.queries import find_actor
from relief.accounts.refusals import PASSWORD_LENGTH_MIN
from relief.accounts.service import (
    add_user,
    change_full_name,
    enable_user,
    set_password,
    sign_out_user,
)
from relief.cli import options
from relief.cli.console import tell
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.cli.office import writing
from relief.engine.actors import STAFF_ROLES, role_titles
from relief.kernel.clock import SystemClock
from relief.kernel.errors import Invalid, refuse
from relief.kernel.text import _
from relief.petitions.day.leaving import give_roles, let_go, name_reader

user = LazyGroup(
    "user",
    {
        "add": Entry("relief.cli.users:add", _("Add a user.")),
        "roles": Entry("relief.cli.users:roles", _("Change what a user may do.")),
        "name": Entry("relief.cli.users:full_name", _("Change how others know a user.")),
        "password": Entry("relief.cli.users:password", _("Give a user a new password.")),
        "disable": Entry("relief.cli.users:disable", _("Let a user work here no longer.")),
        "enable": Entry("relief.cli.users:enable", _("Let a disabled user work here again.")),
        "reader": Entry(
            "relief.cli.users:reader", _("Name who reads what nobody can read any more.")
        ),
        "sign-out": Entry("relief.cli.users:sign_out", _("End every session of a user.")),
        "list": Entry("relief.cli.absences:list_all", _("List users, their roles, who is away.")),
        "away": Entry("relief.cli.absences:away", _("Record that a user will be away.")),
        "back": Entry("relief.cli.absences:back", _("End an absence early.")),
    },
)


name = click.argument("username", metavar="NAME")
role = click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(STAFF_ROLES),
    help=say(_("What the user may do; may be given several times.")),
)
by_admin = click.option(
    "--actor", "admin", metavar="USERNAME", required=True, help=say(_("The admin who does this."))
)
from_stdin = click.option(
    "--password-stdin", is_flag=True, help=say(_("Read the password from standard input."))
)


@click.command(
    help=say(
        _(
            "The first user has to be an admin and needs no --actor; all others are added by an "
            "admin. The password is asked for, or comes from --password-stdin."
        )
    )
)
@name
@role
@click.option("--actor", metavar="USERNAME", help=say(_("The admin who adds the user.")))
@click.option("--full-name", default="", help=say(_("How others know the user, as 陈静.")))
@from_stdin
def add(
    username: str, roles: tuple[str, ...], actor: str | None, full_name: str, password_stdin: bool
) -> None:
    """Add a user."""
    password = _password(password_stdin)
    with writing() as work:
        by = find_actor(work, actor) if actor else None
        add_user(work, by, username, roles, password, full_name=full_name)
        work.commit()
    tell(_("{name} was added: {roles}.", name=username, roles=role_titles(roles)))


@click.command(
    help=say(
        _("The roles given here, and no others. Whoever is signed in by that name is signed out.")
    )
)
@name
@role
@by_admin
def roles(username: str, roles: tuple[str, ...], admin: str) -> None:
    """Change a user's roles."""
    with writing() as work:
        give_roles(work, find_actor(work, admin), username, list(roles))
        work.commit()
    tell(_("{name} now has the roles: {roles}.", name=username, roles=role_titles(roles)))


@click.command(
    "name",
    help=say(
        _(
            "As it stands on lists and papers; an empty one leaves the user name alone. Whoever is "
            "signed in by that name is signed out."
        )
    ),
)
@name
@click.argument("full_name", metavar="FULL_NAME")
@by_admin
def full_name(username: str, full_name: str, admin: str) -> None:
    """Change a user's full name."""
    with writing() as work:
        change_full_name(work, find_actor(work, admin), username, full_name)
        work.commit()
    tell(_("{name} has another full name.", name=username))


@click.command(
    help=say(
        _(
            "The password is asked for, or comes from --password-stdin. Whoever is signed in by "
            "that name is signed out."
        )
    )
)
@name
@by_admin
@from_stdin
def password(username: str, admin: str, password_stdin: bool) -> None:
    """Set a user's password."""
    new = _password(password_stdin)
    with writing() as work:
        set_password(work, find_actor(work, admin), username, new)
        work.commit()
    tell(_("{name} has a new password, and was signed out everywhere.", name=username))


@click.command(help=say(_("What the user did stays theirs. Their sessions end at once.")))
@name
@by_admin
@click.option(
    "--leave-unread",
    is_flag=True,
    help=say(
        _("Even if restricted matters are left that nobody can read: see relief user reader.")
    ),
)
def disable(username: str, admin: str, leave_unread: bool) -> None:
    """Disable a user."""
    with writing() as work:
        let_go(work, find_actor(work, admin), username, leaves_unread=leave_unread)
        work.commit()
    tell(_("{name} is disabled, and signed out everywhere.", name=username))


@click.command(
    help=say(_("Of every restricted matter that nobody can read any more; it shows none of them."))
)
@name
@by_admin
def reader(username: str, admin: str) -> None:
    """Name a reader of what nobody can read."""
    with writing() as work:
        count = name_reader(work, find_actor(work, admin), username)
        work.commit()
    tell(_("{name} now reads restricted matters: {count}.", name=username, count=count))


@click.command(help=say(_("With the roles and the password of before.")))
@name
@by_admin
def enable(username: str, admin: str) -> None:
    """Enable a user."""
    with writing() as work:
        enable_user(work, find_actor(work, admin), username)
        work.commit()
    tell(_("{name} may sign in again.", name=username))


@click.command("sign-out", help=say(_("By an admin, or by the user. The password stays.")))
@click.argument("name", metavar="NAME")
@options.actor
def sign_out(name: str, username: str) -> None:
    """End a user's sessions."""
    with writing() as work:
        now = SystemClock(work.clock.zone).now()
        ended = sign_out_user(work, find_actor(work, username), name, now)
        work.commit()
    tell(_("{name} is signed out; sessions ended: {count}.", name=name, count=ended))


def _password(from_stdin: bool) -> str:
    return _read_password() if from_stdin else _ask_password()


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _ask_password() -> str:
    if not sys.stdin.isatty():
        raise refuse(
            Invalid,
            "password.no_terminal",
            _("There is no terminal to ask on; give the password with --password-stdin."),
        )
    least = PASSWORD_LENGTH_MIN
    prompt = say(_("Password ({least} characters or more)", least=least))
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=True))
