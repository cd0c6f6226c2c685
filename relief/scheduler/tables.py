"""The scheduler's diary."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import instant, row_id


class JobRun(SQLModel, table=True):
    """One job of one period: done once, failed and to be tried again, or overtaken by a later one
    that was done."""

    __tablename__ = "job_run"
    __table_args__ = (sa.UniqueConstraint("job", "period"),)

    id: int | None = row_id()
    job: str
    period: str
    state: str
    attempts: int = 1
    started_at: dt.datetime = instant()
    finished_at: dt.datetime | None = instant(nullable=True)
    detail: str = Field(default="", sa_type=sa.Text)
