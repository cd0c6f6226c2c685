"""The form by which a list of cases is filtered."""

from __future__ import annotations

from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from relief.engine.work import Work, Workflows
from relief.kernel.text import _
from relief.petitions.lists.queues import MARKS, Asked
from relief.petitions.rules import FAMILY
from relief.petitions.workers import people_of_cases
from relief.web.cases.filters import FILTERS, ROWS
from relief.web.cases.words import state_names
from relief.web.forms import Filled
from relief.web.language import reader_locale
from relief.web.names import kept_of_staff, options

_FILTERS_KEPT = 256


def filter_form(work: Work, form: Filled, asked: Asked) -> Markup:
    """What may be asked beside; where nothing is, it is drawn once for all who see the same."""
    workers = tuple(options(kept_of_staff(people_of_cases)))
    if is_filtered(form):
        return _drawn_filter(work.workflows, form, asked, workers)
    return _plain_filter(work.workflows, reader_locale(), asked.queue, workers)


@lru_cache(_FILTERS_KEPT)
def _plain_filter(
    workflows: Workflows, _locale: str, queue: str, workers: tuple[tuple[str, str], ...]
) -> Markup:
    return _drawn_filter(workflows, Filled(), Asked(queue=queue), workers)


def _drawn_filter(
    workflows: Workflows, form: Filled, asked: Asked, workers: tuple[tuple[str, str], ...]
) -> Markup:
    every = [("", _("all"))]
    kinds = {kind: workflows.kind_title(kind) for kind in workflows.of_family(FAMILY)}
    drawn = render_template(
        "cases/filter.html",
        form=form,
        queue=asked.queue,
        kinds=[*every, *kinds.items()],
        states=[*every, *state_names(workflows, [asked.kind] if asked.kind else kinds).items()],
        whose=[*every, *workers],
        rows_options=[(each, each) for each in ROWS],
        marks=list(MARKS.items()),
        filtered=is_filtered(form),
    )
    return Markup(drawn)  # noqa: S704  (a template's own words)


def is_filtered(form: Filled) -> bool:
    """True where something is asked beside the queue, or cannot be read."""
    return any(form[name] for name in (*FILTERS, "rows")) or bool(form.problems)
