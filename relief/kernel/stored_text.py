"""Texts for people as a table keeps them, so that they are told in the language of who reads them
later; a sentence that a later version has no more is told in English."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from relief.kernel.text import Text, as_json

_TEXT, _VALUES, _TITLES = "text", "values", "titles"


def stored(text: Text) -> str:
    """A text with its values as JSON; what is neither a text, a title nor a list is kept as it
    reads."""
    return as_json(_plain(text))


def restored(kept: str) -> Text | str:
    """The text back; words that were kept as such stay as they are."""
    if not kept.startswith("{"):
        return kept
    try:
        found = _live(json.loads(kept))
    except ValueError:
        return kept
    return found if isinstance(found, Text) else kept


def _plain(value: object) -> Any:
    if isinstance(value, Text):
        return {_TEXT: value.msgid, _VALUES: {k: _plain(v) for k, v in value.values.items()}}
    if isinstance(value, Mapping):
        return {_TITLES: dict(value)}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return str(value)


def _live(value: Any) -> object:
    if isinstance(value, list):
        return [_live(each) for each in value]
    if not isinstance(value, dict):
        return value
    if _TITLES in value:
        return value[_TITLES]
    if value.keys() != {_TEXT, _VALUES}:
        return value
    return Text(value[_TEXT], {key: _live(each) for key, each in value[_VALUES].items()})
