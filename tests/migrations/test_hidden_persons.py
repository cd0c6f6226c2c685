"""Persons whom restricted matters alone know lose their names, and get them back."""

from __future__ import annotations

from relief.kernel.database import Database
from relief.migrations.apply import downgrade, upgrade
from tests.migrations.rows import Rows, all_rows, put_a_row_in_every_table, reflected
from tests.migrations.test_papers_once import copied

# Of a person: whether a contact and a case of theirs are restricted (None: there is none).
PERSONS = [(True, None), (None, True), (True, True), (False, True), (True, False), (None, None)]
NAMES = ["", "", "", "试", "试", "试"]


def test_person_whom_restricted_matters_alone_know_has_no_name(database: Database) -> None:
    upgrade(database.engine, "0013")
    put_a_row_in_every_table(database)
    tables = reflected(database).tables
    with database.engine.begin() as connection:
        for number, (contact, case) in enumerate(PERSONS, 2):
            own = {"id": number, "reference": f"y{number}"}
            copied(connection, tables["person"], id=number, name="试", pinyin="s shi")
            if contact is not None:
                more = {"person_id": number, "restricted": contact, "name": "试"}
                copied(connection, tables["contact"], **own, **more)
            if case is not None:
                more = {"petitioner_id": number, "restricted": case, "petitioner_name": "试"}
                copied(connection, tables["petition_case"], **own, **more)
    rows = in_order(database)
    upgrade(database.engine, "0014")
    after = in_order(database)
    assert [row["name"] for row in after["person"]] == ["x", *NAMES]
    assert after["contact"] == rows["contact"]
    downgrade(database.engine, "0013")
    assert in_order(database) == rows


def in_order(database: Database) -> Rows:
    """Whatever an update has moved to the end."""
    return {
        table: sorted(rows, key=lambda row: row.get("id", 0))
        for table, rows in all_rows(database).items()
    }
