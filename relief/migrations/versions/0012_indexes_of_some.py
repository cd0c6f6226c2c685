"""What is looked up by a person or a phone stands in its index only where there is one: most rows
have none, and a database that counted them took the whole index for useless."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

IDS = (
    ("contact", "person_id"),
    ("petition_case", "petitioner_id"),
    ("petition_case", "merged_into_id"),
)
HASHES = tuple(
    (table, column)
    for table in ("contact", "petition_case", "household")
    for column in ("phone_hash", "phone_last4_hash")
)


def upgrade() -> None:
    for columns, without in ((IDS, "IS NOT NULL"), (HASHES, "<> ''")):
        for table, column in columns:
            name, some = f"ix_{table}_{column}", sa.text(f"{column} {without}")
            op.drop_index(name, table)
            op.create_index(name, table, [column], sqlite_where=some, postgresql_where=some)


def downgrade() -> None:
    for table, column in (*IDS, *HASHES):
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column])
