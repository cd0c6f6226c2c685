"""Surveys, public notices, and the minimum living line that surveys are judged by.

What was found, announced or set stays as it was recorded: the database refuses to change it.
"""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = ("dibao_line", "survey", "public_notice")
STAYS = "rows of {table} are never removed"
IS_FINAL = "rows of {table} are never changed; what is to be put right is recorded anew"


def upgrade() -> None:
    op.create_table(
        "dibao_line",
        sa.Column("id", ROW_ID, primary_key=True),
        _whole("from_month"),
        sa.Column("line_fen", sa.BigInteger(), nullable=False),
        _text("document_no"),
        *_record_columns(),
    )
    op.create_table(
        "survey",
        sa.Column("id", ROW_ID, primary_key=True),
        _link("household_id", "household", index=True),
        _text("kind"),
        _day("visited_on"),
        _text("visitors"),
        _whole("persons"),
        _link("dibao_line_id", "dibao_line"),
        _text("token"),
        sa.Column("sealed_findings", sa.LargeBinary(), nullable=False),
        _text("proposed_grade"),
        _text("recheck_result"),
        _text("decided_grade"),
        *_record_columns(),
    )
    op.create_table(
        "public_notice",
        sa.Column("id", ROW_ID, primary_key=True),
        _link("household_id", "household", index=True),
        _text("grade"),
        _whole("counted_members"),
        _whole("from_month"),
        _text("objection_phone"),
        _day("published_on"),
        *_record_columns(),
    )
    for table in TABLES:
        _refuse(table, "stays", "DELETE", STAYS)
        _refuse(table, "is_final", "UPDATE", IS_FINAL)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)  # its triggers go with it


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _day(name: str) -> sa.Column[dt.date]:
    return sa.Column(name, sa.Date(), nullable=False)


def _link(name: str, table: str, *, index: bool = False) -> sa.Column[int]:
    return sa.Column(name, ROW_ID, sa.ForeignKey(f"{table}.id"), nullable=False, index=index)


def _record_columns() -> tuple[sa.Column[dt.datetime], sa.Column[str]]:
    return (
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _text("recorded_by"),
    )


def _refuse(table: str, rule: str, event: str, message: str) -> None:
    """Refuse what happens to a row."""
    said = message.format(table=table)
    answer = (
        f"EXECUTE FUNCTION refuse_to_forget('{said}')"
        if op.get_bind().dialect.name == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_{rule} BEFORE {event} ON {table} FOR EACH ROW WHEN (true) {answer}"
    )
