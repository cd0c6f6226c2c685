"""One step for many cases: its form once, the cases that go together, those that are looked at
singly; and what came of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, request
from flask.typing import ResponseReturnValue

from relief.accounts.queries import find_actor
from relief.engine.cases import Case, find_case
from relief.engine.definitions.definition import Action, Titles
from relief.engine.work import Work
from relief.kernel.errors import Invalid, NotFound, Problem, ReliefError
from relief.kernel.text import _
from relief.petitions.many.bulk import (
    Bulk,
    BulkStep,
    Drawn,
    Sent,
    form_faults,
    look_at,
    remember_refusal,
    step_once,
)
from relief.petitions.many.bulk_steps import Row
from relief.typed.once import new_key
from relief.web.access import CASE_WORKERS_OR_DEPUTIES, Pages
from relief.web.cases.asked import begun, fields_of, labels_of, parts_of, sent, ticked
from relief.web.cases.many import step_options
from relief.web.errors import status_of
from relief.web.forms import Filled
from relief.web.request import actor, office, person, reader, reading, writing

pages = Pages("bulk", __name__, room="cases.cases")
_REFUSED_BEFORE = "bulk.refused_before"


@dataclass(frozen=True)
class _Sheet:
    """The page as it stands: the step, the cases, what was typed; of cases that were on the screen
    before the version that was seen, and which of them are ticked (None: all)."""

    action: str
    references: Sequence[str]
    form: Filled
    once: str
    versions: Mapping[str, int] = field(default_factory=dict)
    ticked: Collection[str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of one case: done, where nothing stands against it (`before`: by the same form,
    sent before)."""

    reference: str
    name: str
    problems: tuple[Problem, ...] = ()
    before: bool = False


@pages.page("/cases/bulk", CASE_WORKERS_OR_DEPUTIES)
def bulk() -> ResponseReturnValue:
    """The form of a step for the cases that were ticked."""
    form = Filled({"acting_for": request.args.get("acting_for", _usual_identity())})
    action, references = request.args.get("action", ""), request.args.getlist("cases")
    return _answer(_Sheet(action, references, form, new_key()))


@pages.page("/cases/bulk", CASE_WORKERS_OR_DEPUTIES, post=True)
def send() -> ResponseReturnValue:
    """Take the step on every case that is ticked: each for itself, and once."""
    rows, listed = _rows("cases"), _rows("listed")
    sheet = _Sheet(
        request.form.get("action", ""),
        [*(each.reference for each in (*listed, *rows)), *request.form.getlist("singly")],
        Filled({"acting_for": request.form.get("acting_for", "")}),
        request.form.get("once", ""),
        {each.reference: each.version for each in listed},
        {each.reference for each in rows},
    )
    try:
        seen = _look(reading(), sheet)
    except ReliefError as refusal:
        return _page(reading(), sheet, None, refusal), status_of(refusal)
    drawn = seen.drawn_for(sheet.versions, sheet.action)
    step = _step(drawn, sheet)
    faults = [*form_faults(drawn, step), *_none_ticked(rows)]
    if faults:
        return _page(reading(), sheet, seen, Invalid(faults)), 422
    outcomes = [_taken(each, step, seen.reasons_of(each.reference)) for each in rows]
    return render_template(
        "cases/bulk_done.html",
        action=drawn.action if drawn else None,
        done=[each for each in outcomes if not each.problems],
        refused=[each for each in outcomes if each.problems],
        letters=_letters(drawn.action) if drawn else [],
        back=_back(),
    )


def _answer(sheet: _Sheet) -> ResponseReturnValue:
    work = reading()
    if not sheet.references:
        return _page(work, sheet, None)  # it says where cases are ticked
    try:
        return _page(work, sheet, _look(work, sheet))
    except ReliefError as refusal:
        return _page(work, sheet, None, refusal), status_of(refusal)


def _look(work: Work, sheet: _Sheet) -> Bulk:
    by = find_actor(work, person().username, sheet.form["acting_for"])
    return look_at(work, by, sheet.action, sheet.references)


def _step(drawn: Drawn | None, sheet: _Sheet) -> BulkStep:
    form = sent(drawn.action) if drawn else Filled()
    return BulkStep(
        action=sheet.action,
        fields=fields_of(drawn.action, form) if drawn else {},
        reason=form["reason"],
        key=sheet.once,
        acting_for=sheet.form["acting_for"],
    )


def _letters(action: Action) -> list[tuple[str, Titles]]:
    """The letters that may be issued of a step, by their names, with their titles."""
    return [(name, office().letters.title(name)) for name in action.letters]


def _none_ticked(rows: Sequence[Sent]) -> list[Problem]:
    if rows:
        return []
    return [Problem("bulk.none_ticked", _("No case is ticked any more; tick one."))]


def _taken(row: Sent, step: BulkStep, reasons: Sequence[Problem]) -> Outcome:
    """The step on one case, in a unit of work of its own; a refusal stops no other."""
    try:
        with writing() as work:
            fresh = step_once(work, actor(work), row, step, reasons)
            work.commit()
        return Outcome(row.reference, _name(row.reference), before=not fresh)
    except ReliefError as refusal:
        if all(problem.code != _REFUSED_BEFORE for problem in refusal.problems):
            _remember(row, step)
        return Outcome(row.reference, _name(row.reference), refusal.problems)


def _remember(row: Sent, step: BulkStep) -> None:
    with writing() as work:
        remember_refusal(work, reader(), row, step)
        work.commit()


def _name(reference: str) -> str:
    """The petitioner of a case that who reads this may see."""
    try:
        return str(find_case(reading(), reference, reader()).row.get("petitioner_name", ""))
    except NotFound:
        return ""


def _rows(name: str) -> list[Sent]:
    """The cases of a form, each with the version that was on the screen; each once."""
    found: dict[str, Sent] = {}
    for text in request.form.getlist(name):
        reference, _at, version = text.partition("@")
        if version.isascii() and version.isdigit():
            found.setdefault(reference, Sent(reference, int(version[:9])))
    return list(found.values())


def _back() -> str:
    """The query of the list that the cases were ticked in."""
    return request.values.get("back", "")


def _usual_identity() -> str:
    """As whom somebody works on cases: themself, else for the first for whom they act."""
    return next(iter(person().acting_for(CASE_WORKERS_OR_DEPUTIES.roles)), "")


def _page(work: Work, sheet: _Sheet, seen: Bulk | None, refusal: ReliefError | None = None) -> str:
    chosen = seen.action if seen else None
    first = seen.together[0] if seen and seen.together else None
    typed = _typed(work, first.case if first else None, chosen)
    form = Filled({**typed, **sheet.form.values, "action": sheet.action})
    return render_template(
        "cases/bulk.html",
        sheet=sheet,
        seen=seen,
        action=chosen,
        form=form.refused(refusal) if refusal else form,
        names=(*chosen.fields, *chosen.optional_fields, "reason") if chosen else (),
        labels=labels_of(first.case.machine.definition) if first else {},
        parts=parts_of(work, first.case, chosen) if first and chosen else (),
        ticked=ticked(form),
        step_options=_options(work, seen),
        acting=person().acting_for(
            frozenset(chosen.roles) if chosen else CASE_WORKERS_OR_DEPUTIES.roles
        ),
        today=work.today,
        back=_back(),
    )


def _typed(work: Work, first: Case | None, chosen: Action | None) -> Mapping[str, str]:
    """What was typed; of a form that nobody has typed into what stands in that of one case."""
    if chosen and request.method == "POST":
        return sent(chosen).values
    return begun(work, first, chosen).values if first and chosen else {}


def _options(work: Work, seen: Bulk | None) -> list[tuple[str, str]]:
    """The steps that may be chosen for these cases."""
    rows = [*seen.together, *seen.single] if seen else []
    places = [Row(each.case.kind.key, each.case.state) for each in rows]
    return step_options(work, places, person().may_act_as, seen.counts if seen else {})
