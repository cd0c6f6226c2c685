"""The first tables.

Written out, not derived from `relief/*/tables.py`: a migration says for ever what it made.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BY_CODE_POINT = sa.String().with_variant(sa.String(collation="C"), "postgresql")

# In the order in which they refer to each other.
TABLES = (
    "deployment",
    "imported_file",
    "job_run",
    "journal_entry",
    "journal_seal",
    "payout_run",
    "person",
    "rate",
    "scheme",
    "user_account",
    "workflow_definition",
    "household",
    "person_identity",
    "released_file",
    "results_file",
    "user_role",
    "account",
    "enrolment",
    "grade",
    "hold",
    "membership",
    "payout_checkpoint",
    "payout_exception",
    "recovery_choice",
    "released_file_download",
    "repayment",
    "write_off",
    "payout_line",
    "line_event",
    "payout_item",
)


def upgrade() -> None:
    op.create_table(
        "deployment",
        _number("id", primary_key=True, autoincrement=False),
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False),
        _instant("last_instant"),
        _text("key_check"),
        sa.CheckConstraint("id = 1", name="only_one"),
    )
    op.create_table(
        "imported_file",
        _id(),
        _text("kind"),
        _text("sha256"),
        _text("name"),
        _number("row_count"),
        _instant("recorded_at"),
        _text("recorded_by"),
        sa.UniqueConstraint("kind", "sha256"),
    )
    op.create_table(
        "job_run",
        _id(),
        _text("job"),
        _text("period"),
        _text("state"),
        _number("attempts"),
        _instant("started_at"),
        _instant("finished_at", nullable=True),
        _text("detail", sa.Text()),
        sa.UniqueConstraint("job", "period"),
    )
    op.create_table(
        "journal_entry",
        _id(),
        _text("subject_kind"),
        _number("subject_id", sa.BigInteger()),
        _number("number"),
        _text("action"),
        _text("from_state"),
        _text("to_state"),
        _text("actor"),
        _text("on_behalf_of", nullable=True),
        _instant("at"),
        _text("definition_sha256"),
        _text("facts", sa.Text()),
        sa.Column("sealed", sa.LargeBinary()),
        _text("previous_hash"),
        _text("hash"),
        sa.UniqueConstraint("subject_kind", "subject_id", "number"),
    )
    op.create_table(
        "journal_seal",
        _id(),
        sa.Column("sealed_on", sa.Date(), nullable=False, unique=True),
        _instant("sealed_at"),
        _number("last_entry_id", sa.BigInteger()),
        _number("entry_count", sa.BigInteger()),
        _text("heads_hash"),
        _text("previous_hash"),
        _text("hash"),
    )
    op.create_table(
        "payout_run",
        _id(),
        *_case_columns(),
        _text("reference", unique=True),
        _text("quarter"),
        _text("kind"),
        _number("number"),
        _number("first_month"),
        _number("last_month"),
        _instant("as_of"),
        _text("prepared_by"),
        _text("settings", sa.Text()),
        _number("line_count"),
        _fen("total_fen"),
        _text("sha256"),
        _text("approved_sha256"),
        _number("new_over_paid_count"),
        _fen("new_over_paid_fen"),
        _instant("released_at", nullable=True),
        _instant("settled_at", nullable=True),
        sa.UniqueConstraint("quarter", "kind", "number"),
        _one_where(
            "uq_payout_run_live_regular", "kind = 'regular' AND state <> 'cancelled'", "quarter"
        ),
    )
    op.create_table(
        "person",
        _id(),
        _text("name"),
        _text("pinyin", index=True),
        _instant("recorded_at"),
    )
    op.create_table(
        "rate",
        _id(),
        _text("grade"),
        _number("from_month"),
        _fen("rate_fen"),
        _text("document_no", index=True),
        _instant("recorded_at"),
        _text("proposed_by"),
        _instant("confirmed_at", nullable=True),
        _text("confirmed_by"),
    )
    op.create_table(
        "scheme",
        _number("id", primary_key=True, autoincrement=False),
        _number("go_live_month", nullable=True),
        _number("places_max"),
        _fen("band_low_fen"),
        _fen("band_high_fen"),
        _text("start_rule"),
        _text("stop_rule"),
        _number("recovery_percent_max"),
        _number("back_months_max"),
        _number("unanswered_days_max"),
        _number("version"),
        sa.CheckConstraint("id = 1", name="only_one"),
    )
    op.create_table(
        "user_account",
        _id(),
        _text("username", unique=True),
        _text("password_hash"),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        _instant("recorded_at"),
        _instant("disabled_at", nullable=True),
        _number("version"),
    )
    op.create_table(
        "workflow_definition",
        _text("sha256", primary_key=True),
        _text("key"),
        _number("number"),
        _text("body", sa.Text()),
        _instant("published_at"),
        sa.UniqueConstraint("key", "number"),
    )
    op.create_table(
        "household",
        _id(),
        *_case_columns(),
        _text("household_no", BY_CODE_POINT, unique=True),
        _link("applicant_id", "person", index=True),
        _text("token"),
        _text("township"),
        _text("employer"),
        _text("main_cause"),
        sa.Column("sealed_address", sa.LargeBinary()),
        sa.Column("sealed_phone", sa.LargeBinary()),
        _text("phone_hash", index=True),
        _text("phone_last4_hash", index=True),
        _text("proposed_grade"),
        _instant("recorded_at"),
        _text("recorded_by"),
    )
    op.create_table(
        "person_identity",
        _id(),
        _link("person_id", "person"),
        _text("token"),
        sa.Column("sealed_number", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_original", sa.LargeBinary()),
        _text("number_hash"),
        _text("last4_hash", index=True),
        _instant("recorded_at"),
        _instant("superseded_at", nullable=True),
        _one_where("uq_person_identity_number_known", "superseded_at IS NULL", "number_hash"),
        _one_where("uq_person_identity_person_known", "superseded_at IS NULL", "person_id"),
    )
    op.create_table(
        "released_file",
        _id(),
        _link("run_id", "payout_run"),
        _text("format"),
        _text("headers"),
        _text("sha256"),
        sa.Column("sealed_content", sa.LargeBinary(), nullable=False),
        _instant("made_at"),
        sa.UniqueConstraint("run_id", "format", "headers"),
    )
    op.create_table(
        "results_file",
        _id(),
        _link("run_id", "payout_run"),
        _text("sha256"),
        _text("name"),
        _number("row_count"),
        _instant("recorded_at"),
        _text("recorded_by"),
        sa.UniqueConstraint("run_id", "sha256"),
    )
    op.create_table(
        "user_role",
        _link("user_id", "user_account", primary_key=True),
        _text("role", primary_key=True),
    )
    op.create_table(
        "account",
        _id(),
        _link("household_id", "household", index=True),
        _text("kind"),
        _link("payee_id", "person", nullable=True),
        _text("payee_name"),
        _text("token"),
        sa.Column("sealed_number", sa.LargeBinary()),
        _text("number_hash", index=True),
        _text("bank_name"),
        sa.Column("event_on", sa.Date(), nullable=False),
        *_record_columns(),
        _one_where("uq_account_known", "superseded_at IS NULL", "household_id"),
    )
    op.create_table(
        "enrolment",
        _id(),
        _link("household_id", "household", index=True),
        _number("from_month"),
        _number("until_month", nullable=True),
        sa.Column("approved_on", sa.Date(), nullable=False),
        sa.Column("exited_on", sa.Date()),
        *_record_columns(),
    )
    op.create_table(
        "grade",
        _id(),
        _link("household_id", "household", index=True),
        _text("grade"),
        _number("from_month"),
        sa.Column("decided_on", sa.Date(), nullable=False),
        *_record_columns(),
    )
    op.create_table(
        "hold",
        _id(),
        _link("household_id", "household", index=True),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("event_on", sa.Date(), nullable=False),
        *_record_columns(),
        _one_where("uq_hold_known", "superseded_at IS NULL", "household_id"),
    )
    op.create_table(
        "membership",
        _id(),
        _link("household_id", "household", index=True),
        _link("person_id", "person", index=True),
        _text("relation"),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary()),
        _number("from_month"),
        _number("until_month", nullable=True),
        sa.Column("joined_on", sa.Date()),
        sa.Column("left_on", sa.Date()),
        sa.Column("left_by_death", sa.Boolean(), nullable=False),
        *_record_columns(),
    )
    op.create_table(
        "payout_checkpoint",
        _link("household_id", "household", primary_key=True),
        _link("run_id", "payout_run"),
        _number("through_month"),
        _instant("as_of"),
    )
    op.create_table(
        "payout_exception",
        _link("run_id", "payout_run", primary_key=True),
        _link("household_id", "household", primary_key=True),
        _instant("made_at", primary_key=True),
        _text("reason"),
        _fen("due_fen"),
        _fen("over_fen"),
        _fen("recovery_fen"),
        _fen("amount_fen"),
    )
    op.create_table(
        "recovery_choice",
        _id(),
        _link("household_id", "household", index=True),
        _text("choice"),
        *_record_columns(),
        _one_where("uq_recovery_choice_known", "superseded_at IS NULL", "household_id"),
    )
    op.create_table(
        "released_file_download",
        _id(),
        _link("released_file_id", "released_file", index=True),
        _instant("at"),
        _text("actor"),
    )
    op.create_table(
        "repayment",
        _id(),
        _link("household_id", "household", index=True),
        _number("month"),
        _fen("amount_fen"),
        _text("receipt_no"),
        _instant("recorded_at"),
        _text("recorded_by"),
        _instant("confirmed_at", nullable=True),
        _text("confirmed_by"),
    )
    op.create_table(
        "write_off",
        _id(),
        _link("household_id", "household", index=True),
        _number("month"),
        _fen("amount_fen"),
        _text("minutes_no"),
        _instant("recorded_at"),
        _text("recorded_by"),
        _instant("confirmed_at", nullable=True),
        _text("confirmed_by"),
    )
    op.create_table(
        "payout_line",
        _id(),
        _link("run_id", "payout_run", index=True),
        _link("household_id", "household", index=True),
        _number("number"),
        _text("reference", unique=True),
        _link("account_id", "account"),
        _link("identity_id", "person_identity", nullable=True),
        _fen("due_fen"),
        _fen("over_fen"),
        _fen("recovery_fen"),
        _fen("amount_fen"),
        _instant("made_at"),
        sa.UniqueConstraint("run_id", "number"),
    )
    op.create_table(
        "line_event",
        _id(),
        _link("line_id", "payout_line"),
        _text("state"),
        _instant("at"),
        _text("actor"),
        _text("answer"),
        sa.Column("sealed_reason", sa.LargeBinary()),
        sa.Column("settled_on", sa.Date()),
        _link("results_file_id", "results_file", nullable=True),
        sa.Index("ix_line_event_line_id_id", "line_id", "id"),
    )
    op.create_table(
        "payout_item",
        _link("household_id", "household", primary_key=True),
        _number("month", primary_key=True),
        _link("line_id", "payout_line", primary_key=True, index=True),
        _text("kind"),
        _fen("amount_fen"),
        _number("persons"),
        _fen("rate_fen"),
        _instant("made_at"),
        _instant("voided_at", nullable=True),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", ROW_ID, primary_key=True)


def _link(name: str, target: str, **options: Any) -> sa.Column[int]:
    options.setdefault("nullable", False)
    return sa.Column(name, ROW_ID, sa.ForeignKey(f"{target}.id"), **options)


def _case_columns() -> tuple[sa.Column[Any], ...]:
    """What a workflow needs of a table that it drives."""
    return (
        _text("state"),
        _number("version"),
        _text("definition_sha256"),
        _text("journal_head"),
        sa.Column("journal_key", sa.LargeBinary(), nullable=False),
    )


def _record_columns() -> tuple[sa.Column[Any], ...]:
    """What every fact row carries."""
    return _instant("recorded_at"), _text("recorded_by"), _instant("superseded_at", nullable=True)


def _instant(name: str, **options: Any) -> sa.Column[dt.datetime]:
    options.setdefault("nullable", False)
    return sa.Column(name, sa.DateTime(timezone=True), **options)


def _fen(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _text(
    name: str, kind: sa.types.TypeEngine[str] | None = None, **options: Any
) -> sa.Column[str]:
    options.setdefault("nullable", False)
    return sa.Column(name, kind or sa.String(), **options)


def _number(
    name: str, kind: sa.types.TypeEngine[int] | None = None, **options: Any
) -> sa.Column[int]:
    options.setdefault("nullable", False)
    return sa.Column(name, kind or sa.Integer(), **options)


def _one_where(name: str, condition: str, *columns: str) -> sa.Index:
    """At most one row for these columns, of those that fulfil the condition."""
    where = sa.text(condition)
    return sa.Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)
