"""Each migration goes up, down and up again, with data, on both databases; a whole one or none."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.schema import CreateIndex, CreateTable

import relief
from relief.kernel.database import Database
from relief.kernel.errors import NotInitialised
from relief.migrations.apply import check_current, current, downgrade, head, upgrade
from relief.migrations.tables import METADATA
from tests.migrations.rows import Rows, all_rows, put_a_row_in_every_table, reflected

pytestmark = pytest.mark.postgresql_slow

SCRIPTS = ScriptDirectory(str(Path(relief.__file__).parent / "migrations"))
STEPS = [(step.revision, step.down_revision or "base") for step in SCRIPTS.walk_revisions()]


@pytest.mark.parametrize(("revision", "before"), STEPS)
def test_migration_keeps_what_it_can_when_taken_back_and_again(
    database: Database, revision: str, before: str
) -> None:
    upgrade(database.engine, revision)
    put_a_row_in_every_table(database)
    rows = all_rows(database)
    downgrade(database.engine, before)
    kept = all_rows(database)
    upgrade(database.engine, revision)
    after = all_rows(database)
    assert current(database.engine) == revision
    assert after.keys() == rows.keys()
    assert _columns_of(kept, after) == _columns_of(kept, rows) == kept


def test_downgrade_to_base_leaves_no_table(database: Database) -> None:
    upgrade(database.engine)
    put_a_row_in_every_table(database)
    downgrade(database.engine, "base")
    assert current(database.engine) is None
    assert not reflected(database).tables
    assert not _functions(database)


def test_upgrade_changes_nothing_when_repeated(database: Database) -> None:
    upgrade(database.engine)
    put_a_row_in_every_table(database)
    rows = all_rows(database)
    upgrade(database.engine)
    assert all_rows(database) == rows


def test_upgrade_leaves_nothing_behind_when_it_fails_halfway(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE payout_item (id INTEGER)")
    with pytest.raises(sa.exc.DBAPIError, match="payout_item"):
        upgrade(database.engine)
    assert current(database.engine) is None
    assert set(reflected(database).tables) == {"payout_item"}


def test_upgrade_is_done_once_when_two_programs_start_together(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    program = (
        "import sys; from relief.kernel.database import Database;"
        "from relief.migrations.apply import upgrade; upgrade(Database(sys.argv[1]).engine)"
    )
    together = [
        subprocess.Popen([sys.executable, "-c", program, url], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate()[1] for process in together]
    assert [process.returncode for process in together] == [0, 0], said
    assert current(database.engine) == head()


def test_tables_of_the_code_are_those_of_the_migrations(database: Database) -> None:
    upgrade(database.engine)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, METADATA) == []


def test_every_constraint_is_the_same_when_made_by_code_or_by_migration(
    new_database: Callable[[], Database],
) -> None:
    migrated, created = new_database(), new_database()
    upgrade(migrated.engine)
    with created.engine.begin() as connection:
        METADATA.create_all(connection)
    assert _shape(migrated) == _shape(created)


def test_database_is_refused_when_its_version_is_older(database: Database) -> None:
    upgrade(database.engine, "0001")
    with pytest.raises(NotInitialised, match="older version") as refused:
        check_current(database.engine)
    assert refused.value.problems[0].code == "database.older"


def test_database_is_refused_when_its_version_is_unknown(database: Database) -> None:
    upgrade(database.engine)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NotInitialised, match="9999") as refused:
        check_current(database.engine)
    assert refused.value.problems[0].code == "database.newer"


def test_database_is_taken_when_its_version_is_ours(database: Database) -> None:
    upgrade(database.engine)
    check_current(database.engine)


@pytest.mark.parametrize(("table", "letter"), [("repayment", "M"), ("write_off", "W")])
def test_money_that_is_there_gets_number_and_state_when_it_becomes_a_case(
    database: Database, table: str, letter: str
) -> None:
    upgrade(database.engine)
    put_a_row_in_every_table(database)
    downgrade(database.engine, "0006")
    with database.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO journal_entry (id, subject_kind, subject_id, number, action, from_state, "
            "to_state, actor, at, definition_sha256, facts, previous_hash, hash) VALUES "
            f"(2, '{table}', 1, 2, 'decline', 'recorded', 'declined', 'ping', "
            "'2005-07-01 00:00:00.000000', 'file', '{}', 'first', 'second')"
        )
    upgrade(database.engine)
    (row,) = all_rows(database)[table]
    found = {name: row[name] for name in ("reference", "state", "version", "journal_head")}
    assert found == {
        "reference": f"{letter}2005-0001",
        "state": "declined",
        "version": 2,
        "journal_head": "second",
    }


def _columns_of(kept: Rows, rows: Rows) -> Rows:
    """The same rows, of each only the columns that an older version has."""
    return {
        table: [{name: row[name] for name in found[0]} for row in rows[table]]
        if found
        else rows[table]
        for table, found in kept.items()
    }


def _shape(database: Database) -> dict[str, list[str]]:
    """Everything that the database promises of each table, as it would be written down; the order
    of columns aside."""
    dialect = database.engine.dialect
    return {
        table.name: [
            *sorted(line.strip(" ,") for line in _compiled(CreateTable(table), dialect)),
            *sorted(line for ix in table.indexes for line in _compiled(CreateIndex(ix), dialect)),
        ]
        for table in reflected(database).sorted_tables
    }


def _compiled(statement: sa.ExecutableDDLElement, dialect: sa.Dialect) -> list[str]:
    return str(statement.compile(dialect=dialect)).strip().splitlines()


def _functions(database: Database) -> list[str]:
    if database.is_sqlite:
        return []
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
        return list(found.scalars())
