"""Who takes a step, and the roles that a step may ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from relief.kernel.errors import NotAllowed, refuse
from relief.kernel.text import Text, Username, _

SYSTEM_ROLE = "system"

# The roles that workflow files may name, with the word that people read.
ROLES: dict[str, Text] = {
    "clerk": _("clerk"),
    "approver": _("approver"),
    "finance": _("finance"),
    "admin": _("administrator"),
    "auditor": _("auditor"),
    SYSTEM_ROLE: _("the program itself"),
}
# Those that people hold, in the same order.
STAFF_ROLES = tuple(role for role in ROLES if role != SYSTEM_ROLE)
# Those who work on the cases that people bring.
CASE_ROLES = ("clerk", "approver")


@dataclass(frozen=True)
class Actor:
    """Someone who acts: a username, the roles it holds, and for whom it acts (who is away)."""

    username: str
    roles: frozenset[str]
    on_behalf_of: str | None = None

    @cached_property
    def people(self) -> frozenset[str]:
        """Everyone whose hand is in what this actor does."""
        return frozenset(filter(None, (self.username, self.on_behalf_of)))

    @property
    def title(self) -> Text | str:
        """How a list of people names them: with whom they act for."""
        return self.titled(Username)

    def titled(self, named: Callable[[str], str]) -> Text | str:
        """The same, with how usernames are said."""
        if not self.on_behalf_of:
            return named(self.username)
        deputy, absent = named(self.username), named(self.on_behalf_of)
        return _("{deputy} (for {absent})", deputy=deputy, absent=absent)


# No user may bear these names: a journal entry by them was taken by the program.
SCHEDULER = Actor("scheduler", frozenset({SYSTEM_ROLE}))
# What follows by itself from somebody's step (a run settles with the bank's last answer).
SYSTEM = Actor("system", frozenset({SYSTEM_ROLE}))
# Whom a receipt and its check code prove: the program writes down what they say on the public page.
# (No user could ever bear this name.)
PETITIONER = Actor("(petitioner)", frozenset({SYSTEM_ROLE}))
# Who gives no name: reads what everybody may.
NOBODY = Actor("", frozenset())
PROGRAM = frozenset({SCHEDULER.username, SYSTEM.username, PETITIONER.username})


def check_own_name(actor: Actor) -> None:
    """Refuse (`NotAllowed`) whoever acts for somebody who is away, where one name alone is kept of
    who did it: administration, rates, absences, taking a contact out."""
    if actor.on_behalf_of:
        text = _(
            "This is done in one's own name; {absent} does it, or somebody else who may.",
            absent=Username(actor.on_behalf_of),
        )
        raise refuse(NotAllowed, "actor.own_name", text, "acting_for")


def role_titles(roles: Iterable[str]) -> list[Text]:
    """The words for some roles, in the order of `ROLES`."""
    wanted = frozenset(roles)
    return [title for role, title in ROLES.items() if role in wanted]
