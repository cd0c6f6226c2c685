"""Surveys and re-checks: what a home visit found, kept with the line that it was judged by.

Figures, cause and remarks are sealed; they leave here for whoever may read the file.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from relief.engine.step import Step
from relief.engine.work import Work
from relief.households.life.dibao import DIBAO, dibao_line_in
from relief.households.life.means import (
    LineInForce,
    Means,
    arithmetic,
    means_of,
    proposed_grade,
)
from relief.households.life.tables import Survey
from relief.kernel.columns import table_of
from relief.kernel.crypto import new_token
from relief.kernel.months import month_of
from relief.kernel.text import Text, as_json
from relief.kernel.unit_of_work import UnitOfWork, in_chunks

SURVEY = table_of(Survey)
SURVEYED, RECHECKED = "survey", "recheck"


@dataclass(frozen=True)
class Visit:
    """One survey or re-check, opened. `recheck_result` and `decided_grade` are empty where there
    are none."""

    household_id: int
    kind: str
    visited_on: dt.date
    visitors: str
    means: Means
    main_cause: str
    remarks: str
    line: LineInForce
    proposed_grade: str
    recheck_result: str
    decided_grade: str
    recorded_at: dt.datetime
    recorded_by: str

    def arithmetic(self) -> tuple[Text, ...]:
        """How the proposal came about, from what was stored."""
        return arithmetic(self.means, self.line)


def proposal_of(work: UnitOfWork, step: Step) -> str | None:
    """The grade that the figures of a step propose; None while they cannot be judged."""
    means = means_of(step.fields)
    line = dibao_line_in(work, month_of(step.happened_on))
    return None if means is None or line is None else proposed_grade(means, line.line_fen)


def record_visit(work: Work, step: Step) -> None:
    """Keep what a visit found, and what is proposed or decided on it."""
    means = means_of(step.fields)
    line = dibao_line_in(work, month_of(step.happened_on))
    assert means is not None
    assert line is not None
    token = new_token()
    work.insert(
        Survey,
        household_id=step.subject_id,
        kind=step.action,
        visited_on=step.happened_on,
        visitors=step.fields["visitors"],
        persons=means.persons,
        dibao_line_id=line.id,
        token=token,
        sealed_findings=work.cipher.seal(as_json(_findings(means, step.fields)), _context(token)),
        proposed_grade=proposed_grade(means, line.line_fen),
        recheck_result=step.fields.get("recheck_result", ""),
        decided_grade=step.fields.get("grade", ""),
        recorded_at=step.at,
        recorded_by=step.actor.username,
    )


def last_visit(work: UnitOfWork, household_id: int, kind: str = "") -> Visit | None:
    """The last visit to a household, of one kind or of any."""
    return last_visits(work, [household_id], kind).get(household_id)


def last_visits(work: UnitOfWork, household_ids: Iterable[int], kind: str = "") -> dict[int, Visit]:
    """The last visit to each of some households."""
    return {
        row["household_id"]: _visit(work, row)
        for chunk in in_chunks(household_ids)
        for row in work.connection.execute(_last_of(chunk, kind)).mappings()
    }


def _last_of(household_ids: Sequence[int], kind: str) -> sa.Select[Any]:
    asked = [SURVEY.c.household_id.in_(household_ids), *([SURVEY.c.kind == kind] if kind else [])]
    last = sa.select(sa.func.max(SURVEY.c.id)).where(*asked).group_by(SURVEY.c.household_id)
    return (
        sa.select(SURVEY, DIBAO.c.from_month, DIBAO.c.line_fen, DIBAO.c.document_no)
        .join(DIBAO, DIBAO.c.id == SURVEY.c.dibao_line_id)
        .where(SURVEY.c.id.in_(last))
    )


def _findings(means: Means, fields: Mapping[str, str]) -> dict[str, Any]:
    return {
        "means": asdict(means),
        "main_cause": fields["main_cause"],
        "remarks": fields.get("remarks", ""),
    }


def _visit(work: UnitOfWork, row: sa.RowMapping) -> Visit:
    found = json.loads(work.cipher.open(row["sealed_findings"], _context(row["token"])))
    line = LineInForce(row["dibao_line_id"], row["from_month"], row["line_fen"], row["document_no"])
    stored = {name: row[name] for name in Visit.__dataclass_fields__ if name in row}
    return Visit(
        **stored,
        means=Means(**found["means"]),
        main_cause=found["main_cause"],
        remarks=found["remarks"],
        line=line,
    )


def _context(token: str) -> str:
    return f"survey.findings:{token}"
