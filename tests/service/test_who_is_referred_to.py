"""Whether anybody is named by a record is asked of every column there is, or of none."""

from __future__ import annotations

import subprocess
import sys

from relief.migrations.tables import METADATA
from relief.people.queries import IDENTITY, PERSON, REFERRING

# What a program does that loads persons and the desk alone.
_HALF = """
import relief.desk.tables
from relief.people.queries import _referring
try:
    _referring()
except RuntimeError as refused:
    print(refused)
import relief.migrations.tables
print(len(_referring().get_final_froms()), "known")
"""


def test_every_column_that_names_a_person_is_asked() -> None:
    found = {
        str(column)
        for table in METADATA.tables.values()
        if table is not IDENTITY
        for column in table.c
        if any(key.column is PERSON.c.id for key in column.foreign_keys)
    }
    assert found == REFERRING


def test_office_that_is_half_loaded_says_of_nobody_that_no_record_names_them() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _HALF], capture_output=True, text=True, check=True, timeout=60
    )
    refused, later = done.stdout.splitlines()
    assert "household.applicant_id" in refused
    assert later.endswith("known")
