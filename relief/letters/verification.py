"""The search for letters that are not what was issued: rows against the journal, pages against
their hashes."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from relief.engine.cases import load_case
from relief.engine.journal.chain import JOURNAL
from relief.engine.work import Work
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.text import _
from relief.letters.queries import LETTER, opened
from relief.letters.steps import ISSUE

_ROWS = sa.select(LETTER).order_by(LETTER.c.id)
_ENTRIES = sa.select(JOURNAL).where(JOURNAL.c.action == ISSUE).order_by(JOURNAL.c.id)
# Columns and the facts that they have to be.
_SAID = {
    "letter": "which",
    "title": "letter_title",
    "language": "language",
    "sha256": "sha256",
    "template_sha256": "template_sha256",
}
Key = tuple[str, int, int]


def verify_letters(work: Work) -> list[Problem]:
    """Every letter that is not what was issued, and every one that is gone."""
    said = _said(work)
    problems = []
    for row in work.stream(_ROWS):
        key = (row["subject_kind"], row["subject_id"], row["number"])
        if said.pop(key, None) != _as_facts(dict(row)) or not _opens(work, dict(row)):
            text = _("Letter {number} of {no} is not what was issued.", **_named(work, key))
            problems.append(Problem("letter.altered", text))
    for key in said:
        text = _("Letter {number} of {no} was issued, and is not there.", **_named(work, key))
        problems.append(Problem("letter.gone", text))
    return problems


def _said(work: Work) -> dict[Key, dict[str, Any]]:
    """What the journal says of every letter."""
    found = {}
    for entry in work.connection.execute(_ENTRIES).mappings():
        facts = json.loads(entry["facts"])
        key = (entry["subject_kind"], entry["subject_id"], facts.get("letter", 0))
        found[key] = {
            **{column: facts.get(fact) for column, fact in _SAID.items()},
            "recorded_at": entry["at"],
            "recorded_by": entry["actor"],
        }
    return found


def _as_facts(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in (*_SAID, "recorded_at", "recorded_by")}


def _opens(work: Work, row: dict[str, Any]) -> bool:
    try:
        opened(work, row)
    except ReliefError:
        return False
    return True


def _named(work: Work, key: Key) -> dict[str, object]:
    kind, subject_id, number = key
    return {"number": number, "no": load_case(work, kind, subject_id).reference}
