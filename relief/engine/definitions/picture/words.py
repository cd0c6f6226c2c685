"""How wide words are, and where their lines break. Fonts differ: widths are reckoned generously."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

_WIDE = frozenset("WFA")
_NARROW_EM, _WIDE_EM = 0.58, 1.0
# A word of letters, or one character of a script that breaks anywhere.
_PARTS = re.compile(r"[!-~\u00a0-\u024f]+|\S")


def width_of(text: str, size: int) -> int:
    """The width of a text in pixels, in letters of a size."""
    ems = sum(_WIDE_EM if _is_wide(each) else _NARROW_EM for each in text)
    return int(ems * size + 1)


def broken(text: str, width: int, size: int) -> tuple[str, ...]:
    """A text in lines that are no wider; a word that is, is cut."""
    lines: list[str] = []
    for part, glue in _parts(text, width, size):
        longer = f"{lines[-1]}{glue}{part}" if lines else part
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return tuple(lines) or ("",)


def all_broken(texts: Sequence[str], width: int, size: int) -> tuple[str, ...]:
    """Several texts, each from a line of its own."""
    return tuple(line for text in texts for line in broken(text, width, size))


def _parts(text: str, width: int, size: int) -> Iterator[tuple[str, str]]:
    """What a line may break between, each with what stands before it where it does not."""
    end = 0
    for found in _PARTS.finditer(text):
        glue = " " if text[end : found.start()] else ""
        end = found.end()
        for piece in _cut(found[0], width, size):
            yield piece, glue
            glue = ""


def _cut(word: str, width: int, size: int) -> Iterator[str]:
    most = max(1, int(width / (size * _WIDE_EM)))
    if width_of(word, size) <= width:
        yield word
        return
    yield from (word[start : start + most] for start in range(0, len(word), most))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in _WIDE
