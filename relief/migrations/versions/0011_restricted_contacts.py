"""An index of the restricted contacts alone: a list says how many there are that are not for its
reader, and looks at no other for that."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NAME = "ix_contact_restricted"


def upgrade() -> None:
    op.create_index(
        NAME,
        "contact",
        ["id"],
        sqlite_where=sa.text("restricted IS 1"),
        postgresql_where=sa.text("restricted IS true"),
    )


def downgrade() -> None:
    op.drop_index(NAME, "contact")
