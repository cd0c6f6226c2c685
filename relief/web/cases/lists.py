"""The list of cases: queues with their counts, filters, the views that are kept, and what is done
from there: taking a case oneself, or choosing a step for many."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from relief.accounts.queries import roles_by_name
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.definitions.definition import Titles
from relief.engine.steps.advance import advance
from relief.engine.work import Work, Workflows
from relief.kernel.errors import Invalid
from relief.kernel.text import _
from relief.petitions.kept_lists import NamedList, lists_of
from relief.petitions.pages import CaseRow, Page, cases_count, cases_page
from relief.petitions.queries import kinds_of_cases
from relief.petitions.queues import (
    COUNTED_MAX,
    MARKS,
    QUEUES,
    SECOND,
    Asked,
    cases_in,
    queue_counts,
)
from relief.petitions.rules import FAMILY
from relief.web.access import ANYBODY_HERE, Pages, may, only
from relief.web.cases.filters import (
    DUE,
    FILTERS,
    LATEST,
    ROWS,
    address_of,
    asked_for,
    kept_pairs,
    read_asked,
)
from relief.web.cases.many import step_options
from relief.web.errors import status_of
from relief.web.forms import Filled, read_number
from relief.web.language import reader_locale, say
from relief.web.paging import pages_beside, unsorted
from relief.web.posting import Done, posted
from relief.web.request import person, reader, reading

pages = Pages("cases", __name__, room="cases.cases")
# Who may work on a case, in the workflows.
WORKERS = only("clerk", "approver")
# More of them stand on the page of the views.
VIEWS_SHOWN = 12
_FILTERS_KEPT = 256


@pages.page("/cases", ANYBODY_HERE)
def cases() -> ResponseReturnValue:
    """The cases of a queue with what is asked beside; all open ones, the next due first, where
    nothing is."""
    form = asked_for()
    try:
        asked = read_asked(form, kinds_of_cases(reading()))
    except Invalid as refusal:
        return _page(reading(), form.refused(refusal), None), status_of(refusal)
    return _page(reading(), form, asked)


@pages.page("/cases/counts", ANYBODY_HERE)
def counts() -> ResponseReturnValue:
    """How many stand in each queue and in each view, for the script: nobody waits with the list
    for thousands of cases to be counted."""
    work = reading()
    found = {key: told(count) for key, count in _counted(work).items()}
    for view in lists_of(work, person().username)[:VIEWS_SHOWN]:
        sought = cases_in(work, person().identities, view.asked)
        found[f"view-{view.id}"] = told(cases_count(work, reader(), sought, COUNTED_MAX))
    answer = jsonify(found)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.page("/queues/take", WORKERS, post=True)
def take() -> ResponseReturnValue:
    """Become the case worker of a case, by one click."""
    reference, _at, version = request.form.get("case", "").partition("@")

    def assign(work: Work, by: Actor) -> Done:
        case = find_case(work, reference, by)
        advance(
            work, case.kind.key, case.id, "assign", by,
            fields={"case_worker": by.username}, seen_version=read_number(version, "case"),
        )  # fmt: skip
        told_of = _("{no} is with you now.", no=case.reference)
        return Done(_list(request.form.get("back", "")), (told_of,))

    return posted(assign, lambda refusal: _page(reading(), Filled().refused(refusal), Asked()))


def told(count: int) -> str:
    """A count as it stands beside a queue: 12, or 99+."""
    return f"{COUNTED_MAX}+" if count > COUNTED_MAX else str(count)


def _list(query: str) -> str:
    return url_for("cases.cases") + (f"?{query}" if query else "")


def _counted(work: Work) -> dict[str, int]:
    return queue_counts(work, person().identities)


def _page(work: Work, form: Filled, asked: Asked | None) -> str:
    size = int(form["rows"]) if form["rows"] in ROWS else int(ROWS[0])
    page: Page[CaseRow] = Page((), "", None)
    if asked is not None:
        sought = cases_in(work, person().identities, asked)
        page = cases_page(work, reader(), sought, request.args.get("after") or None, size)
    here = asked or Asked()
    return render_template(
        "cases/cases.html",
        page=page,
        form=form,
        asked=here,
        queue=QUEUES[here.queue],
        queues=_queues(work),
        views=_views(work),
        filter=_filter(work, form, here),
        filtered=_is_filtered(form),
        titles={key: say(title) for key, title in _titles(work, page.rows).items()},
        today=work.today,
        sorted_by=LATEST if _is_latest_first(here) else DUE,
        unsorted=unsorted(),
        tick_all=request.args.get("all") == "yes",
        tick_all_href=_all_ticked(),
        to_keep=kept_pairs(Filled({**form.values, "queue": here.queue})),
        view_here=request.args.get("view", ""),
        query=request.query_string.decode("ascii", "replace"),
        next_steps=_next_steps(work, page.rows) if here.queue == SECOND else {},
        **_to_do(work, page.rows),
        **pages_beside(page.after),
    )


def _all_ticked() -> str:
    """The address of this page with every row ticked, for who has no script."""
    asked = [(name, value) for name, value in request.args.items() if value and name != "all"]
    return _list(urlencode([*asked, ("all", "yes")]))


def _is_latest_first(asked: Asked) -> bool:
    return asked.closed if asked.latest_first is None else asked.latest_first


def _to_do(work: Work, rows: Iterable[CaseRow]) -> dict[str, Any]:
    """Which steps may be chosen for many of these rows, and which of them may be taken."""
    me = person()
    return {
        "steps": step_options(work, [(row.kind, row.state) for row in rows], me.may_act_as)
        if may("bulk.bulk")
        else [],
        "to_take": {
            row.reference
            for row in rows
            if row.case_worker != me.username and _may_be_taken(work, row, me.roles)
        }
        if may("cases.take")
        else set(),
    }


def _may_be_taken(work: Work, row: CaseRow, roles: frozenset[str]) -> bool:
    definition = work.workflows.definitions.get(row.kind)
    assign = definition.action_from(row.state, "assign") if definition else None
    return assign is not None and not roles.isdisjoint(assign.roles)


def _next_steps(work: Work, rows: Iterable[CaseRow]) -> dict[str, tuple[str, str]]:
    """The step that each of these cases waits for, with its title, by kind and state."""
    places = {(row.kind, row.state) for row in rows}
    steps = {place: work.workflows.next_step(*place) for place in places}
    return {f"{k}.{s}": (step.id, say(step.title)) for (k, s), step in steps.items() if step}


def _queues(work: Work) -> list[dict[str, object]]:
    """The queues as links; their counts where the address asks for them (without script)."""
    counted = _counted(work) if request.args.get("counts") == "yes" else {}
    return [
        {"queue": queue, "count": told(counted[key]) if key in counted else ""}
        for key, queue in QUEUES.items()
    ]


def _views(work: Work) -> list[tuple[NamedList, str]]:
    """The first of the views that somebody sees, each with its address."""
    found = lists_of(work, person().username)[:VIEWS_SHOWN]
    return [(view, _list(address_of(view.asked, view=str(view.id)))) for view in found]


def _filter(work: Work, form: Filled, asked: Asked) -> Markup:
    """What may be asked beside; where nothing is, it is drawn once for all who see the same."""
    workers = tuple(_workers(work))
    if _is_filtered(form):
        return _drawn_filter(work.workflows, form, asked, workers)
    return _plain_filter(work.workflows, reader_locale(), asked.queue, workers)


@lru_cache(_FILTERS_KEPT)
def _plain_filter(
    workflows: Workflows, _locale: str, queue: str, workers: tuple[str, ...]
) -> Markup:
    return _drawn_filter(workflows, Filled(), Asked(queue=queue), workers)


def _drawn_filter(
    workflows: Workflows, form: Filled, asked: Asked, workers: tuple[str, ...]
) -> Markup:
    every = [("", _("all"))]
    kinds = {kind: workflows.kind_title(kind) for kind in workflows.of_family(FAMILY)}
    drawn = render_template(
        "cases/filter.html",
        form=form,
        queue=asked.queue,
        kinds=[*every, *kinds.items()],
        states=[*every, *_states(workflows, [asked.kind] if asked.kind else list(kinds))],
        whose=[*every, *((name, name) for name in workers)],
        rows_options=[(each, each) for each in ROWS],
        marks=list(MARKS.items()),
        filtered=_is_filtered(form),
    )
    return Markup(drawn)  # noqa: S704  (a template's own words)


def _is_filtered(form: Filled) -> bool:
    return any(form[name] for name in (*FILTERS, "rows")) or bool(form.problems)


def _states(workflows: Workflows, kinds: Iterable[str]) -> list[tuple[str, str]]:
    """The states of these kinds as options; one that is called otherwise in another kind by all of
    its names."""
    titles: dict[str, list[str]] = {}
    for each in kinds:
        for state in workflows.definitions[each].states:
            names = titles.setdefault(state.id, [])
            if say(state.title) not in names:
                names.append(say(state.title))
    return [(state, " / ".join(names)) for state, names in titles.items()]


def _workers(work: Work) -> list[str]:
    return [name for name, roles in roles_by_name(work).items() if roles & WORKERS.roles]


def _titles(work: Work, rows: Iterable[CaseRow]) -> dict[str, Titles]:
    """The words for the kinds and states that a page shows."""
    words, shown = work.workflows, {(row.kind, row.state) for row in rows}
    kinds = {kind: words.kind_title(kind) for kind, _state in shown}
    return kinds | {f"{kind}.{state}": words.state_title(kind, state) for kind, state in shown}
