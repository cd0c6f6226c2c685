"""Who is away and who will be; recording it, and ending it early."""

from __future__ import annotations

import datetime as dt
from functools import partial

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from relief.accounts.absences import AbsenceForm, end_absence, may_record, record_absence
from relief.accounts.queries import absences_within, roles_by_name, staff
from relief.accounts.rules import Away
from relief.engine.actors import Actor, role_titles
from relief.engine.work import Work
from relief.kernel.text import Text, Username, _
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.forms import FieldReader, Filled, filled
from relief.web.names import options
from relief.web.posting import Done, posted
from relief.web.request import person, reading

pages = Pages("absences", __name__, room="office.office")
_FIELDS = ("username", "from", "until", "deputy", "reason")


@pages.page("/absences", ANYBODY_HERE)
def absences() -> ResponseReturnValue:
    """Who is away today and from now on, with the form for another absence."""
    return _page(reading(), Filled({"username": person().username}))


@pages.page("/absences", ANYBODY_HERE, post=True)
def record() -> ResponseReturnValue:
    """Record an absence: one's own, or anybody's by an admin."""
    form = filled(_FIELDS)

    def leave(work: Work, by: Actor) -> Done:
        recorded = record_absence(work, by, _absence(form))
        lent = roles_by_name(work).get(form["username"] or person().username, frozenset())
        return _back(recorded, _("{name} is away from {first} until {last}."), *_lent(form, lent))

    return posted(leave, lambda refusal: _page(reading(), form.refused(refusal)))


@pages.page("/absences/end", ANYBODY_HERE, post=True)
def end() -> ResponseReturnValue:
    """End the absence that begins on a day: from now on it counts for nothing."""
    form, blank = filled(("username", "from")), Filled({"username": person().username})

    def come_back(work: Work, by: Actor) -> Done:
        ended = end_absence(work, by, form["username"], _first_day(form))
        return _back(ended, _("The absence of {name}, from {first} until {last}, is ended."))

    return posted(come_back, lambda refusal: _page(reading(), blank.refused(refusal)))


def _absence(form: Filled) -> AbsenceForm:
    fields = FieldReader(form)
    first, last = fields.day("from"), fields.day("until")
    fields.check()
    whose = form["username"] or person().username
    return AbsenceForm(whose, first, last, form["deputy"], form["reason"])


def _first_day(form: Filled) -> dt.date:
    fields = FieldReader(form)
    first = fields.day("from")
    fields.check()
    return first


def _lent(form: Filled, roles: frozenset[str]) -> list[Text]:
    """What the deputy may do meanwhile."""
    if not form["deputy"]:
        return []
    text = _("{deputy} acts in their name on those days, as: {roles}.")
    values = {"deputy": Username(form["deputy"]), "roles": role_titles(roles)}
    return [Text(text.msgid, values)]


def _back(away: Away, sentence: Text, *more: Text) -> Done:
    values = {"name": Username(away.username), "first": away.from_on, "last": away.until_on}
    return Done(url_for("absences.absences"), (Text(sentence.msgid, values), *more))


def _page(work: Work, form: Filled) -> str:
    names = sorted(staff(work))
    may = partial(may_record, Actor(person().username, person().roles))
    return render_template(
        "absences/absences.html",
        rows=absences_within(work, work.today, dt.date.max),
        form=form,
        names=_FIELDS,
        today=work.today,
        may_record=may,
        users=options(name for name in names if may(name)),
        deputies=[("", _("nobody")), *options(names)],
    )
