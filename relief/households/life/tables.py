"""Tables of the life cycle. Nothing in them is ever changed: what is to be put right is recorded
anew, and the later row stands."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from relief.kernel.columns import fen, instant, links_to, row_id
from relief.kernel.months import Month


class DibaoLine(SQLModel, table=True):
    """The local minimum living line (最低生活保障标准), fen a person a month, from a month until
    the next one. Of two with one first month the later recorded stands."""

    __tablename__ = "dibao_line"

    id: int | None = row_id()
    from_month: Month
    line_fen: int = fen()
    document_no: str
    recorded_at: dt.datetime = instant()
    recorded_by: str


class Survey(SQLModel, table=True):
    """What a home visit found, and the line it was judged by; `kind` is `survey` or `recheck`.

    `sealed_findings` holds income, expense, loss, cause and remarks. `proposed_grade` is the
    program's proposal, empty where it has none; `recheck_result` and `decided_grade` are of a
    re-check, what a person decided.
    """

    id: int | None = row_id()
    household_id: int = links_to("household.id", index=True)
    kind: str
    visited_on: dt.date
    visitors: str
    persons: int
    dibao_line_id: int = links_to("dibao_line.id")
    token: str
    sealed_findings: bytes
    proposed_grade: str = ""
    recheck_result: str = ""
    decided_grade: str = ""
    recorded_at: dt.datetime = instant()
    recorded_by: str


class PublicNotice(SQLModel, table=True):
    """What was put on public notice: the grade announced, how many members would count from
    `from_month` on, and where objections are taken."""

    __tablename__ = "public_notice"

    id: int | None = row_id()
    household_id: int = links_to("household.id", index=True)
    grade: str
    counted_members: int
    from_month: Month
    objection_phone: str = Field(default="")
    published_on: dt.date
    recorded_at: dt.datetime = instant()
    recorded_by: str
