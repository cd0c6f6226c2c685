"""The search for papers that are not what was attached: rows against the journal, files against
their hashes."""

from __future__ import annotations

from collections.abc import Iterator

from relief.engine.cases import name_of_case
from relief.engine.journal.against import Row, Written, rows_of, steps_of
from relief.engine.work import Work
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.papers.queries import PAPER, name_in
from relief.papers.steps import ATTACH, DETACH, KIND, NAME, NUMBER
from relief.papers.store import PaperStore

_SAID = ("sha256", "size_bytes", "file_type")
Subject = tuple[str, int]
Attached = dict[tuple[str, int, object], Written]
Detached = dict[Subject, list[Written]]


def verify_papers(work: Work, store: PaperStore) -> list[Problem]:
    """Every paper whose row or file is not what was attached, and every one that is gone."""
    attached, detached = _taken(work)
    rows, problems = rows_of(work, PAPER)
    for row in rows:
        subject = (row["subject_kind"], row["subject_id"])
        entry = attached.pop((*subject, row["number"]), None)
        as_taken_back = _is_as_taken_back(row, detached)
        if entry is None or not _is_as_said(work, row, entry) or not as_taken_back:
            text = _(
                "Paper {number} of {no} is not what its case's journal says.",
                number=row["number"],
                no=name_of_case(work, *subject),
            )
            problems.append(Problem("paper.altered", text))
        problems += _file_problems(work, store, row)
    problems += [_gone(work, *key) for key in attached]
    problems += [_not_taken_back(work, *subject) for subject, left in detached.items() if left]
    return problems


def file_faults(work: Work, store: PaperStore) -> list[Problem]:
    """Every paper whose file is missing, or not what was attached."""
    rows, _unreadable = rows_of(work, PAPER)
    return [problem for row in rows for problem in _file_problems(work, store, row)]


def _taken(work: Work) -> tuple[Attached, Detached]:
    """The steps of papers: those that attached one by its number, and those that took one back."""
    attached: Attached = {}
    detached: Detached = {}
    for step in steps_of(work, (ATTACH, DETACH)):
        number = step.facts.get("paper")
        if step.record["action"] == DETACH:
            detached.setdefault(step.subject, []).append(step)
        elif isinstance(number, int):
            attached[(*step.subject, number)] = step
    return attached, detached


def _is_as_said(work: Work, row: Row, step: Written) -> bool:
    """A paper as the step says that attached it; its name and kind as far as that is not erased."""
    recorded = (step.record["at"], step.record["actor"])
    if (row["recorded_at"], row["recorded_by"]) != recorded:
        return False
    if any(row[name] != step.facts.get(name) for name in _SAID):
        return False
    name = name_in(work, row)
    if step.fields is None:
        return name is not None
    return (name, row["kind"]) == (step.fields.get(NAME), step.fields.get(KIND, ""))


def _is_as_taken_back(row: Row, detached: Detached) -> bool:
    """One that stands, or that a step of its case took back then; that step is used up."""
    if row["detached_at"] is None:
        return not row["detached_by"]
    steps = detached.get((row["subject_kind"], row["subject_id"]), [])
    taken_back = (row["detached_at"], row["detached_by"])
    for step in steps:
        names_it = step.fields is None or step.fields.get(NUMBER) == str(row["number"])
        if names_it and (step.record["at"], step.record["actor"]) == taken_back:
            steps.remove(step)
            return True
    return False


def _file_problems(work: Work, store: PaperStore, row: Row) -> Iterator[Problem]:
    fault = store.fault(row["sha256"])
    if fault is not None:
        text = _(
            "Paper {number} of {no}: {fault}",
            number=row["number"],
            no=name_of_case(work, row["subject_kind"], row["subject_id"]),
            fault=fault.problems[0].text,
        )
        yield Problem(fault.problems[0].code, text)


def _gone(work: Work, kind: str, subject_id: int, number: object) -> Problem:
    text = _(
        "Paper {number} of {no} was attached by its journal, and is not there.",
        number=number,
        no=name_of_case(work, kind, subject_id),
    )
    return Problem("paper.gone", text)


def _not_taken_back(work: Work, kind: str, subject_id: int) -> Problem:
    text = _(
        "A paper of {no} was taken back by its journal, and stands.",
        no=name_of_case(work, kind, subject_id),
    )
    return Problem("paper.not_taken_back", text)
