"""The naive way: objects, one household after the other, as a first program would be written.

With SQLModel, on the product's own tables in a copy of the same office: the household's facts by
a query each, the rate by a query for each month, then the line and its items as objects, one
commit in the end. It knows as little as the floor does.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from relief.engine.tables import WorkflowDefinition
from relief.households.tables import Account, Enrolment, GradeFact, Household, Membership
from relief.payouts.tables import PayoutItem, PayoutLine, PayoutRun, Rate
from relief.people.tables import PersonIdentity
from tests.bench.offices.history import FIRST
from tests.bench.offices.opened import office_in
from tests.bench.peer import answer
from tests.bench.stopwatch import Stopwatch

_AT = dt.datetime(2005, 6, 15, 1, tzinfo=dt.UTC)


def measure(folder: str) -> dict[str, Any]:
    """Write the first quarter's list."""
    relief = office_in(Path(folder))
    with (
        Stopwatch() as watch,
        relief.database.transaction(writes=True) as connection,
        Session(connection, expire_on_commit=False) as session,
    ):
        run = _run(session)
        for household in session.exec(
            select(Household).order_by(col(Household.household_no))
        ).all():
            _pay(session, run, household)
        session.commit()
    with relief.database.transaction(writes=False) as connection:
        amounts = connection.execute(select(col(PayoutLine.amount_fen))).scalars().all()
    relief.database.dispose()
    return {**watch.figures(len(amounts), "line"), "agrees": [len(amounts), sum(amounts)]}


def _run(session: Session) -> PayoutRun:
    run = PayoutRun(
        reference="2005Q2-r1",
        quarter=str(FIRST),
        kind="regular",
        number=1,
        first_month=FIRST.first_month,
        last_month=FIRST.last_month,
        as_of=_AT,
        settings="{}",
        state="draft",
        definition_sha256=session.exec(select(WorkflowDefinition)).first().sha256,
    )
    session.add(run)
    session.flush()
    return run


def _pay(session: Session, run: PayoutRun, household: Household) -> None:
    enrolment = _only(session, Enrolment, household)
    grade = _only(session, GradeFact, household)
    account = _only(session, Account, household)
    identity = session.exec(
        select(PersonIdentity).where(
            PersonIdentity.person_id == account.payee_id,
            col(PersonIdentity.superseded_at).is_(None),
        )
    ).one()
    members = session.exec(select(Membership).where(Membership.household_id == household.id)).all()
    items = []
    for month in range(run.first_month, run.last_month + 1):
        persons = sum(1 for member in members if member.counted and _covers(member, month))
        rate = _rate(session, grade.grade, month)
        if persons and _covers(enrolment, month):
            items.append((month, persons, rate))
    amount = sum(persons * rate for _month, persons, rate in items)
    if not amount or session.exec(_line_of(run, household)).first():
        return
    run.line_count += 1
    line = PayoutLine(
        run_id=run.id,
        household_id=household.id,
        number=run.line_count,
        reference=f"2005Q2-r1-{run.line_count:05d}",
        account_id=account.id,
        identity_id=identity.id,
        due_fen=amount,
        over_fen=0,
        recovery_fen=0,
        amount_fen=amount,
        made_at=_AT,
    )
    session.add(line)
    session.flush()
    for month, persons, rate in items:
        session.add(_item(line, month, persons, rate))


def _item(line: PayoutLine, month: int, persons: int, rate: int) -> PayoutItem:
    return PayoutItem(
        household_id=line.household_id,
        month=month,
        line_id=line.id,
        kind="regular",
        amount_fen=persons * rate,
        persons=persons,
        rate_fen=rate,
        made_at=_AT,
    )


def _only(session: Session, table: Any, household: Household) -> Any:
    return session.exec(select(table).where(table.household_id == household.id)).one()


def _line_of(run: PayoutRun, household: Household) -> Any:
    mine = PayoutLine.household_id == household.id
    return select(PayoutLine).where(PayoutLine.run_id == run.id, mine)


def _covers(spell: Any, month: int) -> bool:
    return spell.from_month <= month and (spell.until_month is None or spell.until_month > month)


def _rate(session: Session, grade: str, month: int) -> int:
    held = select(Rate).where(Rate.grade == grade, Rate.from_month <= month)
    return session.exec(held.order_by(col(Rate.from_month).desc())).first().rate_fen


if __name__ == "__main__":
    answer(measure)
