"""What stands against a user as somebody wants them: the name, the roles, the password (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relief.accounts.guessable import is_guessable
from relief.accounts.rules import USERNAME
from relief.engine.actors import SCHEDULER, STAFF_ROLES, SYSTEM, role_titles
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.kernel.typed_text import text_faults

PASSWORD_LENGTH_MIN = 12
PASSWORD_LENGTH_MAX = 200
FULL_NAME_CHARS_MAX = 40
# What is said of a good one, before it is chosen and after a bad one was.
PASSWORD_ADVICE = _(
    "{least} characters or more; four words that nobody would put together do well.",
    least=PASSWORD_LENGTH_MIN,
)
_RESERVED = {SCHEDULER.username, SYSTEM.username}


def name_problems(username: str) -> Iterator[Problem]:
    """What a user cannot be called."""
    if not username:
        text = _("write a user name: 2 to 32 of a-z, 0-9, dot, dash, beginning with a letter")
        yield Problem("user.name", text, "username")
    elif not USERNAME.fullmatch(username) or username in _RESERVED:
        text = _(
            '"{name}" cannot be a user name; use 2 to 32 of a-z, 0-9, dot, dash, beginning '
            "with a letter, and not scheduler or system",
            name=username[:40],
        )
        yield Problem("user.name", text, "username")


def full_name_problems(full_name: str) -> Iterator[Problem]:
    """What is no name of a person in one line; none at all may be left out."""
    for code, text in text_faults(full_name, FULL_NAME_CHARS_MAX):
        yield Problem(code, text, "full_name")
    if any(each in full_name for each in "\n\r\t"):
        yield Problem("user.full_name", _("Write the name in one line."), "full_name")


def role_problems(roles: Sequence[str]) -> Iterator[Problem]:
    """No role at all, or one that there is not."""
    if not roles:
        text = _("give at least one role: {known}", known=role_titles(STAFF_ROLES))
        yield Problem("user.no_role", text, "role")
    for role in roles:
        if role not in STAFF_ROLES:
            text = _('"{role}" is not a role; the roles are {known}',
                     role=role[:40], known=list(STAFF_ROLES))  # fmt: skip
            yield Problem("user.unknown_role", text, "role")


def password_problems(password: str, username: str) -> Iterator[Problem]:
    """Too short, too long, or one of those that are tried first. Of what kinds its characters are
    is nobody's business, and how old it is neither."""
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        text = _(
            "a password needs {least} characters or more, {most} at most",
            least=PASSWORD_LENGTH_MIN,
            most=PASSWORD_LENGTH_MAX,
        )
        yield Problem("user.password", text, "password")
    elif is_guessable(password, username):
        text = _(
            "this password is among the first that are tried: common words, the user name, rows "
            "of keys and repetitions count for nothing. {advice}",
            advice=PASSWORD_ADVICE,
        )
        yield Problem("user.password_common", text, "password")
