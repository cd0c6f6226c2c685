"""An office with many households, written by set: importing half a million would take long.

The rows are those that an import writes, sealed by the office's own keys and bound to their
places. Only the first entry in the journal of each file is left out: no payout reads it.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from relief.engine.journal.chain import new_journal_key
from relief.engine.publishing import publish_definition
from relief.engine.work import Work
from relief.households.recording import account_hash
from relief.households.tables import (
    Account,
    Enrolment,
    GradeFact,
    Household,
    Membership,
    account_context,
)
from relief.kernel.crypto import new_token
from relief.kernel.months import month_of
from relief.people.queries import last4_hash, number_hash, seal_context
from relief.people.rules import pinyin_of
from relief.people.tables import Person, PersonIdentity
from tests.bench.offices.opened import new_office
from tests.bench.offices.people import APPROVED_ON, BANK, Family, Member, families
from tests.bench.peer import answer
from tests.office import Office

_PORTION = 1_000
_CACHE_KIB = 1_000_000
Rows = dict[type[SQLModel], list[dict[str, Any]]]
# The order in which the rows refer to each other.
_TABLES = (Person, PersonIdentity, Household, Enrolment, GradeFact, Membership, Account)


def measure(folder: str, households: int) -> dict[str, Any]:
    """Make the office in a folder; says how many households it has."""
    office = Office(new_office(Path(folder), synchronous="OFF"))
    office.scheme(go_live="2005-04", places_max=households)
    office.rates(
        ("deep", "2005-01", 18_000),
        ("deep", "2005-05", 20_000),
        ("relative", "2005-01", 15_000),
        ("accidental", "2005-01", 16_000),
    )
    with office.relief.work() as work:
        work.connection.execute(sa.text(f"PRAGMA cache_size = -{_CACHE_KIB}"))
        definition = work.workflows.current("household").definition
        publish_definition(work, definition)
        coming = families(households)
        while portion := list(islice(coming, _PORTION)):
            _write(work, portion, definition.sha256)
        work.commit()
    office.relief.database.dispose()
    return {"households": households}


def _write(work: Work, portion: list[Family], definition_sha256: str) -> None:
    rows: Rows = defaultdict(list)
    for family in portion:
        for member in family.members:
            _person(work, rows, member)
            rows[Membership].append(_membership(work, family, member))
        rows[Household].append(_household(work, family, definition_sha256))
        rows[Account].append(_account(work, family))
        known = _known(work) | {"household_id": family.number, "from_month": _first_month()}
        rows[Enrolment].append(
            {**known, "until_month": None, "approved_on": APPROVED_ON, "exited_on": None}
        )
        rows[GradeFact].append({**known, "grade": family.grade, "decided_on": APPROVED_ON})
    for table in _TABLES:
        work.insert_all(table, rows[table])


def _first_month() -> int:
    return month_of(APPROVED_ON) + 1


def _known(work: Work) -> dict[str, Any]:
    return {"recorded_at": work.instant(), "recorded_by": "ping", "superseded_at": None}


@cache
def _pinyin(name: str) -> str:
    return pinyin_of(name)


def _person(work: Work, rows: Rows, member: Member) -> None:
    token, at = new_token(), work.instant()
    rows[Person].append(
        {
            "id": member.number,
            "name": member.name,
            "pinyin": _pinyin(member.name),
            "recorded_at": at,
        }
    )
    rows[PersonIdentity].append(
        {
            "person_id": member.number,
            "token": token,
            "sealed_number": work.cipher.seal(member.id_number, seal_context(token)),
            "number_hash": number_hash(work, member.id_number),
            "last4_hash": last4_hash(work, member.id_number),
            "recorded_at": at,
        }
    )


def _household(work: Work, family: Family, definition_sha256: str) -> dict[str, Any]:
    return {
        "id": family.number,
        "household_no": family.household_no,
        "applicant_id": family.members[0].number,
        "token": new_token(),
        "township": "试用街道",
        "state": "active",
        "definition_sha256": definition_sha256,
        "journal_key": new_journal_key(work.cipher),
        "recorded_at": work.instant(),
        "recorded_by": "ping",
    }


def _membership(work: Work, family: Family, member: Member) -> dict[str, Any]:
    joined, left = member.joined_on, member.left_on
    return _known(work) | {
        "household_id": family.number,
        "person_id": member.number,
        "relation": member.relation,
        "counted": True,
        "from_month": month_of(joined) + 1 if joined else 0,
        "until_month": month_of(left) + 1 if left else None,
        "joined_on": joined,
        "left_on": left,
    }


def _account(work: Work, family: Family) -> dict[str, Any]:
    token = new_token()
    context = account_context(family.number, token)
    return _known(work) | {
        "household_id": family.number,
        "kind": "bank",
        "payee_id": family.members[0].number,
        "payee_name": family.members[0].name,
        "token": token,
        "sealed_number": work.cipher.seal(family.account_no, context),
        "number_hash": account_hash(work, family.account_no),
        "bank_name": BANK,
        "event_on": APPROVED_ON,
    }


if __name__ == "__main__":
    answer(measure)
