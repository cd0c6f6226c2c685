"""Repayments and write-offs become cases: each has a number, a state and a journal.

Until here the tables could hold rows, but nothing wrote them. A row that is there all the same
(this migration was taken back, and is made again) gets its state from its journal.
"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

LETTERS = {"repayment": "M", "write_off": "W"}
# What a step changes; the confirmation is set once.
CHANGING = (
    "state", "version", "definition_sha256", "journal_head", "journal_key", "confirmed_at",
    "confirmed_by",
)  # fmt: skip
ADDED: tuple[tuple[str, Any], ...] = (
    ("reference", sa.String()),
    ("state", sa.String()),
    ("version", sa.Integer()),
    ("definition_sha256", sa.String()),
    ("journal_head", sa.String()),
    ("journal_key", sa.LargeBinary()),
)

STAYS = "rows of {table} are never removed"
IS_FINAL = "rows of {table} are never changed; what is to be put right is recorded anew"


def upgrade() -> None:
    for table in LETTERS:
        with op.batch_alter_table(table) as batch:
            for name, kind in ADDED:
                batch.add_column(sa.Column(name, kind, nullable=True))
        _fill(table)
        with op.batch_alter_table(table) as batch:
            for name, kind in ADDED:
                batch.alter_column(name, existing_type=kind, nullable=False)
            batch.create_unique_constraint(f"uq_{table}_reference", ["reference"])
        _refuse(table, "stays", "DELETE", STAYS)
        _refuse(table, "is_final", f"UPDATE OF {', '.join(_fixed(table))}", IS_FINAL)
        confirmed = "UPDATE OF confirmed_at, confirmed_by"
        _refuse(table, "is_set_once", confirmed, IS_FINAL, "OLD.confirmed_at IS NOT NULL")


def downgrade() -> None:
    for table in LETTERS:
        for rule in ("stays", "is_final", "is_set_once"):
            _allow(table, rule)
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(f"uq_{table}_reference", type_="unique")
            for name, _kind in ADDED:
                batch.drop_column(name)


def _fill(table: str) -> None:
    """Number the rows in the order of record; what their journal knows is taken from there, but
    the key of its words is gone for good."""
    connection = op.get_bind()
    given: dict[int, int] = {}
    columns = "id, recorded_at, confirmed_at"
    for row in _rows(f"SELECT {columns} FROM {table} ORDER BY id"):
        year = int(str(row.recorded_at)[:4])
        given[year] = given.get(year, 0) + 1
        values = {
            "id": row.id,
            "reference": f"{LETTERS[table]}{year}-{given[year]:04d}",
            "state": "recorded" if row.confirmed_at is None else "confirmed",
            "version": 0, "definition_sha256": "", "journal_head": "", "journal_key": b"",
        }  # fmt: skip
        connection.execute(
            sa.text(
                f"UPDATE {table} SET reference = :reference, state = :state, version = :version, "
                "definition_sha256 = :definition_sha256, journal_head = :journal_head, "
                "journal_key = :journal_key WHERE id = :id"
            ),
            values | _last_step(table, row.id),
        )


def _last_step(table: str, row_id: int) -> dict[str, Any]:
    found = _rows(
        "SELECT to_state AS state, number AS version, definition_sha256, hash AS journal_head "
        "FROM journal_entry WHERE subject_kind = :kind AND subject_id = :id "
        "ORDER BY number DESC LIMIT 1",
        kind=table, id=row_id,
    )  # fmt: skip
    return dict(found[0]._mapping) if found else {}


def _rows(statement: str, **values: Any) -> Sequence[sa.Row[Any]]:
    return op.get_bind().execute(sa.text(statement), values).all()


def _fixed(table: str) -> list[str]:
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    return [name for name in names if name not in CHANGING]


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


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
