"""Every step of a case by a form: drawn from its workflow, kept while it is typed, taken once. Who
was overtaken by somebody else sees what happened meanwhile beside what they typed, and loses none
of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import STAFF_ROLES, Actor
from relief.engine.cases import Case, find_case
from relief.engine.definitions.definition import Action, Titles
from relief.engine.journal.chain import Entry
from relief.engine.steps.advance import advance
from relief.engine.steps.moment import moment_of_step
from relief.engine.work import Work
from relief.kernel.errors import Invalid, NotFound, ReliefError, refuse
from relief.kernel.looking import looking
from relief.kernel.text import Text, _
from relief.papers.reading import view_papers
from relief.petitions.life import granting
from relief.petitions.life.granted import granted_before
from relief.petitions.one_case.alike import cases_alike
from relief.petitions.one_case.bringing import not_attached
from relief.petitions.one_case.reading import line_in, view_case
from relief.typed.drafts import draft_of, drop_draft, keep_draft
from relief.typed.once import new_key
from relief.typed.saving import keep_unless_saved, saved_once
from relief.web.access import Pages, only
from relief.web.cases.asked import (
    BESIDE,
    HOUSEHOLD,
    begun,
    draft_name,
    fields_of,
    labels_of,
    parts_of,
    reason_optional,
    sent,
    ticked,
)
from relief.web.cases.offers import offers_of
from relief.web.cases.outlook import outlook
from relief.web.cases.page import HOUSEHOLD_WORDS, household_of
from relief.web.cases.words import known_fields, shown_entries
from relief.web.forms import Filled, seen_version
from relief.web.forms import ticked as is_ticked
from relief.web.names import who
from relief.web.posting import Done, kept, posted
from relief.web.request import person, reader, reading, writing

pages = Pages("steps", __name__, room="cases.cases")
# Who may take a step is said by the workflow of each case.
WHOEVER = only(*STAFF_ROLES, deputies=True)
ENTRIES_SHOWN = 8


@dataclass(frozen=True)
class _Form:
    """The form of a step, as it stands: which version was on the screen, and since when it is
    kept."""

    filled: Filled
    seen: int
    kept_at: dt.datetime | None = None


@pages.page("/cases/<reference>/do/<action>", WHOEVER)
def form(reference: str, action: str) -> ResponseReturnValue:
    """The form of a step; what was typed before and not sent is in it again."""
    work = reading()
    case = find_case(work, reference, reader())
    meant = _meant(case, action)
    found = draft_of(work, reader(), _draft(case, meant))
    if found is None:
        return _page(work, case, meant, _Form(begun(work, case, meant), case.version))
    seen = case.version if found.version_seen is None else found.version_seen
    return _page(work, case, meant, _Form(Filled(found.fields), seen, found.saved_at))


@pages.page("/cases/<reference>/do/<action>", WHOEVER, post=True, kept_by="steps.keep")
def take(reference: str, action: str) -> ResponseReturnValue:
    """Take a step, once however often it is sent; refused, the form comes back with all that was
    typed."""

    def step(work: Work, by: Actor) -> Done:
        case = find_case(work, reference, by)
        told = _taken(work, case, by, _meant(case, action))
        return Done(_onward(work, reference), (told,))

    return posted(step, lambda refusal: _again(reference, action, refusal))


@pages.page("/cases/<reference>/draft/<action>", WHOEVER, post=True)
def keep(reference: str, action: str) -> ResponseReturnValue:
    """Keep what is typed so far, sealed, for its owner alone; or throw it away."""
    with writing() as work:
        case = find_case(work, reference, reader())
        meant = _meant(case, action)
        if is_ticked("throw_away"):
            drop_draft(work, reader(), _draft(case, meant))
        else:
            keep_unless_saved(work, reader(), _key(), *_typed(case, meant))
        work.commit()
    return kept(url_for("steps.form", reference=reference, action=action))


def _taken(work: Work, case: Case, by: Actor, action: Action) -> Text:
    filled, definition = sent(action), case.machine.definition

    def make() -> str:
        happened_at = moment_of_step(
            work, case.kind.key, case.id, filled["on"].strip(), filled["at"].strip()
        )
        entry = advance(
            work,
            case.kind.key,
            case.id,
            action.id,
            by,
            fields=fields_of(action, filled),
            reason=filled["reason"],
            override=filled["override"],
            seen_version=_seen(action),
            happened_at=happened_at,
        )
        return str(entry.number)

    saved = saved_once(work, by, _key(), filled.values, make, _draft(case, action))
    if not saved.anew:
        return _("This was done already: entry {number}.", number=saved.reference)
    state = definition.state_by_id[action.to or case.state]
    return _(
        'Done: "{action}". {no} is now: {state}.',
        action=action.title,
        no=case.reference,
        state=state.title,
    )


def _seen(action: Action) -> int | None:
    """The version that the form was filled in on. A note that is typed on the page of the case
    stands whatever else happened."""
    if "version" not in request.form and not action.to and not action.effects:
        return None
    return seen_version()


def _on_screen(case: Case, action: Action) -> int:
    """The version that was on the screen of whoever sent the form; today's, where it says none."""
    try:
        seen = _seen(action)
    except Invalid:
        seen = None
    return case.version if seen is None else seen


def _meant(case: Case, action: str) -> Action:
    """The step that an address names."""
    meant = case.machine.definition.meant(case.state, action)
    if meant is None:
        text = _("There is no such step of this kind of case.")
        raise refuse(NotFound, "step.no_such", text, "action")
    return meant


def _key() -> str:
    """The key that the form was shown with."""
    return request.form.get("once", "")


def _draft(case: Case, action: Action) -> str:
    return draft_name(case, action.id)


def _typed(case: Case, action: Action) -> tuple[str, Mapping[str, str], int]:
    """What a draft keeps: under which name, what was typed, and the version on the screen."""
    return _draft(case, action), sent(action).values, _on_screen(case, action)


def _again(reference: str, action: str, refusal: ReliefError) -> str:
    """The form once more, kept, with all that stands against it; where the case is not there for
    whoever sent it, that alone."""
    with suppress(ReliefError), writing() as work:
        case = find_case(work, reference, reader())
        keep_draft(work, reader(), *_typed(case, _meant(case, action)))
        work.commit()
    work = reading()
    case = find_case(work, reference, reader())
    meant = _meant(case, action)
    return _page(work, case, meant, _Form(sent(meant).refused(refusal), _on_screen(case, meant)))


def _onward(work: Work, reference: str) -> str:
    """The page of the case; where whoever took the step may not see it any more, the list."""
    try:
        find_case(work, reference, reader())
    except NotFound:
        return url_for("cases.cases")
    return url_for("one_case.case", reference=reference)


def _taken_already(entries: Sequence[Entry], action: Action) -> Entry | None:
    """The last time that a step was taken which does not start any more."""
    return next((each for each in reversed(entries) if each.action == action.id), None)


def _not_attached(
    work: Work, case: Case, action: Action, entries: Sequence[Entry]
) -> Sequence[Titles]:
    """Of a case whose workflow has papers, what a step misses of them."""
    papers = view_papers(work, case)
    return not_attached(work, case, action, entries, papers.kinds) if papers.known else ()


def _page(work: Work, case: Case, action: Action, form: _Form) -> str:
    with looking(work):
        return render_template("cases/step.html", **_in_sight(work, case, action, form))


def _in_sight(work: Work, case: Case, action: Action, form: _Form) -> dict[str, object]:
    view = view_case(work, case, reader())
    definition, entries = case.machine.definition, view.entries
    since = [entry for entry in entries if entry.number > form.seen]
    before = entries[: len(entries) - len(since)][::-1][:ENTRIES_SHOWN]
    offer = offers_of(work, case, person().identities, view.choices).named(action.id)
    return {
        "view": view,
        "case": case,
        "row": case.row,
        "definition": definition,
        "state": definition.state_by_id[case.state],
        "who": who,
        "action": action,
        "parts": parts_of(work, case, action),
        "reason_optional": reason_optional(work, case, action),
        "household": household_of(work, view) if case.kind.key == HOUSEHOLD else None,
        "state_title": work.workflows.state_title,
        **HOUSEHOLD_WORDS,
        "form": form.filled.without("case.stale") if since else form.filled,
        "is_shown": bool(
            (offer and (offer.is_open or offer.is_late)) or form.kept_at or form.filled.problems
        ),
        "names": (*action.fields, *action.optional_fields, *BESIDE),
        "labels": labels_of(case.machine.definition),
        "ticked": ticked(form.filled),
        "alike": cases_alike(work, reader(), case.row) if "merge_into" in action.fields else (),
        "granted": granted_before(work, reader(), case)
        if view.matter and action.id == granting.STEP
        else (),
        "offer": offer,
        "acting": list(offer.acting) if offer and offer.acting else [""],
        "outlook": outlook(work, case, action, view.passages) if offer and offer.is_open else (),
        "not_attached": _not_attached(work, case, action, view.entries) if offer else (),
        "taken": None if offer else _taken_already(entries, action),
        "version": case.version,
        "once": new_key(),
        "kept_at": form.kept_at,
        "since": shown_entries(case, since[::-1], view.zone),
        "entries": shown_entries(case, before, view.zone),
        "known": known_fields(definition, line_in(work, case, entries), entries),
        "today": work.today,
    }
