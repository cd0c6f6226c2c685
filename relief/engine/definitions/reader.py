"""Reads tables that people wrote: each key taken once, each fault noted with its path, and on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from relief.engine.definitions.definition import LANGUAGES, Titles, labels
from relief.kernel.errors import Problem
from relief.kernel.text import Text, _, is_plain

Value = TypeVar("Value", str, bool, int, list[Any], dict[str, Any])

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
# Titles, hints and the like: the longest that was shipped has 93 characters.
WORDS_CHARS_MAX = 400
_KIND_WORDS: dict[type, Text] = {
    str: _("a text in quotes"),
    bool: _("true or false"),
    int: _("a whole number"),
    list: _("a list in square brackets"),
    dict: _("a table in braces"),
}


class Reader:
    """One table of a file. What is asked for is taken out; `close` reports what nobody asked for.

    Where a value is faulty its empty form is given back, so that reading goes on to the next fault.
    """

    def __init__(self, table: Mapping[str, Any], path: str, problems: list[Problem]) -> None:
        self._left = dict(table)
        self._known: list[str] = []
        self._path = path
        self._problems = problems

    def text(self, key: str, *, default: str | None = None) -> str:
        """A text; required unless there is a default."""
        return self._take(key, str, default)

    def flag(self, key: str) -> bool:
        """True or false; false where it is not said."""
        return self._take(key, bool, default=False)

    def number(self, key: str, *, most: int, default: int | None = None) -> int:
        """A whole number from 0 to `most`; required unless there is a default."""
        value = self._take(key, int, default)
        if value < 0:
            self._note(key, "workflow.number_negative", _("It cannot be less than 0."))
        if value > most:
            self._note(key, "workflow.number_large", _("{max} is the most.", max=most))
        return value

    def identifier(self, key: str) -> str:
        """A name for the program: ASCII small letters, digits and underscores; required."""
        value = self._take(key, str, None)
        self._judge_identifier(key, value)
        return value

    def identifiers(self, key: str) -> tuple[str, ...]:
        """A list of such names; empty where it is not said."""
        values = self.names(key)
        for value in values:
            self._judge_identifier(key, value or "-")
        return values

    def _judge_identifier(self, key: str, value: str) -> None:
        if value and not _IDENTIFIER.fullmatch(value):
            self._note(
                key,
                "workflow.identifier_malformed",
                _(
                    '"{value}" cannot be a name here: small letters a to z, digits and _ only, '
                    "beginning with a letter.",
                    value=value[:80],
                ),
            )

    def choice(self, key: str, allowed: Sequence[str], default: str) -> str:
        """One of a few words."""
        told = len(self._problems)
        value = self._take(key, str, default)
        if value not in allowed and len(self._problems) == told:
            self._note(
                key,
                "workflow.choice_unknown",
                _('"{value}" is not one of {allowed}.', value=value[:80], allowed=list(allowed)),
            )
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty where it is not said."""
        values = self._take(key, list, [])
        if any(not isinstance(value, str) for value in values):
            self._note_kind(key, _("a list of texts"))
            return ()
        return tuple(values)

    def has(self, key: str) -> bool:
        """True where the table says something under this key."""
        self._known.append(key)
        return key in self._left

    def text_or_titles(self, key: str) -> Titles | str:
        """A text in every language, or one for all of them; empty where it is not said."""
        if isinstance(self._left.get(key), dict):
            return self.titles(key)
        value = self.text(key, default="")
        self._judge_words(key, value)
        return value

    def titles(self, key: str = "title") -> Titles:
        """A title in every language; required."""
        given = self.table(key, required=True)
        if given is None:
            return {}
        titles = {language: given._title(language) for language in LANGUAGES}
        given.close()
        return titles

    def table(self, key: str, *, required: bool = False) -> Reader | None:
        """A table inside this one."""
        if key not in self._left and not required:
            self._known.append(key)
            return None
        found = isinstance(self._left.get(key), dict)
        value = self._take(key, dict, None)
        return Reader(value, self._at(key), self._problems) if found else None

    def tables(self, key: str) -> list[Reader]:
        """A list of tables, each called by its id."""
        values = self._take(key, list, [])
        if any(not isinstance(value, dict) for value in values):
            self._note_kind(key, _("a list of tables"))
            return []
        ids = [value.get("id") for value in values]
        names = [name[:64] if isinstance(name, str) else "" for name in ids]
        paths = labels(self._at(key), names)
        return [
            Reader(value, path, self._problems) for value, path in zip(values, paths, strict=True)
        ]

    def close(self) -> None:
        """Report the keys that mean nothing here."""
        for key in self._left:
            self._note(
                key[:80],
                "workflow.key_unknown",
                _(
                    'The key "{key}" means nothing here; known are {known}.',
                    key=key[:80],
                    known=sorted(set(self._known)),
                ),
            )

    def _title(self, language: str) -> str:
        self._known.append(language)
        value = self._left.pop(language, "")
        if not isinstance(value, str) or not value.strip():
            self._note(
                language,
                "workflow.translation_missing",
                _('The text in the language "{language}" is missing.', language=language),
            )
            return ""
        self._judge_words(language, value)
        return value

    def _judge_words(self, key: str, value: str) -> None:
        """Words that stand in a line of a page, a list or a letter: a line that can be seen."""
        if len(value) > WORDS_CHARS_MAX:
            text = _("This is {chars} characters long; {max} are the most.",
                     chars=len(value), max=WORDS_CHARS_MAX)  # fmt: skip
            self._note(key, "workflow.words_long", text)
        elif not is_plain(value) or len(value.splitlines()) > 1:
            text = _("This holds line breaks, or characters that cannot be seen; write one line.")
            self._note(key, "workflow.words_odd", text)

    def _take(self, key: str, kind: type[Value], default: Value | None) -> Value:
        self._known.append(key)
        if key not in self._left:
            if default is None:
                self._note(key, "workflow.key_missing", _("This key is missing."))
            return kind() if default is None else default
        value = self._left.pop(key)
        if type(value) is not kind:
            self._note_kind(key, _KIND_WORDS[kind])
            return kind()
        if default is None and value == "":
            self._note(key, "workflow.key_missing", _("This key is empty."))
        return value

    def _note_kind(self, key: str, wanted: Text) -> None:
        self._note(key, "workflow.wrong_type", _("It must be {wanted}.", wanted=wanted))

    def _note(self, key: str, code: str, text: Text) -> None:
        self._problems.append(Problem(code, text, field=self._at(key)))

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key
