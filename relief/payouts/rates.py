"""Benefit rates: proposed by a document, confirmed by somebody else, known from that instant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import Actor, check_own_name
from relief.households.scheme import SchemeTerms, scheme_terms
from relief.households.tables import ImportedFile
from relief.kernel.columns import table_of
from relief.kernel.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    ReliefError,
    refuse,
)
from relief.kernel.files.columns import is_beyond_reading
from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import Month, format_month
from relief.kernel.text import Text, Username, _, is_plain
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.entitlement.window import RATE
from relief.payouts.rate_effects import Difference, months_of_rates, net_owed
from relief.payouts.rate_file import RateRow
from relief.payouts.tables import Rate

IMPORTED = table_of(ImportedFile)


@dataclass(frozen=True)
class ListedRate:
    """A rate with its standing."""

    grade: str
    from_month: Month
    rate_fen: Fen
    document_no: str
    proposed_by: str
    recorded_at: dt.datetime
    confirmed_by: str
    confirmed_at: dt.datetime | None


def list_rates(work: UnitOfWork) -> list[ListedRate]:
    """All rates, confirmed and proposed, in the order in which they were brought."""
    columns = [RATE.c[name] for name in ListedRate.__dataclass_fields__]
    return [ListedRate(*row) for row in work.rows(sa.select(*columns).order_by(RATE.c.id))]


def documents_waiting(work: UnitOfWork) -> list[str]:
    """The numbers of the documents whose rates wait to be confirmed, as they were brought."""
    waiting = sa.select(RATE.c.document_no).where(RATE.c.confirmed_at.is_(None))
    by_age = waiting.group_by(RATE.c.document_no).order_by(sa.func.min(RATE.c.id))
    return [row.document_no for row in work.rows(by_age)]


def document_rates(work: UnitOfWork, document_no: str) -> list[ListedRate]:
    """The rates of one document; refused where there are none."""
    found = [rate for rate in list_rates(work) if rate.document_no == document_no.strip()]
    if not found:
        raise _unknown(document_no)
    return found


def _unknown(document_no: str) -> ReliefError:
    return refuse(
        NotFound,
        "rates.unknown",
        _('No rates were proposed under document "{no}".', no=document_no[:40]),
        "document_no",
    )


def propose_rates(
    work: UnitOfWork,
    actor: Actor,
    rows: Sequence[RateRow],
    sha256: str,
    name: str,
    *,
    problems: Sequence[Problem] = (),
) -> bool:
    """Record proposed rates (admin). False where the same file was taken before: nothing new.
    `problems` are those found while reading the file."""
    if "admin" not in actor.roles:
        raise refuse(NotAllowed, "rates.role", _("Only an admin may propose rates."))
    check_own_name(actor)
    at = work.instant()
    if work.rows(
        sa.select(IMPORTED.c.id).where(IMPORTED.c.kind == "rates", IMPORTED.c.sha256 == sha256)
    ):
        return False
    if is_beyond_reading(problems):
        raise Invalid(problems)
    if faults := [*problems, *_faults(work, rows, problems)]:
        raise Invalid(sorted(faults, key=lambda fault: fault.row))
    work.insert_all(
        Rate,
        [
            {
                "grade": row.grade,
                "from_month": row.from_month,
                "rate_fen": row.amount_fen,
                "document_no": row.document_no,
                "recorded_at": at,
                "proposed_by": actor.username,
            }
            for row in rows
        ],
    )
    work.insert(
        ImportedFile,
        kind="rates",
        sha256=sha256,
        name=name,
        row_count=len(rows),
        recorded_at=at,
        recorded_by=actor.username,
    )
    return True


def _faults(
    work: UnitOfWork, rows: Sequence[RateRow], reported: Sequence[Problem]
) -> Iterator[Problem]:
    """What is wrong with rates that can be read."""
    terms = scheme_terms(work)
    confirmed = {
        row[0]
        for row in work.rows(sa.select(RATE.c.document_no).where(RATE.c.confirmed_at.is_not(None)))
    }
    proposed = {
        tuple(row)
        for row in work.rows(
            sa.select(RATE.c.grade, RATE.c.from_month, RATE.c.document_no).where(
                RATE.c.confirmed_at.is_(None)
            )
        )
    }
    unread = {(problem.row, problem.field) for problem in reported}
    seen: set[tuple[str, Month]] = set()
    for row in rows:
        found = (
            _outside_band(row, terms),
            _doubled(row) if (row.grade, row.from_month) in seen else None,
            _document_confirmed(row) if row.document_no in confirmed else None,
            _proposed_already(row)
            if (row.grade, row.from_month, row.document_no) in proposed
            else None,
        )
        seen.add((row.grade, row.from_month))
        yield from (f for f in found if f is not None and (f.row, f.field) not in unread)


def _outside_band(row: RateRow, terms: SchemeTerms) -> Problem | None:
    if in_band(row.amount_fen, terms):
        return None
    text = _outside_band_text(row.amount_fen, terms)
    return row.at.problem("rate.outside_band", text, "amount")


def in_band(rate_fen: Fen, terms: SchemeTerms) -> bool:
    """A rate lies in the scheme's band, both ends allowed."""
    return terms.band_low_fen <= rate_fen <= terms.band_high_fen


def _outside_band_text(rate_fen: Fen, terms: SchemeTerms) -> Text:
    return _(
        "{amount} lies outside the scheme's band of {low} to {high} yuan",
        amount=format_yuan(rate_fen),
        low=format_yuan(terms.band_low_fen),
        high=format_yuan(terms.band_high_fen),
    )


def _doubled(row: RateRow) -> Problem:
    month = format_month(row.from_month)
    text = _("this file sets {grade} from {month} twice", grade=row.grade, month=month)
    return row.at.problem("rate.doubled", text, "from_month")


def _proposed_already(row: RateRow) -> Problem:
    text = _(
        "document {no} was brought before with a rate of this grade from {month}, which waits to "
        "be confirmed; what is set otherwise needs a document of its own",
        no=row.document_no,
        month=format_month(row.from_month),
    )
    return row.at.problem("rate.proposed", text, "from_month")


def _document_confirmed(row: RateRow) -> Problem:
    text = _(
        "document {no} was confirmed already; a change needs a document of its own",
        no=row.document_no,
    )
    return row.at.problem("rate.document_confirmed", text, "document_no")


def waiting_mark(work: UnitOfWork, document_no: str) -> str:
    """What stands for the rates of a document that wait: whoever looked at others has another."""
    waiting = [row.id for row in _proposed(work, document_no) if row.confirmed_at is None]
    return ".".join(map(str, sorted(waiting)))


def confirm_rates(
    work: UnitOfWork, actor: Actor, document_no: str, seen: str | None = None
) -> list[Difference]:
    """Make a document's rates count from this instant (an approver, not the proposer), and say
    which households differ by it and by how much. With `seen`, the `waiting_mark` of what was
    looked at: refused (`Conflict`) where others wait by now."""
    check_own_name(actor)
    at = work.instant()
    proposed = _proposed(work, document_no)
    if not proposed:
        raise _unknown(document_no)
    waiting = [row.id for row in proposed if row.confirmed_at is None]
    problems = []
    if "approver" not in actor.roles:
        problems.append(Problem("rates.role", _("only an approver may confirm rates")))
    if not actor.people.isdisjoint(row.proposed_by for row in proposed):
        problems.append(
            Problem(
                "rates.proposer",
                _(
                    "{name} proposed these rates; another approver has to confirm them",
                    name=Username(actor.username),
                ),
            )
        )
    if problems:
        raise NotAllowed(problems)
    terms = scheme_terms(work)  # the band may have been set anew since the rates were proposed
    waiting_fen = [row.rate_fen for row in proposed if row.confirmed_at is None]
    if beyond := [fen for fen in waiting_fen if not in_band(fen, terms)]:
        raise Invalid(
            Problem("rate.outside_band", _outside_band_text(fen, terms), "amount") for fen in beyond
        )
    if not waiting:
        raise refuse(
            Conflict,
            "rates.confirmed",
            _("The rates of document {no} are confirmed already.", no=document_no),
            "document_no",
        )
    if seen is not None and seen != waiting_mark(work, document_no):
        text = _(
            "Other rates wait under {no} than those that you looked at. Look again, then decide.",
            no=document_no,
        )
        raise refuse(Conflict, "rates.stale", text, "document_no")
    return _confirm(work, waiting, at, actor.username)


def proposed_differences(work: UnitOfWork, document_no: str) -> list[Difference]:
    """What confirming a document would change; nothing is kept of it."""
    waiting = [row.id for row in _proposed(work, document_no) if row.confirmed_at is None]
    with work.connection.begin_nested() as trial:
        differences = _confirm(work, waiting, work.as_known_now(), "")
        trial.rollback()
    return differences


def _proposed(work: UnitOfWork, document_no: str) -> Sequence[sa.Row[Any]]:
    if not is_plain(document_no):
        return ()
    return work.rows(sa.select(RATE).where(RATE.c.document_no == document_no.strip()))


def _confirm(
    work: UnitOfWork, waiting: Sequence[int], at: dt.datetime, username: str
) -> list[Difference]:
    months = months_of_rates(work, waiting)
    before = net_owed(work, at, *months)
    work.connection.execute(
        sa.update(RATE).where(RATE.c.id.in_(waiting)).values(confirmed_at=at, confirmed_by=username)
    )
    after = net_owed(work, at, *months)
    nothing = (0, 0)
    return [
        Difference(no, new[0] - old[0], new[1] - old[1])
        for no in sorted(before.keys() | after.keys())
        if (new := after.get(no, nothing)) != (old := before.get(no, nothing))
    ]


def months_compared(work: UnitOfWork, document_no: str) -> tuple[Month, Month]:
    """Up to which months the differences of a document are counted: those to now, and those that
    are still to come."""
    return months_of_rates(work, [row.id for row in _proposed(work, document_no)])
