"""What is held against words that somebody typed, whoever asks for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from relief.kernel.errors import Problem
from relief.kernel.text import Text, _, is_plain

TEXT_CHARS_MAX = 4000


def half_width(typed: str) -> str:
    """Numbers and codes as they are meant: an input method leaves `２００５－１` wide."""
    return unicodedata.normalize("NFKC", typed).strip()


def text_problems(name: str, value: str, chars_max: int = TEXT_CHARS_MAX) -> Iterator[Problem]:
    """What is wrong with words that somebody typed: too many, or some that cannot be seen."""
    for code, text in text_faults(value, chars_max):
        yield Problem(code, text, field=name)


def text_faults(value: str, chars_max: int = TEXT_CHARS_MAX) -> Iterator[tuple[str, Text]]:
    """The same as codes and sentences, for whoever places them otherwise."""
    if len(value) > chars_max:
        text = _(
            "This is {chars} characters long; {max} are the most.",
            chars=len(value),
            max=chars_max,
        )
        yield "field.too_long", text
    if not is_plain(value):
        text = _("This holds characters that cannot be seen; type it anew instead of copying it.")
        yield "field.characters", text
