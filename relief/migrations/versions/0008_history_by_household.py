"""Two indexes that keep a run's cost with its changes, however long the history.

Whether anything of a household was made or voided since a run is asked of every household in every
run: by its lines in the order in which they were made, and by its voided items alone.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

BY_HOUSEHOLD = "ix_payout_line_household_id"
BY_HOUSEHOLD_AND_TIME = "ix_payout_line_household_id_made_at"
VOIDED = "ix_payout_item_voided"


def upgrade() -> None:
    op.drop_index(BY_HOUSEHOLD, "payout_line")
    op.create_index(BY_HOUSEHOLD_AND_TIME, "payout_line", ["household_id", "made_at"])
    is_void = sa.text("voided_at IS NOT NULL")
    op.create_index(
        VOIDED,
        "payout_item",
        ["household_id", "voided_at"],
        sqlite_where=is_void,
        postgresql_where=is_void,
    )


def downgrade() -> None:
    op.drop_index(VOIDED, "payout_item")
    op.drop_index(BY_HOUSEHOLD_AND_TIME, "payout_line")
    op.create_index(BY_HOUSEHOLD, "payout_line", ["household_id"])
