"""The list of cases, and one case to read."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from flask import render_template, request
from flask.typing import ResponseReturnValue

from relief.engine.cases import find_case
from relief.engine.definitions.definition import Titles
from relief.engine.work import Work
from relief.kernel.text import _, is_plain
from relief.petitions.pages import CaseRow, CasesSought, cases_page
from relief.petitions.queries import kinds_of_cases
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.cases.page import case_page
from relief.web.forms import Filled
from relief.web.language import say
from relief.web.paging import pages_beside, unsorted
from relief.web.request import person, reader, reading

pages = Pages("cases", __name__, room="cases.cases")
_FILTER = ("kind", "state", "of", "due", "sort")
# How the list may be sorted: the next due first, or the latest received first.
_DUE, _LATEST = "due", "-received"


@pages.page("/cases", ANYBODY_HERE)
def cases() -> ResponseReturnValue:
    """Cases that are open, the next due first; with closed ones among them, the latest first."""
    work = reading()
    kinds = kinds_of_cases(work)
    asked = Filled({name: request.args.get(name, "") for name in _FILTER})
    sought = _sought(asked, kinds)
    page = cases_page(work, reader(), sought, request.args.get("after") or None)
    return render_template(
        "cases/cases.html",
        page=page,
        form=asked,
        titles={key: say(title) for key, title in _titles(work, page.rows).items()},
        today=work.today,
        kinds=[("", _("all")), *kinds.items()],
        whose=[("", _("all")), ("me", _("mine"))],
        when=[("", _("open")), ("over", _("overdue")), ("all", _("closed ones, too"))],
        sorted_by=_LATEST if sought.latest_first else _DUE,
        unsorted=unsorted(),
        **pages_beside(page.after),
    )


@pages.page("/cases/<reference>", ANYBODY_HERE)
def case(reference: str) -> ResponseReturnValue:
    """One case: what it is, by when, what came to it, and what was done."""
    work = reading()
    return case_page(work, find_case(work, reference, reader()))


def _sought(asked: Filled, kinds: Collection[str]) -> CasesSought:
    kind = asked["kind"] if asked["kind"] in kinds else ""
    worker = person().username if asked["of"] == "me" else ""
    usual = _LATEST if asked["due"] == "all" else _DUE
    return CasesSought(
        kind=kind,
        state=asked["state"] if is_plain(asked["state"]) else "",
        case_worker=worker,
        is_open=asked["due"] != "all",
        overdue=asked["due"] == "over",
        latest_first=(asked["sort"] or usual) == _LATEST,
    )


def _titles(work: Work, rows: Iterable[CaseRow]) -> dict[str, Titles]:
    """The words for the kinds and states that a page shows."""
    words, shown = work.workflows, {(row.kind, row.state) for row in rows}
    kinds = {kind: words.kind_title(kind) for kind, _state in shown}
    return kinds | {f"{kind}.{state}": words.state_title(kind, state) for kind, state in shown}
