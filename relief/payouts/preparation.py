"""Preparing a run: one list for one quarter, at one instant, whole or not at all."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import SCHEDULER, Actor
from relief.engine.advance import advance, begin
from relief.engine.work import Work
from relief.households.scheme import SchemeTerms, scheme_terms
from relief.households.tables import Household
from relief.kernel.database import UnitOfWork, table_of
from relief.kernel.errors import Conflict, refuse
from relief.kernel.months import Quarter, first_day, format_month
from relief.kernel.text import _
from relief.payouts import entitlement, queries, rules
from relief.payouts.entitlement import VERDICTS, Window
from relief.payouts.invariants import check_prepared
from relief.payouts.queries import EVENT, EXCEPTION, ITEM, LINE, RUN, Run
from relief.payouts.rules import Item, ListedException
from relief.payouts.tables import Checkpoint, WriteOff

HOUSEHOLD, CHECKPOINT, WRITE_OFF = table_of(Household), table_of(Checkpoint), table_of(WriteOff)


@dataclass(frozen=True)
class PreviewLine:
    """What a line would be."""

    household_no: str
    amount_fen: int
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Preview:
    """What `prepare` would give now; nothing is written."""

    quarter: Quarter
    kind: str
    as_of: dt.datetime
    total_fen: int
    lines: tuple[PreviewLine, ...]
    exceptions: tuple[ListedException, ...]


def prepare_run(work: Work, actor: Actor, quarter: Quarter, kind: str = rules.REGULAR) -> Run:
    """Make a quarter's list, or make its draft anew. Refused before the first day of the quarter's
    last month, before go-live, and while a run of the kind is past its draft."""
    terms = _terms_for(work, quarter)
    as_of = work.instant()
    draft = _draft_to_make_anew(work, quarter, kind)
    if draft is None:
        run_id = _begin_run(work, actor, quarter, kind, terms)
    else:
        run_id = draft.id
        void_list(work, run_id, actor.username)
        advance(work, "payout_run", run_id, "prepare", actor, facts={"anew": True})
        work.session.execute(
            sa.update(RUN)
            .where(RUN.c.id == run_id)
            .values(as_of=as_of, settings=terms.as_json(), prepared_by=_preparer(actor))
        )
    window = _window(terms, quarter, as_of)
    entitlement.stage(work, window)
    _write_list(work, queries.run_by_id(work, run_id), window, actor)
    check_prepared(work, run_id)
    entitlement.unstage(work)
    return queries.run_by_id(work, run_id)


def preview_run(work: UnitOfWork, quarter: Quarter) -> Preview:
    """What `prepare` would give now, at any time: the regular run, or what a supplementary run
    would add once the regular one is past its draft."""
    terms = _terms_with_go_live(work, quarter)
    regular = _live_regular(work, quarter)
    kind = rules.REGULAR if regular is None or regular.state == "draft" else rules.SUPPLEMENTARY
    latest = next(iter(queries.runs_of(work, quarter, kind)), None)
    draft_id = latest.id if latest and latest.state == "draft" else None
    window = _window(terms, quarter, work.as_known_now(), leave_out_run_id=draft_id)
    entitlement.stage(work, window)
    preview = _read_preview(work, quarter, kind, window)
    entitlement.unstage(work)
    return preview


def void_list(work: UnitOfWork, run_id: int, actor: str) -> None:
    """Cancel the lines of a run's list that are still prepared, and void their items: what they
    were to pay is owed again."""
    at = work.instant()
    prepared = sa.select(LINE.c.id).where(
        queries.listed(run_id), queries.line_state() == "prepared"
    )
    work.session.execute(
        sa.insert(EVENT).from_select(
            ["line_id", "state", "at", "actor", "answer"],
            sa.select(
                prepared.subquery().c.id,
                sa.literal("cancelled"),
                sa.literal(at, EVENT.c.at.type),
                sa.literal(actor),
                sa.literal(""),
            ),
        )
    )
    void_items(work, sa.select(LINE.c.id).where(LINE.c.run_id == run_id))


def void_items(work: UnitOfWork, line_ids: sa.Select[Any]) -> None:
    """Void what these lines were to pay, from this instant on."""
    work.session.execute(
        sa.update(ITEM)
        .where(ITEM.c.line_id.in_(line_ids), ITEM.c.voided_at.is_(None))
        .values(voided_at=work.instant())
    )


def _terms_with_go_live(work: UnitOfWork, quarter: Quarter) -> SchemeTerms:
    terms = scheme_terms(work)
    if terms.go_live_month is None:
        raise refuse(
            Conflict,
            "scheme.no_go_live",
            _(
                "The go-live month is not set; an admin sets it with "
                '"relief scheme set --go-live 2005-04".'
            ),
            "go_live",
        )
    if quarter.last_month < terms.go_live_month:
        raise refuse(
            Conflict,
            "run.before_go_live",
            _(
                "Quarter {quarter} lies before go-live in {month}.",
                quarter=quarter,
                month=format_month(terms.go_live_month),
            ),
            "quarter",
        )
    return terms


def _terms_for(work: UnitOfWork, quarter: Quarter) -> SchemeTerms:
    terms = _terms_with_go_live(work, quarter)
    opens_on = first_day(quarter.last_month)
    if work.today < opens_on:
        raise refuse(
            Conflict,
            "run.too_early",
            _(
                "The list of {quarter} can be prepared from {day} on; "
                '"relief payouts preview {quarter}" shows it at any time.',
                quarter=quarter,
                day=opens_on,
            ),
            "quarter",
        )
    return terms


def _live_regular(work: UnitOfWork, quarter: Quarter) -> Run | None:
    runs = queries.runs_of(work, quarter, rules.REGULAR)
    return next((run for run in runs if run.state != "cancelled"), None)


def _draft_to_make_anew(work: UnitOfWork, quarter: Quarter, kind: str) -> Run | None:
    """The draft that stands, or None where a new run is to begin; refuses where neither may be."""
    if kind == rules.REGULAR:
        live = _live_regular(work, quarter)
        if live is None or live.state == "draft":
            return live
        raise refuse(
            Conflict,
            "run.past_draft",
            _(
                "Run {run} is past its draft ({state}); what changed since comes with a "
                "supplementary run, or cancel the run while it is not released.",
                run=live.reference,
                state=state_title(work, live.state),
            ),
            "quarter",
        )
    regular = _live_regular(work, quarter)
    if regular is None or regular.state not in ("released", "settled"):
        raise refuse(
            Conflict,
            "run.regular_first",
            _(
                "A supplementary run of {quarter} needs its regular run released first.",
                quarter=quarter,
            ),
            "quarter",
        )
    latest = next(iter(queries.runs_of(work, quarter, kind)), None)
    if latest is not None and latest.state in ("submitted", "approved"):
        raise refuse(
            Conflict,
            "run.past_draft",
            _(
                "Supplementary run {run} is under way ({state}); release or cancel it first.",
                run=latest.reference,
                state=state_title(work, latest.state),
            ),
            "quarter",
        )
    return latest if latest is not None and latest.state == "draft" else None


def state_title(work: UnitOfWork, state: str) -> object:
    """The state's word for people (the workflow file's title, in the reader's language)."""
    return work.workflows.state_title("payout_run", state) if isinstance(work, Work) else state


def _begin_run(work: Work, actor: Actor, quarter: Quarter, kind: str, terms: SchemeTerms) -> int:
    number = 1 + max((run.number for run in queries.runs_of(work, quarter, kind)), default=0)
    reference = rules.run_reference(str(quarter), kind, number)
    return begin(
        work,
        "payout_run",
        "prepare",
        actor,
        {
            "reference": reference,
            "quarter": str(quarter),
            "kind": kind,
            "number": number,
            "first_month": quarter.first_month,
            "last_month": quarter.last_month,
            "as_of": work.instant(),
            "prepared_by": _preparer(actor),
            "settings": terms.as_json(),
            "line_count": 0,
            "total_fen": 0,
            "sha256": "",
            "approved_sha256": "",
            "new_over_paid_count": 0,
            "new_over_paid_fen": 0,
        },
    )


def _preparer(actor: Actor) -> str:
    """Who counts as the preparer; where the scheduler prepared, who submits will."""
    return "" if actor == SCHEDULER else actor.username


def _window(
    terms: SchemeTerms, quarter: Quarter, as_of: dt.datetime, leave_out_run_id: int | None = None
) -> Window:
    assert terms.go_live_month is not None
    return Window(
        as_of=as_of,
        go_live_month=terms.go_live_month,
        first_month=quarter.first_month,
        last_month=quarter.last_month,
        recovery_percent=terms.recovery_percent_max,
        leave_out_run_id=leave_out_run_id,
    )


def _write_list(work: Work, run: Run, window: Window, actor: Actor) -> None:
    """From the staged verdicts: lines, their first events, items, exceptions, checkpoints."""
    work.session.execute(_insert_lines(run))
    mine = sa.and_(LINE.c.run_id == run.id, LINE.c.made_at == run.as_of)
    work.session.execute(
        sa.insert(EVENT).from_select(
            ["line_id", "state", "at", "actor", "answer"],
            sa.select(
                LINE.c.id,
                sa.literal("prepared"),
                LINE.c.made_at,
                sa.literal(actor.username),
                sa.literal(""),
            )
            .where(mine)
            .order_by(LINE.c.id),
        )
    )
    items = entitlement.staged_items(window).subquery("staged")
    work.session.execute(
        sa.insert(ITEM).from_select(
            [
                "household_id",
                "month",
                "kind",
                "amount_fen",
                "persons",
                "rate_fen",
                "line_id",
                "made_at",
            ],
            sa.select(items, LINE.c.id, LINE.c.made_at).join(
                LINE, sa.and_(LINE.c.household_id == items.c.household_id, mine)
            ),
        )
    )
    work.session.execute(_insert_exceptions(run))
    _write_checkpoints(work, run)
    found, found_fen = _new_over_payments(work, run)
    count, total_fen = queries.totals(work, run.id)
    work.session.execute(
        sa.update(RUN)
        .where(RUN.c.id == run.id)
        .values(
            line_count=count,
            total_fen=total_fen,
            sha256=queries.list_sha256(work, run.id),
            approved_sha256="",
            new_over_paid_count=found,
            new_over_paid_fen=found_fen,
        )
    )


def _insert_lines(run: Run) -> sa.Insert:
    """Number the lines in the order of household numbers, after any number used before."""
    used = (
        sa.select(sa.func.coalesce(sa.func.max(LINE.c.number), 0))
        .where(LINE.c.run_id == run.id)
        .scalar_subquery()
    )
    place = sa.func.row_number().over(order_by=VERDICTS.c.household_no)
    numbered = (
        sa.select(VERDICTS, (used + place).label("number"))
        .where(VERDICTS.c.has_line == 1)
        .subquery("n")
    )
    digits = sa.cast(numbered.c.number, sa.String)
    # At least five digits: the zeros in front, then what is right of them.
    padded = sa.func.substr(
        sa.literal("00000") + digits,
        sa.case((sa.func.length(digits) < 5, sa.func.length(digits)), else_=5) + 1,
    )
    account, identity = entitlement.ACCOUNT, queries.IDENTITY
    rows = (
        sa.select(
            sa.literal(run.id),
            numbered.c.household_id,
            numbered.c.number,
            sa.literal(f"{run.reference}-") + padded,
            numbered.c.account_id,
            identity.c.id,
            numbered.c.due_fen,
            numbered.c.over_fen,
            numbered.c.recovery_fen,
            numbered.c.due_fen - numbered.c.recovery_fen,
            sa.literal(run.as_of, LINE.c.made_at.type),
        )
        .select_from(
            numbered.join(account, account.c.id == numbered.c.account_id).outerjoin(
                identity,
                sa.and_(
                    identity.c.person_id == account.c.payee_id,
                    entitlement.known(identity, run.as_of),
                ),
            )
        )
        .order_by(numbered.c.number)
    )
    return sa.insert(LINE).from_select(
        [
            "run_id",
            "household_id",
            "number",
            "reference",
            "account_id",
            "identity_id",
            "due_fen",
            "over_fen",
            "recovery_fen",
            "amount_fen",
            "made_at",
        ],
        rows,
    )


def exception_amount() -> sa.ColumnElement[int]:
    """What an exception shows: the over-payment that is left, or what is stopped."""
    return sa.case(
        (VERDICTS.c.reason == "over_paid", VERDICTS.c.over_fen - VERDICTS.c.recovery_fen),
        (VERDICTS.c.reason == "not_yet", 0),
        else_=VERDICTS.c.due_fen - VERDICTS.c.recovery_fen,
    )


def _insert_exceptions(run: Run) -> sa.Insert:
    return sa.insert(EXCEPTION).from_select(
        [
            "run_id",
            "household_id",
            "made_at",
            "reason",
            "due_fen",
            "over_fen",
            "recovery_fen",
            "amount_fen",
        ],
        sa.select(
            sa.literal(run.id),
            VERDICTS.c.household_id,
            sa.literal(run.as_of, EXCEPTION.c.made_at.type),
            VERDICTS.c.reason,
            VERDICTS.c.due_fen,
            VERDICTS.c.over_fen,
            VERDICTS.c.recovery_fen,
            exception_amount(),
        ).where(VERDICTS.c.reason != ""),
    )


def _write_checkpoints(work: UnitOfWork, run: Run) -> None:
    """Remember for whom this run found E = P up to its last month (its own items included)."""
    unsettled = sa.select(VERDICTS.c.household_id).where(
        VERDICTS.c.reason.in_(("no_rate", "on_hold", "no_account", "over_paid"))
    )
    # What was given up stays paid above what is owed: E = P does not hold there.
    given_up = sa.select(WRITE_OFF.c.household_id)
    reached_further = sa.select(CHECKPOINT.c.household_id).where(
        CHECKPOINT.c.through_month > run.last_month,
        CHECKPOINT.c.household_id.not_in(sa.select(VERDICTS.c.household_id)),
    )
    settled = sa.select(HOUSEHOLD.c.id).where(
        HOUSEHOLD.c.id.not_in(unsettled),
        HOUSEHOLD.c.id.not_in(given_up),
        HOUSEHOLD.c.id.not_in(reached_further),
    )
    work.session.execute(sa.delete(CHECKPOINT).where(CHECKPOINT.c.household_id.in_(settled)))
    work.session.execute(
        sa.insert(CHECKPOINT).from_select(
            ["household_id", "run_id", "through_month", "as_of"],
            sa.select(
                HOUSEHOLD.c.id,
                sa.literal(run.id),
                sa.literal(run.last_month),
                sa.literal(run.as_of, CHECKPOINT.c.as_of.type),
            ).where(HOUSEHOLD.c.id.in_(settled)),
        )
    )


def _new_over_payments(work: UnitOfWork, run: Run) -> tuple[int, int]:
    """Households, and fen, found over-paid beyond what the last run that looked had left."""
    voided = sa.exists().where(ITEM.c.line_id == LINE.c.id, ITEM.c.voided_at.is_not(None))
    left_by_line = sa.case((voided, LINE.c.over_fen), else_=LINE.c.over_fen - LINE.c.recovery_fen)
    earlier = sa.union_all(
        sa.select(LINE.c.household_id, LINE.c.made_at, left_by_line.label("left_fen")).where(
            LINE.c.made_at < run.as_of
        ),
        sa.select(EXCEPTION.c.household_id, EXCEPTION.c.made_at, EXCEPTION.c.over_fen).where(
            EXCEPTION.c.made_at < run.as_of, EXCEPTION.c.reason != "over_paid"
        ),
        sa.select(
            EXCEPTION.c.household_id,
            EXCEPTION.c.made_at,
            EXCEPTION.c.over_fen - EXCEPTION.c.recovery_fen,
        ).where(
            EXCEPTION.c.made_at < run.as_of,
            EXCEPTION.c.reason == "over_paid",
            EXCEPTION.c.due_fen == 0,
        ),
    ).subquery("earlier")
    place = sa.func.row_number().over(
        partition_by=earlier.c.household_id, order_by=earlier.c.made_at.desc()
    )
    ranked = (
        sa.select(earlier, place.label("place"))
        .where(
            earlier.c.household_id.in_(
                sa.select(VERDICTS.c.household_id).where(VERDICTS.c.over_fen > 0)
            )
        )
        .subquery("ranked")
    )
    beyond = VERDICTS.c.over_fen - sa.func.coalesce(ranked.c.left_fen, 0)
    row = work.session.execute(
        sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(beyond), 0))
        .select_from(
            VERDICTS.outerjoin(
                ranked,
                sa.and_(ranked.c.household_id == VERDICTS.c.household_id, ranked.c.place == 1),
            )
        )
        .where(VERDICTS.c.over_fen > 0, beyond > 0)
    ).one()
    return int(row[0]), int(row[1])


def _read_preview(work: UnitOfWork, quarter: Quarter, kind: str, window: Window) -> Preview:
    items: dict[int, list[Item]] = {}
    staged = entitlement.staged_items(window).subquery("staged")
    for row in work.rows(sa.select(staged).order_by(staged.c.household_id, staged.c.month)):
        items.setdefault(row[0], []).append(Item(*row[1:]))
    rows = work.rows(
        sa.select(VERDICTS, exception_amount().label("left_fen")).order_by(VERDICTS.c.household_no)
    )
    lines = tuple(
        PreviewLine(
            row.household_no, row.due_fen - row.recovery_fen, tuple(items[row.household_id])
        )
        for row in rows
        if row.has_line
    )
    exceptions = tuple(
        ListedException(row.household_no, row.reason, row.left_fen) for row in rows if row.reason
    )
    return Preview(
        quarter, kind, window.as_of, sum(line.amount_fen for line in lines), lines, exceptions
    )
