"""Lists of cases that people keep under a name; and whose open cases these are, by one index."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CASES, OF_WORKER = "petition_case", "ix_petition_case_case_worker"


def upgrade() -> None:
    op.drop_index(OF_WORKER, CASES)
    op.create_index(f"{OF_WORKER}_state", CASES, ["case_worker", "state"])
    op.create_table(
        "case_view",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_case_view_owner", "case_view", ["owner"])


def downgrade() -> None:
    op.drop_table("case_view")
    op.drop_index(f"{OF_WORKER}_state", CASES)
    op.create_index(OF_WORKER, CASES, ["case_worker"])
