"""Signing in: sessions, failed attempts, and what a user's row says of them.

Users get a journal. Of those who are there `relief init` writes the first entry: it has the keys
that a migration has not. Where this migration was taken back and is made again, the heads of their
chains are found in the journal.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ADDED = ("journal_head", "signed_in_at", "password_is_lent", "locale", "keys_off")


def upgrade() -> None:
    _add("journal_head", sa.String(), sa.text("''"))
    op.add_column("user_account", sa.Column("signed_in_at", sa.DateTime(timezone=True)))
    _add("password_is_lent", sa.Boolean(), sa.false())
    _add("locale", sa.String(), sa.text("''"))
    _add("keys_off", sa.Boolean(), sa.false())
    op.execute(
        "UPDATE user_account SET journal_head = COALESCE((SELECT hash FROM journal_entry WHERE "
        "subject_kind = 'user' AND subject_id = user_account.id ORDER BY number DESC LIMIT 1), '')"
    )
    _make_auth_session()
    _make_sign_in_attempt()


def downgrade() -> None:
    op.drop_table("sign_in_attempt")
    op.drop_table("auth_session")
    for name in reversed(ADDED):
        op.drop_column("user_account", name)


def _add(name: str, kind: Any, default: Any) -> None:
    column = sa.Column(name, kind, nullable=False, server_default=default)
    op.add_column("user_account", column)


def _make_auth_session() -> None:
    op.create_table(
        "auth_session",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("user_id", ROW_ID, sa.ForeignKey("user_account.id"), nullable=False, index=True),
        sa.Column("user_version", sa.Integer(), nullable=False),
        sa.Column("key_sha256", sa.String(), nullable=False, unique=True),
        sa.Column("address_index", sa.String(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
    )


def _make_sign_in_attempt() -> None:
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("account_index", sa.String(), nullable=False),
        sa.Column("address_index", sa.String(), nullable=False),
        sa.Column("from_known", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, index=True),
    )
    for column in ("account_index", "address_index"):
        op.create_index(f"ix_sign_in_attempt_{column}_at", "sign_in_attempt", [column, "at"])
