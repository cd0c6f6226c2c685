"""Rows of cases bear the office's seal. Those that stand get theirs from `relief init`, which has
the keys."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    seal = sa.Column("row_seal", sa.String(), nullable=False, server_default=sa.text("''"))
    op.add_column("petition_case", seal)


def downgrade() -> None:
    op.drop_column("petition_case", "row_seal")
