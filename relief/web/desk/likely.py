"""Whether somebody who is being typed in was here before, for the page of the desk to show."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from relief.desk.rules import CHANNELS
from relief.engine.work import Work
from relief.finding.likely import Likely, likely_same
from relief.kernel.moments import parse_day
from relief.petitions.queries import kinds_of_cases
from relief.web.access import Pages, only
from relief.web.desk.card import CARD, card_of, with_card
from relief.web.desk.days import near
from relief.web.forms import Filled, filled
from relief.web.request import reader, reading

pages = Pages("likely", __name__, room="desk.desk_page")


@pages.page("/desk/likely", only("clerk", deputies=True), post=True)
def likely() -> ResponseReturnValue:
    """Who may be the same as the one who is being typed in, for the page of the desk to show."""
    form, work = filled(("name", "phone", "id_number", "on", CARD)), reading()
    return render_template(
        "desk/likely.html", found=likely_of(work, form), likely_kinds=likely_kinds(work)
    )


def likely_of(work: Work, form: Filled) -> list[Likely]:
    """Who may be the same as the one who is typed into the form of the desk, or whose card it was
    opened from."""
    on, whole = near(work, parse_day(form["on"])), with_card(form, card_of(work, form))
    return likely_same(work, reader(), whole["name"], whole["phone"], whole["id_number"], on)


def likely_kinds(work: Work) -> dict[str, object]:
    """The words for what they are found by: kinds of cases, and channels."""
    titles: dict[str, object] = dict(CHANNELS)
    return titles | kinds_of_cases(work)
