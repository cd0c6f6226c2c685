"""Opens the office that the settings name, and says so where it is a rehearsal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

from relief.bootstrap import Relief, open_relief
from relief.cli.console import tell_aside, warn
from relief.engine.work import Work
from relief.kernel.settings import load_settings
from relief.kernel.text import _


@contextmanager
def opened() -> Iterator[Relief]:
    """The office; its connections are closed in the end."""
    relief = open_relief(load_settings())
    try:
        tell_rehearsal(relief)
        if relief.clock_fault is not None:
            warn([relief.clock_fault])
        yield relief
    finally:
        relief.database.dispose()


@contextmanager
def reading() -> Iterator[Work]:
    """A unit of work that reads."""
    with opened() as relief, relief.reading() as work:
        yield work


@contextmanager
def writing() -> Iterator[Work]:
    """A unit of work that may write; the command commits it."""
    with opened() as relief, relief.work() as work:
        yield work


def tell_rehearsal(relief: Relief) -> None:
    """Say that nothing here is real, and which day it is."""
    if relief.is_rehearsal:
        text = _("This is a rehearsal; its date is {day}.", day=relief.clock.today())
        tell_aside(text)


def iso(instant: dt.datetime | None, zone: dt.tzinfo) -> str | None:
    """An instant as programs read it, with the office's offset."""
    return instant.astimezone(zone).isoformat() if instant else None


def local(instant: dt.datetime | None, zone: dt.tzinfo) -> str:
    """An instant as people read it, to the minute, in the office's time."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}" if instant else ""
