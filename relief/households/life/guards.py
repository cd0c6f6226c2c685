"""What may stand against a step of the life cycle, beside what its file says.

Where the step is not attempted yet, nothing was typed: what is missing then is told to nobody.
Where it is, the form says which of its fields are missing.
"""

from __future__ import annotations

from relief.engine.journal.passages import last_taken, passages_of
from relief.engine.only_with import only_with
from relief.engine.step import Step
from relief.engine.work import Work
from relief.households.life.dibao import dibao_line_in
from relief.households.life.events import RECORDED_WITH, REGRADED, UNCHANGED
from relief.households.life.notices import announced_grade
from relief.households.life.surveys import SURVEYED, last_visit, proposal_of
from relief.households.life.waiting import waiting_list
from relief.households.queries import grades_of, places_taken
from relief.households.scheme import scheme_terms
from relief.households.words import GRADE_WORDS
from relief.kernel.errors import Problem
from relief.kernel.months import format_month, month_of
from relief.kernel.text import _

facts_are_recorded_with_it = only_with(
    RECORDED_WITH,
    "household.facts_missing",
    _("this is recorded through the register or the ledger, which keep the facts of it"),
)
# Payouts keeps the choice, in the same transaction.
choice_is_recorded_with_it = only_with(
    "recovery",
    "household.own_command",
    _("This is recorded when an approver chooses how an over-payment is recovered."),
)


def visit_can_be_judged(work: Work, step: Step) -> list[Problem]:
    """Somebody lives there, and the line is known by which the visit is judged."""
    problems = []
    if "persons" in step.fields and not step.fields["persons"].strip("0"):
        text = _("count at least one person living together")
        problems.append(Problem("survey.nobody", text, "persons"))
    month = month_of(step.happened_on)
    if dibao_line_in(work, month) is None:
        text = _(
            "No minimum living line is known for {month}; an administrator records it.",
            month=format_month(month),
        )
        problems.append(Problem("survey.no_line", text))
    return problems


def visited_since_objection(work: Work, step: Step) -> list[Problem]:
    """After an objection that was upheld the home is visited again."""
    passages = passages_of(work, step.kind, step.subject_id)
    upheld = last_taken(passages, "uphold_objection")
    visited = last_taken(passages, "survey")
    if upheld is None or (visited and passages.index(visited) > passages.index(upheld)):
        return []
    day = work.clock.day_of(upheld.happened_at)
    text = _("an objection was upheld on {day}; the home has to be visited again first", day=day)
    return [Problem("notice.not_visited_again", text)]


def grade_to_announce_is_known(work: Work, step: Step) -> list[Problem]:
    """A notice names a grade: the one that is given, or the one that was proposed."""
    if not step.attempted or announced_grade(work, step):
        return []
    text = _("the survey proposed no grade; name the one to announce, or do not approve")
    return [Problem("notice.no_grade", text, "grade")]


def places_are_free(work: Work, _step: Step) -> list[Problem]:
    """The scheme has a place for one more."""
    places, taken = scheme_terms(work).places_max, places_taken(work)
    if taken < places:
        return []
    text = _(
        "no place is free: {taken} of {places} are taken; put the household on the waiting list",
        taken=taken,
        places=places,
    )
    return [Problem("places.none_free", text)]


def no_place_is_free(work: Work, _step: Step) -> list[Problem]:
    """Nobody waits while there is a place."""
    places, taken = scheme_terms(work).places_max, places_taken(work)
    if taken >= places:
        return []
    text = _(
        "{free} of {places} places are free; nobody has to wait", free=places - taken, places=places
    )
    return [Problem("places.free", text)]


def first_in_rank_or_reason(work: Work, step: Step) -> list[Problem]:
    """Who comes first on the waiting list is approved first; else it is said why."""
    if step.reason or not step.attempted:
        return []
    first = waiting_list(work, with_household=step.subject_id)[0]
    if first.household_id == step.subject_id:
        return []
    text = _(
        "{first} comes first on the waiting list; give the reason why {no} is approved before it",
        first=first.household_no,
        no=step.reference,
    )
    return [Problem("waiting.not_first", text, "reason")]


def grade_as_proposed_or_reason(work: Work, step: Step) -> list[Problem]:
    """Who decides another grade than the proposed one says why."""
    grade = step.fields.get("grade", "")
    if step.reason or not grade:
        return []
    visit = last_visit(work, step.subject_id, SURVEYED)
    return _differs(grade, visit.proposed_grade if visit else "")


def recheck_fits(work: Work, step: Step) -> list[Problem]:
    """A grade is named where the re-check found another one, and only there; who decides against
    the arithmetic, also by leaving all as it is, says why."""
    result, grade = step.fields.get("recheck_result", ""), step.fields.get("grade", "")
    known = [spell.grade for spell in grades_of(work, step.subject_id)][-1:]
    if result and result != REGRADED and grade:
        text = _("the grade stays as it is; leave it out, or say that it is another one")
        return [Problem("recheck.grade_unasked", text, "grade")]
    if result == REGRADED and not grade:
        text = _("name the grade that the re-check found")
        return [Problem("recheck.grade_missing", text, "grade")]
    if result == REGRADED and [grade] == known:
        text = _("the grade is that already; choose another, or say that it stays")
        return [Problem("recheck.same_grade", text, "grade")]
    decided = {REGRADED: [grade], UNCHANGED: known}.get(result, [])
    proposed = proposal_of(work, step) if decided and not step.reason else None
    return [] if proposed is None else _differs(decided[0], proposed)


def _differs(grade: str, proposed: str) -> list[Problem]:
    if grade == proposed:
        return []
    text = _(
        "the proposed grade is: {proposed}; give the reason for another one",
        proposed=GRADE_WORDS.get(proposed, _("none")),
    )
    return [Problem("grade.differs", text, "reason")]
