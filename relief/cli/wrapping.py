"""Help texts that fit the terminal: Chinese has no blanks to break a line at, and its characters
are two columns wide; click counts each as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

import click

_COLUMNS_MIN = 10
# A word, a blank, or one wide character, with the marks that may not end or begin a line.
_PIECES = re.compile(r"[（“《]*(?:[\x21-\u1fff]+|.)[，。；：、？！）”》]*", re.DOTALL)


class WideFormatter(click.HelpFormatter):
    """Breaks lines by the columns that a terminal shows."""

    def write_text(self, text: str) -> None:
        """Paragraphs of a help text."""
        super().write_text(broken(text, self.width - self.current_indent))

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Terms, and what each is."""
        listed = list(rows)
        first = min(max(len(term) for term, _about in listed), col_max) + col_spacing
        room = max(self.width - first - self.current_indent, _COLUMNS_MIN)
        super().write_dl(
            [(term, broken(about, room)) for term, about in listed], col_max, col_spacing
        )


def broken(text: str, columns: int) -> str:
    """Wide text in lines of so many columns, marked for click to be left as it is (`\\b`); other
    text as it was."""
    if not any(map(_is_wide, text)):
        return text
    paragraphs = (" ".join(each.split()) for each in text.split("\n\n"))
    return "\n\n".join("\b\n" + "\n".join(_lines(each, columns)) for each in paragraphs)


def _lines(paragraph: str, columns: int) -> Iterator[str]:
    line = ""
    for piece in _PIECES.findall(paragraph):
        if line and _width(line + piece.rstrip()) > columns:
            yield line.rstrip()
            line = piece.lstrip()
        else:
            line += piece
    yield line


def _width(text: str) -> int:
    return sum(2 if _is_wide(character) else 1 for character in text)


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"
