"""The limitation of arbitration, told of many cases: by one statement however many they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from relief.engine.listing import list_cases
from relief.petitions.one_case.limitations import limitations_near
from tests.matters import do, opened
from tests.office import CHEN, PING, Office

pytestmark = pytest.mark.postgresql_slow

ENDS = {"dispute_kind": "dismissal", "employer": "试用厂"}


def accepted(office: Office, ends_on: str) -> str:
    case = opened(office, "legal_aid")
    do(office, case, "accept", CHEN, ENDS | {"limitation_ends_on": ends_on})
    return case


def test_end_is_told_of_open_cases_sixty_days_before_by_one_statement(office: Office) -> None:
    office.at("2005-06-15T09:00")
    near, _far = accepted(office, "2005-08-14"), accepted(office, "2005-08-15")
    again, closed = accepted(office, "2005-08-01"), accepted(office, "2005-08-01")
    do(office, closed, "withdraw", CHEN, reason="和解")
    do(office, again, "handle", PING, {"aid": "advice", "opinion": "已解释"})
    opened(office, "legal_aid")
    statements: list[str] = []

    def tell(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    with office.relief.reading() as work:
        cases = list(list_cases(work, CHEN, ["legal_aid"]))
        sa.event.listen(office.relief.database.engine, "before_cursor_execute", tell)
        found = limitations_near(work, cases)
        sa.event.remove(office.relief.database.engine, "before_cursor_execute", tell)
    assert found == {near: dt.date(2005, 8, 14), again: dt.date(2005, 8, 1)}
    assert len(cases) == 5
    assert len(statements) == 1
