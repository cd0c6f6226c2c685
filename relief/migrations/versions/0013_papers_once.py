"""Papers of money outside the lists are unique in the database, however their numbers were typed.

Both tables get the number in its normal form, and an index that lets one row name a paper for a
household and month. That a receipt is one household's money no index can say (several months may
stand on it): a trigger does, which on PostgreSQL makes those wait who write the same receipt at
once. Rows that stood on one paper before stay: a later one is kept under its own number beside.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from relief.migrations.rules_then import paper_key

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

PAPERS = {"repayment": "receipt_no", "write_off": "minutes_no"}
STANDS = "state IN ('recorded', 'confirmed')"
IS_FINAL = "rows of {table} are never changed; what is to be put right is recorded anew"
ONE_HOUSEHOLD = "one receipt is the money of one household"
ANOTHERS = (
    "SELECT 1 FROM repayment AS other WHERE other.paper_key = NEW.paper_key AND "
    f"other.household_id <> NEW.household_id AND other.{STANDS}"
)
# Locks of two numbers are apart from the lock of record, which has one.
FUNCTION = f"""
CREATE FUNCTION refuse_second_household() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
PERFORM pg_advisory_xact_lock(13, hashtext(NEW.paper_key));
IF EXISTS ({ANOTHERS}) THEN
RAISE EXCEPTION USING MESSAGE = '{ONE_HOUSEHOLD}', ERRCODE = 'unique_violation';
END IF;
RETURN NEW;
END $$
"""


def upgrade() -> None:
    for table, paper in PAPERS.items():
        key = sa.Column("paper_key", sa.String(), nullable=False, server_default=sa.text("''"))
        op.add_column(table, key)
        for reference, number in _keys(table, paper):
            op.get_bind().execute(
                sa.text(f"UPDATE {table} SET paper_key = :key WHERE reference = :reference"),
                {"key": number, "reference": reference},
            )
        op.create_index(
            f"uq_{table}_paper_key",
            table,
            ["paper_key", "household_id", "month"],
            unique=True,
            sqlite_where=sa.text(STANDS),
            postgresql_where=sa.text(STANDS),
        )
        _refuse_change(table)
    _refuse_second_household()


def downgrade() -> None:
    op.execute("DROP TRIGGER repayment_one_household" + _on("repayment"))
    if _on_postgresql():
        op.execute("DROP FUNCTION refuse_second_household()")
    for table in PAPERS:
        op.execute(f"DROP TRIGGER {table}_key_is_final" + _on(table))
        op.drop_index(f"uq_{table}_paper_key", table)
        op.drop_column(table, "paper_key")


def _keys(table: str, paper: str) -> Iterator[tuple[str, str]]:
    """Each row with its key, in the order of record."""
    households: dict[str, int] = {}
    months: set[tuple[Any, ...]] = set()
    columns = f"reference, {paper} AS paper, household_id, month, {STANDS} AS stands"
    for row in op.get_bind().execute(sa.text(f"SELECT {columns} FROM {table} ORDER BY id")).all():
        key = paper_key(row.paper)
        if row.stands:
            place = (key, row.household_id, row.month)
            is_another = households.setdefault(key, row.household_id) != row.household_id
            if place in months or (table == "repayment" and is_another):
                key = f"{key} {row.reference}"
            months.add(place)
        yield row.reference, key


def _refuse_change(table: str) -> None:
    said = IS_FINAL.format(table=table)
    answer = (
        f"EXECUTE FUNCTION refuse_to_forget('{said}')"
        if _on_postgresql()
        else f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )
    op.execute(
        f"CREATE TRIGGER {table}_key_is_final BEFORE UPDATE OF paper_key ON {table} "
        f"FOR EACH ROW {answer}"
    )


def _refuse_second_household() -> None:
    begins = "CREATE TRIGGER repayment_one_household BEFORE INSERT ON repayment FOR EACH ROW"
    if _on_postgresql():
        op.execute(FUNCTION)
        op.execute(f"{begins} WHEN (NEW.{STANDS}) EXECUTE FUNCTION refuse_second_household()")
        return
    op.execute(
        f"{begins} WHEN NEW.{STANDS} AND EXISTS ({ANOTHERS}) "
        f"BEGIN SELECT RAISE(ABORT, '{ONE_HOUSEHOLD}'); END"
    )


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _on(table: str) -> str:
    return f" ON {table}" if _on_postgresql() else ""
