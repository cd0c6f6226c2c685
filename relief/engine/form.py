"""What was typed for a step: its fields and its reason, checked by what the action asks for."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from relief.engine.definition import Action, Definition, Field
from relief.kernel.errors import Problem
from relief.kernel.text import _

_TEXT_CHARS_MAX = 4000
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,6})?", re.ASCII)


def typed(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields without blanks around them; a blank one was not filled in."""
    stripped = {name: value.strip() for name, value in fields.items()}
    return {name: value for name, value in stripped.items() if value}


def form_problems(
    definition: Definition, action: Action, fields: Mapping[str, str], reason: str
) -> Iterator[Problem]:
    """Every fault of the fields and the reason, at once."""
    asked = (*action.fields, *action.optional_fields)
    for name in action.fields:
        if name not in fields:
            title = definition.field_by_id[name].title
            yield Problem("field.missing", _("{title} is missing.", title=title), field=name)
    for name, value in fields.items():
        if name in asked:
            yield from _field_problems(definition.field_by_id[name], value)
        else:
            yield _not_asked(action, name)
    yield from _reason_problems(action, reason)


def _not_asked(action: Action, name: str) -> Problem:
    asked = [*action.fields, *action.optional_fields]
    if not asked:
        text = _('"{action}" asks for no fields.', action=action.title)
    else:
        text = _('"{action}" asks for {fields} only.', action=action.title, fields=asked)
    return Problem("field.unknown", text, field=name)


def _reason_problems(action: Action, reason: str) -> Iterator[Problem]:
    if action.reason == "required" and not reason:
        text = _('"{action}" needs a reason.', action=action.title)
        yield Problem("reason.missing", text, field="reason")
    if action.reason == "none" and reason:
        text = _('"{action}" takes no reason; leave it out.', action=action.title)
        yield Problem("reason.not_asked", text, field="reason")
    yield from _length_problems("reason", reason)


def _field_problems(field: Field, value: str) -> Iterator[Problem]:
    title = field.title
    if field.type == "choice" and value not in {option.id for option in field.options}:
        options = [option.id for option in field.options]
        text = _("{title}: choose one of {options}.", title=title, options=options)
        yield Problem("field.no_option", text, field=field.id)
    if field.type == "date" and not _is_date(value):
        text = _("{title}: write the day as 2005-06-30.", title=title)
        yield Problem("field.no_date", text, field=field.id)
    if field.type == "number" and not _NUMBER.fullmatch(value):
        text = _("{title}: write a number, as 12 or 12.5.", title=title)
        yield Problem("field.no_number", text, field=field.id)
    yield from _length_problems(field.id, value)


def _length_problems(name: str, value: str) -> Iterator[Problem]:
    if len(value) > _TEXT_CHARS_MAX:
        text = _(
            "This is {chars} characters long; {max} are the most.",
            chars=len(value),
            max=_TEXT_CHARS_MAX,
        )
        yield Problem("field.too_long", text, field=name)


def _is_date(value: str) -> bool:
    try:
        return dt.date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
