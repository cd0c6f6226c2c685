"""What an audit found in the life of hardship files: each case fails without its mending."""

from __future__ import annotations

import pytest

from relief.households import queries
from relief.kernel.errors import ReliefError
from relief.kernel.months import format_month
from tests.office import CHEN, FANG, Office
from tests.service.test_household_life import (
    APPLICANTS,
    apply_all,
    enrolled,
    on_the_file,
)


@pytest.fixture
def applied(office: Office) -> Office:
    """H1 (with a child), H2 and H3 have applied by the register; two places; line 240.00."""
    return apply_all(office)


def ledger_codes(office: Office, row: dict[str, str], **more: object) -> set[str]:
    """The codes with which a row of the ledger is refused; none where it is taken."""
    try:
        office.change(row, **more)  # type: ignore[arg-type]
    except ReliefError as refused:
        return {problem.code for problem in refused.problems}
    return set()


# --- the applicant dies ---


def exit_by_death(office: Office, *, by_ledger: bool) -> None:
    """On 2005-05-14."""
    if by_ledger:
        office.change(
            {
                "household_no": "H1",
                "change": "exit",
                "effective_on": "2005-05-14",
                "reason": "病故",
            },
            actor=CHEN,
        )
    else:
        office.file_step("H1", "exit", CHEN, fields={"exit_reason": "died"})


@pytest.mark.parametrize("by_ledger", [False, True])
def test_dead_applicant_is_not_paid_and_the_money_waits_for_a_payee(
    applied: Office, by_ledger: bool
) -> None:
    enrolled(applied)
    applied.at("2005-05-14T10:00")
    exit_by_death(applied, by_ledger=by_ledger)
    assert applied.file_state("H1") == "exited"
    applicant = on_the_file(applied, queries.members_of)[0]
    assert applicant.left_by_death
    assert format_month(applicant.until_month) == "2005-06"
    applied.at("2005-06-15T10:00")
    run = applied.prepare("2005Q2", actor=FANG)
    assert run.total_fen == 0
    assert applied.exceptions("2005Q2") == [("H1", "no_account", 2 * 2 * 15_000)]


def test_account_of_another_payee_outlives_the_death_of_the_applicant(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-05-10T10:00")
    payee = on_the_file(applied, queries.members_of)[1]
    applied.change(
        {
            "household_no": "H1",
            "change": "account",
            "account_name": payee.name,
            "account_no": "6228480000000000009",
        }
    )
    applied.at("2005-05-14T10:00")
    exit_by_death(applied, by_ledger=False)
    applied.at("2005-06-15T10:00")
    assert applied.prepare("2005Q2", actor=FANG).total_fen == 2 * 2 * 15_000


def test_death_that_the_ledger_told_before_is_not_told_again(applied: Office) -> None:
    enrolled(applied)
    applied.at("2005-05-14T10:00")
    applied.change(
        {
            "household_no": "H1",
            "change": "leave",
            "effective_on": "2005-04-20",
            "id_number": APPLICANTS["H1"],
            "reason": "病故",
        }
    )
    exit_by_death(applied, by_ledger=False)
    assert format_month(on_the_file(applied, queries.members_of)[0].until_month) == "2005-05"


def test_exit_by_death_of_who_moved_out_before_does_not_bring_the_months_back(
    applied: Office,
) -> None:
    enrolled(applied)
    applied.at("2005-05-14T10:00")
    moved = {"household_no": "H1", "change": "leave", "id_number": APPLICANTS["H1"]}
    applied.change({**moved, "effective_on": "2005-04-20", "reason": "迁出"})
    exit_by_death(applied, by_ledger=False)
    assert format_month(on_the_file(applied, queries.members_of)[0].until_month) == "2005-05"
