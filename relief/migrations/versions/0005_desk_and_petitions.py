"""The desk and the cases on the five steps: contacts, cases, their readers, started jobs."""

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# In the order in which they refer to each other.
TABLES = (
    "number_series", "contact", "petition_case", "petition_contact", "petition_reader", "job_start",
)  # fmt: skip
KEPT = TABLES[1:]
# Of these columns the first is set once; the others go with it, or may change.
CHANGING = {
    "contact": ("voided_at", "voided_by", "sealed_void_reason", "outcome", "restricted"),
    "petition_contact": ("case_id", "relation"),
    "petition_reader": ("ended_at",),
    "job_start": ("voided_at",),
}
SET_ONCE = {"contact": "voided_at", "petition_reader": "ended_at", "job_start": "voided_at"}

STAYS = "rows of {table} are never removed"
IS_FINAL = "rows of {table} are never changed; what is to be put right is recorded anew"


def upgrade() -> None:
    op.create_table(
        "number_series",
        _text("letter"),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("letter", "year"),
    )
    op.create_table(
        "contact",
        _id(),
        _text("reference"),
        _text("token"),
        _text("channel"),
        _instant("happened_at"),
        _date("happened_on"),
        sa.Column("head_count", sa.Integer(), nullable=False),
        _link("person_id", "person.id", nullable=True),
        _text("name"),
        _text("pinyin"),
        *_phone(),
        _sealed("matter"),
        _sealed("answer", nullable=True),
        _text("outcome"),
        _flag("chase_up"),
        _flag("urgent"),
        _flag("collective"),
        _flag("restricted"),
        _instant("recorded_at"),
        _text("recorded_by"),
        _text("on_behalf_of", nullable=True),
        _instant("voided_at", nullable=True),
        _text("voided_by", nullable=True),
        _sealed("void_reason", nullable=True),
        sa.UniqueConstraint("reference"),
        sa.CheckConstraint("head_count >= 1", name="somebody"),
    )
    _index("contact", "happened_on", "person_id", "pinyin", "phone_hash", "phone_last4_hash")
    op.create_table(
        "petition_case",
        _id(),
        *_subject(),
        _text("kind"),
        _text("reference"),
        _text("token"),
        _link("petitioner_id", "person.id", nullable=True),
        _text("petitioner_name"),
        _text("pinyin"),
        *_phone(),
        _sealed("matter"),
        _text("matter_class"),
        _flag("urgent"),
        _flag("collective"),
        _flag("restricted"),
        _text("case_worker"),
        _link("merged_into_id", "petition_case.id", nullable=True),
        _date("received_on"),
        _instant("recorded_at"),
        _text("recorded_by"),
        sa.UniqueConstraint("reference"),
    )
    _index(
        "petition_case", "kind", "petitioner_id", "pinyin", "phone_hash", "phone_last4_hash",
        "case_worker", "merged_into_id", "received_on",
    )  # fmt: skip
    op.create_table(
        "petition_contact",
        _id(),
        _link("contact_id", "contact.id"),
        _link("case_id", "petition_case.id"),
        _text("relation"),
        sa.UniqueConstraint("contact_id"),
    )
    _index("petition_contact", "case_id")
    op.create_table(
        "petition_reader",
        _id(),
        _link("case_id", "petition_case.id"),
        _text("username"),
        _instant("recorded_at"),
        _text("recorded_by"),
        _instant("ended_at", nullable=True),
    )
    _index("petition_reader", "case_id", "username")
    _one_where("uq_petition_reader_named", "petition_reader", "ended_at", "case_id", "username")
    op.create_table(
        "job_start",
        _id(),
        _link("case_id", "petition_case.id"),
        _text("token"),
        _link("person_id", "person.id"),
        _date("started_on"),
        _text("evidence"),
        _flag("was_unemployed"),
        _sealed("employer"),
        _instant("recorded_at"),
        _text("recorded_by"),
        _instant("voided_at", nullable=True),
    )
    _index("job_start", "case_id", "person_id", "started_on")
    _one_where("uq_job_start_counted", "job_start", "voided_at", "case_id")
    for table in KEPT:
        _refuse(table, "stays", "DELETE", STAYS)
    for table, columns in CHANGING.items():
        _refuse(table, "is_final", f"UPDATE OF {_all_but(table, columns)}", IS_FINAL)
    for table, column in SET_ONCE.items():
        _refuse(table, "is_set_once", f"UPDATE OF {column}", IS_FINAL, f"OLD.{column} IS NOT NULL")


def downgrade() -> None:
    for table in KEPT:
        _allow(table, "stays")
    for table in CHANGING:
        _allow(table, "is_final")
    for table in SET_ONCE:
        _allow(table, "is_set_once")
    for table in reversed(TABLES):
        op.drop_table(table)


def _subject() -> tuple[sa.Column[Any], ...]:
    return (
        _text("state"),
        sa.Column("version", sa.Integer(), nullable=False),
        _text("definition_sha256"),
        _text("journal_head"),
        sa.Column("journal_key", sa.LargeBinary(), nullable=False),
    )


def _phone() -> tuple[sa.Column[Any], ...]:
    return _sealed("phone", nullable=True), _text("phone_hash"), _text("phone_last4_hash")


def _id() -> sa.Column[int]:
    return sa.Column("id", ROW_ID, primary_key=True, nullable=False)


def _link(name: str, target: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, ROW_ID, sa.ForeignKey(target), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=nullable)


def _sealed(name: str, *, nullable: bool = False) -> sa.Column[bytes]:
    return sa.Column(f"sealed_{name}", sa.LargeBinary(), nullable=nullable)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _date(name: str) -> sa.Column[dt.date]:
    return sa.Column(name, sa.Date(), nullable=False)


def _instant(name: str, *, nullable: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _one_where(name: str, table: str, unset: str, *columns: str) -> None:
    """At most one row for these columns, of those where something has not been set yet."""
    where = sa.text(f"{unset} IS NULL")
    op.create_index(
        name, table, list(columns), unique=True, sqlite_where=where, postgresql_where=where
    )


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
