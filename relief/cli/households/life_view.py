"""How the life of one hardship file reads: survey, notice, objections, re-check, rank."""

from __future__ import annotations

from collections.abc import Iterator

from relief.cli.language import say
from relief.engine.clocks.terms import Reckoned
from relief.households.life.objections import Objection
from relief.households.life.surveys import Visit
from relief.households.words import CAUSE_WORDS, GRADE_WORDS, RECHECK_WORDS
from relief.kernel.money import format_yuan
from relief.kernel.text import Text, _
from relief.payouts.announced import Announcement
from relief.payouts.household_life import LifeView
from relief.payouts.words import yuan

_KINDS = {"survey": _("survey"), "recheck": _("re-check")}
_DECISIONS = {"": _("not decided yet"), "dismissed": _("dismissed"), "upheld": _("upheld")}

Facts = list[tuple[Text, object]]


def announcement_facts(shown: Announcement) -> Facts:
    """What the public may read, in the order of the board."""
    notice = shown.notice
    return [
        (_("household"), notice.household_no),
        (_("name"), notice.applicant_name),
        (_("employer"), notice.employer),
        (_("township"), notice.township),
        (_("category"), GRADE_WORDS[notice.grade]),
        (_("counted"), notice.counted_members),
        (_("yuan a month"), yuan(shown.monthly_fen) if shown.monthly_fen is not None else ""),
        (_("phone for objections"), notice.objection_phone),
        (_("published on"), notice.published_on),
        (_("to"), _until(shown.runs)),
    ]


def _until(runs: Reckoned | None) -> object:
    if runs is None:
        return ""
    if runs.due_on is None:
        return _("stands still: an objection is looked into")
    return _("{day} (provisional)", day=runs.due_on) if runs.provisional else runs.due_on


def announcement_as_json(shown: Announcement) -> dict[str, object]:
    """The same for programs."""
    notice, runs = shown.notice, shown.runs
    monthly = shown.monthly_fen
    return {
        "household_no": notice.household_no,
        "state": notice.state,
        "name": notice.applicant_name,
        "employer": notice.employer,
        "township": notice.township,
        "grade": notice.grade,
        "counted_members": notice.counted_members,
        "monthly_amount": format_yuan(monthly) if monthly is not None else None,
        "objection_phone": notice.objection_phone,
        "published_on": notice.published_on.isoformat(),
        "until_on": runs.due_on.isoformat() if runs and runs.due_on else None,
        "provisional": bool(runs and runs.provisional),
    }


def life_facts(view: LifeView) -> Iterator[tuple[Text, object]]:
    """The life of a file for people to read, below its facts."""
    if view.visit:
        yield _KINDS[view.visit.kind], _visit(view.visit)
        yield _("arithmetic"), "\n".join(say(line) for line in view.visit.arithmetic())
    if view.announcement:
        notice, until = view.announcement.notice, _until(view.announcement.runs)
        words = {"day": notice.published_on, "grade": GRADE_WORDS[notice.grade], "until": until}
        yield _("public notice"), _("from {day} to {until}, as {grade}", **words)
    for objection in view.objections:
        yield _("objection"), _objection(objection)
    if view.waiting:
        yield _("rank"), _("{rank} on the waiting list", rank=view.waiting.rank)
    if view.recheck:
        name = _("no longer entitled since") if view.recheck.to_exit else _("re-check due")
        yield name, view.recheck.due_on


def _visit(visit: Visit) -> Text:
    values = {
        "day": visit.visited_on,
        "visitors": visit.visitors,
        "cause": CAUSE_WORDS.get(visit.main_cause, visit.main_cause),
        "proposed": GRADE_WORDS.get(visit.proposed_grade, _("none")),
    }
    if not visit.recheck_result:
        return _("{day}, {visitors}; cause: {cause}; proposed grade: {proposed}", **values)
    return _(
        "{day}, {visitors}; cause: {cause}; proposed grade: {proposed}; result: {result}",
        **values,
        result=RECHECK_WORDS.get(visit.recheck_result, visit.recheck_result),
    )


def _objection(objection: Objection) -> Text:
    values = {
        "day": objection.objected_on,
        "who": objection.objector or _("unnamed"),
        "what": objection.objection,
        "decision": _DECISIONS.get(objection.decision, objection.decision),
    }
    if objection.decided_on is None:
        return _("{day}, {who}: {what} ({decision})", **values)
    return _(
        "{day}, {who}: {what} ({decision} on {decided}: {reason})",
        **values,
        decided=objection.decided_on,
        reason=objection.reason,
    )


def life_as_json(view: LifeView) -> dict[str, object]:
    """The life of a file for programs."""
    return {
        "survey": _visit_json(view.visit) if view.visit else None,
        "notice": announcement_as_json(view.announcement) if view.announcement else None,
        "objections": [_objection_json(objection) for objection in view.objections],
        "waiting_rank": view.waiting.rank if view.waiting else None,
        "recheck_due_on": view.recheck.due_on.isoformat() if view.recheck else None,
    }


def _visit_json(visit: Visit) -> dict[str, object]:
    means, line = visit.means, visit.line
    return {
        "kind": visit.kind,
        "visited_on": visit.visited_on.isoformat(),
        "visitors": visit.visitors,
        "annual_household_income": format_yuan(means.annual_income_fen),
        "unavoidable_expense": format_yuan(means.unavoidable_expense_fen),
        "persons": means.persons,
        "accident_loss": format_yuan(means.accident_loss_fen),
        "main_cause": visit.main_cause,
        "exclusion_criterion": means.exclusion_criterion,
        "dibao_line": format_yuan(line.line_fen),
        "dibao_document_no": line.document_no,
        "proposed_grade": visit.proposed_grade or None,
        "recheck_result": visit.recheck_result or None,
        "decided_grade": visit.decided_grade or None,
        "remarks": visit.remarks,
        "arithmetic": [say(text) for text in visit.arithmetic()],
    }


def _objection_json(objection: Objection) -> dict[str, object]:
    decided_on = objection.decided_on
    return {
        "objected_on": objection.objected_on.isoformat(),
        "objector": objection.objector or None,
        "objection": objection.objection,
        "decision": objection.decision or None,
        "decided_on": decided_on.isoformat() if decided_on else None,
        "decided_by": objection.decided_by or None,
        "reason": objection.reason or None,
    }
