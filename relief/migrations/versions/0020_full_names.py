"""Users have the name that people know them by. Where this was taken back and is made again, the
names are found in the journal."""

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("full_name", sa.String(), nullable=False, server_default=sa.text("''"))
    op.add_column("user_account", column)
    entries = sa.text(
        "SELECT subject_id, facts FROM journal_entry WHERE subject_kind = 'user' ORDER BY number"
    )
    names = {row.subject_id: _name_in(row.facts) for row in op.get_bind().execute(entries)}
    for user_id, name in names.items():
        naming = sa.text("UPDATE user_account SET full_name = :name WHERE id = :id")
        op.get_bind().execute(naming, {"name": name, "id": user_id})


def downgrade() -> None:
    op.drop_column("user_account", "full_name")


def _name_in(facts: str) -> str:
    """The name that an entry tells; none where it is no entry of relief's."""
    try:
        found: Any = json.loads(facts)
    except ValueError:
        return ""
    return str(found.get("full_name", "")) if isinstance(found, dict) else ""
