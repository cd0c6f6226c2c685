"""By when a case is to go on, and who stands aside in it."""

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STAYS = "rows of {table} are never removed"
IS_FINAL = "rows of {table} are never changed; what is to be put right is recorded anew"


def upgrade() -> None:
    op.create_table(
        "case_deadline",
        _text("subject_kind", primary_key=True),
        sa.Column("subject_id", sa.BigInteger(), primary_key=True, autoincrement=False),
        _text("state"),
        _day("started_on", nullable=False),
        _day("nominal_on"),
        _day("due_on"),
        _instant("due_at", nullable=True, index=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        _day("paused_on"),
        _text("calendar_version"),
        _instant("reckoned_at"),
        _instant("overdue_at", nullable=True),
    )
    op.create_table(
        "deadline_change",
        sa.Column("id", ROW_ID, primary_key=True),
        _text("subject_kind"),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        _day("before_on"),
        _day("after_on"),
        _text("before_version"),
        _text("after_version"),
        _instant("at"),
    )
    _make_recusal()
    for table in ("deadline_change", "recusal"):
        _refuse(table, "stays", "DELETE", STAYS)
    _refuse("deadline_change", "is_final", "UPDATE", IS_FINAL)
    columns = "id, subject_kind, subject_id, username, recorded_at, recorded_by"
    _refuse("recusal", "is_final", f"UPDATE OF {columns}", IS_FINAL)
    _refuse("recusal", "is_set_once", "UPDATE", IS_FINAL, "OLD.ended_at IS NOT NULL")


def downgrade() -> None:
    for table in ("recusal", "deadline_change", "case_deadline"):
        op.drop_table(table)  # its triggers go with it


def _make_recusal() -> None:
    standing = sa.text("ended_at IS NULL")
    op.create_table(
        "recusal",
        sa.Column("id", ROW_ID, primary_key=True),
        _text("subject_kind"),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        _text("username"),
        _instant("recorded_at"),
        _text("recorded_by"),
        _instant("ended_at", nullable=True),
        sa.Index(
            "uq_recusal_standing",
            "subject_kind",
            "subject_id",
            "username",
            unique=True,
            sqlite_where=standing,
            postgresql_where=standing,
        ),
    )


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, primary_key=primary_key)


def _day(name: str, *, nullable: bool = True) -> sa.Column[dt.date]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _instant(name: str, *, nullable: bool = False, index: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, index=index)


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
