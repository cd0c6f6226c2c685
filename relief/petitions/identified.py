"""Who said who the petitioner is after a case was accepted. The acceptance was for whom it named
then: where money is granted, whoever named somebody since does not decide."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.journal.chain import JOURNAL, opened
from relief.engine.publishing import pinned_machine
from relief.engine.step import SAID
from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.kernel.looking import asked_once, know
from relief.kernel.unit_of_work import in_chunks
from relief.petitions.queries import CASE, Condition
from relief.petitions.rules import ACCEPT, ACCEPTED, grants_money

# The step that says who the petitioner is, and in which of its fields.
IDENTIFY, SAYING = "identify", ("petitioner_name", "id_number")
Hands = Mapping[int, frozenset[str]]


@asked_once
def identifiers_of(work: Work, case_id: int) -> frozenset[str]:
    """Who said the name, and who the number, the last time since a case was accepted that grants
    money and is not decided yet; where nobody did, the acceptance stands for both."""
    return _found(work, CASE.c.id == case_id).get(case_id, frozenset())


def all_identifiers(work: Work) -> Hands:
    """The same of every case, by the ids of those where somebody did."""
    return _found(work, sa.true())


def know_identifiers(work: Work, case_ids: Collection[int]) -> None:
    """Read the same of some cases beforehand."""
    for chunk in in_chunks(case_ids):
        found = _found(work, CASE.c.id.in_(chunk))
        for case_id in chunk:
            know(work, identifiers_of, found.get(case_id, frozenset()), case_id)


def _found(work: Work, which: Condition) -> Hands:
    by_field: dict[int, dict[str, frozenset[str]]] = defaultdict(dict)
    for row in work.connection.execute(_since_acceptance(which)).mappings():
        if _grants_money(work, row["definition_sha256"]):
            people = Actor(row["actor"], frozenset(), row["on_behalf_of"]).people
            by_field[row["subject_id"]] |= dict.fromkeys(_said_in(work, row), people)
    return {
        case_id: frozenset().union(*each.values()) for case_id, each in by_field.items() if each
    }


def _said_in(work: Work, row: Mapping[Any, Any]) -> Collection[str]:
    """Which of the fields an entry says: as it tells openly, or, an older one, by its words. What
    cannot be read counts as having said both: that case waits for another person, and is named by
    the audit, while those of everybody else go on."""
    try:
        facts = json.loads(row["facts"])
        if SAID in facts:
            return frozenset(SAYING) & frozenset(facts[SAID])
        fields = opened(work.cipher, dict(row), row["case_key"]).fields
    except (ReliefError, TypeError, ValueError):
        return SAYING
    return [name for name in SAYING if fields.get(name)] if fields else SAYING


def _grants_money(work: Work, definition_sha256: str) -> bool:
    """Whether the decision of a case grants money; where its workflow cannot be read, it may."""
    try:
        return grants_money(pinned_machine(work, definition_sha256).definition)
    except ReliefError:
        return True


def _since_acceptance(which: Condition) -> sa.Select[tuple[object, ...]]:
    """The entries that say who it is, after the last acceptance, in their order."""
    other = JOURNAL.alias()
    accepted = (
        sa.select(sa.func.max(other.c.number))
        .where(
            other.c.subject_kind == CASE.c.kind,
            other.c.subject_id == CASE.c.id,
            other.c.action == ACCEPT,
        )
        .correlate(CASE)
        .scalar_subquery()
    )
    of_case = sa.and_(JOURNAL.c.subject_kind == CASE.c.kind, JOURNAL.c.subject_id == CASE.c.id)
    return (
        sa.select(JOURNAL, CASE.c.journal_key.label("case_key"))
        .select_from(CASE.join(JOURNAL, of_case))
        .where(
            CASE.c.state == ACCEPTED,
            JOURNAL.c.action == IDENTIFY,
            JOURNAL.c.number > accepted,
            which,
        )
        .order_by(JOURNAL.c.subject_id, JOURNAL.c.number)
    )
