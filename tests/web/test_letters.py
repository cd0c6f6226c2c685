"""Letters in a browser: issued by a form, opened as they are, shown on the page of the case."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.letters import issued, page
from tests.matters import opened, walk
from tests.office import Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]
ONCE = "1" * 32


@pytest.fixture
def june(sqlite_office: Office) -> Office:
    sqlite_office.at("2005-06-15T09:00")
    return sqlite_office


def test_clerk_issues_a_letter_and_finds_it_on_top(june: Office, visit: Visit) -> None:
    case, chen = opened(june), visit("chen")
    chen.get(f"/cases/{case}/letters")
    told = chen.send(f"/cases/{case}/letters", letter="receipt", language="zh", once=ONCE)
    assert "Issued: 收件回执. Open it to print it." in text_of(told)
    assert f'href="/cases/{case}/letters/1"' in told.text
    assert chen.get(f"/cases/{case}/letters/1").data == page(june, case).encode()
    again = chen.send(f"/cases/{case}/letters", letter="receipt", language="zh", once=ONCE)
    assert f"{case}-1 was saved already." in text_of(again)
    other = chen.post(f"/cases/{case}/letters", letter="receipt", language="en", once=ONCE)
    assert (other.status_code, ONCE in other.text) == (409, False)  # shown again with a new key
    assert chen.get(f"/cases/{case}/letters/2").status_code == 404
    assert "收件回执" in text_of(visit("wen").get(f"/cases/{case}"))


def test_letter_runs_and_fetches_nothing_and_has_its_own_style(june: Office, visit: Visit) -> None:
    case = opened(june)
    issued(june, case)
    policy = visit("wen").get(f"/cases/{case}/letters/1").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "sandbox" in policy
    assert "unsafe" not in policy


def test_nothing_chosen_is_told_at_the_field(june: Office, visit: Visit) -> None:
    case = opened(june)
    answer = visit("chen").post(f"/cases/{case}/letters", letter="", language="fr", once=ONCE)
    assert answer.status_code == 422
    assert "Choose the language of the letter" in text_of(answer)
    answer = visit("chen").post(f"/cases/{case}/letters", letter="x", language="en", once=ONCE)
    assert "no such letter now; there are: receipt." in text_of(answer)


def test_preview_is_a_page_of_its_own(june: Office, visit: Visit) -> None:
    case, chen = opened(june), visit("chen")
    path = f"/cases/{case}/letters/preview"
    answer = chen.get(f"{path}?letter=receipt&language=en")
    assert "Preview, not issued" in text_of(answer)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert chen.get(f"{path}?letter=opinion&language=en").status_code == 422
    assert visit("wen").get(f"{path}?letter=receipt&language=en").status_code == 403


def test_letters_of_a_hidden_matter_are_not_there_for_others(june: Office, visit: Visit) -> None:
    case = opened(june, restricted=True)
    issued(june, case)
    assert visit("chen").get(f"/cases/{case}/letters/1").status_code == 200
    for name in ("ping", "wen", "an"):
        assert visit(name).get(f"/cases/{case}/letters/1").status_code == 404
        assert visit(name).get(f"/cases/{case}/letters").status_code == 404
    ping = visit("ping")
    assert ping.get(f"/cases/{case}/letters/preview?letter=receipt&language=zh").status_code == 404
    answer = ping.post(f"/cases/{case}/letters", letter="receipt", language="zh", once=ONCE)
    assert answer.status_code == 404


def test_broken_template_is_told_with_its_line(june: Office, visit: Visit) -> None:
    case = opened(june)
    folder = june.relief.settings.data_dir / "letters"
    folder.mkdir()
    (folder / "receipt.zh.html").write_text("{% block title %}a{% endblock %}\n{{ x }}", "utf-8")
    chen = visit("chen")
    answer = chen.post(f"/cases/{case}/letters", letter="receipt", language="zh", once=ONCE)
    assert answer.status_code == 422
    assert 'receipt.zh.html, line 2: There is no "x"' in text_of(answer)
    assert chen.get(f"/cases/{case}").status_code == 200


def test_page_of_the_case_tells_what_to_bring(june: Office, visit: Visit) -> None:
    case = opened(june, "relief")
    assert "What to bring application identity card" in text_of(visit("chen").get(f"/cases/{case}"))
    walk(june, case, "accept")
    assert "What to bring" not in text_of(visit("chen").get(f"/cases/{case}"))
