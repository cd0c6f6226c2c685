"""What a stored list has to be by itself, by set: each of its lines names what was known at T, and
its items stand exactly while the line does. Whether the amounts are right is not asked here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from relief.engine.tables import JournalEntry
from relief.kernel.columns import table_of
from relief.kernel.errors import Problem
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries, rules
from relief.payouts.queries import ACCOUNT, EVENT, HOUSEHOLD, IDENTITY, ITEM, LINE, Run
from relief.payouts.runs.listing import padded_number

JOURNAL = table_of(JournalEntry)


def list_faults(work: UnitOfWork, run: Run) -> Iterator[Problem]:
    """Lines whose account, identity, items or events are not what they must be."""
    checks: tuple[tuple[str, sa.ColumnElement[bool], Text], ...] = (
        ("account", sa.not_(_names_the_account(run)), _(
            "it names an account that was not the household's, as known then")),
        ("identity", sa.not_(_names_the_identity(run)), _(
            "it names an identity number that was not the payee's, as known then")),
        ("reference", _is_misnumbered(run), _(
            "its reference is not the one that its number gives")),
        ("items", _has_strange_items(), _(
            "it has items of another household or of another preparation")),
        ("voided", _is_voided_wrongly(), _(
            "its items must be void where the line was withdrawn or cancelled, failed or was "
            "returned, and only there")),
    )  # fmt: skip
    yield from _answer_faults(work, run)
    for code, fault, text in checks:
        statement = (
            sa.select(LINE.c.reference, HOUSEHOLD.c.household_no)
            .join(HOUSEHOLD, HOUSEHOLD.c.id == LINE.c.household_id)
            .where(queries.listed(run.id), fault)
            .order_by(HOUSEHOLD.c.household_no)
        )
        for row in work.rows(statement):
            yield Problem(
                f"verify.{code}",
                _(
                    "line {line} (household {no}): {what}",
                    line=row.reference,
                    no=row.household_no,
                    what=text,
                ),
            )


def _names_the_account(run: Run) -> sa.Exists:
    return sa.exists().where(
        ACCOUNT.c.id == LINE.c.account_id,
        ACCOUNT.c.household_id == LINE.c.household_id,
        ACCOUNT.c.kind != "none",
        ACCOUNT.c.recorded_at <= run.as_of,
        sa.func.coalesce(ACCOUNT.c.superseded_at > run.as_of, sa.true()),
    )


def _names_the_identity(run: Run) -> sa.ColumnElement[bool]:
    """The payee's number as known at T; a payee who is no person on file has none."""
    of_payee = sa.exists().where(
        ACCOUNT.c.id == LINE.c.account_id,
        IDENTITY.c.person_id == ACCOUNT.c.payee_id,
        IDENTITY.c.recorded_at <= run.as_of,
        sa.func.coalesce(IDENTITY.c.superseded_at > run.as_of, sa.true()),
    )
    named = of_payee.where(IDENTITY.c.id == LINE.c.identity_id)
    return sa.or_(named, sa.and_(LINE.c.identity_id.is_(None), sa.not_(of_payee)))


def _is_misnumbered(run: Run) -> sa.ColumnElement[bool]:
    """Numbers go by household number without a gap, and a reference ends in its number."""
    place = sa.func.row_number().over(order_by=HOUSEHOLD.c.household_no)
    first = sa.func.min(LINE.c.number).over()
    placed = (
        sa.select(LINE.c.id, LINE.c.number, (first + place - 1).label("right_number"))
        .join(HOUSEHOLD, HOUSEHOLD.c.id == LINE.c.household_id)
        .where(queries.listed(run.id))
        .subquery("placed")
    )
    misplaced = sa.select(placed.c.id).where(placed.c.number != placed.c.right_number)
    named = LINE.c.reference == sa.literal(f"{run.reference}-") + padded_number(LINE.c.number)
    return sa.or_(LINE.c.id.in_(misplaced), sa.not_(named))


def _has_strange_items() -> sa.Exists:
    return sa.exists().where(
        ITEM.c.line_id == LINE.c.id,
        sa.or_(ITEM.c.household_id != LINE.c.household_id, ITEM.c.made_at != LINE.c.made_at),
    )


def _is_voided_wrongly() -> sa.Exists:
    """Voided without such an event, or the other way round, or at another instant than the first
    of them (the bank may say a second time that a line failed)."""
    taken_back_at = (
        sa.select(sa.func.min(EVENT.c.at))
        .where(EVENT.c.line_id == ITEM.c.line_id, EVENT.c.state.in_(rules.VOIDING_STATES))
        .scalar_subquery()
    )
    return sa.exists().where(
        ITEM.c.line_id == LINE.c.id, ITEM.c.voided_at.is_distinct_from(taken_back_at)
    )


def _answer_faults(work: UnitOfWork, run: Run) -> Iterator[Problem]:
    """What the bank said stands as the journal has it: every answer of every file, and no other."""
    journaled: dict[int | None, str] = {}
    for number, text in work.rows(_recorded_results(run)):
        facts = _facts(text)
        if isinstance(facts.get("file"), int):
            journaled[facts["file"]] = facts.get("answers_sha256", "")
        else:
            yield _names_no_answer(run, number)
    stored = set(queries.results_files_of(work, run.id))
    for file_id in sorted(stored | journaled.keys(), key=lambda file_id: file_id or 0):
        if journaled.get(file_id) != queries.answers_sha256(work, run.id, file_id):
            yield Problem(
                "verify.answers",
                _(
                    "{run}: the bank's answers of file {file} are not those that the journal "
                    "recorded; restore them from the bank's file",
                    run=run.reference,
                    file=file_id or "-",
                ),
            )


def _facts(text: str) -> dict[str, Any]:
    """An entry's facts; none where somebody wrote there what is no such thing."""
    try:
        facts = json.loads(text)
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _names_no_answer(run: Run, number: int) -> Problem:
    """The step was taken without the file that it speaks of."""
    text = _(
        "{run}: entry {number} of its journal says that the bank answered, and names no file",
        run=run.reference,
        number=number,
    )
    return Problem("verify.answers_unnamed", text)


def _recorded_results(run: Run) -> sa.Select[tuple[int, str]]:
    return sa.select(JOURNAL.c.number, JOURNAL.c.facts).where(
        JOURNAL.c.subject_kind == "payout_run",
        JOURNAL.c.subject_id == run.id,
        JOURNAL.c.action == "record_results",
    )
