"""How reminders reach somebody outside of the pages: the day's mail, and a calendar under a secret
address, which is shown once."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.text import _
from relief.reminders.addresses import mail_of, set_mail
from relief.reminders.feeds import end_feed, feed_since, make_feed
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.forms import Filled, filled
from relief.web.posting import Done, posted
from relief.web.request import actor, office, person, reading, writing

pages = Pages("channels", __name__, room="home.home")
_FIELDS = ("address", "digest")


@pages.page("/reminders/own", ANYBODY_HERE)
def own() -> ResponseReturnValue:
    """Where their mail goes, whether they want the day's, and the calendar."""
    return _page(reading())


@pages.page("/reminders/own/mail", ANYBODY_HERE, post=True)
def mail() -> ResponseReturnValue:
    """Say where it goes, and whether the day's mail is wanted."""
    form = filled(_FIELDS)

    def keep(work: Work, by: Actor) -> Done:
        wanted = form["digest"] == "yes"
        set_mail(work, by, by.username, form["address"], digest=wanted)
        return Done(url_for("channels.own"), (_("Saved."),))

    return posted(keep, lambda refusal: _page(reading(), form.refused(refusal)))


@pages.page("/reminders/own/calendar", ANYBODY_HERE, post=True)
def calendar() -> ResponseReturnValue:
    """Make the secret address, or a new one in its place; it is shown this once."""
    with writing() as work:
        key = make_feed(work, actor(work))
        work.commit()
    address = url_for("feeds.feed", key=key, _external=True)
    return _page(reading(), address=address)


@pages.page("/reminders/own/calendar/end", ANYBODY_HERE, post=True)
def end_calendar() -> ResponseReturnValue:
    """End the address: whoever has it sees nothing more."""

    def end(work: Work, by: Actor) -> Done:
        end_feed(work, by)
        return Done(url_for("channels.own"), (_("The address of your calendar was ended."),))

    return posted(end, lambda _refusal: _page(reading()))


def _page(work: Work, form: Filled | None = None, *, address: str = "") -> str:
    kept = mail_of(work, person().username)
    shown = {"address": kept.address, "digest": "yes" if kept.digest else ""}
    return render_template(
        "reminders/channels.html",
        form=form or Filled(shown),
        mail_is_on=bool(office().settings.smtp_host),
        since=feed_since(work, person().username),
        address=address,
    )
