"""The list of cases, and one case to read."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, request
from flask.typing import ResponseReturnValue

from relief.engine.cases import find_case
from relief.engine.work import Work
from relief.kernel.text import _, is_plain
from relief.petitions.pages import CaseRow, CasesSought, cases_page
from relief.petitions.rules import KINDS
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
    titles = _titles(work)
    asked = Filled({name: request.args.get(name, "") for name in _FILTER})
    sought = _sought(asked)
    page = cases_page(work, reader(), sought, request.args.get("after") or None)
    return render_template(
        "cases/cases.html",
        page=page,
        form=asked,
        titles={each: say(titles[each]) for each in _titled(page.rows)},
        today=work.today,
        kinds=[("", _("all")), *((kind, titles[kind]) for kind in KINDS)],
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


def _sought(asked: Filled) -> CasesSought:
    kind = asked["kind"] if asked["kind"] in KINDS else ""
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


def _titled(rows: Iterable[CaseRow]) -> set[str]:
    """The kinds and states that a page shows."""
    return {each for row in rows for each in (row.kind, f"{row.kind}.{row.state}")}


def _titles(work: Work) -> dict[str, object]:
    """The word for each kind, and for each state of each."""
    definitions = {kind: work.workflows.definitions[kind] for kind in KINDS}
    titles: dict[str, object] = {kind: each.title for kind, each in definitions.items()}
    for kind, each in definitions.items():
        titles |= {f"{kind}.{state.id}": state.title for state in each.states}
    return titles
