"""The doors that somebody may open."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from relief.web.access import ANYBODY_HERE, Pages
from relief.web.navigation import open_doors

pages = Pages("office", __name__, room="office.office")


@pages.page("/office", ANYBODY_HERE)
def office() -> ResponseReturnValue:
    """What there is for this person."""
    return render_template("office/office.html", doors=open_doors())
