"""Looking ahead: what a document of rates would change, and what a list would be."""

from __future__ import annotations

import pytest

from relief.kernel.errors import Invalid, Problem
from relief.kernel.files.columns import Place
from relief.kernel.months import parse_month
from relief.kernel.text import Text
from relief.payouts import queries
from relief.payouts.rate_effects import Difference
from relief.payouts.rate_file import RateRow
from relief.payouts.rates import list_rates, propose_rates, proposed_differences
from tests.office import AN, Office

WU = "331002195406274937"


@pytest.fixture
def household(office: Office) -> Office:
    """H1: Wu alone, grade deep, from 2005-04, at 200.00."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    office.at("2005-03-25T09:00")
    office.register(
        [
            {
                "household_no": "H1",
                "applicant_name": "试甲",
                "applicant_id": WU,
                "grade": "deep",
                "approved_on": "2005-03-24",
                "account_no": "6228480000000000001",
            }
        ]
    )
    office.at("2005-06-15T09:00")
    return office


def propose(office: Office, *rows: RateRow, problems: tuple[Problem, ...] = ()) -> None:
    with office.relief.work() as work:
        propose_rates(work, AN, rows, "sha", "rates.csv", problems=problems)
        work.commit()


def row(number: int, month: str, fen: int) -> RateRow:
    place = Place("rates", number, {})
    return RateRow(place, "deep", parse_month(month), fen, "2005-12")


def test_proposed_rates_say_who_would_differ_and_keep_nothing_of_it(household: Office) -> None:
    propose(household, row(2, "2005-05", 15_000))
    for _look in range(2):
        with household.relief.reading() as work:
            differences = proposed_differences(work, "2005-12")
            assert list_rates(work)[-1].confirmed_at is None
        assert differences == [Difference("H1", -10_000)]
    household.prepare("2005Q2")
    assert household.run("2005Q2").total_fen == 60_000


def test_unknown_document_changes_nothing(household: Office) -> None:
    with household.relief.reading() as work:
        assert proposed_differences(work, "nothing") == []


def test_rates_are_refused_with_the_faults_of_form_and_of_content_each_once(
    household: Office,
) -> None:
    unread = Problem("money.unreadable", Text("no amount"), "amount", "rates", 3)
    with pytest.raises(Invalid) as refused:
        propose(
            household,
            row(2, "2005-05", 14_999),
            row(3, "2005-06", 0),
            row(4, "2005-05", 15_000),
            problems=(unread,),
        )
    assert [(p.row, p.code) for p in refused.value.problems] == [
        (2, "rate.outside_band"),
        (3, "money.unreadable"),
        (4, "rate.doubled"),
    ]


def test_preview_has_the_hash_that_the_list_then_has(household: Office) -> None:
    seen = household.preview("2005Q2")
    made = household.prepare("2005Q2")
    assert (seen.sha256, seen.total_fen) == (made.sha256, made.total_fen)
    assert seen.sha256 == household.preview("2005Q2").sha256  # the draft is left out of P
    household.change(
        {"household_no": "H1", "change": "account", "account_no": "6228480000000000019"}
    )
    assert household.preview("2005Q2").sha256 != made.sha256
    with household.relief.reading() as work:
        assert queries.list_sha256(work, made.id) == made.sha256
