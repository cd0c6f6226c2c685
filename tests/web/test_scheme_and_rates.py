"""The scheme and the rates in the browser."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from werkzeug.test import TestResponse

from relief.households.scheme import scheme_terms
from tests.life import id_number
from tests.office import Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]
TERMS = {
    "places": "40",
    "go_live": "2005-04",
    "band_low": "150.00",
    "band_high": "200.00",
    "start_rule": "same_month",
    "stop_rule": "event_month_unpaid",
}
RATES = "grade,from_month,amount,document_no\ndeep,2005-04,200.00,县工字〔2005〕12号\n"


def bring(visitor: Visitor, text: str, name: str = "rates.csv") -> TestResponse:
    """Send a file of rates."""
    return visitor.post("/rates", file=(io.BytesIO(text.encode()), name))


def test_the_scheme_is_shown_to_everybody_and_changed_by_an_admin(
    visit: Visit, sqlite_office: Office
) -> None:
    page = visit("an").send("/scheme", version="0", **TERMS)
    assert "The scheme was changed." in text_of(page)
    for name in ("chen", "wen"):
        page = visit(name).get("/scheme")
        assert "0 of 40 taken" in text_of(page)
        assert "2005-04" in page.text
        assert '<form class="sheet' not in page.text
    with sqlite_office.relief.reading() as work:
        terms = scheme_terms(work)
    assert (terms.places_max, terms.band_low_fen, terms.band_high_fen) == (40, 15_000, 20_000)
    assert (terms.start_rule, terms.stop_rule) == ("same_month", "event_month_unpaid")


def test_fewer_places_than_are_taken_are_asked_about_once(
    visit: Visit, sqlite_office: Office
) -> None:
    sqlite_office.scheme(go_live="2005-04")
    sqlite_office.register(
        [
            {
                "household_no": f"H{number}",
                "applicant_name": f"试户{number}",
                "applicant_id": id_number(number),
                "grade": "deep",
                "approved_on": "2005-01-02",
                "account_no": f"622848000000000000{number}",
            }
            for number in (1, 2)
        ]
    )
    an, fewer = visit("an"), {**TERMS, "places": "1"}
    assert 'name="below_taken"' not in an.get("/scheme").text
    answer = an.post("/scheme", version="1", **fewer)
    assert answer.status_code == 409
    assert "2 places are taken now, and 1 are fewer" in text_of(answer)
    assert 'name="below_taken" value="yes"' in answer.text
    page = an.send("/scheme", version="1", below_taken="yes", **fewer)
    assert "2 of 1 taken" in text_of(page)


def test_every_fault_of_the_scheme_is_told_at_once_and_nothing_changes(
    visit: Visit, sqlite_office: Office
) -> None:
    with sqlite_office.relief.reading() as work:
        before = scheme_terms(work)
    faulty = {"places": "many", "go_live": "April", "band_low": "1e3", "band_high": "-1"}
    answer = visit("an").post("/scheme", version="0", **{**TERMS, **faulty})
    assert answer.status_code == 422
    assert answer.text.count('class="field-error"') == 4
    assert all(f'value="{typed}"' in answer.text for typed in faulty.values())
    for wrong in ({"start_rule": "never"}, {"band_low": "300"}, {"places": "0"}):
        assert visit("an").post("/scheme", version="0", **{**TERMS, **wrong}).status_code == 422
    with sqlite_office.relief.reading() as work:
        assert scheme_terms(work) == before


def test_a_scheme_changed_meanwhile_shows_both_and_keeps_what_was_typed(visit: Visit) -> None:
    an = visit("an")
    an.send("/scheme", version="0", **TERMS)
    answer = an.post("/scheme", version="0", **{**TERMS, "places": "60"})
    assert answer.status_code == 409
    assert "you saw version 0, it now stands at version 1" in text_of(answer)
    assert "0 of 40 taken" in text_of(answer)
    assert 'value="60"' in answer.text
    assert 'name="version" value="1"' in answer.text
    assert "0 of 60 taken" in text_of(an.send("/scheme", version="1", **{**TERMS, "places": "60"}))


@pytest.fixture
def proposed(visit: Visit, sqlite_office: Office) -> Office:
    """Rates were brought by the admin, and wait."""
    sqlite_office.scheme(go_live="2005-01", band_low_fen=15_000, band_high_fen=20_000)
    assert bring(visit("an"), RATES).status_code == 303
    return sqlite_office


def seen_in(page: TestResponse) -> str:
    """What stands for the rates that the page shows."""
    found = re.search(r'name="seen" value="([^"]+)"', page.text)
    assert found
    return found[1]


def test_rates_are_proposed_by_a_file_and_confirmed_by_somebody_else(
    visit: Visit, proposed: Office
) -> None:
    ping = visit("ping")
    page = ping.get("/rates")
    assert "Document 县工字〔2005〕12号 waits to be confirmed." in text_of(page)
    page = ping.get("/rates/document?no=县工字〔2005〕12号")
    assert "No household would differ by it." in text_of(page)
    stale = ping.post("/rates/document", document_no="县工字〔2005〕12号", seen="0")
    assert stale.status_code == 409
    assert "Look again, then decide." in text_of(stale)
    page = ping.send("/rates/document", document_no="县工字〔2005〕12号", seen=seen_in(page))
    assert "count from now on" in text_of(page)
    assert "waits to be confirmed" not in page.text
    again = ping.post("/rates/document", document_no="县工字〔2005〕12号")
    assert again.status_code == 409
    assert "confirmed already" in text_of(again)


def test_who_would_differ_is_listed_before_the_rates_are_confirmed(
    visit: Visit, sqlite_office: Office
) -> None:
    sqlite_office.scheme(go_live="2005-01", band_low_fen=15_000, band_high_fen=20_000)
    sqlite_office.rates(("deep", "2005-01", 15_000))
    sqlite_office.register(
        [
            {
                "household_no": "H001",
                "applicant_id": "331002195406274937",
                "applicant_name": "王小明",
                "grade": "deep",
                "approved_on": "2005-01-03",
            }
        ]
    )
    bring(visit("an"), RATES.replace("2005-04", "2005-02"))
    page = visit("wen").get("/rates/document?no=县工字〔2005〕12号")
    assert "H001" in text_of(page)
    assert "households: 1" in text_of(page)
    assert "Later, to" not in text_of(page)
    bring(visit("an"), RATES.replace("2005-04", "2005-11").replace("12号", "13号"))
    later = text_of(visit("wen").get("/rates/document?no=县工字〔2005〕13号"))
    assert "To 2005-03, yuan Later, to 2005-12, yuan H001 0.00 " in later
    assert 'method="post" action="/rates/document"' not in page.text


def test_every_fault_of_a_file_is_told_with_its_row_and_nothing_is_taken(
    visit: Visit, sqlite_office: Office
) -> None:
    sqlite_office.scheme(band_low_fen=15_000, band_high_fen=20_000)
    faulty = RATES + "sunny,2005-05,160.00,D1\ndeep,soon,999.00,D1\n"
    answer = bring(visit("an"), faulty)
    assert answer.status_code == 422
    text = text_of(answer)
    assert "row 3, grade" in text
    assert "row 4, from_month" in text
    assert "row 4, amount" in text
    assert "No rates were brought yet." in text


@pytest.mark.parametrize("content", ["", "no table", "\x00\x01\x02", "grade\n", "PK\x03\x04broken"])
def test_a_file_that_is_no_table_of_rates_is_refused(visit: Visit, content: str) -> None:
    answer = bring(visit("an"), content)
    assert answer.status_code == 422
    assert "error-summary" in answer.text


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x\\费率.csv", "a\u202eb.csv", "." * 300])
def test_an_odd_name_of_a_file_does_no_harm(visit: Visit, sqlite_office: Office, name: str) -> None:
    sqlite_office.scheme(band_low_fen=15_000, band_high_fen=20_000)
    assert bring(visit("an"), RATES, name).status_code == 303


def test_no_file_and_the_same_file_again_are_told(visit: Visit, proposed: Office) -> None:
    answer = visit("an").post("/rates")
    assert answer.status_code == 422
    assert "Choose a file first." in text_of(answer)
    an = visit("an")
    answer = bring(an, RATES)
    assert "taken before; nothing changed" in text_of(an.get(answer.headers["Location"]))


@pytest.mark.parametrize("no", ["", "nothing", "<b>", "x" * 20_000, "\x00"])
def test_a_document_that_is_not_there_is_not_found(visit: Visit, no: str) -> None:
    ping = visit("ping")
    found = ping.client.get("/rates/document", query_string={"no": no})
    assert found.status_code == (414 if len(no) > 4096 else 404)
    answer = ping.post("/rates/document", document_no=no)
    assert answer.status_code == 404
    assert "<b>" not in answer.text


@pytest.mark.parametrize(
    "name", ["\U00020000" * 90 + ".csv", "\U0001d4d0" * 100, "长" * 300 + ".csv"]
)
def test_a_file_of_any_name_is_read(visit: Visit, name: str) -> None:
    assert bring(visit("an"), "nothing of use", name).status_code == 422
