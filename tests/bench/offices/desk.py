"""A county with its desk: many persons, as many contacts and cases as asked for.

A few cases are opened by the product on different days; the others are copies of their rows by set,
with the names of other persons; two of three gave a phone. Copies have no journal of their own: no
list reads it.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from relief.desk.tables import Contact
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.people.phones import phone_columns
from relief.people.rules import name_parts
from relief.people.tables import NamePart, Person
from relief.petitions.tables import PetitionCase, PetitionContact
from tests.bench.offices import county
from tests.bench.offices.opened import office_in
from tests.bench.peer import answer
from tests.matters import opened
from tests.office import Office

DAYS = 40
_FIRST = dt.date(2005, 4, 7)
TODAY = "2005-06-28T09:00"
_KINDS = ("petition", "relief", "legal_aid", "job_referral")
_PHONE = "sealed_phone, phone_hash, phone_last4_hash"
CONTACT, CASE, JOINED = (table_of(each) for each in (Contact, PetitionCase, PetitionContact))


def measure(folder: str, households: int, cases: int) -> dict[str, Any]:
    """Make the office in a folder."""
    county.measure(folder, households)
    office = Office(office_in(Path(folder), synchronous="OFF"))
    for number in range(min(DAYS, cases)):
        office.at(f"{_FIRST + dt.timedelta(days=number)}T10:00")
        opened(office, _KINDS[number % len(_KINDS)], id_number="", name=f"试{number}")
    with office.relief.work() as work:
        _copy(work, cases)
        _remember_names(work)
        work.connection.execute(sa.text("ANALYZE"))
        work.commit()
    office.relief.database.dispose()
    return {"households": households, "cases": cases}


def _copy(work: Work, cases: int) -> None:
    """Rows `1 … n` are there: row `i` becomes the rows `i + n`, `i + 2n` and so on."""
    number = "b.id + t.n * :made"
    contact = {
        "id": number,
        "name": "p.name",
        "pinyin": "p.pinyin",
        "reference": f"printf('C2004-%06d', {number})",
    }
    case = {
        "id": number,
        "petitioner_name": "p.name",
        "pinyin": "p.pinyin",
        "reference": f"printf('X2004-%06d', {number})",
    }
    joined = dict.fromkeys(("id", "contact_id", "case_id"), number)
    for table, changed in ((CONTACT, contact), (CASE, case), (JOINED, joined)):
        if table is not JOINED:
            _give_phones(work, table, min(DAYS, cases), cases)
            changed |= {"sealed_phone": "g.sealed_phone"}
            changed |= {name: f"coalesce(g.{name}, '')" for name in _PHONE.split(", ")[1:]}
        _copy_table(work, table, changed, "b.id", cases)
    _copy_table(work, DEADLINE, {"subject_id": "b.subject_id + t.n * :made"}, "b.subject_id", cases)


def _copy_table(work: Work, table: sa.Table, changed: dict[str, str], key: str, cases: int) -> None:
    is_deadline = table is DEADLINE
    names = [each.name for each in table.c if not (is_deadline and each.name == "id")]
    values = ", ".join(changed.get(name, f'b."{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    kinds = ", ".join(f"'{kind}'" for kind in _KINDS)
    statement = f"""
        WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < :times)
        INSERT INTO "{table.name}" ({columns})
        SELECT {values} FROM "{table.name}" AS b CROSS JOIN t
        LEFT JOIN person AS p ON p.id = 1 + ({key} + t.n * :made) * 7 % :persons
        LEFT JOIN given AS g ON g.id = {key} + t.n * :made
        WHERE {f"b.subject_kind IN ({kinds})" if is_deadline else "true"}
        AND {key} + t.n * :made <= :cases"""
    persons = work.connection.execute(sa.select(sa.func.max(table_of(Person).c.id))).scalar_one()
    made = min(DAYS, cases)
    bound = {"times": max(1, cases // made), "made": made, "cases": cases, "persons": persons}
    work.connection.execute(sa.text(statement), bound)


def _remember_names(work: Work) -> None:
    """Names are found by their parts."""
    person, part = table_of(Person), table_of(NamePart)
    known = set(work.connection.execute(sa.select(part.c.name).distinct()).scalars())
    names = set(work.connection.execute(sa.select(person.c.name).distinct()).scalars()) - known
    rows = [{"part": each, "name": name} for name in sorted(names) for each in name_parts(name)]
    work.insert_all(NamePart, rows)


def _give_phones(work: Work, table: sa.Table, made: int, cases: int) -> None:
    """What is kept of the phones that the copies will have; a contact and its case have one id."""
    work.connection.execute(sa.text("DROP TABLE IF EXISTS temp.given"))
    work.connection.execute(sa.text(f"CREATE TEMP TABLE given (id INTEGER PRIMARY KEY, {_PHONE})"))
    tokens = {row.id: row.token for row in work.rows(sa.select(table.c.id, table.c.token))}
    rows = [
        {
            "id": number,
            **phone_columns(
                work.cipher,
                f"138{number * 7919 % 10**8:08d}",
                f"{table.name}.phone:{tokens[(number - 1) % made + 1]}",
            ),
        }
        for number in range(made + 1, cases + 1)
        if number % 3
    ]
    values = ", ".join(f":{name}" for name in ("id", *_PHONE.split(", ")))
    if rows:
        work.connection.execute(sa.text(f"INSERT INTO given VALUES ({values})"), rows)


if __name__ == "__main__":
    answer(measure)
