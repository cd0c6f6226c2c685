"""Tables of payouts. Items and line events are append-only; nothing that was paid is edited."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.engine.tables import Subject
from relief.households.tables import Fact
from relief.kernel.columns import fen, instant, links_to, row_id
from relief.kernel.months import Month


class Rate(SQLModel, table=True):
    """Fen per person per month of a grade, from a month until the next; set by a document.

    Known from the instant at which an approver, not the one who proposed it, confirms it.
    """

    id: int | None = row_id()
    grade: str
    from_month: Month
    rate_fen: int = fen()
    document_no: str = Field(index=True)
    recorded_at: dt.datetime = instant()
    proposed_by: str
    confirmed_at: dt.datetime | None = instant(nullable=True)
    confirmed_by: str = ""


class RecoveryChoice(Fact, table=True):
    """An approver's choice for a household: over-payments are `offset`, or `wait`."""

    __tablename__ = "recovery_choice"
    __table_args__ = (
        sa.Index(
            "uq_recovery_choice_known",
            "household_id",
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        ),
    )

    id: int | None = row_id()
    household_id: int = links_to("household.id", index=True)
    choice: str


class PayoutRun(Subject, table=True):
    """One list of one quarter. `as_of` is its T; `settings` the scheme it was made with (JSON).

    `total_fen`, `line_count` and `sha256` are over the lines not withdrawn. `prepared_by` is the
    user who counts as the preparer, empty while the scheduler's run waits for who submits it.
    """

    __tablename__ = "payout_run"
    __table_args__ = (
        sa.UniqueConstraint("quarter", "kind", "number"),
        sa.Index(
            "uq_payout_run_live_regular",
            "quarter",
            unique=True,
            sqlite_where=sa.text("kind = 'regular' AND state <> 'cancelled'"),
            postgresql_where=sa.text("kind = 'regular' AND state <> 'cancelled'"),
        ),
    )

    id: int | None = row_id()
    reference: str = Field(unique=True)
    quarter: str
    kind: str
    number: int
    first_month: Month
    last_month: Month
    as_of: dt.datetime = instant()
    prepared_by: str = ""
    settings: str = Field(sa_type=sa.Text)
    line_count: int = 0
    total_fen: int = fen(default=0)
    sha256: str = ""
    approved_sha256: str = ""
    new_over_paid_count: int = 0
    new_over_paid_fen: int = fen(default=0)
    released_at: dt.datetime | None = instant(nullable=True)
    settled_at: dt.datetime | None = instant(nullable=True)


class PayoutLine(SQLModel, table=True):
    """One household in one run. Names the fact rows of account and identity, which never change.

    `amount_fen` = `due_fen` - `recovery_fen` = the sum of its items. Its state is the last of its
    events.
    """

    __tablename__ = "payout_line"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "number"),
        # Whether a household has a line since a run is asked of all of them in every run.
        sa.Index("ix_payout_line_household_id_made_at", "household_id", "made_at"),
    )

    id: int | None = row_id()
    run_id: int = links_to("payout_run.id", index=True)
    household_id: int = links_to("household.id")
    number: int
    reference: str = Field(unique=True)
    account_id: int = links_to("account.id")
    identity_id: int | None = links_to("person_identity.id", default=None, nullable=True)
    due_fen: int = fen()
    over_fen: int = fen()
    recovery_fen: int = fen()
    amount_fen: int = fen()
    made_at: dt.datetime = instant()


class PayoutItem(SQLModel, table=True):
    """Fen in a line for one household and month; append-only, may be voided. `kind` is `regular`,
    `arrears` or `recovery` (negative); `persons` and `rate_fen` as known at the run's T."""

    __tablename__ = "payout_item"
    __table_args__ = (
        sa.Index(
            "ix_payout_item_voided",
            "household_id",
            "voided_at",
            sqlite_where=sa.text("voided_at IS NOT NULL"),
            postgresql_where=sa.text("voided_at IS NOT NULL"),
        ),
    )

    household_id: int = links_to("household.id", primary_key=True)
    month: Month = Field(primary_key=True)
    line_id: int = links_to("payout_line.id", primary_key=True, index=True)
    kind: str
    amount_fen: int = fen()
    persons: int
    rate_fen: int = fen()
    made_at: dt.datetime = instant()
    voided_at: dt.datetime | None = instant(nullable=True)


class PayoutException(SQLModel, table=True):
    """What a run did not settle for a household, and why. Those of its draft as it stands are
    the ones with `made_at` = the run's `as_of`."""

    __tablename__ = "payout_exception"

    run_id: int = links_to("payout_run.id", primary_key=True)
    household_id: int = links_to("household.id", primary_key=True)
    made_at: dt.datetime = instant(primary_key=True)
    reason: str
    due_fen: int = fen()
    over_fen: int = fen()
    recovery_fen: int = fen()
    amount_fen: int = fen()


class LineEvent(SQLModel, table=True):
    """What happened to a line; append-only, written by set. `state` is the state it leads to,
    `answer` the bank's own word where the bank said it."""

    __tablename__ = "line_event"
    __table_args__ = (sa.Index("ix_line_event_line_id_id", "line_id", "id"),)

    id: int | None = row_id()
    line_id: int = links_to("payout_line.id")
    state: str
    at: dt.datetime = instant()
    actor: str
    answer: str = ""
    sealed_reason: bytes | None = None
    settled_on: dt.date | None = None
    results_file_id: int | None = links_to("results_file.id", default=None, nullable=True)


class Checkpoint(SQLModel, table=True):
    """Up to which month a run found E = P for a household. A shortening only: where it is missing
    or anything became known since `as_of`, all months of the window are looked at."""

    __tablename__ = "payout_checkpoint"

    household_id: int = links_to("household.id", primary_key=True)
    run_id: int = links_to("payout_run.id")
    through_month: Month
    as_of: dt.datetime = instant()


class ReleasedFile(SQLModel, table=True):
    """The bytes that were handed out for a released run, sealed, with their SHA-256."""

    __tablename__ = "released_file"
    __table_args__ = (sa.UniqueConstraint("run_id", "format", "headers"),)

    id: int | None = row_id()
    run_id: int = links_to("payout_run.id")
    format: str
    headers: str
    sha256: str
    sealed_content: bytes
    made_at: dt.datetime = instant()


class Download(SQLModel, table=True):
    """Each time a released file was handed out, and to whom."""

    __tablename__ = "released_file_download"

    id: int | None = row_id()
    released_file_id: int = links_to("released_file.id", index=True)
    at: dt.datetime = instant()
    actor: str


class ResultsFile(SQLModel, table=True):
    """A bank's answer that was taken in."""

    __tablename__ = "results_file"
    __table_args__ = (sa.UniqueConstraint("run_id", "sha256"),)

    id: int | None = row_id()
    run_id: int = links_to("payout_run.id")
    sha256: str
    name: str
    row_count: int
    recorded_at: dt.datetime = instant()
    recorded_by: str


_EMPTY = {"server_default": sa.text("''")}


def _one_of_a_paper(table: str) -> sa.Index:
    """Of what waits or counts one names a paper for a household and month."""
    stands = sa.text("state IN ('recorded', 'confirmed')")
    return sa.Index(
        f"uq_{table}_paper_key",
        "paper_key",
        "household_id",
        "month",
        unique=True,
        sqlite_where=stands,
        postgresql_where=stands,
    )


class Repayment(Subject, table=True):
    """Money that came back outside any run (negative fen), for one household and month; counts
    from the instant an approver confirms it. `paper_key` is the receipt's number in the form that
    it is unique by; a trigger holds that those who stand on one receipt are of one household."""

    __table_args__ = (_one_of_a_paper("repayment"),)

    id: int | None = row_id()
    reference: str = Field(unique=True)
    household_id: int = links_to("household.id", index=True)
    month: Month
    amount_fen: int = fen()
    receipt_no: str
    paper_key: str = Field(default="", sa_column_kwargs=_EMPTY)
    recorded_at: dt.datetime = instant()
    recorded_by: str
    confirmed_at: dt.datetime | None = instant(nullable=True)
    confirmed_by: str = ""


class WriteOff(Subject, table=True):
    """An over-payment that was given up (positive fen), for one household and month; counts from
    the instant an approver confirms it. `paper_key` is the number of the minutes in the form that
    it is compared by; minutes may decide about several households."""

    __tablename__ = "write_off"
    __table_args__ = (_one_of_a_paper("write_off"),)

    id: int | None = row_id()
    reference: str = Field(unique=True)
    household_id: int = links_to("household.id", index=True)
    month: Month
    amount_fen: int = fen()
    minutes_no: str
    paper_key: str = Field(default="", sa_column_kwargs=_EMPTY)
    recorded_at: dt.datetime = instant()
    recorded_by: str
    confirmed_at: dt.datetime | None = instant(nullable=True)
    confirmed_by: str = ""
