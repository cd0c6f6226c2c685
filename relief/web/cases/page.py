"""The page of a case: everything in sight that somebody decides by."""

from __future__ import annotations

from flask import render_template, request

from relief.engine.actors import role_titles
from relief.engine.cases import Case
from relief.engine.steps.recusal import all_aside
from relief.engine.work import Work
from relief.finding.beside import HouseholdBeside, household_beside
from relief.households.words import GRADE_WORDS
from relief.kernel.months import format_month
from relief.letters.reading import view_letters
from relief.papers.reading import view_papers
from relief.payouts.bank.answers import line_state_title
from relief.petitions.life.granted import granted_before
from relief.petitions.one_case.alike import Alike, cases_alike
from relief.petitions.one_case.bringing import what_to_bring
from relief.petitions.one_case.reading import CaseView, line_in, view_case
from relief.petitions.rules import RELATIONS
from relief.typed.drafts import draft_of
from relief.typed.once import new_key
from relief.web.access import may
from relief.web.cases.asked import HOUSEHOLD, draft_name
from relief.web.cases.offers import offers_of
from relief.web.cases.words import known_fields, shown_entries
from relief.web.names import who
from relief.web.request import person, reader

ENTRIES_SHOWN = 30
HOUSEHOLD_WORDS: dict[str, object] = {
    "line_state_title": line_state_title,
    "month": format_month,
    "grade_words": GRADE_WORDS,
}
_DESK = "desk.desk_page"


def case_page(work: Work, case: Case, phone: str = "") -> str:
    """The page of a case that who reads it may see, with the number that is shown this once; called
    while it is looked."""
    return render_template("cases/case.html", **_in_sight(work, case), phone=phone)


def _in_sight(work: Work, case: Case) -> dict[str, object]:
    view = view_case(work, case, reader())
    definition, papers = case.machine.definition, view_papers(work, case)
    entries = view.entries[::-1]
    if request.args.get("entries") != "all":
        entries = entries[:ENTRIES_SHOWN]
    return {
        "view": view,
        "case": case,
        "row": case.row,
        "definition": definition,
        "state": definition.state_by_id[case.state],
        "who": who,
        "entries": shown_entries(case, entries, view.zone),
        "entries_left": len(view.entries) - len(entries),
        "known": known_fields(definition, line_in(work, case, view.entries), view.entries),
        "relations": RELATIONS,
        "role_titles": role_titles,
        "household": household_of(work, view),
        "alike": _alike(work, view),
        "granted": granted_before(work, reader(), case) if view.matter else (),
        "state_title": work.workflows.state_title,
        **HOUSEHOLD_WORDS,
        "papers": papers,
        "letters": view_letters(work, case, view.entries),
        "to_bring": what_to_bring(work, case, view.entries, view.choices or (), papers.kinds),
        "offers": offers_of(work, case, person().identities, view.choices),
        "contacts_to_come": may(_DESK)
        and any(choice.action.id == "add_contact" for choice in view.choices or ()),
        "stands_aside": all_aside(work, case.kind.key, case.id, person().identities),
        "once": new_key(),
        "note_begun": _note_begun(work, case),
    }


def _note_begun(work: Work, case: Case) -> bool:
    """True where a note was begun here and not sent."""
    found = draft_of(work, reader(), draft_name(case, "note"))
    return bool(found and found.fields.get("note", "").strip())


def _alike(work: Work, view: CaseView) -> list[Alike]:
    """Open cases that may be the same matter, as long as this one can still go into another."""
    may_merge = any("merge_into" in choice.action.fields for choice in view.choices or ())
    return cases_alike(work, reader(), view.case.row) if view.matter and may_merge else []


def household_of(work: Work, view: CaseView) -> HouseholdBeside | None:
    """The hardship file that this is; of what somebody brought the one that was named last at a
    step, else the petitioner's."""
    if view.case.kind.key == HOUSEHOLD:
        return household_beside(work, view.case.reference, None)
    if view.matter is None:
        return None
    named = [each.fields["household_no"] for each in view.entries if "household_no" in each.fields]
    return household_beside(work, named[-1] if named else "", view.case.row["petitioner_id"])
