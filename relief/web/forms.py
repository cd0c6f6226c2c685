"""What was typed into a form, and what is wrong with it: the form is shown again with both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import Flask, request

from relief.accounts.refusals import PASSWORD_ADVICE
from relief.kernel.errors import Invalid, Problem, ReliefError, refuse
from relief.kernel.text import _

_DIGITS_MAX = 12


def prepare(app: Flask) -> None:
    """Give templates what is said of a good password."""
    app.jinja_env.globals["password_advice"] = PASSWORD_ADVICE


@dataclass(frozen=True)
class Filled:
    """A form as it stands: what is in its fields, and every problem."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def problems_of(self, name: str) -> list[Problem]:
        """What is wrong with one field."""
        return [problem for problem in self.problems if problem.field == name]

    def refused(self, refusal: ReliefError) -> Filled:
        """The same form, with what stands against it."""
        return Filled(self.values, refusal.problems)


def typed(*names: str) -> dict[str, str]:
    """What was typed into these fields; of others nothing is taken."""
    return {name: request.form.get(name, "") for name in names}


def ticked(name: str) -> bool:
    """True where a box was ticked."""
    return request.form.get(name) == "yes"


def filled(names: Iterable[str]) -> Filled:
    """The form as it was sent."""
    return Filled(typed(*names))


def read_number(text: str, field: str) -> int:
    """A whole number as it was typed; anything else is refused."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= _DIGITS_MAX):
        wrong = _('"{text}" is not a whole number; write it in digits.', text=plain[:40])
        raise refuse(Invalid, "number.unreadable", wrong, field)
    return int(plain)


def typed_twice(name: str) -> str:
    """A password that was typed twice, under this name and `again`; refused where the two differ.
    It is never shown again."""
    password = request.form.get(name, "")
    if password != request.form.get("again", ""):
        text = _("The two passwords differ; type the same one twice.")
        raise refuse(Invalid, "user.passwords_differ", text, "again")
    return password


def seen_version() -> int:
    """The version that a form was filled in on; a form without one saw none there is."""
    text = request.form.get("version", "")
    return read_number(text, "version") if text else 0
