"""Tables of hardship files. A fact row is never updated but for `superseded_at`: a correction is
a new row, so what was known at any instant can be read for ever (docs/payouts.md, section 2)."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.engine.tables import Subject
from relief.kernel.columns import BY_CODE_POINT, fen, index_of_some, instant, links_to, row_id
from relief.kernel.months import Month


def _one_known(table: str, *columns: str) -> sa.Index:
    """At most one row that has not been superseded, for these columns."""
    return sa.Index(
        f"uq_{table}_known",
        *columns,
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )


class Scheme(SQLModel, table=True):
    """The office's scheme: one row. Months and fen; None means not set yet."""

    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: int = Field(default=1, primary_key=True)
    go_live_month: Month | None = None
    places_max: int = 50
    band_low_fen: int = fen(default=15_000)
    band_high_fen: int = fen(default=20_000)
    start_rule: str = "next_month"
    stop_rule: str = "event_month_paid"
    recovery_percent_max: int = 50
    back_months_max: int = 12
    unanswered_days_max: int = 5
    version: int = 0


class Household(Subject, table=True):
    """A hardship file: one household, one file. Its state says what may be done next; money reads
    facts alone."""

    __table_args__ = (
        index_of_some("household", "phone_hash", "phone_hash <> ''"),
        index_of_some("household", "phone_last4_hash", "phone_last4_hash <> ''"),
    )

    id: int | None = row_id()
    # Lists stand in the order of household numbers.
    household_no: str = Field(unique=True, sa_type=cast(Any, BY_CODE_POINT))
    applicant_id: int = links_to("person.id", index=True)
    token: str
    township: str = ""
    employer: str = ""
    main_cause: str = ""
    sealed_address: bytes | None = None
    sealed_phone: bytes | None = None
    phone_hash: str = ""
    phone_last4_hash: str = ""
    proposed_grade: str = ""
    recorded_at: dt.datetime = instant()
    recorded_by: str


class Fact(SQLModel):
    """What every fact row carries (a mixin of columns). `recorded_by` is a username."""

    recorded_at: dt.datetime = instant()
    recorded_by: str
    superseded_at: dt.datetime | None = instant(nullable=True)


class Enrolment(Fact, table=True):
    """The household is approved for `[from_month, until_month)`."""

    id: int | None = row_id()
    household_id: int = links_to("household.id", index=True)
    from_month: Month
    until_month: Month | None = None
    approved_on: dt.date
    exited_on: dt.date | None = None


class Membership(Fact, table=True):
    """A person belongs to the household, and counts where `counted`, for
    `[from_month, until_month)`; `from_month` 0 where it has always been so."""

    id: int | None = row_id()
    household_id: int = links_to("household.id", index=True)
    person_id: int = links_to("person.id", index=True)
    relation: str
    counted: bool
    sealed_reason: bytes | None = None
    from_month: Month
    until_month: Month | None = None
    joined_on: dt.date | None = None
    left_on: dt.date | None = None
    left_by_death: bool = False


class GradeFact(Fact, table=True):
    """The hardship grade from a month on, until the next one known. Of two with one first month
    the later recorded stands; none is superseded."""

    __tablename__ = "grade"

    id: int | None = row_id()
    household_id: int = links_to("household.id", index=True)
    grade: str
    from_month: Month
    decided_on: dt.date


class Hold(Fact, table=True):
    """Payment is suspended (`held`) or resumed, from when it is recorded."""

    __table_args__ = (_one_known("hold", "household_id"),)

    id: int | None = row_id()
    household_id: int = links_to("household.id", index=True)
    held: bool
    event_on: dt.date


class Account(Fact, table=True):
    """Where the money goes, from when it is recorded: `bank`, `cash`, or `none` (the payee left).

    `number_hash` finds accounts shared by households; the number itself is sealed.
    """

    __table_args__ = (_one_known("account", "household_id"),)

    id: int | None = row_id()
    household_id: int = links_to("household.id", index=True)
    kind: str
    payee_id: int | None = links_to("person.id", default=None, nullable=True)
    payee_name: str = ""
    token: str
    sealed_number: bytes | None = None
    number_hash: str = Field(default="", index=True)
    bank_name: str = ""
    event_on: dt.date


class ImportedFile(SQLModel, table=True):
    """A file that was taken in whole; the same bytes again change nothing."""

    __tablename__ = "imported_file"
    __table_args__ = (sa.UniqueConstraint("kind", "sha256"),)

    id: int | None = row_id()
    kind: str
    sha256: str
    name: str
    row_count: int
    recorded_at: dt.datetime = instant()
    recorded_by: str


def account_context(household_id: int, token: str) -> str:
    """The place that a sealed account number is bound to: its row, and its household."""
    return f"account.number:{household_id}:{token}"
