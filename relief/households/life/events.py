"""Steps that money depends on, as events of the hardship file: one rule for what they contradict
and what they write, whether they come through the register, the ledger, or the step itself.

The register and the ledger judge and write whole files, and hand each step its facts (`row`); of
any other step the event is applied here to the file in the hand.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from relief.engine.actors import SYSTEM
from relief.engine.step import Step
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.households import refusals
from relief.households.book import Book, take_in_hand
from relief.households.days import why_not_on
from relief.households.hardship_file import HardshipFile
from relief.households.recording import write_facts
from relief.households.scheme import scheme_terms
from relief.kernel.errors import Problem, TransitionRefused
from relief.kernel.text import _

REGRADED, UNCHANGED = "regraded", "unchanged"
DIED, OTHER = "died", "other"
# Who is paid no longer has a right to be told why.
SUSPEND, EXIT = "suspend", "exit"
# The form asks for the grade, and says so where it is missing.
_ASKED_BY_THE_FORM = {"grade.missing"}
# The fact that the register and the ledger hand over: the row of their file.
RECORDED_WITH = "row"


def is_recorded_with_it(step: Step) -> bool:
    """The step comes from the register or the ledger, which have judged and written its facts."""
    return RECORDED_WITH in step.facts


def facts_allow_it(work: Work, step: Step) -> list[Problem]:
    """What is known of the household does not contradict the step, nor does its day."""
    if is_recorded_with_it(step):
        return []
    problems = _applied(work, step)[1]
    told = [problem for problem in problems if problem.code not in _ASKED_BY_THE_FORM]
    return [*told, *_unsaid(step)]


def _unsaid(step: Step) -> list[Problem]:
    """Payment is not stopped without a reason: a suspension says it in words, an exit by its list,
    or in words where that has only "other". (The ledger tells of what was decided on paper.)"""
    other = step.action == EXIT and step.fields.get("exit_reason") == OTHER
    if not step.attempted or step.reason or not (step.action == SUSPEND or other):
        return []
    text = _("give the reason why payment is stopped: the household will ask for it")
    return [Problem("reason.missing", text, "reason")]


def record_facts(work: Work, step: Step) -> None:
    """Write the facts of the step; who is approved while held is suspended again."""
    if is_recorded_with_it(step):
        return
    book, problems = _applied(work, step)
    if problems:  # an office's own file asks for less than it has to
        raise TransitionRefused(problems)
    write_facts(work, step.actor, book)
    file = book.files[step.reference]
    if any(taken.action == "keep_suspended" for taken in file.steps):
        advance(work, step.kind, step.subject_id, "keep_suspended", SYSTEM)


def _applied(work: Work, step: Step) -> tuple[Book, list[Problem]]:
    """The file in the hand, as the step finds it, with the event applied."""
    book = take_in_hand(work, scheme_terms(work), step.reference)
    file = book.files[step.reference]
    file.state = step.state  # the row may have been written already: effects come after it
    day = why_not_on(step.happened_on, work.today, book.terms, step.actor)
    problems = _EVENTS[step.action](book, file, step)
    return book, [*([day] if day else []), *problems]


def _approve(book: Book, file: HardshipFile, step: Step) -> list[Problem]:
    grade = step.fields.get("grade", "")
    problems = file.approve(step.happened_on, grade, _said(step), action=step.action)
    members = dict.fromkeys(spell.person for spell in file.memberships if not spell.superseded)
    clashes = filter(None, map(book.counted_twice, members))
    return problems + [refusals.counted_twice(*clash) for clash in clashes]


def _exit(_book: Book, file: HardshipFile, step: Step) -> list[Problem]:
    by_death = step.fields.get("exit_reason") == DIED
    problems = file.exit(step.happened_on, _said(step), step.reason, by_death=by_death)
    if problems or file.state == "exited":
        return problems
    return [refusals.ended_already(file.household_no, step.happened_on)]


def _suspend(_book: Book, file: HardshipFile, step: Step) -> list[Problem]:
    return file.suspend(step.happened_on, _said(step), step.reason)


def _resume(_book: Book, file: HardshipFile, step: Step) -> list[Problem]:
    return file.resume(step.happened_on, _said(step), step.reason)


def _recheck(_book: Book, file: HardshipFile, step: Step) -> list[Problem]:
    """A re-check changes facts only where it finds another grade."""
    grade = step.fields.get("grade", "")
    if step.fields.get("recheck_result") != REGRADED or not grade:
        return []
    return file.regrade(step.happened_on, grade, _said(step))


def _said(step: Step) -> dict[str, Any]:
    return {"on": step.happened_on.isoformat()}


_EVENTS: dict[str, Callable[[Book, HardshipFile, Step], list[Problem]]] = {
    "approve": _approve,
    "exit": _exit,
    "suspend": _suspend,
    "resume": _resume,
    "recheck": _recheck,
}
