"""The public page: right, wrong and throttled codes, and what is never on it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from relief.kernel.clock import RehearsalClock
from relief.petitions.check_code import code_of
from relief.web.app import create_app
from tests.matters import opened, row, walk
from tests.office import Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]


@pytest.fixture
def june(sqlite_office: Office) -> Office:
    sqlite_office.at("2005-06-15T09:00")
    return sqlite_office


def code(office: Office, case: str) -> str:
    return code_of(office.relief.cipher, case, row(office, case)["token"])


def look(visitor: Visitor, number: str, typed: str) -> TestResponse:
    visitor.get("/status")
    return onward(visitor, visitor.post("/status", number=number, code=typed))


def onward(visitor: Visitor, answer: TestResponse) -> TestResponse:
    """The page that a form leads to; where it was refused, that answer."""
    return visitor.get(answer.headers["Location"]) if answer.status_code == 303 else answer


def test_petitioner_sees_how_it_stands_and_rates_without_an_account(
    june: Office, visit: Visit
) -> None:
    case = opened(june, matter="秘密的事")
    walk(june, case, "accept", "handle", "implement")
    visitor, typed = visit(), code(june, case)
    answer = look(visitor, case.lower().replace("-", " "), typed.replace("-", " "))
    assert answer.status_code == 200
    said = text_of(answer)
    assert case in said
    assert "Implemented" in said
    assert "2005-06-15" in said
    assert "Who handles your matter sees your rating" in said
    for word in ("秘密", "吴试甲", "chen", "ping"):
        assert word not in answer.text
    thanks = visitor.send("/status/rating", number=case, code=typed, rating="partly")
    assert thanks.status_code == 200
    assert "Your rating was taken" in text_of(thanks)
    missing = visitor.post("/status/rating", number=case, code=typed)
    assert missing.status_code == 422
    assert "Choose how satisfied you are" in text_of(missing)


def test_answer_is_at_an_address_of_its_own_that_this_browser_opens_for_a_while(
    june: Office, visit: Visit, real_clock: RehearsalClock
) -> None:
    case, visitor = opened(june), visit()
    visitor.get("/status")
    answer = visitor.post("/status", number=case, code=code(june, case))
    address = answer.headers["Location"]
    assert case not in address
    assert code(june, case).replace("-", "") not in address
    for _time in range(2):
        assert case in visitor.get(address).text
    other = visit()
    other.get("/status")
    assert other.get(address).headers["Location"] == "/status"
    assert visitor.get(address + "A").headers["Location"] == "/status"
    assert visitor.get("/status/of/试").headers["Location"] == "/status"
    real_clock.put_forward(real_clock.now() + dt.timedelta(minutes=16))
    assert visitor.get(address).headers["Location"] == "/status"


def test_what_was_left_empty_is_asked_for_and_is_no_guess(june: Office, visit: Visit) -> None:
    case, visitor = opened(june), visit()
    for _time in range(11):
        answer = look(visitor, " ", "")
        assert answer.status_code == 422
    said = text_of(answer)
    assert "Write the number that stands on the receipt" in said
    assert "Write the check code that stands on the receipt" in said
    assert "do not belong together" not in said
    assert "Write the number" not in text_of(look(visitor, case, ""))
    assert look(visitor, case, code(june, case)).status_code == 200


def test_staff_read_the_rating_in_the_timeline_as_the_petitioners(
    june: Office, visit: Visit
) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    visitor = visit()
    visitor.get("/status")
    visitor.post("/status/rating", number=case, code=code(june, case), rating="dissatisfied")
    said = text_of(visit("chen").get(f"/cases/{case}"))
    assert "Rate by the petitioner" in said
    assert re.search(r"09:00 the petitioner .*The petitioner's rating: dissatisfied", said)


def test_wrong_code_looks_exactly_like_a_number_that_is_not_there(
    june: Office, visit: Visit
) -> None:
    opened(june)
    opened(june)
    visitor = visit()

    def page(number: str) -> tuple[int, str]:
        answer = look(visitor, number, "123412341234")
        same = answer.text.replace(number, "NUMBER").replace(visitor.token, "TOKEN")
        return answer.status_code, same

    wrong, unknown = page("P2005-0002"), page("P2005-0003")
    assert wrong == unknown
    assert wrong[0] == 403
    assert "do not belong together" in wrong[1]


def test_code_that_was_typed_is_never_shown_again(june: Office, visit: Visit) -> None:
    opened(june)
    assert "123412341234" not in look(visit(), "P2005-0001", "123412341234").text


@pytest.mark.parametrize("number", ["P2005-0001", "P2005-0002"])
def test_after_ten_wrong_codes_the_page_says_how_long_to_wait(
    june: Office, visit: Visit, real_clock: RehearsalClock, number: str
) -> None:
    case = opened(june)
    visitor = visit()
    for _ in range(10):
        assert look(visitor, number, "0").status_code == 403
    answer = look(visitor, number, code(june, case))
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "Wait 15 minutes" in text_of(answer)
    rating = visitor.post("/status/rating", number=number, code="0", rating="partly")
    assert rating.status_code == 429
    real_clock.put_forward(real_clock.now() + dt.timedelta(minutes=15))
    assert look(visitor, case, code(june, case)).status_code == 200


def test_rating_with_a_wrong_code_is_counted_and_takes_nothing(june: Office, visit: Visit) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    visitor = visit()
    visitor.get("/status")
    for _ in range(10):
        answer = visitor.post("/status/rating", number=case, code="0", rating="partly")
        assert answer.status_code == 403
    assert look(visitor, case, "0").status_code == 429
    assert row(june, case)["version"] == 4


def test_number_may_come_with_the_address_and_the_code_never_does(
    june: Office, visit: Visit
) -> None:
    case = opened(june)
    answer = visit().get(f"/status?number={case}&code={code(june, case)}")
    assert re.search(rf'name="number"[^>]* value="{case}"', answer.text)
    assert not re.search(r'name="code"[^>]* value="[^"]', answer.text)


def test_page_speaks_chinese(june: Office, visit: Visit) -> None:
    visitor = visit()
    visitor.get("/status")
    visitor.post("/language", locale="zh_Hans_CN", next="/status")
    assert 'lang="zh-Hans-CN"' in visitor.get("/status").text


def test_office_that_switched_it_off_has_no_such_page(june: Office) -> None:
    relief = june.relief
    object.__setattr__(
        relief, "settings", relief.settings.model_copy(update={"public_page": False})
    )
    app: Flask = create_app(relief)
    visitor = Visitor(app)
    assert visitor.get("/status").status_code == 404
    visitor.get("/sign-in")
    assert visitor.post("/status", number="P2005-0001", code="0").status_code == 404
    assert visitor.post("/status/rating", number="P2005-0001", code="0").status_code == 404


def test_form_from_another_site_is_refused(june: Office, visit: Visit) -> None:
    case = opened(june)
    visitor = visit()
    visitor.get("/status")
    answer = visitor.post("/status", token="", number=case, code=code(june, case))
    assert answer.status_code == 400


def test_public_page_says_where_the_office_is_found(june: Office, visit: Visit) -> None:
    relief = june.relief
    assert "Address" not in text_of(visit().get("/status"))
    found = {"office_address": "试县人民路1号", "office_hours": "8:30–17:30"}
    object.__setattr__(relief, "settings", relief.settings.model_copy(update=found))
    case = opened(june)
    for answer in (visit().get("/status"), look(visit(), case, code(june, case))):
        assert "Address 试县人民路1号 Opening hours 8:30–17:30" in text_of(answer)
        assert "Phone" not in text_of(answer)
