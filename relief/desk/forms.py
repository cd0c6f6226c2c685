"""What is typed about a contact, checked by one model for command, page and import alike.

Every value may come as text. All faults are found at once, each as a `Problem` with the field it
stands in; a rule that joins two fields is told with the later of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator

from relief.desk import rules
from relief.kernel.errors import Invalid, Problem
from relief.kernel.moments import moment_of, parse_day, parse_time
from relief.kernel.text import Text, _
from relief.kernel.typed_text import half_width, text_problems
from relief.people.rules import normalise_identity, normalise_name, normalise_phone

_LINE_ENDS = re.compile(r"\r\n?")
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)


class _Fault(ValueError):
    """A problem on its way through pydantic."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True)
class Today:
    """What a form is judged against."""

    now: dt.datetime
    zone: ZoneInfo

    @property
    def date(self) -> dt.date:
        """The office's date."""
        return self.now.astimezone(self.zone).date()


class ContactForm(BaseModel):
    """A contact as it was typed, in the order in which its rules look back; of when it happened a
    day, a time of day, both or neither."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    on: dt.date | None = None
    at: dt.time | None = None
    happened_at: dt.datetime | None = None
    channel: str = ""
    heads: int = 1
    name: str = ""
    id_number: str = ""
    phone: str = ""
    matter: str = ""
    answer: str = ""
    urgent: bool = False
    restricted: bool = False
    collective: bool | None = None
    reserved_number: str = ""
    reserved_case: str = ""

    @field_validator("on", mode="before")
    @classmethod
    def _on(cls, value: object, info: ValidationInfo) -> dt.date | None:
        on = _date(value)
        if on is not None and on > _judged(info).date:
            raise _fault("contact.future", _("This lies in the future; write when it happened."))
        return on

    @field_validator("at", mode="before")
    @classmethod
    def _at(cls, value: object) -> dt.time | None:
        if value is None or isinstance(value, dt.time):
            return value
        text = _text(value, "at")
        found = parse_time(text)
        if text and found is None:
            raise _fault("contact.time", _("Write the time of day as 14:30."))
        return found

    @field_validator("happened_at", mode="before")
    @classmethod
    def _happened_at(cls, _value: object, info: ValidationInfo) -> dt.datetime | None:
        """Put together from day and time."""
        judged = _judged(info)
        if not {"on", "at"} <= info.data.keys():
            return None  # one of them is faulty, and told
        on, at = info.data["on"], info.data["at"]
        moment = moment_of(on, at, judged.now, judged.zone)
        problem = rules.moment_problem(moment, judged.now, "on" if at is None else "at")
        if problem:
            raise _Fault(problem)
        return moment

    @property
    def moment(self) -> dt.datetime:
        """When it happened."""
        assert self.happened_at is not None, "a form that was not checked"
        return self.happened_at

    @field_validator("channel", mode="before")
    @classmethod
    def _channel(cls, value: object) -> str:
        channel = _text(value, "channel")
        if channel not in rules.CHANNELS:
            known = list(rules.CHANNELS)
            raise _fault("contact.channel", _("Choose one of {known}.", known=known))
        return channel

    @field_validator("heads", mode="before")
    @classmethod
    def _heads(cls, value: object, info: ValidationInfo) -> int:
        text = "1" if value is None else half_width(_text(str(value), "heads")) or "1"
        if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= rules.HEADS_MAX:
            most = rules.HEADS_MAX
            raise _fault("contact.heads", _("Write a whole number from 1 to {most}.", most=most))
        if info.data.get("channel") == "call" and int(text) != 1:
            said = _("A phone call counts one person; log a call for each who spoke.")
            raise _fault("contact.heads_of_call", said)
        return int(text)

    @field_validator("name", mode="before")
    @classmethod
    def _name(cls, value: object) -> str:
        text = _text(value, "name")
        return _normal(normalise_name(text)) if text else ""

    @field_validator("id_number", mode="before")
    @classmethod
    def _id_number(cls, value: object, info: ValidationInfo) -> str:
        text = _text(value, "id_number")
        return _normal(normalise_identity(text, _judged(info).date)) if text else ""

    @field_validator("phone", mode="before")
    @classmethod
    def _phone(cls, value: object) -> str:
        text = _text(value, "phone")
        return _normal(normalise_phone(text)) if text else ""

    @field_validator("matter", mode="before")
    @classmethod
    def _matter(cls, value: object) -> str:
        matter = _text(value, "matter")
        if not matter:
            raise _fault("contact.matter", _("Write what it was about."))
        return matter

    @field_validator("answer", mode="before")
    @classmethod
    def _answer(cls, value: object) -> str:
        return _text(value, "answer")

    @field_validator("reserved_number", "reserved_case", mode="before")
    @classmethod
    def _reserved(cls, value: object, info: ValidationInfo) -> str:
        """The number on the paper that this was written down on; whether it was reserved is asked
        where it is used."""
        return _text(value, str(info.field_name)).upper()

    @property
    def is_collective(self) -> bool:
        """Several people with one matter."""
        return rules.is_collective(self.channel, self.heads, self.collective)


def check_contact(values: Mapping[str, object], now: dt.datetime, zone: ZoneInfo) -> ContactForm:
    """The contact that was typed; refused (`Invalid`) with every fault."""
    try:
        return ContactForm.model_validate(dict(values), context=Today(now, zone))
    except ValidationError as fault:
        raise Invalid(
            _problem(cast(Mapping[str, Any], error)) for error in fault.errors()
        ) from fault


def _problem(error: Mapping[str, Any]) -> Problem:
    """A fault in our words, at its field."""
    field = ".".join(str(part) for part in error["loc"])
    fault = error.get("ctx", {}).get("error")
    if isinstance(fault, _Fault):
        return replace(fault.problem, field=fault.problem.field or field)
    if error["type"] == "extra_forbidden":
        known = [name for name in ContactForm.model_fields if name != "happened_at"]
        text = _("A contact has no such field; it has {known}.", known=known)
        return Problem("contact.field_unknown", text, field)
    return Problem("contact.yes_or_no", _("Answer yes or no."), field)


def _judged(info: ValidationInfo) -> Today:
    assert isinstance(info.context, Today), "a form is checked by check_contact"
    return info.context


def _date(value: object) -> dt.date | None:
    if value is None or isinstance(value, dt.date):
        return value
    text = _text(value, "on")
    found = parse_day(text)
    if text and found is None:
        raise _fault("contact.date", _("Write the day as 2005-06-30."))
    return found


def _text(value: object, field: str) -> str:
    """A text as it is stored: one kind of line end, no blanks around it; refused where it holds
    what cannot be seen."""
    text = "" if value is None else _LINE_ENDS.sub("\n", str(value)).strip()
    for problem in text_problems(field, text):
        raise _Fault(problem)
    return text


def _normal(found: str | Problem) -> str:
    if isinstance(found, Problem):
        raise _Fault(found)
    return found


def _fault(code: str, text: Text) -> _Fault:
    return _Fault(Problem(code, text))
