"""The effects of a run's steps: what is written in the transaction of the step."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from relief.engine.actors import PROGRAM, SYSTEM
from relief.engine.journal.passages import last_taken, passages_of
from relief.engine.step import Step
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.households.tables import Account, Enrolment, Hold, Household
from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries
from relief.payouts.queries import EVENT, LINE, RUN
from relief.payouts.runs.guards import open_lines
from relief.payouts.runs.invariants import check_sums
from relief.payouts.runs.voiding import void_items, void_list

HOUSEHOLD, ENROLMENT = table_of(Household), table_of(Enrolment)
HOLD, ACCOUNT = table_of(Hold), table_of(Account)
_NAMED_MAX = 20


def name_the_preparer(work: Work, step: Step) -> None:
    """Where the scheduler prepared, who submitted last counts as the preparer."""
    prepared = last_taken(passages_of(work, step.kind, step.subject_id), "prepare")
    assert prepared is not None, "a run begins with being prepared"
    if prepared.people & PROGRAM:
        _set(work, step, prepared_by=step.actor.username)


def keep_approved_list(work: Work, step: Step) -> None:
    """Keep the hash that was approved; release compares it again."""
    _set(work, step, approved_sha256=step.row["sha256"])


def withdraw_line(work: Work, step: Step) -> None:
    """Take one line out: its items are owed again, total and hash are computed anew. That is the
    approval of the list without the line."""
    line = queries.lines_of(work, step.subject_id, step.fields["household_no"])[0]
    add_event(work, [line.id], "withdrawn", step)
    void_items(work, sa.select(LINE.c.id).where(LINE.c.id == line.id))
    count, total_fen = queries.totals(work, step.subject_id)
    sha256 = queries.list_sha256(work, step.subject_id)
    approved = {"approved_sha256": sha256} if step.state == "approved" else {}
    _set(work, step, line_count=count, total_fen=total_fen, sha256=sha256, **approved)
    check_sums(work, step.subject_id)


def send_lines(work: Work, step: Step) -> None:
    """Every line not withdrawn goes to the bank; a run without lines is settled by that."""
    check_sums(work, step.subject_id)
    prepared = (
        sa.select(LINE.c.id)
        .where(queries.listed(step.subject_id), queries.line_state() == "prepared")
        .order_by(LINE.c.id)
    )
    sent = prepared.subquery()
    work.connection.execute(
        sa.insert(EVENT).from_select(
            ["line_id", "state", "at", "actor", "answer"],
            sa.select(
                sent.c.id,
                sa.literal("sent"),
                sa.literal(step.at, EVENT.c.at.type),
                sa.literal(step.actor.username),
                sa.literal(""),
            ),
        )
    )
    _set(work, step, released_at=step.at)
    settle_if_answered(work, step.subject_id)


def settle_if_answered(work: Work, run_id: int) -> bool:
    """A released run settles by itself when no line is open."""
    run = queries.run_by_id(work, run_id)
    if run.state != "released" or open_lines(work, run_id):
        return False
    advance(work, "payout_run", run_id, "settle", SYSTEM)
    return True


def note_settled(work: Work, step: Step) -> None:
    """Keep when the last answer came."""
    _set(work, step, settled_at=step.at)


def void_run(work: Work, step: Step) -> None:
    """A cancelled run leaves no trace in what is owed."""
    void_list(work, step.subject_id, step.actor.username)


def add_event(work: UnitOfWork, line_ids: list[int], state: str, step: Step) -> None:
    """Write one event for each of the lines."""
    work.connection.execute(
        sa.insert(EVENT),
        [
            {
                "line_id": line_id,
                "state": state,
                "at": step.at,
                "actor": step.actor.username,
                "answer": "",
            }
            for line_id in line_ids
        ],
    )


def _set(work: UnitOfWork, step: Step, **values: Any) -> None:
    work.connection.execute(sa.update(RUN).where(RUN.c.id == step.subject_id).values(**values))
