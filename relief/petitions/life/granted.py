"""What was granted before to the person of a case, or to their household: whoever decides anew has
to know it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.cases import Case
from relief.engine.journal.chain import JOURNAL, Entry, opened
from relief.engine.journal.passages import passages_of_some
from relief.engine.publishing import pinned_machine
from relief.engine.work import Work
from relief.households.queries import HOUSEHOLD, MEMBERSHIP
from relief.kernel.money import Fen
from relief.kernel.months import Month, month_of
from relief.kernel.unit_of_work import in_chunks
from relief.people.queries import PERSON
from relief.petitions.life.granting import (
    STEP,
    granted_fen,
    told_decisions,
    was_granted,
)
from relief.petitions.queries import CASE
from relief.petitions.rules import grants_money
from relief.petitions.seeing import seen_cases


class Granted(NamedTuple):
    """A grant that stands, or was carried out once (`is_taken_back`: it was withdrawn or returned
    afterwards); without an amount where none can be read. `is_own`: to the same person, else to
    another one of the household."""

    reference: str
    name: str
    on: dt.date
    amount_fen: Fen | None
    is_own: bool
    is_taken_back: bool


class Related(NamedTuple):
    """What is known of the persons of some cases, by the cases' ids: their other cases that grant
    money, by number, and what was granted there, the latest first."""

    cases: Mapping[int, Sequence[str]]
    grants: Mapping[int, Sequence[Granted]]


def granted_before(work: Work, actor: Actor, case: Case) -> Sequence[Granted]:
    """What was granted to the person of a case, or to their household, in other cases that this
    actor may see, the latest first; of a case that grants no money nothing is asked."""
    return related_grants(work, actor, [case]).grants.get(case.id, ())


def related_grants(work: Work, actor: Actor, cases: Sequence[Case]) -> Related:
    """The same of many cases, in as many statements as of one."""
    persons = {
        case.id: case.row["petitioner_id"]
        for case in cases
        if case.row.get("petitioner_id") and grants_money(case.machine.definition)
    }
    rows = _other_cases(work, actor, set(persons.values()))
    besides = [
        (case_id, row)
        for case_id, person_id in persons.items()
        for row in rows
        if row["whose"] == person_id and row["id"] != case_id
    ]
    grants = _grants_in(work, {row["id"]: row for _case_id, row in besides})
    others: dict[int, list[str]] = defaultdict(list)
    found: dict[int, list[Granted]] = defaultdict(list)
    for case_id, row in besides:
        others[case_id].append(row["reference"])
        if row["id"] in grants:
            found[case_id].append(_granted(row, *grants[row["id"]]))
    for each in found.values():
        each.sort(key=lambda grant: grant.on, reverse=True)
    return Related(others, found)


def _granted(row: Mapping[str, Any], on: dt.date, amount_fen: Fen | None, back: bool) -> Granted:
    is_own = row["petitioner_id"] == row["whose"]
    return Granted(row["reference"], row["petitioner_name"], on, amount_fen, is_own, back)


def _other_cases(work: Work, actor: Actor, person_ids: Collection[int]) -> list[Mapping[str, Any]]:
    """The cases that grant money of these persons and of who lives with them; `whose` is the person
    on whose account each is named."""
    month = month_of(work.today)
    found: list[Mapping[str, Any]] = []
    for chunk in in_chunks(sorted(person_ids)):
        kin = _kin(chunk, month)
        statement = (
            sa.select(CASE, kin.c.whose)
            .join(kin, kin.c.person_id == CASE.c.petitioner_id)
            .where(seen_cases(actor.username))
            .order_by(CASE.c.id.desc())
        )
        found += [dict(row) for row in work.connection.execute(statement).mappings()]
    shas = {row["definition_sha256"] for row in found}
    granting = {sha for sha in shas if grants_money(pinned_machine(work, sha).definition)}
    return [row for row in found if row["definition_sha256"] in granting]


def _kin(person_ids: Sequence[int], month: Month) -> sa.Subquery:
    """These persons, and with whom each of them belongs to a household now."""
    mine = sa.union(
        _belonging(month).where(MEMBERSHIP.c.person_id.in_(person_ids)),
        sa.select(HOUSEHOLD.c.id, HOUSEHOLD.c.applicant_id).where(
            HOUSEHOLD.c.applicant_id.in_(person_ids)
        ),
    ).subquery("mine")
    household_id, whose = mine.c
    members = _belonging(month).join(mine, household_id == MEMBERSHIP.c.household_id)
    applicants = sa.select(whose.label("whose"), HOUSEHOLD.c.applicant_id.label("person_id")).join(
        mine, household_id == HOUSEHOLD.c.id
    )
    return sa.union(
        sa.select(PERSON.c.id.label("whose"), PERSON.c.id.label("person_id")).where(
            PERSON.c.id.in_(person_ids)
        ),
        members.with_only_columns(whose.label("whose"), MEMBERSHIP.c.person_id.label("person_id")),
        applicants,
    ).subquery("kin")


def _belonging(month: Month) -> sa.Select[Any]:
    return sa.select(MEMBERSHIP.c.household_id, MEMBERSHIP.c.person_id).where(
        MEMBERSHIP.c.superseded_at.is_(None),
        sa.func.coalesce(MEMBERSHIP.c.until_month, month + 1) > month,
    )


def _grants_in(
    work: Work, rows: Mapping[int, Mapping[str, Any]]
) -> dict[int, tuple[dt.date, Fen | None, bool]]:
    """Day, amount and whether it was taken back of the last grant in each of these cases that
    stands or was carried out; those without are left out."""
    told: dict[int, dict[int, bool]] = {}
    for kind in sorted({row["kind"] for row in rows.values()}):
        ids = [case_id for case_id, row in rows.items() if row["kind"] == kind]
        for case_id, passages in passages_of_some(work, kind, ids):
            told[case_id] = told_decisions(passages)
    found = {}
    for case_id, entry in _decisions(work, rows, {key: each for key, each in told.items() if each}):
        if was_granted(entry.fields):  # the later ones come last
            on = work.clock.day_of(entry.happened_at)
            found[case_id] = (on, granted_fen(entry.fields), told[case_id][entry.number])
    return found


def _decisions(
    work: Work,
    rows: Mapping[int, Mapping[str, Any]],
    numbers: Mapping[int, Collection[int]],
) -> list[tuple[int, Entry]]:
    """The entries of these numbers, by the cases' ids, in their order."""
    entries = []
    kinds = sorted({row["kind"] for row in rows.values()})  # the journal is found by kind and id
    for chunk in in_chunks(numbers):
        statement = (
            sa.select(JOURNAL)
            .where(
                JOURNAL.c.subject_kind.in_(kinds),
                JOURNAL.c.subject_id.in_(chunk),
                JOURNAL.c.action == STEP,
            )
            .order_by(JOURNAL.c.number)
        )
        for row in work.connection.execute(statement).mappings():
            case = rows[row["subject_id"]]
            if row["subject_kind"] == case["kind"] and row["number"] in numbers[case["id"]]:
                entries.append((case["id"], opened(work.cipher, dict(row), case["journal_key"])))
    return entries
