"""The list of cases: a queue with what is asked beside, a page at a time."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.engine.work import Work
from relief.kernel.errors import Invalid
from relief.petitions.lists.pages import CaseRow, Page, cases_page
from relief.petitions.lists.queues import (
    QUEUES,
    SECOND,
    Asked,
    cases_in,
)
from relief.petitions.queries import kinds_of_cases
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.cases.counts import kept_links, queue_links
from relief.web.cases.filter_form import filter_form, is_filtered
from relief.web.cases.filters import (
    DUE,
    LATEST,
    ROWS,
    asked_for,
    kept_pairs,
    read_asked,
)
from relief.web.cases.rows import next_steps, titles_of, to_do
from relief.web.errors import status_of
from relief.web.forms import Filled
from relief.web.language import say
from relief.web.paging import list_args, pages_beside, unsorted
from relief.web.request import person, reader, reading

pages = Pages("cases", __name__, room="cases.cases")


@pages.page("/cases", ANYBODY_HERE)
def cases() -> ResponseReturnValue:
    """The cases of a queue with what is asked beside; all open ones, the next due first, where
    nothing is."""
    form = asked_for()
    try:
        asked = read_asked(form, kinds_of_cases(reading()))
    except Invalid as refusal:
        return list_page(reading(), form.refused(refusal), None), status_of(refusal)
    return list_page(reading(), form, asked)


def list_page(work: Work, form: Filled, asked: Asked | None) -> str:
    """The page of a list: what is asked of it, its rows, and all that stands against a form."""
    size = int(form["rows"]) if form["rows"] in ROWS else int(ROWS[0])
    page: Page[CaseRow] = Page((), "", None)
    if asked is not None:
        sought = cases_in(work, person().identities, asked)
        page = cases_page(work, reader(), sought, request.args.get("after") or None, size)
    here, path = asked or Asked(), url_for("cases.cases")
    return render_template(
        "cases/cases.html",
        page=page,
        form=form,
        asked=here,
        queue=QUEUES[here.queue],
        queues=queue_links(work),
        views=kept_links(work),
        filter=filter_form(work, form, here),
        filtered=is_filtered(form),
        titles={key: say(title) for key, title in titles_of(work, page.rows).items()},
        today=work.today,
        sorted_by=LATEST if _is_latest_first(here) else DUE,
        unsorted=unsorted(path),
        tick_all=request.args.get("all") == "yes",
        tick_all_href=_all_ticked(),
        to_keep=kept_pairs(Filled({**form.values, "queue": here.queue})),
        view_here=list_args().get("view", ""),
        query=request.query_string.decode("ascii", "replace") or request.form.get("back", ""),
        next_steps=next_steps(work, page.rows) if here.queue == SECOND else {},
        **to_do(work, page.rows, here.queue),
        **pages_beside(page.after, path),
    )


def _all_ticked() -> str:
    """The address of this page with every row ticked, for who has no script."""
    asked = [(name, value) for name, value in list_args().items() if value and name != "all"]
    return f"{url_for('cases.cases')}?{urlencode([*asked, ('all', 'yes')])}"


def _is_latest_first(asked: Asked) -> bool:
    return asked.closed if asked.latest_first is None else asked.latest_first
