"""Stamps that tell a state, and days by which something is due: drawn once for each that differs,
because a list shows the same few in every row."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache

from markupsafe import Markup, escape

from relief.kernel.text import Text, Translator, _

_KEPT = 4096
_MARKED_SOON_DAYS = 3
_NO_DAY = Markup('<span class="quiet">–</span>')


class Stamps:
    """The stamps of one language, as templates draw them."""

    def __init__(self, locale: str) -> None:
        self._say = Translator(locale)
        # What is markup already and what only reads the same are kept apart (`typed`).
        self.badge = lru_cache(_KEPT, typed=True)(_badge)
        self.due = lru_cache(_KEPT)(self._due)

    def _due(self, due_on: dt.date | None, days: int | None) -> Markup:
        """By when, in a word, and its colour. `days`: whole days left, negative when overdue; none
        where no clock runs."""
        if due_on is None or days is None:
            return _NO_DAY
        if days < 0:
            return self._day("due-over", due_on, _("overdue {days} d", days=-days), "bad")
        if days == 0:
            return self._day("due-today", due_on, _("today"), "warn")
        left = _("{days} d left", days=days)
        if days <= _MARKED_SOON_DAYS:
            return self._day("due-soon", due_on, left, "warn")
        return _dated("due", due_on, _QUIET.format(self._say(left)))

    def _day(self, urgency: str, due_on: dt.date, words: Text, kind: str) -> Markup:
        return _dated(f"due {urgency}", due_on, self.badge(self._say(words), kind))


_STAMP = Markup('<span class="stamp stamp-{}">{}</span>')
_QUIET = Markup('<span class="quiet">{}</span>')
_DATED = Markup('<span class="{}"><span class="num">{}</span> {}</span>')


def _badge(text: str, kind: str = "plain") -> Markup:
    """A state, told by word and colour. kind: plain | open | good | warn | bad | done."""
    return _STAMP.format(kind, escape(text))


def _dated(kind: str, due_on: dt.date, words: Markup) -> Markup:
    return _DATED.format(kind, due_on.isoformat(), words)


stamps_of = cache(Stamps)
