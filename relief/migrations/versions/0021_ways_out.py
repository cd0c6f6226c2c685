"""Where mail goes, and who reads a calendar: bound to their owners, and never changed but to end.
Addresses from before are bound to nobody: their owners set them anew."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLES = ("mail_address", "calendar_feed")


def upgrade() -> None:
    seal = sa.Column("owner_seal", sa.String(), nullable=False, server_default=sa.text("''"))
    op.add_column("calendar_feed", seal)
    for table in TABLES:
        stays = f"rows of {table} are never removed; end the address"
        is_final = f"rows of {table} are never changed but to end; a new address is a new row"
        columns = [each["name"] for each in sa.inspect(op.get_bind()).get_columns(table)]
        fixed = ", ".join(name for name in columns if name != "ended_at")
        _refuse(table, "stays", "DELETE", stays)
        _refuse(table, "is_final", f"UPDATE OF {fixed}", is_final)
        _refuse(table, "ends_once", "UPDATE", is_final, "OLD.ended_at IS NOT NULL")


def downgrade() -> None:
    on_table = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        for rule in ("stays", "is_final", "ends_once"):
            op.execute(f"DROP TRIGGER {table}_{rule}" + (f" ON {table}" if on_table else ""))
    op.drop_column("calendar_feed", "owner_seal")


def _refuse(table: str, rule: str, event: str, said: str, condition: str = "true") -> None:
    answer = (
        f"EXECUTE FUNCTION refuse_to_forget('{said}')"
        if op.get_bind().dialect.name == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_{rule} BEFORE {event} ON {table} "
        f"FOR EACH ROW WHEN ({condition}) {answer}"
    )
