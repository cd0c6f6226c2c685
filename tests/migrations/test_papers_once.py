"""Money recorded before papers were unique gets the normal form of its paper, and stays."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from relief.kernel.database import Database
from relief.migrations.apply import downgrade, upgrade
from tests.migrations.rows import all_rows, put_a_row_in_every_table, reflected
from tests.migrations.test_steps import STEPS

BEFORE = dict(STEPS)["0013"]
# Reference, number as it was typed, household, month, state.
ROWS = [
    ("no 2", "2005-7", 1, 5, "confirmed"),
    ("no 3", "２００５－７", 1, 5, "recorded"),
    ("no 4", "2005 7", 2, 6, "recorded"),
    ("no 5", "2005—7", 1, 6, "confirmed"),
    ("no 6", "2005-7", 2, 7, "taken_back"),
]
KEYS = {
    "repayment": ["20057", "20057 no 3", "20057 no 4", "20057", "20057"],
    "write_off": ["20057", "20057 no 3", "20057", "20057", "20057"],
}
PAPER = {"repayment": "receipt_no", "write_off": "minutes_no"}


def copied(connection: sa.Connection, table: sa.Table, **changes: object) -> None:
    row = dict(connection.execute(sa.select(table).where(table.c.id == 1)).mappings().one())
    connection.execute(sa.insert(table).values(row | changes))


@pytest.mark.parametrize("name", PAPER)
def test_row_that_is_there_gets_its_key_and_a_doubled_one_stays(
    database: Database, name: str
) -> None:
    upgrade(database.engine, BEFORE)
    put_a_row_in_every_table(database)
    tables = reflected(database).tables
    with database.engine.begin() as connection:
        copied(connection, tables["household"], id=2, household_no="y")
        for number, (reference, paper, household_id, month, state) in enumerate(ROWS, 2):
            of = {"household_id": household_id, "month": month, "state": state}
            more = {"id": number, "reference": reference, PAPER[name]: paper}
            copied(connection, tables[name], **of, **more)
    rows = all_rows(database)[name]
    upgrade(database.engine, "0013")
    after = all_rows(database)[name]
    assert [row["paper_key"] for row in after] == ["X", *KEYS[name]]
    downgrade(database.engine, BEFORE)
    assert all_rows(database)[name] == rows
    upgrade(database.engine)
    assert [row["paper_key"] for row in all_rows(database)[name]] == ["X", *KEYS[name]]
