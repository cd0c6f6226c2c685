"""The bank's answer: taken whole or not at all, harmless when it comes twice."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.files.columns import is_beyond_reading
from relief.kernel.money import Fen, format_yuan
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.payouts import queries, rules
from relief.payouts.queries import EVENT, LINE, Line, Run
from relief.payouts.runs.effects import settle_if_answered
from relief.payouts.runs.voiding import void_items
from relief.payouts.tables import LineEvent, ResultsFile

if TYPE_CHECKING:  # whoever only reads answers needs no reader of files
    from relief.payouts.bank.answer_file import ResultRow

RESULTS_FILE = table_of(ResultsFile)


@dataclass(frozen=True)
class Answered:
    """What an answer changed: lines by their new state; rows that said nothing new."""

    by_state: dict[str, int]
    repeated: int
    settled: bool
    same_file: bool = False


@dataclass(frozen=True)
class _Entry:
    line: Line
    row: ResultRow
    state: str


def record_results(  # noqa: PLR0913  (a file: its rows, its faults, its bytes, its name)
    work: Work,
    actor: Actor,
    run: Run,
    rows: Sequence[ResultRow],
    sha256: str,
    name: str,
    *,
    problems: Sequence[Problem] = (),
    dry_run: bool = False,
) -> Answered:
    """Take the bank's answer to a released run. Every fault of the file is named at once; one
    fault and nothing is written. `problems` are those found while reading the file."""
    if "finance" not in actor.roles:
        raise refuse(NotAllowed, "results.role", _("Only finance may record the bank's answer."))
    at = work.instant()
    run = queries.run_by_id(work, run.id)
    if run.state not in ("released", "settled"):
        raise refuse(
            Conflict,
            "run.not_released",
            _(
                "Run {run} was not released, so the bank cannot have answered it.",
                run=run.reference,
            ),
            "run",
        )
    if _taken_before(work, run, sha256):
        return Answered({}, len(rows), settled=False, same_file=True)
    if is_beyond_reading(problems):
        raise Invalid(problems)
    entries, repeated, faults = _match(work, run, rows)
    unread = {(problem.row, problem.field) for problem in problems}
    faults = [*problems, *(f for f in faults if (f.row, f.field) not in unread)]
    if faults:
        raise Invalid(sorted(faults, key=lambda fault: fault.row))
    if dry_run:
        return Answered(dict(Counter(e.state for e in entries)), repeated, settled=False)
    file_id = work.insert(
        ResultsFile,
        run_id=run.id,
        sha256=sha256,
        name=name,
        row_count=len(rows),
        recorded_at=at,
        recorded_by=actor.username,
    )
    _write(work, actor, entries, file_id)
    by_state = dict(sorted(Counter(entry.state for entry in entries).items()))
    advance(
        work,
        "payout_run",
        run.id,
        "record_results",
        actor,
        facts={
            "file": file_id,
            "lines": by_state,
            "repeated": repeated,
            "answers_sha256": queries.answers_sha256(work, run.id, file_id),
        },
    )
    return Answered(by_state, repeated, settled=settle_if_answered(work, run.id))


def _taken_before(work: UnitOfWork, run: Run, sha256: str) -> bool:
    return bool(
        work.rows(
            sa.select(RESULTS_FILE.c.id).where(
                RESULTS_FILE.c.run_id == run.id, RESULTS_FILE.c.sha256 == sha256
            )
        )
    )


def _match(
    work: UnitOfWork, run: Run, rows: Sequence[ResultRow]
) -> tuple[list[_Entry], int, list[Problem]]:
    lines = {line.reference: line for line in queries.iterate_lines(work, run.id)}
    said = _said_before(work, run)
    entries: list[_Entry] = []
    repeated, problems = 0, []
    for row in rows:
        line = lines.get(row.reference)
        if line is None:
            problems.append(
                row.at.problem(
                    "results.unknown_line",
                    _("{run} has no line {reference}", run=run.reference, reference=row.reference),
                    "reference",
                )
            )
            continue
        problems += _faults(work, line, row)
        if not row.status:
            continue  # reported while reading
        if (line.id, row.status, row.settled_on) in said:
            repeated += 1
            continue
        state = rules.ANSWERS.get(line.state, {}).get(row.status)
        if state is None:
            problems.append(_no_such_step(line, row))
        elif state == line.state:
            repeated += 1
        else:
            entries.append(_Entry(line, row, state))
    return entries, repeated, problems


def _said_before(work: UnitOfWork, run: Run) -> set[tuple[int, str, object]]:
    """Answers that were recorded already: the same word, of the same day or of none, for the same
    line."""
    rows = work.rows(
        sa.select(EVENT.c.line_id, EVENT.c.answer, EVENT.c.settled_on)
        .join(LINE, LINE.c.id == EVENT.c.line_id)
        .where(LINE.c.run_id == run.id, EVENT.c.answer != "")
    )
    dated = {(row[0], row[1], row[2]) for row in rows}
    return dated | {(line_id, answer, None) for line_id, answer, _day in dated}


def _faults(work: UnitOfWork, line: Line, row: ResultRow) -> Iterator[Problem]:
    if row.amount_fen != line.amount_fen:
        text = _(
            "{reference} was sent with {right}, the answer says {wrong}",
            reference=line.reference,
            right=format_yuan(line.amount_fen),
            wrong=format_yuan(row.amount_fen),
        )
        yield row.at.problem("results.wrong_amount", text, "amount")
    if row.settled_on is not None and row.settled_on > work.today:
        text = _("{day} lies in the future", day=row.settled_on)
        yield row.at.problem("results.future", text, "settled_on")


def _no_such_step(line: Line, row: ResultRow) -> Problem:
    return row.at.problem(
        "results.no_such_step",
        _(
            "{reference} is {state}; the bank cannot answer {status} to that",
            reference=line.reference,
            state=line_state_title(line.state),
            status=answer_title(row.status),
        ),
        "status",
    )


def line_state_title(state: str) -> object:
    """The word for a line's state."""
    return {
        "prepared": _("prepared"),
        "sent": _("sent"),
        "processing": _("processing"),
        "paid": _("paid"),
        "failed": _("failed"),
        "returned": _("returned by the bank"),
        "withdrawn": _("withdrawn"),
        "cancelled": _("cancelled"),
    }[state]


def answer_title(answer: str) -> object:
    """The word for a bank's answer."""
    return {
        "success": _("success"),
        "failed": _("failed"),
        "processing": _("processing"),
        "returned": _("returned"),
    }[answer]


def _write(work: UnitOfWork, actor: Actor, entries: list[_Entry], file_id: int) -> None:
    work.insert_all(
        LineEvent,
        [
            {
                "line_id": entry.line.id,
                "state": entry.state,
                "at": work.instant(),
                "actor": actor.username,
                "answer": entry.row.status,
                "settled_on": entry.row.settled_on or work.today,
                "results_file_id": file_id,
                "sealed_reason": work.cipher.seal(
                    entry.row.reason, f"line_event.reason:{entry.line.reference}"
                )
                if entry.row.reason
                else None,
            }
            for entry in entries
        ],
    )
    voided = [e.line.id for e in entries if e.state in rules.VOIDING_STATES]
    for chunk in in_chunks(voided):
        void_items(work, sa.select(LINE.c.id).where(LINE.c.id.in_(chunk)))


@dataclass(frozen=True)
class Reconciliation:
    """Released = paid + failed + returned + processing + unanswered, in count and in sum."""

    released: tuple[int, Fen]
    by_state: dict[str, tuple[int, Fen]]

    @property
    def balances(self) -> bool:
        """True where the parts add up."""
        parts = self.by_state.values()
        return self.released == (sum(p[0] for p in parts), sum(p[1] for p in parts))


def reconcile(work: UnitOfWork, run: Run) -> Reconciliation:
    """Of a released run, what the bank has said so far (`sent` lines are unanswered)."""
    counts = queries.counts_by_state(work, run.id)
    states = ("paid", "failed", "returned", "processing", "sent")
    return Reconciliation(
        (run.line_count, run.total_fen), {state: counts.get(state, (0, 0)) for state in states}
    )


def answer_due_on(work: Work, run: Run) -> dt.date | None:
    """The working day by which the bank should have answered a released run."""
    if run.released_at is None:
        return None
    days: int = json.loads(run.settings)["unanswered_days_max"]
    return work.calendar.working_days_after(work.clock.day_of(run.released_at), days).day


def unanswered_lines(work: Work, run: Run, lines: Iterable[Line]) -> list[Line]:
    """The lines of a run that the bank should have answered by now, and has not."""
    due_on = answer_due_on(work, run)
    if due_on is None or work.today <= due_on:
        return []
    return [line for line in lines if line.state == "sent"]
