"""Preparing a run: one list for one quarter, at one instant, whole or not at all."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from relief.engine.actors import SCHEDULER, Actor
from relief.engine.steps.advance import advance, begin
from relief.engine.work import Work
from relief.households.scheme import SchemeTerms, scheme_terms
from relief.kernel.errors import Conflict, refuse
from relief.kernel.months import Quarter, first_day, format_month
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import entitlement, queries, rules
from relief.payouts.entitlement import Window
from relief.payouts.queries import RUN, Run
from relief.payouts.runs.invariants import check_prepared
from relief.payouts.runs.listing import write_list
from relief.payouts.runs.voiding import void_list


def prepare_run(work: Work, actor: Actor, quarter: Quarter, kind: str = rules.REGULAR) -> Run:
    """Make a quarter's list, or make its draft anew. Refused before the first day of the quarter's
    last month, before go-live, and while a run of the kind is past its draft."""
    as_of = work.instant()  # the lock comes first: terms and runs are read as they stand then
    terms = _terms_for(work, quarter)
    draft = _draft_to_make_anew(work, quarter, kind)
    if draft is None:
        run_id = _begin_run(work, actor, quarter, kind, terms)
    else:
        run_id = draft.id
        void_list(work, run_id, actor.username)
        advance(work, "payout_run", run_id, "prepare", actor, facts={"anew": True})
        work.connection.execute(
            sa.update(RUN)
            .where(RUN.c.id == run_id)
            .values(as_of=as_of, settings=terms.as_json(), prepared_by=_preparer(actor))
        )
    window = window_of(terms, quarter, as_of)
    entitlement.stage(work, window)
    write_list(work, queries.run_by_id(work, run_id), window, actor)
    check_prepared(work, run_id)
    entitlement.unstage(work)
    return queries.run_by_id(work, run_id)


def terms_with_go_live(work: UnitOfWork, quarter: Quarter) -> SchemeTerms:
    """The scheme's terms; refused without a go-live month, and before it."""
    terms = scheme_terms(work)
    if terms.go_live_month is None:
        raise refuse(
            Conflict,
            "scheme.no_go_live",
            _("The go-live month is not set; an admin sets it."),
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
    terms = terms_with_go_live(work, quarter)
    opens_on = first_day(quarter.last_month)
    if work.today < opens_on:
        raise refuse(
            Conflict,
            "run.too_early",
            _(
                "The list of {quarter} can be prepared from {day} on.",
                quarter=quarter,
                day=opens_on,
            ),
            "quarter",
        )
    return terms


def live_regular(work: UnitOfWork, quarter: Quarter) -> Run | None:
    """The quarter\'s regular run that was not cancelled, if any."""
    runs = queries.runs_of(work, quarter, rules.REGULAR)
    return next((run for run in runs if run.state != "cancelled"), None)


def _draft_to_make_anew(work: Work, quarter: Quarter, kind: str) -> Run | None:
    """The draft that stands, or None where a new run is to begin; refuses where neither may be."""
    if kind == rules.REGULAR:
        live = live_regular(work, quarter)
        if live is None or live.state == "draft":
            return live
        raise refuse(
            Conflict,
            "run.past_draft",
            _(
                "Run {run} is past its draft ({state}); what changed since comes with a "
                "supplementary run, or cancel the run while it is not released.",
                run=live.reference,
                state=work.workflows.state_title("payout_run", live.state),
            ),
            "quarter",
        )
    regular = live_regular(work, quarter)
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
                state=work.workflows.state_title("payout_run", latest.state),
            ),
            "quarter",
        )
    return latest if latest is not None and latest.state == "draft" else None


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
        facts={"anew": False},
    )


def _preparer(actor: Actor) -> str:
    """Who counts as the preparer; where the scheduler prepared, who submits will."""
    return "" if actor == SCHEDULER else actor.username


def window_of(
    terms: SchemeTerms, quarter: Quarter, as_of: dt.datetime, leave_out_run_id: int | None = None
) -> Window:
    """All months from go-live to the last of the quarter, as known at T."""
    assert terms.go_live_month is not None
    return Window(
        as_of=as_of,
        go_live_month=terms.go_live_month,
        first_month=quarter.first_month,
        last_month=quarter.last_month,
        recovery_percent=terms.recovery_percent_max,
        leave_out_run_id=leave_out_run_id,
    )
