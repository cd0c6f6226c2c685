"""What was typed for a step: its fields and its reason, checked by one model built from the file.

`form_of` makes the model (pydantic) that a command, a page and an import are checked by alike.
Values stay the text that was typed: the journal keeps them as people wrote them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, create_model
from pydantic_core import ErrorDetails, PydanticCustomError

from relief.engine.definitions.definition import Action, Definition, Field
from relief.kernel.errors import Invalid, Problem
from relief.kernel.money import parse_yuan
from relief.kernel.text import Text, _
from relief.kernel.typed_text import text_faults, text_problems

YES, NO = "yes", "no"
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,6})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)


def typed(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields without blanks around them; a blank one was not filled in."""
    stripped = {name: value.strip() for name, value in fields.items()}
    return {name: value for name, value in stripped.items() if value}


@dataclass(frozen=True)
class Asked:
    """What the form of an action asks for: each field, in the order of the file, with whether it
    has to be filled in; and whether a reason is (`none`, `optional` or `required`)."""

    fields: tuple[tuple[Field, bool], ...]
    reason: str


def asked(definition: Definition, action: Action) -> Asked:
    """What an action asks of who takes it; the required fields first."""
    known = definition.field_by_id
    required = tuple((known[name], True) for name in action.fields)
    optional = tuple((known[name], False) for name in action.optional_fields)
    return Asked(required + optional, action.reason)


def form_problems(
    definition: Definition, action: Action, fields: Mapping[str, str], reason: str
) -> Iterator[Problem]:
    """Every fault of the fields and the reason, at once."""
    try:
        form_of(definition, action).model_validate(dict(fields))
    except ValidationError as fault:
        for error in fault.errors():
            yield _field_problem(definition, action, error)
    yield from _reason_problems(action, reason)


def form_of(definition: Definition, action: Action) -> type[BaseModel]:
    """The model of what an action asks for; required and optional as its file says."""
    key = (definition.sha256, action.fields, action.optional_fields)
    if key not in _FORMS:
        _FORMS[key] = _built(definition, action)
    return _FORMS[key]


# Building a model takes a thousand times as long as using it: each is built once.
_FORMS: dict[tuple[object, ...], type[BaseModel]] = {}


def _built(definition: Definition, action: Action) -> type[BaseModel]:
    parts: dict[str, Any] = {}
    for field, required in asked(definition, action).fields:
        parts[field.id] = (Annotated[str, AfterValidator(_checked(field))], ... if required else "")
    return create_model("StepForm", __config__=ConfigDict(extra="forbid"), **parts)


def _checked(field: Field) -> Callable[[str], str]:
    """What a value of this field is held against."""

    def check(value: str) -> str:
        for code, text in _faults(field, value):
            raise PydanticCustomError("relief", "{code}", {"code": code, "text": text})
        return value

    return check


def _faults(field: Field, value: str) -> Iterator[tuple[str, Text]]:
    fits = _FITS.get(field.type)
    if field.type == "choice" and value not in {option.id for option in field.options}:
        options = [option.id for option in field.options]
        text = _("{title}: choose one of {options}.", title=field.title, options=options)
        yield "field.no_option", text
    if fits is not None and not fits(value):
        code, wanted = _WANTED[field.type]
        yield code, Text(wanted.msgid, {"title": field.title})
    yield from text_faults(value)


def _field_problem(definition: Definition, action: Action, error: ErrorDetails) -> Problem:
    name = str(error["loc"][0])
    if error["type"] == "missing":
        title = definition.field_by_id[name].title
        return Problem("field.missing", _("{title} is missing.", title=title), field=name)
    if error["type"] == "extra_forbidden":
        return _not_asked(action, name)
    return Problem(error["ctx"]["code"], error["ctx"]["text"], field=name)


def _not_asked(action: Action, name: str) -> Problem:
    names = [*action.fields, *action.optional_fields]
    if not names:
        text = _('"{action}" asks for no fields.', action=action.title)
    else:
        text = _('"{action}" asks for {fields} only.', action=action.title, fields=names)
    return Problem("field.unknown", text, field=name)


def _reason_problems(action: Action, reason: str) -> Iterator[Problem]:
    if action.reason == "required" and not reason:
        text = _('"{action}" needs a reason.', action=action.title)
        yield Problem("reason.missing", text, field="reason")
    if action.reason == "none" and reason:
        text = _('"{action}" takes no reason; leave it out.', action=action.title)
        yield Problem("reason.not_asked", text, field="reason")
    yield from text_problems("reason", reason)


def _is_date(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def is_amount(value: str) -> bool:
    """True where this reads as an amount of yuan."""
    try:
        parse_yuan(value)
    except Invalid:
        return False
    return True


_FITS: dict[str, Callable[[str], object]] = {
    "date": _is_date,
    "number": _NUMBER.fullmatch,
    "amount": is_amount,
    "whole": _WHOLE.fullmatch,
    "yes_no": {YES, NO}.__contains__,
}
_WANTED = {
    "date": ("field.no_date", _("{title}: write the day as 2005-06-30.")),
    "number": ("field.no_number", _("{title}: write a number, as 12 or 12.5.")),
    "amount": ("field.no_amount", _("{title}: write an amount in yuan, as 1200 or 1200.50.")),
    "whole": ("field.no_whole", _("{title}: write a whole number, as 3.")),
    "yes_no": ("field.no_yes_no", _("{title}: write yes or no.")),
}
