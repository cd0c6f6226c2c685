"""What was changed by hand of money outside the lists is found, and counts for nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.verification import verify_journal
from relief.kernel.columns import table_of
from relief.payouts import queries
from relief.payouts.over_paid.kinds import REPAYMENT, MoneyKind
from relief.payouts.tables import Repayment
from tests.life import PERSONS
from tests.office import PING, Office
from tests.over_paid import (
    JUNE,
    MAY,
    both_kinds,
    over_paid,
    refused,
    tampered,
)
from tests.service.test_audited_money import by_hand

pytestmark = pytest.mark.postgresql_slow


@pytest.fixture
def july(office: Office) -> Office:
    return over_paid(office)


CHANGES = {
    "amount": {"amount_fen": REPAYMENT.table.c.amount_fen - 1_00},
    "month": {"month": MAY},
    "household": {"household_id": 2},
    "paper": {"receipt_no": "8"},
    "key of the paper": {"paper_key": "8"},
    "recorder": {"recorded_by": "gao"},
    "instant": {"confirmed_at": REPAYMENT.table.c.recorded_at},
    "unconfirmed": {"confirmed_at": None, "confirmed_by": ""},
    "confirmer": {"confirmed_by": "fang"},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_row_changed_by_hand_is_found(july: Office, change: dict[str, object]) -> None:
    no = july.record_money(REPAYMENT, "H1", JUNE, 150_00, "2005-7")
    july.at("2005-07-12T09:00")
    july.money_step(no, "confirm", PING)
    assert tampered(july) == set()
    by_hand(july, sa.update(table_of(Repayment)).values(**change))
    assert tampered(july) == {"repayment.altered"}


@pytest.mark.parametrize("facts", ["[nothing", "[]", '"试"'])
def test_row_whose_entry_was_written_over_is_found(july: Office, facts: str) -> None:
    july.record_money(REPAYMENT, "H1", JUNE, 150_00, "2005-7")
    entry = sa.and_(JOURNAL.c.subject_kind == "repayment", JOURNAL.c.action == "record")
    by_hand(july, sa.update(JOURNAL).where(entry).values(facts=facts))
    assert tampered(july) == {"journal.entry_changed", "repayment.altered"}


@both_kinds
def test_money_is_not_recorded_before_it_is_said_when_the_lists_began(
    new_office: Callable[[], Office], kind: MoneyKind
) -> None:
    office = new_office()
    office.register([{"household_no": "H1", "applicant_name": "试甲", "applicant_id": PERSONS[0]}])
    record = partial(office.record_money, kind, "H1", JUNE, 150_00, "2005-7")
    assert "scheme.no_go_live" in refused(record)


def test_row_changed_by_hand_is_not_confirmed(july: Office) -> None:
    no = july.record_money(REPAYMENT, "H1", JUNE, 150_00, "2005-7")
    by_hand(july, sa.update(table_of(Repayment)).values(amount_fen=-1_00))
    assert refused(lambda: july.money_step(no, "confirm", PING)) == {"over_paid.altered"}


def test_confirmed_by_hand_or_put_in_by_hand_is_found(july: Office) -> None:
    july.record_money(REPAYMENT, "H1", JUNE, 150_00, "2005-7")
    table = table_of(Repayment)
    confirmed = {"confirmed_at": table.c.recorded_at, "confirmed_by": "ping"}
    by_hand(july, sa.update(table).values(**confirmed))
    assert tampered(july) == {"repayment.altered"}
    own = ("id", "reference", "paper_key")
    row = sa.select(*(c for c in table.c if c.name not in own), sa.literal("M2"))
    names = [c.name for c in table.c if c.name not in own]
    by_hand(july, sa.insert(table).from_select([*names, "reference"], row))
    assert "journal.entry_missing" in tampered(july)


@both_kinds
def test_larger_than_what_was_over_paid_at_its_confirmation_is_named(
    july: Office, kind: MoneyKind
) -> None:
    july.settle(kind, "H1", JUNE, 150_00, "2005-7")
    july.settle(kind, "H1", JUNE, 50_00, "2005-8")
    assert tampered(july) == set()
    item = queries.ITEM
    gone = sa.update(item).where(item.c.household_id == 1, item.c.month == JUNE)
    by_hand(july, gone.values(amount_fen=item.c.amount_fen - 10_00))
    with july.relief.reading() as work:
        said = [str(problem.text) for problem in verify_journal(work)]
    assert said == [
        f"{kind.letter}2005-0002 is of 50.00, but 40.00 was over-paid in 2005-06 when it was "
        "confirmed."
    ]


@both_kinds
def test_confirmed_before_its_household_was_recorded_is_named(
    july: Office, kind: MoneyKind
) -> None:
    """As where somebody put the household's own row forward by hand."""
    july.settle(kind, "H1", JUNE, 150_00, "2005-7")
    assert tampered(july) == set()
    forward = dt.datetime(2005, 8, 1, tzinfo=dt.UTC)
    by_hand(july, sa.update(queries.HOUSEHOLD).values(recorded_at=forward))
    with july.relief.reading() as work:
        said = [str(problem.text) for problem in verify_journal(work)]
    assert said == [
        f"{kind.letter}2005-0001 is of 150.00, but 0.00 was over-paid in 2005-06 when it was "
        "confirmed."
    ]
