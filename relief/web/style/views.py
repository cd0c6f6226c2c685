"""The style page."""

from __future__ import annotations

import datetime as dt

from flask import render_template
from flask.typing import ResponseReturnValue

from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.web.access import PUBLIC, Pages
from relief.web.forms import Filled

pages = Pages("style", __name__)
_MOMENT = dt.datetime(2005, 6, 28, 1, 30, tzinfo=dt.UTC)


@pages.page("/style", PUBLIC)
def style() -> ResponseReturnValue:
    """Every macro in every state."""
    faulty = Filled(
        {"name": "王小明", "phone": "1380"},
        (
            Problem("x", _("Write what it was about."), "matter"),
            Problem("x", _("Choose one of {known}.", known=[_("visit")]), "channel"),
            Problem("x", _("There is no such case.")),
        ),
    )
    return render_template(
        "style/style.html",
        clean=Filled({"name": "王小明", "channel": "visit", "grade": "deep", "urgent": "yes"}),
        faulty=faulty,
        today=dt.date(2005, 6, 28),
        moment=_MOMENT,
    )
