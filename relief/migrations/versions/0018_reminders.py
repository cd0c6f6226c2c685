"""Reminders of deadlines, the day's mail, and calendars of one's own."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
STANDS = sa.text("ended_at IS NULL")
TABLES = ("reminder_for", "reminder", "mail_address", "digest_mail", "calendar_feed")


def upgrade() -> None:
    op.create_table(
        "reminder",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("case_id", ROW_ID, sa.ForeignKey("petition_case.id"), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.UniqueConstraint("case_id", "sort", "state", "due_on"),
    )
    op.create_table(
        "reminder_for",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("reminder_id", ROW_ID, sa.ForeignKey("reminder.id"), nullable=False),
        sa.Column("username", sa.String(), nullable=False, index=True),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.UniqueConstraint("reminder_id", "username"),
    )
    op.create_table(
        "mail_address",
        sa.Column("id", ROW_ID, primary_key=True),
        _user(),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
    )
    op.create_table(
        "digest_mail",
        sa.Column("id", ROW_ID, primary_key=True),
        _user(),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("tried_at", INSTANT, nullable=True),
        sa.UniqueConstraint("user_id", "on"),
    )
    op.create_index("ix_digest_mail_state_next_at", "digest_mail", ["state", "next_at"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", ROW_ID, primary_key=True),
        _user(),
        sa.Column("key_sha256", sa.String(), nullable=False, unique=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
    )
    for table in ("mail_address", "calendar_feed"):
        op.create_index(
            f"uq_{table}_standing",
            table,
            ["user_id"],
            unique=True,
            sqlite_where=STANDS,
            postgresql_where=STANDS,
        )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)


def _user() -> "sa.Column[int]":
    return sa.Column("user_id", ROW_ID, sa.ForeignKey("user_account.id"), nullable=False)
