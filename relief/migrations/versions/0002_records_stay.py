"""The database itself refuses to change or forget what was recorded.

Whoever has the password of the database can take these triggers away; the journal's chain and
seals, and `payouts verify`, are there for that. The triggers are for the slip of a hand.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Neither changed nor removed: a correction is a new row.
APPEND_ONLY = ("journal_entry", "journal_seal", "workflow_definition", "line_event")

# Facts: only `superseded_at` (of a rate its confirmation) may be set, once.
SET_ONCE = {
    "enrolment": ("superseded_at",),
    "membership": ("superseded_at",),
    "grade": ("superseded_at",),
    "hold": ("superseded_at",),
    "account": ("superseded_at",),
    "recovery_choice": ("superseded_at",),
    "person_identity": ("superseded_at",),
    "rate": ("confirmed_at", "confirmed_by"),
}

# Changed by the steps of a run (an item is voided), never removed.
NEVER_REMOVED = ("payout_run", "payout_line", "payout_item", "payout_exception", "released_file")

STAYS = "rows of {table} are never removed"
IS_FINAL = "rows of {table} are never changed; what is to be put right is recorded anew"


def upgrade() -> None:
    if _on_postgresql():
        op.execute(
            "CREATE FUNCTION refuse_to_forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'restrict_violation'; "
            "END $$"
        )
    for table in (*APPEND_ONLY, *SET_ONCE, *NEVER_REMOVED):
        _refuse(table, "stays", "DELETE", STAYS)
    for table in APPEND_ONLY:
        _refuse(table, "is_final", "UPDATE", IS_FINAL)
    for table, columns in SET_ONCE.items():
        _refuse(table, "is_final", f"UPDATE OF {_all_but(table, columns)}", IS_FINAL)
        _refuse(table, "is_set_once", "UPDATE", IS_FINAL, f"OLD.{columns[0]} IS NOT NULL")


def downgrade() -> None:
    for table in (*APPEND_ONLY, *SET_ONCE, *NEVER_REMOVED):
        _allow(table, "stays")
    for table in (*APPEND_ONLY, *SET_ONCE):
        _allow(table, "is_final")
    for table in SET_ONCE:
        _allow(table, "is_set_once")
    if _on_postgresql():
        op.execute("DROP FUNCTION refuse_to_forget()")


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _all_but(table: str, columns: tuple[str, ...]) -> str:
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    return ", ".join(name for name in names if name not in columns)


def _refuse(table: str, rule: str, event: str, message: str, condition: str = "true") -> None:
    """Refuse what happens to a row where the condition holds."""
    said = message.format(table=table)
    answer = (
        f"EXECUTE FUNCTION refuse_to_forget('{said}')"
        if _on_postgresql()
        else f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_{rule} BEFORE {event} ON {table} "
        f"FOR EACH ROW WHEN ({condition}) {answer}"
    )


def _allow(table: str, rule: str) -> None:
    op.execute(f"DROP TRIGGER {table}_{rule}" + (f" ON {table}" if _on_postgresql() else ""))
