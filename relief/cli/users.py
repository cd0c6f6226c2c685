"""The people who work here."""

from __future__ import annotations

import sys

import click

from relief.accounts.queries import find_actor
from relief.accounts.service import PASSWORD_LENGTH_MIN, ROLES, add_user
from relief.cli.console import tell
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.cli.office import writing
from relief.engine.actors import role_titles
from relief.kernel.errors import Invalid, refuse
from relief.kernel.text import _

user = LazyGroup(
    "user",
    {
        "add": Entry("relief.cli.users:add", _("Add a user.")),
        "list": Entry("relief.cli.absences:list_all", _("List users, their roles, who is away.")),
        "away": Entry("relief.cli.absences:away", _("Record that a user will be away.")),
        "back": Entry("relief.cli.absences:back", _("End an absence early.")),
    },
)


@click.command(
    help=say(
        _(
            "The first user has to be an admin and needs no --actor; all others are added by an "
            "admin. The password is asked for, or comes from --password-stdin."
        )
    )
)
@click.argument("username", metavar="NAME")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice(ROLES),
    help=say(_("What the user may do; may be given several times.")),
)
@click.option("--actor", metavar="USERNAME", help=say(_("The admin who adds the user.")))
@click.option(
    "--password-stdin", is_flag=True, help=say(_("Read the password from standard input."))
)
def add(username: str, roles: tuple[str, ...], actor: str | None, password_stdin: bool) -> None:
    """Add a user."""
    password = _read_password() if password_stdin else _ask_password()
    with writing() as work:
        by = find_actor(work, actor) if actor else None
        add_user(work, by, username, roles, password)
        work.commit()
    tell(_("{name} was added: {roles}.", name=username, roles=role_titles(roles)))


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
