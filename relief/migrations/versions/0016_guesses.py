"""Wrong guesses at a receipt's check code are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guess",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.Column("target_index", sa.String(), nullable=False),
        sa.Column("address_index", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guess")),
    )
    op.create_index("ix_guess_at", "guess", ["at"])
    op.create_index("ix_guess_target_index_at", "guess", ["target_index", "at"])
    op.create_index("ix_guess_address_index_at", "guess", ["address_index", "at"])


def downgrade() -> None:
    op.drop_table("guess")
