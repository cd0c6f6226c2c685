"""The local minimum living allowance line: a dated table, each row with its document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.households.life.means import LineInForce
from relief.households.life.tables import DibaoLine
from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.looking import asked_once
from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import Month, format_month
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

DIBAO = table_of(DibaoLine)


@dataclass(frozen=True)
class ListedLine(LineInForce):
    """A line with who recorded it, and when."""

    recorded_at: dt.datetime
    recorded_by: str


def dibao_lines(work: UnitOfWork) -> list[ListedLine]:
    """Every line, by its first month; of two with one first month the later recorded stands."""
    columns = [DIBAO.c[name] for name in ListedLine.__dataclass_fields__]
    statement = sa.select(*columns).order_by(DIBAO.c.from_month, DIBAO.c.id)
    return [ListedLine(*row) for row in work.rows(statement)]


@asked_once
def dibao_line_in(work: UnitOfWork, month: Month) -> LineInForce | None:
    """The line that holds in a month; None where none is known."""
    columns = [DIBAO.c[name] for name in LineInForce.__dataclass_fields__]
    statement = (
        sa.select(*columns)
        .where(DIBAO.c.from_month <= month)
        .order_by(DIBAO.c.from_month.desc(), DIBAO.c.id.desc())
        .limit(1)
    )
    rows = work.rows(statement)
    return LineInForce(*rows[0]) if rows else None


def record_dibao_line(
    work: Work, actor: Actor, from_month: Month, line_fen: Fen, document_no: str
) -> None:
    """Record the line that a document sets from a month on (admin). Surveys that were judged by
    another one keep it."""
    if "admin" not in actor.roles:
        text = _("Only an admin may record the minimum living line.")
        raise refuse(NotAllowed, "dibao.role", text)
    at = work.instant()
    document_no = document_no.strip()
    if problems := _faults(line_fen, document_no):
        raise Invalid(problems)
    known = dibao_line_in(work, from_month)
    if known and (known.from_month, known.line_fen, known.document_no) == (
        from_month,
        line_fen,
        document_no,
    ):
        text = _(
            "The line from {month} on is {line} yuan by document {no} already; nothing to do.",
            month=format_month(from_month),
            line=format_yuan(line_fen),
            no=document_no,
        )
        raise refuse(Conflict, "dibao.known", text)
    work.insert(
        DibaoLine,
        from_month=from_month,
        line_fen=line_fen,
        document_no=document_no,
        recorded_at=at,
        recorded_by=actor.username,
    )


def _faults(line_fen: Fen, document_no: str) -> list[Problem]:
    problems = []
    if line_fen <= 0:
        problems.append(Problem("dibao.zero", _("the line has to be above 0"), "amount"))
    if not document_no:
        text = _("name the document that sets the line")
        problems.append(Problem("dibao.no_document", text, "document_no"))
    return problems
