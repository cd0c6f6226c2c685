"""The search for papers that are not what was attached: rows against the journal, files against
their hashes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from relief.engine.cases import load_case
from relief.engine.journal.chain import JOURNAL
from relief.engine.work import Work
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.papers.queries import PAPER
from relief.papers.steps import ATTACH, DETACH
from relief.papers.store import PaperStore

_ROWS = sa.select(PAPER).order_by(PAPER.c.id)
_ENTRIES = sa.select(JOURNAL).where(JOURNAL.c.action.in_((ATTACH, DETACH))).order_by(JOURNAL.c.id)
_SAID = ("sha256", "size_bytes", "file_type")
Row = Mapping[str, Any]
Subject = tuple[str, int]


def verify_papers(work: Work, store: PaperStore) -> list[Problem]:
    """Every paper whose row or file is not what was attached, and every one that is gone."""
    attached, detached = _taken(work)
    problems: list[Problem] = []
    rows: list[Row] = [dict(row) for row in work.connection.execute(_ROWS).mappings()]
    for row in rows:
        subject = (row["subject_kind"], row["subject_id"])
        entry = attached.pop((*subject, row["number"]), None)
        as_taken_back = _is_as_taken_back(row, detached)
        if entry is None or not _is_as_said(row, entry) or not as_taken_back:
            text = _(
                "Paper {number} of {no} is not what its case's journal says.",
                number=row["number"],
                no=_reference(work, *subject),
            )
            problems.append(Problem("paper.altered", text))
        problems += _file_problems(work, store, row)
    problems += [_gone(work, *key) for key in attached]
    problems += [_not_taken_back(work, *subject) for subject, left in detached.items() if left]
    return problems


def _taken(work: Work) -> tuple[dict[tuple[str, int, int], Row], dict[Subject, list[Row]]]:
    """The steps of papers: those that attached one by its number, and those that took one back."""
    attached: dict[tuple[str, int, int], Row] = {}
    detached: dict[Subject, list[Row]] = {}
    for entry in work.connection.execute(_ENTRIES).mappings():
        subject = (entry["subject_kind"], entry["subject_id"])
        facts = json.loads(entry["facts"])
        if entry["action"] == DETACH:
            detached.setdefault(subject, []).append(dict(entry))
        elif "paper" in facts:
            attached[(*subject, facts["paper"])] = {**entry, "facts": facts}
    return attached, detached


def _is_as_said(row: Row, entry: Row) -> bool:
    """A paper as the step says that attached it."""
    said = all(row[name] == entry["facts"].get(name) for name in _SAID)
    return said and (row["recorded_at"], row["recorded_by"]) == (entry["at"], entry["actor"])


def _is_as_taken_back(row: Row, detached: dict[Subject, list[Row]]) -> bool:
    """One that stands, or that a step of its case took back then; that step is used up."""
    if row["detached_at"] is None:
        return True
    steps = detached.get((row["subject_kind"], row["subject_id"]), [])
    for step in steps:
        if (step["at"], step["actor"]) == (row["detached_at"], row["detached_by"]):
            steps.remove(step)
            return True
    return False


def _file_problems(work: Work, store: PaperStore, row: Row) -> Iterator[Problem]:
    fault = store.fault(row["sha256"])
    if fault is not None:
        text = _(
            "Paper {number} of {no}: {fault}",
            number=row["number"],
            no=_reference(work, row["subject_kind"], row["subject_id"]),
            fault=fault.problems[0].text,
        )
        yield Problem(fault.problems[0].code, text)


def _gone(work: Work, kind: str, subject_id: int, number: int) -> Problem:
    text = _(
        "Paper {number} of {no} was attached by its journal, and is not there.",
        number=number,
        no=_reference(work, kind, subject_id),
    )
    return Problem("paper.gone", text)


def _not_taken_back(work: Work, kind: str, subject_id: int) -> Problem:
    text = _(
        "A paper of {no} was taken back by its journal, and stands.",
        no=_reference(work, kind, subject_id),
    )
    return Problem("paper.not_taken_back", text)


def _reference(work: Work, kind: str, subject_id: int) -> str:
    return load_case(work, kind, subject_id).reference
