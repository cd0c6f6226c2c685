"""The hand-over list: what is open of a case worker, and the ticked cases handed to another, all
or none."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.accounts.queries import list_users
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _
from relief.petitions.day.handing_over import case_workers, hand_over, hand_over_cases
from relief.petitions.queries import kinds_of_cases
from relief.petitions.workers import people_of_cases
from relief.web.access import CASE_WORKERS_OR_DEPUTIES, Pages
from relief.web.forms import Filled, filled
from relief.web.names import named, options
from relief.web.posting import Done, posted
from relief.web.request import person, reader, reading

pages = Pages("handover", __name__, room="office.office")


@pages.page("/hand-over", CASE_WORKERS_OR_DEPUTIES)
def handover() -> ResponseReturnValue:
    """What is open of a case worker: of oneself, unless somebody else is named."""
    return _page(reading(), Filled({"of": request.args.get("of", "")}), ())


@pages.page("/hand-over", CASE_WORKERS_OR_DEPUTIES, post=True)
def give() -> ResponseReturnValue:
    """Hand the ticked cases to somebody else."""
    form = filled(("of", "to_username", "acting_for"))
    references = request.form.getlist("references")

    def hand(work: Work, by: Actor) -> Done:
        entries = hand_over_cases(work, by, form["of"], form["to_username"], references)
        name = named(form["to_username"])
        told = _("Cases handed to {name}: {count}.", name=name, count=len(entries))
        return Done(url_for("handover.handover", of=form["of"]), (told,))

    return posted(hand, lambda refusal: _page(reading(), form.refused(refusal), references))


def _page(work: Work, form: Filled, ticked: object) -> str:
    here = people_of_cases(work)
    acting = person().acting_for(CASE_WORKERS_OR_DEPUTIES.roles)
    of = form["of"] or acting[0] or person().username
    workers = sorted({*here, *case_workers(work, reader()), of})
    if of not in {each.username for each in list_users(work)}:
        text = _('There is no case worker "{name}".', name=of[:40])
        raise refuse(NotFound, "handover.no_such", text, "of")
    return render_template(
        "handover/handover.html",
        found=hand_over(work, reader(), of),
        form=Filled({**form.values, "of": of}, form.problems),
        names=("to_username", "acting_for"),
        ticked=ticked,
        today=work.today,
        workers=options(workers),
        others=options(name for name in here if name != of),
        acting=acting,
        kinds=kinds_of_cases(work),
        state_title=work.workflows.state_title,
    )
