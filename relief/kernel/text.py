"""Text for people, kept apart from its language until someone reads it.

A rule says *what* is to be said (`_("…", name=value)`); the edge that knows the reader turns it
into Chinese or English. The English sentence is the key into the gettext catalogues.
"""

from __future__ import annotations

import datetime as dt
import gettext
import json
import os
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

ENGLISH, CHINESE = "en", "zh_Hans_CN"
LOCALES = (ENGLISH, CHINESE)
# By the short names under which workflow files, letters and browsers know the languages.
LOCALE_OF = {"en": ENGLISH, "zh": CHINESE}
LANGUAGE_OF = {locale: language for language, locale in LOCALE_OF.items()}
# What the attribute `lang` of a page says.
HTML_LANGUAGE = {ENGLISH: "en", CHINESE: "zh-Hans-CN"}
CATALOGUES = Path(__file__).parent.parent / "locale"
DOMAIN = "relief"


class Username(str):
    """The name that somebody signs in with, within a sentence: whoever says the sentence may know
    them by another name. Where nobody does it stands as it is."""

    __slots__ = ()


@dataclass(frozen=True)
class Text:
    """One sentence with its values, in no language yet. Values may be texts themselves."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return Translator("en")(self)


def _(msgid: str, /, **values: object) -> Text:
    """Mark a sentence for the catalogues and keep its values."""
    return Text(msgid, values)


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    """Load a catalogue: the compiled one, or the source where that is newer (a checkout)."""
    folder = CATALOGUES / locale / "LC_MESSAGES"
    source, compiled = folder / f"{DOMAIN}.po", folder / f"{DOMAIN}.mo"
    if compiled.exists() and (
        not source.exists() or compiled.stat().st_mtime >= source.stat().st_mtime
    ):
        with compiled.open("rb") as stream:
            return gettext.GNUTranslations(stream)
    if not source.exists():
        return gettext.NullTranslations()
    # Only a checkout whose catalogue was edited since it was installed comes here.
    from babel.messages.mofile import write_mo  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    with source.open("rb") as stream:
        catalogue = read_po(stream, locale=locale, domain=DOMAIN)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return gettext.GNUTranslations(buffer)


class Translator:
    """Turns texts into the words of one language."""

    def __init__(self, locale: str, named: Callable[[str], str] = str) -> None:
        """`named` says how somebody is read whom a sentence names (`Username`)."""
        self.locale = locale if locale in LOCALES else "en"
        self._named = named
        self._catalogue = _catalogue(self.locale) if self.locale != "en" else None

    def __call__(self, text: Text | str | object) -> str:
        """Render a text; a plain value is shown as it is."""
        if not isinstance(text, Text):
            return self._value(text)
        message = text.msgid
        if self._catalogue and message:  # under the empty text a catalogue keeps its own heading
            message = self._catalogue.gettext(message)
        if not text.values:
            return message
        return message.format_map({key: self._value(value) for key, value in text.values.items()})

    def _value(self, value: object) -> str:
        if isinstance(value, Text):
            return self(value)
        if isinstance(value, Username):
            return self._named(value)
        if isinstance(value, Mapping):  # a title that a workflow file carries
            return self.title(value)
        if isinstance(value, list | tuple):
            return self.join(value)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value.isoformat()
        return str(value)

    def join(self, values: list[object] | tuple[object, ...]) -> str:
        """List values as the language does."""
        return ("、" if self.locale == CHINESE else ", ").join(self._value(v) for v in values)

    def title(self, titles: Mapping[str, str]) -> str:
        """Choose from the titles that a workflow file carries ({"en": …, "zh": …})."""
        return titles[LANGUAGE_OF[self.locale]]


def system_locale(configured: str | None) -> str:
    """The language of commands: the setting, else the system's where it is zh or en, else en."""
    if configured:
        return configured if configured in LOCALES else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return CHINESE if value.lower().startswith("zh") else ENGLISH
    return "en"


def is_plain(text: str) -> bool:
    """True where a text holds nothing that cannot be seen, or that turns the words around it: no
    control characters but line breaks and tabs, no half characters, no marks of direction."""
    return not any(
        unicodedata.category(character) in {"Cc", "Cs"} or character in _TURNS_WORDS
        for character in text
        if character not in "\n\r\t"
    )


# Overrides and isolates of the writing direction: they can make a text read as another.
_TURNS_WORDS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def as_json(value: object) -> str:
    """Canonical JSON: sorted keys, no blanks, UTF-8 kept; the form that hashes are taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# Of many things so many are named; all of them stand in a list that can be looked at.
NAMED_MAX = 20


def named(found: Sequence[Any], count: int | None = None) -> list[Any]:
    """The first of what was found, and how many there are in all where those are not all."""
    of = len(found) if count is None else count
    if of <= NAMED_MAX:
        return list(found)
    return [*found[:NAMED_MAX], _("… ({count} in all)", count=of)]
