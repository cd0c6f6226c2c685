"""The guards of a run's steps: each answers with every reason against the step."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from relief.engine.journal.passages import passages_of
from relief.engine.only_with import only_with
from relief.engine.step import Step
from relief.engine.work import Work
from relief.households.tables import Account, Enrolment, Hold, Household
from relief.kernel.columns import table_of
from relief.kernel.errors import Problem
from relief.kernel.text import Username, _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries, rules
from relief.payouts.queries import EVENT, ITEM, LINE
from relief.payouts.tables import Repayment, WriteOff

HOUSEHOLD, ENROLMENT = table_of(Household), table_of(Enrolment)
REPAYMENT, WRITE_OFF = table_of(Repayment), table_of(WriteOff)
HOLD, ACCOUNT = table_of(Hold), table_of(Account)
_NAMED_MAX = 20


comes_with_a_list = only_with(
    "anew",
    "run.own_command",
    _("This is recorded when the list is prepared."),
)
comes_with_an_answer = only_with(
    "file",
    "run.own_command",
    _("This is recorded when the bank has answered."),
)


def nothing_recovered_waits(work: Work, step: Step) -> list[Problem]:
    """What a household brought back, or what is to be given up, is not recovered as well because
    nobody has confirmed it yet."""
    recovered = (
        sa.select(ITEM.c.household_id, ITEM.c.month)
        .join(LINE, LINE.c.id == ITEM.c.line_id)
        .where(
            queries.listed(step.subject_id),
            queries.line_state() != "withdrawn",
            ITEM.c.kind == "recovery",
        )
        .subquery("recovered")
    )
    waiting = sa.union_all(
        *(
            sa.select(table.c.reference)
            .join(
                recovered,
                (recovered.c.household_id == table.c.household_id)
                & (recovered.c.month == table.c.month),
            )
            .where(table.c.state == "recorded")
            for table in (REPAYMENT, WRITE_OFF)
        )
    )
    found = sorted(row[0] for row in work.rows(waiting))
    if not found:
        return []
    text = _(
        "the list recovers what waits to be confirmed as brought back or given up ({numbers}); "
        "have that confirmed and the list made anew, have it declined, or withdraw the line",
        numbers=found[:_NAMED_MAX],
    )
    return [Problem("run.waiting_money", text)]


def list_is_not_stale(work: Work, step: Step) -> list[Problem]:
    """A later draft counted items as paid that were taken back since: it must be made anew."""
    taken_back = sa.exists().where(
        EVENT.c.line_id == LINE.c.id, EVENT.c.state == "cancelled", EVENT.c.at > step.row["as_of"]
    )
    stale = work.connection.execute(
        sa.select(sa.func.count())
        .select_from(LINE)
        .where(LINE.c.run_id != step.subject_id, LINE.c.made_at < step.row["as_of"], taken_back)
    ).scalar_one()
    if not stale:
        return []
    return [
        Problem(
            "run.stale",
            _(
                "an earlier run was cancelled or made anew after this list was made; prepare "
                "{run} anew "
                "first",
                run=step.reference,
            ),
        )
    ]


def returner_is_approver_or_preparer(_work: Work, step: Step) -> list[Problem]:
    """An approver may return a list, and whoever prepared it."""
    if "approver" in step.actor.roles or preparer_of(step.row) in step.actor.people:
        return []
    return [Problem("run.returner", _("only an approver, or who prepared the list, may return it"))]


def preparer_of(row: Any) -> str:
    """The user who counts as the preparer (empty: the scheduler prepared, nobody submitted)."""
    return str(row["prepared_by"])


def list_is_the_one_seen(work: Work, step: Step) -> list[Problem]:
    """What is approved is the list that the approver saw, as it stands in the database now."""
    stands = queries.list_sha256(work, step.subject_id)
    seen = step.fields.get("sha256", "").strip().lower()
    if stands != step.row["sha256"]:
        return [_altered(step)]
    if seen and seen != stands:
        return [
            Problem(
                "run.another_list",
                _(
                    "the list is another one than the one seen ({seen}…): it is {stands}… now; "
                    "look at it again",
                    seen=seen[:12],
                    stands=stands[:12],
                ),
                "sha256",
            )
        ]
    return []


def list_is_the_approved_one(work: Work, step: Step) -> list[Problem]:
    """What is released is, to the byte, what was approved."""
    if queries.list_sha256(work, step.subject_id) != step.row["approved_sha256"]:
        return [_altered(step)]
    return []


def _altered(step: Step) -> Problem:
    return Problem(
        "run.altered",
        _(
            "The list stored for {run} is not the one that was made.",
            run=step.reference,
        ),
    )


def no_listed_household_was_stopped(work: Work, step: Step) -> list[Problem]:
    """Since T, no listed household was put on hold, exited, or had its account changed."""
    rows = work.rows(
        sa.select(HOUSEHOLD.c.household_no, _stop_reason(step).label("reason"))
        .join(LINE, LINE.c.household_id == HOUSEHOLD.c.id)
        .where(
            queries.listed(step.subject_id),
            queries.line_state() == "prepared",
            _stop_reason(step) != "",
        )
        .order_by(HOUSEHOLD.c.household_no)
    )
    texts = {
        "hold": _("was put on hold"),
        "exit": _("has exited"),
        "account": _("had its account changed or ended"),
    }
    return [
        Problem(
            "run.household_stopped",
            _(
                "household {no} {what} since the list was made; withdraw its line, or return "
                "the run",
                no=row.household_no,
                what=texts[row.reason],
            ),
        )
        for row in rows[:_NAMED_MAX]
    ]


def releaser_is_not_who_withdrew(work: Work, step: Step) -> list[Problem]:
    """To withdraw a line from an approved list is to approve the list without it: whoever did so
    last has approved what is released. No override lifts that: in an office of two the other one,
    who prepared, can still release with one."""
    approvals = [
        passage
        for passage in passages_of(work, step.kind, step.subject_id)
        if passage.action == "approve"
        or (passage.action == "withdraw" and passage.from_state == "approved")
    ]
    if not approvals or approvals[-1].action == "approve":
        return []
    if step.actor.people.isdisjoint(approvals[-1].people):
        return []
    return [
        Problem(
            "run.releaser_withdrew",
            _(
                "{name} took a line out of the approved list, and so approved what is left; "
                "another person has to release it",
                name=[Username(each) for each in sorted(approvals[-1].people)],
            ),
        )
    ]


def _stop_reason(step: Step) -> sa.Case[str]:
    as_of, own = step.row["as_of"], LINE.c.household_id
    held = sa.exists().where(
        HOLD.c.household_id == own, HOLD.c.superseded_at.is_(None), HOLD.c.held.is_(True)
    )
    # An enrolment that was open at T has ended since; an old end put right is no exit.
    exited = sa.exists().where(
        ENROLMENT.c.household_id == own,
        ENROLMENT.c.until_month.is_(None),
        ENROLMENT.c.recorded_at <= as_of,
        ENROLMENT.c.superseded_at > as_of,
    )
    account_stands = sa.exists().where(
        ACCOUNT.c.id == LINE.c.account_id, ACCOUNT.c.superseded_at.is_(None)
    )
    return sa.case((held, "hold"), (exited, "exit"), (sa.not_(account_stands), "account"), else_="")


def line_can_be_withdrawn(work: Work, step: Step) -> list[Problem]:
    """The household has a line in this list that was not sent yet."""
    if not step.attempted:
        return []
    lines = queries.lines_of(work, step.subject_id, step.fields.get("household_no", ""))
    if any(line.state == "prepared" for line in lines):
        return []
    return [
        Problem(
            "line.not_prepared",
            _(
                "household {no} has no line in {run} that could be withdrawn",
                no=step.fields.get("household_no", ""),
                run=step.reference,
            ),
            "household_no",
        )
    ]


def no_line_is_open(work: Work, step: Step) -> list[Problem]:
    """A run is settled when the bank has answered for all its lines."""
    open_count = open_lines(work, step.subject_id)
    if not open_count:
        return []
    return [
        Problem(
            "run.lines_open", _("{count} lines still wait for the bank's answer", count=open_count)
        )
    ]


def open_lines(work: UnitOfWork, run_id: int) -> int:
    """How many lines the bank has not settled."""
    return int(
        work.connection.execute(
            sa.select(sa.func.count())
            .select_from(LINE)
            .where(queries.listed(run_id), queries.line_state().in_(rules.OPEN_LINE_STATES))
        ).scalar_one()
    )
