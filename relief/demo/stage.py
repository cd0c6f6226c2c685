"""Plays the half-year from the first day to the last, in a database of its own."""

from __future__ import annotations

import datetime as dt

from relief.bootstrap import initialise
from relief.demo import half_year
from relief.demo.desk.play import Desk
from relief.demo.figures import DemoStory, read_story
from relief.demo.office import Office, Say, new_password
from relief.demo.site import make_room
from relief.demo.telling import tell_end
from relief.kernel.settings import Settings
from relief.kernel.text import _

_OPENS_AT = dt.datetime.combine(half_year.OPENS_ON, dt.time(8, 0))


def play(settings: Settings, say: Say) -> DemoStory:
    """Play the half-year 2005H1 into a new database, telling what happens; an earlier demo there is
    replaced, anything else is refused."""
    make_room(settings, say)
    say(
        _(
            "The half-year 2005H1 of a help centre, played into {folder}. All people are invented.",
            folder=settings.data_dir,
        )
    )
    relief = initialise(settings.model_copy(update={"clock": _OPENS_AT, "nightly_backup": False}))
    try:
        office, password = Office(relief, say), new_password()
        office.meanwhile = Desk(office).live_until
        half_year.march(office, password)
        half_year.spring(office)
        half_year.june(office)
        half_year.bank(office)
        half_year.last_day(office)
        with relief.reading() as work:
            story = read_story(work, settings.data_dir, password)
        tell_end(office, story)
    finally:
        relief.database.dispose()
    return story
