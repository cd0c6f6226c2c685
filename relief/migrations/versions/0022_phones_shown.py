"""Who had a phone number shown whole, of which case or contact, and when: never changed, never
removed."""

import sqlalchemy as sa
from alembic import op

from relief.kernel.columns import Instant

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "phone_shown"
STAYS = "rows of phone_shown are never changed, and never removed"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", ID, primary_key=True),
        sa.Column("case_id", ID, sa.ForeignKey("petition_case.id"), nullable=True),
        sa.Column("contact_id", ID, sa.ForeignKey("contact.id"), nullable=True),
        sa.Column("username", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
    )
    answer = (
        f"EXECUTE FUNCTION refuse_to_forget('{STAYS}')"
        if op.get_bind().dialect.name == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{STAYS}'); END"
    )
    for rule, event in (("stays", "DELETE"), ("is_final", "UPDATE")):
        op.execute(f"CREATE TRIGGER {TABLE}_{rule} BEFORE {event} ON {TABLE} FOR EACH ROW {answer}")


def downgrade() -> None:
    op.drop_table(TABLE)
