"""What an auditor found about rates: their band, their document, and what they make differ."""

from __future__ import annotations

import pytest

from relief.kernel.errors import Invalid
from relief.kernel.files.columns import Place
from relief.kernel.months import parse_month
from relief.payouts.rate_effects import Difference
from relief.payouts.rate_file import RateRow
from relief.payouts.rates import (
    confirm_rates,
    list_rates,
    propose_rates,
    proposed_differences,
)
from tests.office import AN, PING, Office

LATE = "2005-40"


@pytest.fixture
def households(office: Office) -> Office:
    """H1 deep at 200.00, H2 relative at 150.00, one person each, from 2005-04; now 2005-06."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.at("2005-03-25T09:00")
    office.register(
        [
            {
                "household_no": f"H{number}",
                "applicant_name": f"试{'甲乙'[number - 1]}",
                "applicant_id": applicant,
                "grade": grade,
                "approved_on": "2005-03-10",
                "account_no": f"622848000000000000{number}",
            }
            for number, applicant, grade in (
                (1, "331002195406274937", "deep"),
                (2, "33102119940822085X", "relative"),
            )
        ]
    )
    office.at("2005-06-15T09:00")
    return office


def propose(office: Office, grade: str, month: str, fen: int, document_no: str = LATE) -> None:
    row = RateRow(Place("rates", 2, {}), grade, parse_month(month), fen, document_no)
    with office.relief.work() as work:
        propose_rates(work, AN, [row], f"{grade}{month}{fen}{document_no}", "rates.csv")
        work.commit()


def confirm(office: Office) -> list[Difference]:
    with office.relief.work() as work:
        differences = confirm_rates(work, PING, LATE)
        work.commit()
    return differences


def of_document(office: Office) -> list[tuple[str, int, bool]]:
    with office.relief.reading() as work:
        return [
            (rate.grade, rate.rate_fen, rate.confirmed_at is not None)
            for rate in list_rates(work)
            if rate.document_no == LATE
        ]


def test_rate_outside_a_band_narrowed_since_cannot_be_confirmed(households: Office) -> None:
    propose(households, "deep", "2005-07", 19_000)
    households.scheme(band_high_fen=18_000)
    with pytest.raises(Invalid) as refused:
        confirm(households)
    assert [p.code for p in refused.value.problems] == ["rate.outside_band"]
    assert of_document(households) == [("deep", 19_000, False)]


def test_rate_at_the_end_of_a_band_narrowed_since_is_confirmed(households: Office) -> None:
    propose(households, "deep", "2005-07", 18_000)
    households.scheme(band_high_fen=18_000)
    confirm(households)
    assert of_document(households) == [("deep", 18_000, True)]


def test_document_cannot_set_one_grade_from_one_month_a_second_time(households: Office) -> None:
    propose(households, "deep", "2005-07", 19_000)
    with pytest.raises(Invalid) as refused:
        propose(households, "deep", "2005-07", 18_000)
    assert [p.code for p in refused.value.problems] == ["rate.proposed"]
    assert of_document(households) == [("deep", 19_000, False)]


def test_document_may_be_brought_again_with_what_it_did_not_say_yet(households: Office) -> None:
    propose(households, "deep", "2005-07", 19_000)
    propose(households, "deep", "2005-08", 18_000)
    propose(households, "relative", "2005-07", 16_000)
    propose(households, "deep", "2005-07", 17_000, "2005-41")
    assert len(of_document(households)) == 3


def test_rate_of_a_later_quarter_says_who_differs_and_by_how_much(households: Office) -> None:
    propose(households, "deep", "2005-11", 18_000)
    with households.relief.reading() as work:
        seen = proposed_differences(work, LATE)
    assert seen == [Difference("H1", 0, -4_000)]  # 20.00 less in 2005-11 and 2005-12
    assert confirm(households) == seen


def test_rates_of_two_later_quarters_differ_up_to_the_last_of_them(households: Office) -> None:
    propose(households, "relative", "2005-09", 16_000)
    propose(households, "deep", "2005-12", 18_000)
    assert confirm(households) == [Difference("H1", 0, -2_000), Difference("H2", 0, 4_000)]
