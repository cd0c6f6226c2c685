"""How days, moments and money are written on pages."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from flask import Flask
from markupsafe import Markup

from relief.kernel.money import format_yuan
from relief.kernel.text import _
from relief.web.language import say
from relief.web.request import office_of

_TIME = Markup('<time datetime="%s">%s</time>')
_MOMENTS_KEPT = 4096


def prepare(app: Flask) -> None:
    """Give templates the filters."""
    zone = office_of(app).settings.zone

    @lru_cache(_MOMENTS_KEPT)
    def moment(value: dt.datetime | None) -> str:
        """An instant, to the minute, in the office's time."""
        if value is None:
            return ""
        local = value.astimezone(zone)
        return _TIME % (local.isoformat(timespec="seconds"), local.strftime("%Y-%m-%d %H:%M"))

    def clock(value: dt.datetime) -> str:
        """The time of day of an instant: 14:30."""
        return value.astimezone(zone).strftime("%H:%M")

    def minute_of(value: dt.datetime) -> str:
        """An instant to the minute, within a sentence: 2005-06-30 14:30."""
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")

    def date_of(value: dt.datetime) -> str:
        """The office's date of an instant."""
        return value.astimezone(zone).date().isoformat()

    app.jinja_env.filters["date_of"] = date_of
    app.jinja_env.filters["minute_of"] = minute_of
    app.jinja_env.filters.update(day=day, moment=moment, clock=clock, yuan=yuan, lines=lines)
    app.jinja_env.filters["weekday"] = weekday


def day(value: dt.date | None) -> str:
    """A date: 2005-06-30, in both languages."""
    return value.isoformat() if value else ""


def yuan(value: int | None) -> str:
    """Fen as people read them: 1,800.00."""
    return "" if value is None else format_yuan(value, grouped=True)


def lines(text: str) -> Markup:
    """A text with its line breaks."""
    return Markup("<br>").join(text.split("\n"))


def weekday(value: dt.date) -> str:
    """The day of the week."""
    return say(_WEEKDAYS[value.weekday()])


_WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
