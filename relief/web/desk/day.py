"""The day at the desk on paper: the day's list, and the pack for the day on which the power
fails."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.desk.queries import contacts_by_day
from relief.desk.rules import CHANNELS, OUTCOMES
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.kernel.moments import parse_day
from relief.petitions.day.contacts import day_list
from relief.petitions.day.pack import day_pack, reserve_numbers
from relief.petitions.phones_shown import show_pack_phones
from relief.petitions.queries import kinds_of_cases
from relief.petitions.seeing import readable_contacts
from relief.web.access import CASE_WORKERS, CASE_WORKERS_OR_DEPUTIES, Pages, only
from relief.web.desk.days import near
from relief.web.forms import FieldReader, Filled, filled
from relief.web.posting import Done, posted
from relief.web.request import actor, person, reader, reading, writing

pages = Pages("day", __name__, room="desk.desk_page")
MAY_RESERVE = only("clerk")
# What is proposed for a day that has no numbers yet; where it has, the same is not asked again.
_FORMS, _NO_MORE = {"contacts": "20", "cases": "5"}, {"contacts": "0", "cases": "0"}


@pages.page("/desk/day", CASE_WORKERS_OR_DEPUTIES)
def day() -> ResponseReturnValue:
    """Who came on a day, with the first line of each matter."""
    work = reading()
    on = _day_asked(work)
    days = contacts_by_day(work, on, on, readable_contacts(person().username))
    return render_template(
        "desk/day.html",
        day=days[0] if days else None,
        on=on,
        today=work.today,
        rows=day_list(work, reader(), on),
        channels=CHANNELS,
        outcomes=OUTCOMES,
        before=on - dt.timedelta(days=1) if on.toordinal() > 1 else on,
        after=on + dt.timedelta(days=1) if on < work.today else None,
    )


@pages.page("/desk/day-pack", CASE_WORKERS_OR_DEPUTIES)
def pack() -> ResponseReturnValue:
    """The pack of a day: blank forms with their numbers, and what is due."""
    work = reading()
    return _pack_page(work, _day_asked(work), Filled())


@pages.page("/desk/day-pack", MAY_RESERVE, post=True)
def reserve() -> ResponseReturnValue:
    """Reserve the numbers of a day's blank forms."""
    form = filled(("on", "contacts", "cases"))

    def set_aside(work: Work, by: Actor) -> Done:
        on, contacts, cases = _asked(form)
        reserve_numbers(work, by, on, contacts, cases)
        return Done(url_for("day.pack", on=on.isoformat()))

    def again(refusal: ReliefError) -> str:
        work = reading()
        return _pack_page(work, near(work, FieldReader(form).day("on")), form.refused(refusal))

    return posted(set_aside, again)


@pages.page("/desk/day-pack/numbers", CASE_WORKERS, post=True)
def pack_with_numbers() -> ResponseReturnValue:
    """The pack with whole phone numbers, this once; that they were shown is kept."""
    with writing() as work:
        on = near(work, parse_day(request.form.get("on", "")))
        numbers = show_pack_phones(work, actor(work), on)
        work.commit()
    return _pack_page(reading(), on, Filled(), numbers)


def _pack_page(
    work: Work, on: dt.date, form: Filled, numbers: Mapping[str, str] | None = None
) -> str:
    pack = day_pack(work, reader(), on)
    counts = _NO_MORE if pack.reserved.contacts else _FORMS
    return render_template(
        "desk/day_pack.html",
        pack=pack,
        numbers=numbers or {},
        form=Filled({"on": on.isoformat()} | counts | dict(form.values), form.problems),
        today=work.today,
        kinds=kinds_of_cases(work),
        state_title=work.workflows.state_title,
        channels=CHANNELS,
    )


def _asked(form: Filled) -> tuple[dt.date, int, int]:
    """The day and the numbers of forms; refused with every fault."""
    fields = FieldReader(form)
    on = fields.day("on")
    contacts, cases = (
        0 if fields.is_blank(name) else fields.number(name) for name in ("contacts", "cases")
    )
    fields.check()
    return on, contacts, cases


def _day_asked(work: Work) -> dt.date:
    """The day that a page is of: the one in its address, else today. Refused (`Invalid`) where it
    names one that there is not."""
    fields = FieldReader(Filled({"on": request.args.get("on", "")}))
    on = None if fields.is_blank("on") else fields.day("on")
    fields.check()
    return near(work, on)
