"""The search for letters that are not what was issued: rows against the journal, pages against
their hashes."""

from __future__ import annotations

from typing import Any

from relief.engine.cases import name_of_case
from relief.engine.journal.against import Row, rows_of, steps_of
from relief.engine.work import Work
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.text import _
from relief.letters.queries import LETTER, opened
from relief.petitions.life.issuing import ISSUE

# Columns and the facts that they have to be.
_SAID = {
    "letter": "which",
    "title": "letter_title",
    "language": "language",
    "sha256": "sha256",
    "template_sha256": "template_sha256",
}
_DAY = "issued_on"
Key = tuple[str, int, object]


def verify_letters(work: Work) -> list[Problem]:
    """Every letter that is not what was issued, and every one that is gone."""
    said = _said(work)
    rows, problems = rows_of(work, LETTER)
    for row in rows:
        key = (row["subject_kind"], row["subject_id"], row["number"])
        if said.pop(key, None) != _as_facts(row) or not _opens(work, row):
            text = _("Letter {number} of {no} is not what was issued.", **_named(work, key))
            problems.append(Problem("letter.altered", text))
    for key in said:
        text = _("Letter {number} of {no} was issued, and is not there.", **_named(work, key))
        problems.append(Problem("letter.gone", text))
    return problems


def _said(work: Work) -> dict[Key, dict[str, Any]]:
    """What the journal says of every letter."""
    found: dict[Key, dict[str, Any]] = {}
    for step in steps_of(work, (ISSUE,)):
        number, at = step.facts.get("letter"), step.record["at"]
        found[(*step.subject, number if isinstance(number, int) else 0)] = {
            **{column: step.facts.get(fact) for column, fact in _SAID.items()},
            # One from before the day was among the facts was issued on the day of its record.
            _DAY: step.facts.get(_DAY, at.astimezone(work.clock.zone).date().isoformat()),
            "recorded_at": at,
            "recorded_by": step.record["actor"],
        }
    return found


def _as_facts(row: Row) -> dict[str, Any]:
    values = {name: row[name] for name in (*_SAID, "recorded_at", "recorded_by")}
    return {**values, _DAY: row[_DAY].isoformat()}


def _opens(work: Work, row: Row) -> bool:
    try:
        opened(work, row)
    except (ReliefError, ValueError, TypeError):
        return False
    return True


def _named(work: Work, key: Key) -> dict[str, object]:
    kind, subject_id, number = key
    return {"number": number, "no": name_of_case(work, kind, subject_id)}
