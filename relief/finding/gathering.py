"""What a search shows of those who were found: a statement for each kind of thing, whatever their
number. Numbers of persons leave here masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from relief.desk.queries import CONTACT
from relief.desk.queries import seal_context as contact_context
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.work import Work
from relief.finding.branches import whose_contact
from relief.finding.hits import Hit, HitCase, HitContact, HitHousehold, HitPayout, Who, who
from relief.finding.seeds import Seeds
from relief.households.queries import HOUSEHOLD, MEMBERSHIP
from relief.households.queries import seal_context as household_context
from relief.households.rules import ENROLLED_STATES
from relief.kernel.months import month_of
from relief.payouts.queries import LINE, RUN, line_state
from relief.people.phones import has_phone, masked_phone
from relief.people.queries import IDENTITY, PERSON
from relief.people.queries import seal_context as identity_context
from relief.people.rules import mask_identity
from relief.petitions.queries import CASE, LINK, States, is_open, open_states_of
from relief.petitions.queries import seal_context as case_context
from relief.petitions.seeing import readable_contacts, seen_cases

LAST_CONTACTS = 3
_USERS_KEPT = 256
Row = Mapping[str, Any]


def gather(work: Work, username: str, seeds: Seeds, whos: list[Who]) -> tuple[Hit, ...]:
    """What is shown of those who were found, in their order."""
    values = _values(seeds, whos)
    persons = _by(_rows(work, _persons(username), values), "id")
    households = _households(work, values)
    payouts = _payouts(work, households.values(), seeds.line)
    cases = _grouped(_rows(work, _cases(username, open_states_of(work)), values))
    contacts = _grouped(_rows(work, _contacts(username), values))
    hits = []
    for each in whos:
        person = persons.get(each.person_id) if each.person_id else None
        household = households.get(each.person_id) if each.person_id else None
        their_cases, their_contacts = cases.get(each, []), contacts.get(each, [])
        hits.append(
            Hit(
                person_id=each.person_id,
                name=person["name"] if person else each.name,
                identity_masked=_masked_identity(work, person),
                phone_masked=_masked_phone(work, household, their_cases, their_contacts),
                cases=tuple(_case(row) for row in their_cases),
                contacts=tuple(_contact(row) for row in their_contacts),
                household=_household(household),
                payout=payouts.get(household["id"]) if household else None,
                phone_hash=each.phone_hash,
            )
        )
    return tuple(hits)


def _values(seeds: Seeds, whos: Iterable[Who]) -> dict[str, Any]:
    """What the statements are asked with; of anonymous ones the rows that were named are all."""
    return {
        "b_persons": [each.person_id for each in whos if each.person_id],
        "b_names": sorted({each.name for each in whos if not each.person_id and each.name}),
        "b_phones": sorted({each.phone_hash for each in whos if not each.person_id}),
        "b_cases": sorted(seeds.case_ids),
        "b_contacts": sorted(seeds.contact_ids),
    }


def _rows(work: Work, statement: sa.Select[Any], values: Mapping[str, Any]) -> list[Row]:
    return [dict(row) for row in work.connection.execute(statement, values).mappings()]


def _by(rows: Iterable[Row], key: str) -> dict[int, Row]:
    return {row[key]: row for row in rows}


def _grouped(rows: Iterable[Row]) -> dict[Who, list[Row]]:
    found: dict[Who, list[Row]] = {}
    for row in rows:
        about = who(row["person_id"], row["name"], row["phone_hash"], row["about"])
        found.setdefault(about, []).append(row)
    return found


def _in(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    return column.in_(sa.bindparam(f"b_{name}", expanding=True))


@lru_cache(_USERS_KEPT)
def _persons(username: str) -> sa.Select[Any]:
    """Persons; whom restricted matters alone know by the name that stands with those, as this user
    may see them."""
    at_the_desk = (
        sa.select(CONTACT.c.name)
        .where(CONTACT.c.person_id == PERSON.c.id, readable_contacts(username))
        .order_by(CONTACT.c.id.desc())
    )
    of_a_case = (
        sa.select(CASE.c.petitioner_name)
        .where(CASE.c.petitioner_id == PERSON.c.id, seen_cases(username))
        .order_by(CASE.c.id.desc())
    )
    own = (each.limit(1).correlate(PERSON).scalar_subquery() for each in (of_a_case, at_the_desk))
    name = sa.case((PERSON.c.name != "", PERSON.c.name), else_=sa.func.coalesce(*own, ""))
    known = sa.and_(IDENTITY.c.person_id == PERSON.c.id, IDENTITY.c.superseded_at.is_(None))
    return (
        sa.select(PERSON.c.id, name.label("name"), IDENTITY.c.sealed_number, IDENTITY.c.token)
        .select_from(PERSON.outerjoin(IDENTITY, known))
        .where(_in(PERSON.c.id, "persons"))
    )


@lru_cache(_USERS_KEPT)
def _cases(username: str, open_states: States) -> sa.Select[Any]:
    """Cases that are worked on, of these persons and names, and those that were named; the next
    due first."""
    is_named = _in(CASE.c.id, "cases")
    ids = sa.union_all(*_of_cases(sa.select(CASE.c.id)), sa.select(CASE.c.id).where(is_named))
    of_case = sa.and_(DEADLINE.c.subject_id == CASE.c.id, DEADLINE.c.subject_kind == CASE.c.kind)
    return (
        sa.select(
            CASE.c.petitioner_id.label("person_id"),
            CASE.c.petitioner_name.label("name"),
            CASE.c.phone_hash,
            CASE.c.reference.label("about"),
            *(CASE.c[name] for name in HitCase.__dataclass_fields__ if name in CASE.c),
            DEADLINE.c.due_on,
            CASE.c.sealed_phone,
            CASE.c.token,
        )
        .select_from(CASE.outerjoin(DEADLINE, of_case))
        .where(CASE.c.id.in_(ids), is_named | is_open(open_states), seen_cases(username))
        .order_by(DEADLINE.c.due_on.is_(None), DEADLINE.c.due_on, CASE.c.id)
    )


def _of_cases(named: sa.Select[Any]) -> Iterator[sa.Select[Any]]:
    """By what cases are theirs, each by its own index."""
    yield named.where(_in(CASE.c.petitioner_id, "persons"))
    for theirs in _unidentified(CASE, CASE.c.petitioner_name, CASE.c.petitioner_id):
        yield named.where(theirs)


def _unidentified(
    table: sa.Table, name: sa.Column[str], person_id: sa.Column[int]
) -> Iterator[sa.ColumnElement[bool]]:
    """Rows of those whom we do not know by identity, by name and phone, or by phone alone: one name
    may have many phones, and one phone stand beside many names."""
    theirs = sa.and_(_in(table.c.phone_hash, "phones"), person_id.is_(None))
    yield sa.and_(_in(name, "names"), theirs)
    yield sa.and_(name == "", theirs, has_phone(table.c.phone_hash))


@lru_cache(_USERS_KEPT)
def _contacts(username: str) -> sa.Select[Any]:
    """The last contacts of these persons and names, at the desk or in their cases; one that was
    named by its number is among them, first."""
    of_case = CONTACT.outerjoin(LINK, LINK.c.contact_id == CONTACT.c.id).outerjoin(
        CASE, CASE.c.id == LINK.c.case_id
    )
    linked = LINK.join(CASE, CASE.c.id == LINK.c.case_id)
    unidentified = _unidentified(CONTACT, CONTACT.c.name, CONTACT.c.person_id)
    ids = sa.union_all(
        sa.select(CONTACT.c.id).where(_in(CONTACT.c.person_id, "persons")),
        *(sa.select(CONTACT.c.id).where(theirs) for theirs in unidentified),
        *_of_cases(sa.select(LINK.c.contact_id).select_from(linked)),
        sa.select(CONTACT.c.id).where(_in(CONTACT.c.id, "contacts")),
    )
    about = whose_contact()
    is_named = _in(CONTACT.c.id, "contacts")
    order = (sa.case((is_named, 0), else_=1), CONTACT.c.happened_at.desc(), CONTACT.c.id.desc())
    place = sa.func.row_number().over(partition_by=about, order_by=order)
    shown = (
        sa.select(
            *about[:3],
            about[3].element.label("about"),
            CONTACT.c.reference,
            CONTACT.c.happened_on.label("on"),
            CONTACT.c.channel,
            CONTACT.c.outcome,
            CONTACT.c.restricted,
            CONTACT.c.sealed_phone,
            CONTACT.c.token,
            place.label("place"),
        )
        .select_from(of_case)
        .where(CONTACT.c.id.in_(ids), CONTACT.c.voided_at.is_(None) | is_named)
        .where(readable_contacts(username))
        .subquery()
    )
    return sa.select(shown).where(shown.c.place <= LAST_CONTACTS).order_by(shown.c.place)


def _households(work: Work, values: Mapping[str, Any]) -> dict[int, Row]:
    """The hardship file of each person now: one that is on the list before others, their own before
    one that they belong to."""
    found: dict[int, Row] = {}
    rows = _rows(work, _HOUSEHOLDS, {**values, "b_month": month_of(work.today)})
    rows.sort(key=lambda row: (row["state"] not in ENROLLED_STATES, not row["own"], -row["id"]))
    for row in rows:
        found.setdefault(row["person_id"], row)
    return found


_FILE = (HOUSEHOLD.c.id, HOUSEHOLD.c.household_no, HOUSEHOLD.c.state, HOUSEHOLD.c.sealed_phone,
         HOUSEHOLD.c.token)  # fmt: skip
_HOUSEHOLDS = sa.select(
    sa.union_all(
        sa.select(HOUSEHOLD.c.applicant_id.label("person_id"), sa.true().label("own"), *_FILE)
        .where(_in(HOUSEHOLD.c.applicant_id, "persons")),
        sa.select(MEMBERSHIP.c.person_id, sa.false(), *_FILE)
        .join(HOUSEHOLD, HOUSEHOLD.c.id == MEMBERSHIP.c.household_id)
        .where(
            _in(MEMBERSHIP.c.person_id, "persons"),
            MEMBERSHIP.c.superseded_at.is_(None),
            sa.func.coalesce(MEMBERSHIP.c.until_month, sa.bindparam("b_month") + 1)
            > sa.bindparam("b_month"),
        ),
    ).subquery()
)  # fmt: skip
_IS_NAMED = sa.case((LINE.c.reference == sa.bindparam("b_line"), 0), else_=1)
_RANKED = (
    sa.select(
        LINE.c.id,
        sa.func.row_number()
        .over(partition_by=LINE.c.household_id, order_by=(_IS_NAMED, LINE.c.id.desc()))
        .label("place"),
    )
    .join(RUN, RUN.c.id == LINE.c.run_id)
    .where(
        _in(LINE.c.household_id, "households"),
        sa.or_(
            sa.and_(RUN.c.released_at.is_not(None), LINE.c.made_at == RUN.c.as_of), _IS_NAMED == 0
        ),
    )
    .subquery()
)
_PAYOUTS = (
    sa.select(
        LINE.c.household_id, LINE.c.reference, RUN.c.quarter, LINE.c.amount_fen,
        line_state().label("state"),
    )
    .select_from(LINE.join(RUN, RUN.c.id == LINE.c.run_id).join(_RANKED, _RANKED.c.id == LINE.c.id))
    .where(_RANKED.c.place == 1)
)  # fmt: skip


def _payouts(work: Work, households: Iterable[Row], line: str) -> dict[int, HitPayout]:
    """The payout of each household that is shown."""
    ids = sorted({row["id"] for row in households})
    if not ids:
        return {}
    rows = _rows(work, _PAYOUTS, {"b_households": ids, "b_line": line})
    names = HitPayout.__dataclass_fields__
    return {row["household_id"]: HitPayout(**{name: row[name] for name in names}) for row in rows}


def _case(row: Row) -> HitCase:
    return HitCase(**{name: row[name] for name in HitCase.__dataclass_fields__})


def _contact(row: Row) -> HitContact:
    return HitContact(**{name: row[name] for name in HitContact.__dataclass_fields__})


def _household(row: Row | None) -> HitHousehold | None:
    return HitHousehold(row["household_no"], row["state"]) if row else None


def _masked_identity(work: Work, person: Row | None) -> str:
    if person is None or person["sealed_number"] is None:
        return ""
    context = identity_context(person["token"])
    return mask_identity(work.cipher.open(person["sealed_number"], context))


def _masked_phone(
    work: Work, household: Row | None, cases: Iterable[Row], contacts: Iterable[Row]
) -> str:
    """A number to call: as the last contact gave it, else a case, else the hardship file."""
    kept = [(row, contact_context("phone", row["token"])) for row in contacts]
    kept += [(row, case_context("phone", row["token"])) for row in cases]
    if household is not None:
        kept.append((household, household_context("phone", household["token"])))
    for row, context in kept:
        if row["sealed_phone"]:
            return masked_phone(work.cipher, row["sealed_phone"], context)
    return ""
