"""The office's mark over the daily seals. It is made by `relief init`, which has the keys."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    mark = sa.Column("seals_mark", sa.String(), nullable=False, server_default=sa.text("''"))
    op.add_column("deployment", mark)


def downgrade() -> None:
    op.drop_column("deployment", "seals_mark")
