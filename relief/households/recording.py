"""Writing back the files in the hand: persons, new files, facts by set, and their steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import SYSTEM, Actor
from relief.engine.cases import load_case
from relief.engine.steps.advance import advance, begin
from relief.engine.work import Work
from relief.households.book import Book
from relief.households.drafts import (
    AccountDraft,
    Draft,
    EnrolmentDraft,
    GradeDraft,
    HoldDraft,
    MembershipDraft,
    PersonKey,
)
from relief.households.hardship_file import HardshipFile, Step
from relief.households.queries import seal_context
from relief.households.tables import (
    Account,
    Enrolment,
    GradeFact,
    Hold,
    Membership,
    account_context,
)
from relief.kernel.columns import table_of
from relief.kernel.crypto import new_token
from relief.kernel.unit_of_work import UnitOfWork, in_chunks
from relief.people.phones import phone_columns
from relief.people.service import record_people

_FACT_TABLES = {
    EnrolmentDraft: Enrolment,
    MembershipDraft: Membership,
    GradeDraft: GradeFact,
    HoldDraft: Hold,
    AccountDraft: Account,
}


def write_book(work: Work, actor: Actor, book: Book) -> None:
    """Write back: persons, new files with their first step, facts by set, then the other steps."""
    _record_persons(work, book)
    begun = [file for file in book.files.values() if file.id is None]
    for file in begun:
        _begin_file(work, actor, book, file)
    write_facts(work, actor, book)
    opened = {file.household_no for file in begun}
    for file in book.files.values():
        _take_steps(work, actor, book, file, file.steps[1 if file.household_no in opened else 0 :])


def _take_steps(
    work: Work, actor: Actor, book: Book, file: HardshipFile, steps: Sequence[Step]
) -> None:
    """What was done in the hand, step by step; the workflow leads where the hand did."""
    for step in steps:
        assert file.id is not None
        entry = advance(
            work,
            "household",
            file.id,
            step.action,
            actor_of(step, actor),
            fields=_asked(work, file.id, step),
            reason=step.reason,
            facts=_facts(book, step),
        )
        if step is steps[-1]:
            assert entry.to_state == file.state, f"{file.household_no}: {entry} and {file.state}"


def _asked(work: Work, household_id: int, step: Step) -> dict[str, str]:
    """What of a step's fields the workflow asks for that the file began under."""
    if not step.fields:
        return {}
    definition = load_case(work, "household", household_id).machine.definition
    actions = definition.actions_named(step.action)
    return {
        name: value
        for name, value in step.fields.items()
        if any(name in (*action.fields, *action.optional_fields) for action in actions)
    }


def actor_of(step: Step, actor: Actor) -> Actor:
    """A hold that goes on standing is the program's own step."""
    return SYSTEM if step.action == "keep_suspended" else actor


def _record_persons(work: Work, book: Book) -> None:
    fresh = [
        (book.names.get(key, ""), number)
        for number, key in book.persons.items()
        if isinstance(key, str) or key in book.nameless
    ]
    for number, person_id in record_people(work, fresh, book.originals).items():
        book.persons[number] = person_id


def _person_id(book: Book, key: PersonKey | None) -> int | None:
    return book.persons[key] if isinstance(key, str) else key  # type: ignore[return-value]


def _facts(book: Book, step: Step) -> dict[str, Any]:
    """The journal names persons by id, never by number or name."""
    return {
        key: _person_id(book, value) if key == "person" else value
        for key, value in step.facts.items()
    }


def _begin_file(work: Work, actor: Actor, book: Book, file: HardshipFile) -> None:
    details, token = book.details[file.household_no], new_token()
    cipher, step = work.cipher, file.steps[0]
    book.tokens[file.household_no] = token
    file.id = begin(
        work,
        "household",
        step.action,
        actor,
        {
            "household_no": file.household_no,
            "applicant_id": _person_id(book, file.applicant),
            "token": token,
            "township": details.township,
            "employer": details.employer,
            "main_cause": details.main_cause,
            "proposed_grade": file.proposed_grade,
            "sealed_address": (
                cipher.seal(details.address, seal_context("address", token))
                if details.address
                else None
            ),
            **phone_columns(cipher, details.phone, seal_context("phone", token)),
            "recorded_at": work.instant(),
            "recorded_by": actor.username,
        },
        facts=_facts(book, step),
    )


def write_facts(work: Work, actor: Actor, book: Book) -> None:
    """Insert what is new, mark what was replaced; all at this unit's instant of record."""
    at = work.instant()
    fresh: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    replaced: dict[Any, list[int]] = defaultdict(list)
    for file in book.files.values():
        for draft in (
            *file.enrolments,
            *file.memberships,
            *file.grades,
            *file.holds,
            *file.accounts,
        ):
            model = _FACT_TABLES[type(draft)]
            if draft.id is not None and draft.superseded:
                replaced[model].append(draft.id)
            elif draft.id is None and not draft.superseded:
                fresh[model].append(
                    {
                        "household_id": file.id,
                        "recorded_at": at,
                        "recorded_by": actor.username,
                        **_columns(work, book, file, draft),
                    }
                )
    for model, ids in replaced.items():
        table = table_of(model)
        for chunk in in_chunks(ids):
            work.connection.execute(
                sa.update(table).where(table.c.id.in_(chunk)).values(superseded_at=at)
            )
    for model, rows in fresh.items():
        work.insert_all(model, rows)


def _columns(work: Work, book: Book, file: HardshipFile, draft: Draft) -> dict[str, Any]:
    if isinstance(draft, AccountDraft):
        assert file.id is not None
        return _account_columns(work, book, file.id, draft)
    columns = {
        name: getattr(draft, name)
        for name in draft.__dataclass_fields__
        if name not in ("id", "superseded", "person", "reason")
    }
    if isinstance(draft, MembershipDraft):
        columns["person_id"] = _person_id(book, draft.person)
        if draft.reason:
            columns["sealed_reason"] = work.cipher.seal(
                draft.reason, f"membership.reason:{book.tokens[file.household_no]}"
            )
    return columns


def _account_columns(
    work: Work, book: Book, household_id: int, draft: AccountDraft
) -> dict[str, Any]:
    token = new_token()
    number = draft.number
    return {
        "kind": draft.kind,
        "payee_id": _person_id(book, draft.payee),
        "payee_name": draft.payee_name,
        "token": token,
        "bank_name": draft.bank_name,
        "event_on": draft.event_on,
        "sealed_number": work.cipher.seal(number, account_context(household_id, token))
        if number
        else None,
        "number_hash": account_hash(work, number) if number else "",
    }


def account_hash(work: UnitOfWork, number: str) -> str:
    """What an account number is found by."""
    return work.cipher.blind_index(number, "account.number")
