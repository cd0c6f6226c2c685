"""The inbox: what one is reminded of, read and unread."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.text import _
from relief.reminders.inbox import mark_read
from relief.reminders.queries import inbox
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.forms import read_number
from relief.web.posting import Done, posted
from relief.web.request import person, reading

pages = Pages("reminders", __name__, room="home.home")


@pages.page("/reminders", ANYBODY_HERE)
def reminders() -> ResponseReturnValue:
    """What is due soon or overdue and theirs to do, the longest overdue first."""
    return _page(reading())


@pages.page("/reminders/read", ANYBODY_HERE, post=True)
def read() -> ResponseReturnValue:
    """One of them was read; without a number, all were."""

    def note(work: Work, by: Actor) -> Done:
        number = request.form.get("reminder", "")
        count = mark_read(work, by.username, read_number(number, "reminder") if number else None)
        told = () if number else (_("Read: {count}.", count=count),)
        return Done(url_for("reminders.reminders"), told)

    return posted(note, lambda _refusal: _page(reading()))


def _page(work: Work) -> str:
    told = inbox(work, person().username)
    unread = sum(not each.is_read for each in told)
    return render_template("reminders/reminders.html", told=told, unread=unread)
