"""What was typed into a form, and what is wrong with it: the form is shown again with both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Flask, request

from relief.accounts.refusals import FULL_NAME_CHARS_MAX, PASSWORD_ADVICE
from relief.finding.search import WORDS_CHARS_MAX
from relief.kernel.errors import Invalid, Problem, ReliefError, refuse
from relief.kernel.files.cells import parse_date
from relief.kernel.money import Fen, parse_yuan
from relief.kernel.months import Month, parse_month
from relief.kernel.text import Text, Username, _
from relief.kernel.typed_text import TEXT_CHARS_MAX
from relief.petitions.lists import kept_lists
from relief.public.rules import NUMBER_CHARS_MAX
from relief.reminders.rules import ADDRESS_CHARS_MAX

_DIGITS_MAX = 12
# What a browser stops at, by what is typed: each by the rule that judges it.
CHARS_MAX = {
    "words": TEXT_CHARS_MAX,
    "list_name": kept_lists.NAME_CHARS_MAX,
    "search": WORDS_CHARS_MAX,
    "address": ADDRESS_CHARS_MAX,
    "receipt": NUMBER_CHARS_MAX,
    "full_name": FULL_NAME_CHARS_MAX,
}


def prepare(app: Flask) -> None:
    """Give templates what is said of a good password, how long a field may be at most, and as whom
    somebody may act as options."""
    app.jinja_env.globals["password_advice"] = PASSWORD_ADVICE
    app.jinja_env.globals["chars_max"] = CHARS_MAX
    app.jinja_env.globals["identity_options"] = _identity_options


@dataclass(frozen=True)
class Filled:
    """A form as it stands: what is in its fields, and every problem."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def filled_in(self) -> list[str]:
        """The fields that something stands in."""
        return [name for name, value in self.values.items() if value.strip()]

    def problems_of(self, name: str) -> list[Problem]:
        """What is wrong with one field."""
        return [problem for problem in self.problems if problem.field == name]

    def in_order(self, names: Sequence[str]) -> list[Problem]:
        """Every problem, as its fields stand in the form (`names`); what stands in none comes
        last."""
        places = {name: place for place, name in enumerate(names)}
        return sorted(self.problems, key=lambda each: places.get(each.field or "", len(places)))

    def refused(self, refusal: ReliefError) -> Filled:
        """The same form, with what stands against it."""
        return Filled(self.values, refusal.problems)

    def without(self, code: str) -> Filled:
        """The same form, less a problem that the page tells in a place of its own."""
        return replace(self, problems=tuple(each for each in self.problems if each.code != code))


def _identity_options(names: Iterable[str]) -> list[tuple[str, Text | str]]:
    """Names of who is away, and "" for oneself, as options."""
    return [(name, Username(name) if name else _("myself")) for name in names]


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
    if not plain:
        raise refuse(Invalid, "number.missing", _("Write a whole number."), field)
    if not (plain.isascii() and plain.isdigit() and len(plain) <= _DIGITS_MAX):
        wrong = _('"{text}" is not a whole number; write it in digits.', text=plain[:40])
        raise refuse(Invalid, "number.unreadable", wrong, field)
    return int(plain)


class FieldReader:
    """Reads the fields of a form, and keeps every fault until `check`: what cannot be read gives a
    stand-in of its kind meanwhile. `name` is the field, which its faults are told at."""

    def __init__(self, form: Filled) -> None:
        self._form = form
        self._problems: list[Problem] = []

    def day(self, name: str) -> dt.date:
        """A day, in any of the ways that a file may have it: 2005-06-30, 2005年6月30日."""
        found = parse_date(self._form[name])
        if isinstance(found, dt.date):
            return found
        self._problems.append(replace(found, field=name))
        return dt.date.min

    def number(self, name: str) -> int:
        """A whole number."""
        return self._read(name, read_number)

    def month(self, name: str) -> Month:
        """A month: 2005-04."""
        return self._read(name, parse_month)

    def yuan(self, name: str) -> Fen:
        """An amount of yuan, in fen."""
        return self._read(name, parse_yuan)

    def is_blank(self, name: str) -> bool:
        """True where nothing was typed."""
        return not self._form[name].strip()

    def check(self) -> None:
        """Refuse (`Invalid`) what could not be read, every fault at once."""
        if self._problems:
            raise Invalid(self._problems)

    def _read(self, name: str, read: Callable[[str, str], int]) -> int:
        try:
            return read(self._form[name], name)
        except Invalid as fault:
            self._problems.extend(fault.problems)
            return 0


def read_days(form: Filled) -> tuple[dt.date | None, dt.date | None]:
    """The first and the last day that a list is asked for (`from`, `until`), each or none; refused
    (`Invalid`) where one is no day, or the two stand the wrong way round."""
    read = FieldReader(form)
    first, last = (None if read.is_blank(name) else read.day(name) for name in ("from", "until"))
    read.check()
    if first and last and last < first:
        text = _("This lies before the first day; write the earlier day first.")
        raise refuse(Invalid, "days.turned", text, "until")
    return first, last


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
