"""Whom restricted matters alone know has no name of its own: the names stand with those matters.

An index goes that served to count the restricted contacts: nobody is told any more how many there
are.
"""

import sqlalchemy as sa
from alembic import op

from relief.migrations.rules_then import pinyin_of

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

COUNTED = "ix_contact_restricted"
IS_HIDDEN = """
    (EXISTS (SELECT 1 FROM contact WHERE person_id = person.id)
        OR EXISTS (SELECT 1 FROM petition_case WHERE petitioner_id = person.id))
    AND NOT EXISTS (SELECT 1 FROM contact WHERE person_id = person.id AND NOT restricted)
    AND NOT EXISTS (SELECT 1 FROM petition_case WHERE petitioner_id = person.id AND NOT restricted)
    AND NOT EXISTS (SELECT 1 FROM membership WHERE person_id = person.id)
    AND NOT EXISTS (SELECT 1 FROM household WHERE applicant_id = person.id)
"""
NAMES = """
    SELECT person.id, COALESCE(
        (SELECT petitioner_name FROM petition_case
            WHERE petitioner_id = person.id AND petitioner_name <> '' ORDER BY id DESC LIMIT 1),
        (SELECT name FROM contact
            WHERE person_id = person.id AND name <> '' ORDER BY id DESC LIMIT 1),
        '') AS name
    FROM person WHERE name = ''
"""


def upgrade() -> None:
    op.execute(f"UPDATE person SET name = '', pinyin = '' WHERE {IS_HIDDEN}")
    op.drop_index(COUNTED, "contact")


def downgrade() -> None:
    op.create_index(
        COUNTED,
        "contact",
        ["id"],
        sqlite_where=sa.text("restricted IS 1"),
        postgresql_where=sa.text("restricted IS true"),
    )
    called = sa.text("UPDATE person SET name = :name, pinyin = :pinyin WHERE id = :id")
    for row in op.get_bind().execute(sa.text(NAMES)).all():
        values = {"id": row.id, "name": row.name, "pinyin": pinyin_of(row.name)}
        op.get_bind().execute(called, values)
