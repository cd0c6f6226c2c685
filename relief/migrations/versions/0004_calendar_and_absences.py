"""The office's own calendar, and who is away.

What was declared stays: a row is superseded or ended, once, and the database refuses the rest.
"""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# The columns of each that may be set, once.
SET_ONCE = {
    "calendar_day": ("superseded_at",),
    "calendar_year": ("superseded_at",),
    "office_hours": ("superseded_at",),
    "absence": ("ended_at", "ended_by"),
}
STAYS = "rows of {table} are never removed"
IS_FINAL = "rows of {table} are never changed; what is to be put right is recorded anew"


def upgrade() -> None:
    _make_calendar()
    _make_absence()
    for table, columns in SET_ONCE.items():
        _refuse(table, "stays", "DELETE", STAYS)
        _refuse(table, "is_final", f"UPDATE OF {_all_but(table, columns)}", IS_FINAL)
        _refuse(table, "is_set_once", "UPDATE", IS_FINAL, f"OLD.{columns[0]} IS NOT NULL")


def downgrade() -> None:
    for table in reversed(SET_ONCE):
        op.drop_table(table)  # its triggers go with it


def _make_calendar() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("is_worked", sa.Boolean(), nullable=False),
        _text("note"),
        _text("document_no"),
        *_record_columns(),
        _one_known("calendar_day", "day"),
    )
    op.create_table(
        "calendar_year",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("year", sa.Integer(), nullable=False),
        _text("document_no"),
        *_record_columns(),
        _one_known("calendar_year", "year"),
    )
    op.create_table(
        "office_hours",
        sa.Column("id", ROW_ID, primary_key=True),
        _text("applies_to"),
        sa.Column("hours", sa.Text(), nullable=False),
        *_record_columns(),
        _one_known("office_hours", "applies_to"),
    )


def _make_absence() -> None:
    op.create_table(
        "absence",
        sa.Column("id", ROW_ID, primary_key=True),
        sa.Column("user_id", ROW_ID, sa.ForeignKey("user_account.id"), nullable=False, index=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("deputy_id", ROW_ID, sa.ForeignKey("user_account.id"), nullable=True),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        _instant("recorded_at"),
        _text("recorded_by"),
        _instant("ended_at", nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
    )


def _record_columns() -> tuple[sa.Column[Any], ...]:
    """What every row of the calendar carries."""
    return _instant("recorded_at"), _text("recorded_by"), _instant("superseded_at", nullable=True)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _one_known(table: str, *columns: str) -> sa.Index:
    """At most one row that has not been superseded, for these columns."""
    where = sa.text("superseded_at IS NULL")
    return sa.Index(
        f"uq_{table}_known", *columns, unique=True, sqlite_where=where, postgresql_where=where
    )


def _all_but(table: str, columns: tuple[str, ...]) -> str:
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    return ", ".join(name for name in names if name not in columns)


def _refuse(table: str, rule: str, event: str, message: str, condition: str = "true") -> None:
    """Refuse what happens to a row where the condition holds."""
    said = message.format(table=table)
    answer = (
        f"EXECUTE FUNCTION refuse_to_forget('{said}')"
        if op.get_bind().dialect.name == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_{rule} BEFORE {event} ON {table} "
        f"FOR EACH ROW WHEN ({condition}) {answer}"
    )
