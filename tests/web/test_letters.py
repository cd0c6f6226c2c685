"""Letters in a browser: issued by a form, opened as they are, shown on the page of the case."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, record_absence
from relief.accounts.queries import USER
from relief.accounts.service import add_user
from relief.engine.actors import CASE_ROLES
from relief.engine.cases import find_case
from relief.kernel.resources import shipped_folder
from relief.petitions.check_code import code_of
from tests.letters import issued, page
from tests.matters import do, opened, walk
from tests.office import AN, CAST, CHEN, PASSWORD, Office
from tests.own_kind import looks_always
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
    assert "Issued: 收件回执." in text_of(told)
    assert f' src="/cases/{case}/letters/1/sheet"' in told.text
    assert "frame-src 'self'" in told.headers["Content-Security-Policy"]
    assert f'href="/cases/{case}/letters"' in told.text
    sheet = chen.get(f"/cases/{case}/letters/1/sheet")
    assert sheet.data == page(june, case).encode()
    assert sheet.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert f'href="/cases/{case}/letters/1"' in chen.get(f"/cases/{case}/letters").text
    again = chen.send(f"/cases/{case}/letters", letter="receipt", language="zh", once=ONCE)
    assert f"{case}-1 was saved already." in text_of(again)
    other = chen.post(f"/cases/{case}/letters", letter="receipt", language="en", once=ONCE)
    assert (other.status_code, ONCE in other.text) == (409, False)  # shown again with a new key
    assert chen.get(f"/cases/{case}/letters/2").status_code == 404
    assert "收件回执" in text_of(visit("wen").get(f"/cases/{case}"))


def test_letter_runs_and_fetches_nothing_and_has_its_own_style(june: Office, visit: Visit) -> None:
    case = opened(june)
    issued(june, case)
    answer = visit("wen").get(f"/cases/{case}/letters/1/sheet")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "; sandbox allow-same-origin allow-modals;" in policy
    for never in ("unsafe", "script"):
        assert never not in policy


def test_page_around_a_letter_has_it_whole_for_the_printer_alone(
    june: Office, visit: Visit
) -> None:
    case = opened(june)
    issued(june, case)
    wen = visit("wen")
    page, sheet = wen.get(f"/cases/{case}/letters/1"), wen.get(f"/cases/{case}/letters/1/sheet")
    style, body = (
        re.findall(f"<{tag}>(.*)</{tag}>", sheet.text, re.DOTALL)[0] for tag in ("style", "body")
    )
    assert f'<style media="print">{style}</style>' in page.text
    (copy,) = re.findall(
        r'<div class="printed-letter" lang="[^"]+" hidden>(.*)</div>', page.text, re.S
    )
    assert copy.strip() == body.strip()
    # The page's own styles stay on the screen, and it takes the letter's without taking any other.
    assert re.findall(r'rel="stylesheet" href="[^"]*" media="(\w+)"', page.text) == [
        "screen", "screen", "print",
    ]  # fmt: skip
    (taken,) = re.findall("style-src ('sha256-[^;]*')", sheet.headers["Content-Security-Policy"])
    assert f"style-src 'self' {taken};" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_nothing_chosen_is_told_at_the_field(june: Office, visit: Visit) -> None:
    case = opened(june)
    answer = visit("chen").post(f"/cases/{case}/letters", letter="", language="fr", once=ONCE)
    assert answer.status_code == 422
    assert "Choose the language of the letter" in text_of(answer)
    answer = visit("chen").post(f"/cases/{case}/letters", letter="", language="en", once=ONCE)
    assert "Choose the letter." in text_of(answer)
    answer = visit("chen").post(f"/cases/{case}/letters", letter="x", language="en", once=ONCE)
    assert "no such letter now; there are: Receipt." in text_of(answer)


def test_language_of_the_reader_comes_first(june: Office, visit: Visit) -> None:
    case, chen = opened(june), visit("chen")

    def languages() -> list[str]:
        form = chen.get(f"/cases/{case}/letters").text.split('class="sheet"')[1]
        return re.findall(r'value="(zh|en)"', form)

    assert languages() == ["en", "zh"]
    chen.client.set_cookie("relief-language", "zh_Hans_CN")
    assert languages() == ["zh", "en"]


def test_receipt_of_a_case_that_was_opened_at_the_desk_is_printed_at_once(
    june: Office, visit: Visit
) -> None:
    chen = visit("chen")
    typed = {"channel": "visit", "name": "何试乙", "matter": "欠薪", "heads": "1"}
    told = chen.send("/desk", **typed, outcome="petition", once=ONCE)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', told.text.split("just-opened")[1]))
    names = ("letter", "language", "once", "acting_for")
    sent = {name: fields[name] for name in names if name != "once"} | {"once": "2" * 32}
    for _twice in range(2):
        paper = chen.send("/cases/P2005-0001/letters", **sent)
        assert 'src="/cases/P2005-0001/letters/1/sheet"' in paper.text
    assert "Print the receipt" not in chen.get("/desk").text
    assert "Print the receipt" not in chen.get("/desk?opened=P2005-0009").text


def test_letters_are_issued_by_those_alone_whom_an_office_names_for_it(
    june: Office, visit: Visit
) -> None:
    looks_always(june.relief)
    text = (shipped_folder("workflows") / "petition.toml").read_text(encoding="utf-8")
    (before, after) = text.split('id = "issue_letter"')
    fewer = after.replace('roles = ["clerk", "approver"]', 'roles = ["approver"]', 1)
    own = june.relief.settings.data_dir / "workflows"
    own.mkdir(exist_ok=True)
    (own / "petition.toml").write_text(f'{before}id = "issue_letter"{fewer}', encoding="utf-8")
    june.relief.take_changed_files()
    case, chen = opened(june), visit("chen")
    assert case in text_of(chen.get(f"/desk?opened={case}"))
    assert "Print the receipt" not in chen.get(f"/desk?opened={case}").text
    for visitor, may in ((chen, False), (visit("ping"), True)):
        page = visitor.get(f"/cases/{case}/letters").text
        assert ('name="letter"' in page) is may


def test_desk_shows_nothing_of_a_hidden_matter_by_its_number(june: Office, visit: Visit) -> None:
    case = opened(june, restricted=True)
    assert "just-opened" in visit("chen").get(f"/desk?opened={case}").text
    with june.relief.work() as work:
        add_user(work, AN, "lan", ("clerk",), PASSWORD)
        work.connection.execute(sa.update(USER).values(password_is_lent=False))
        work.commit()
    answer = visit("lan").get(f"/desk?opened={case}")
    assert (answer.status_code, "just-opened" in answer.text) == (200, False)


def test_preview_is_a_page_of_its_own(june: Office, visit: Visit) -> None:
    case, chen = opened(june), visit("chen")
    path = f"/cases/{case}/letters/preview"
    answer = chen.get(f"{path}?letter=receipt&language=en")
    assert "Preview, not issued" in text_of(answer)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert chen.get(f"{path}?letter=opinion&language=en").status_code == 422
    assert visit("wen").get(f"{path}?letter=receipt&language=en").status_code == 403


def test_who_stands_aside_opens_no_letter_that_has_the_check_code(
    june: Office, visit: Visit
) -> None:
    case = opened(june)
    issued(june, case)
    do(june, case, "recuse", CHEN, reason="亲属")
    at = f"/cases/{case}/letters"
    for path in (f"{at}/1", f"{at}/1/sheet", f"{at}/preview?letter=receipt&language=zh"):
        answer = visit("chen").get(path)
        assert answer.status_code == 403
        assert "chen has stepped aside from" in text_of(answer)
        assert visit("ping").get(path).status_code == 200


def test_check_code_is_read_by_those_alone_who_work_on_cases(
    june: Office, visit: Visit, everybody: dict[str, Visitor]
) -> None:
    case = opened(june)
    issued(june, case)
    with june.relief.reading() as work:
        code = code_of(work.cipher, case, find_case(work, case, CHEN).row["token"])
    at = f"/cases/{case}/letters/1"
    read = {
        name
        for name, visitor in everybody.items()
        for path in (at, f"{at}/sheet")
        if name and code in visitor.get(path).text
    }
    assert read == {name for name, roles in CAST.items() if set(roles) & set(CASE_ROLES)}
    assert "收件回执" in everybody["wen"].get(f"{at}/sheet").text
    assert "····-····-····" in everybody["wen"].get(f"{at}/sheet").text
    assert "it is blotted out" in text_of(everybody["wen"].get(at))
    assert "it is blotted out" not in text_of(everybody["ping"].get(at))


def test_deputy_of_a_clerk_prints_what_they_issue_whole(june: Office, visit: Visit) -> None:
    case, fang = opened(june), visit("fang")
    issued(june, case)
    path = f"/cases/{case}/letters/1/sheet"
    assert "····-····-····" in fang.get(path).text
    with june.relief.work() as work:
        record_absence(work, CHEN, AbsenceForm("chen", work.today, work.today, "fang"))
        work.commit()
    assert fang.get(path).data == page(june, case).encode()


def test_letters_of_a_hidden_matter_are_not_there_for_others(june: Office, visit: Visit) -> None:
    case = opened(june, restricted=True)
    issued(june, case)
    assert visit("chen").get(f"/cases/{case}/letters/1").status_code == 200
    for name in ("ping", "wen", "an"):
        assert visit(name).get(f"/cases/{case}/letters/1").status_code == 404
        assert visit(name).get(f"/cases/{case}/letters/1/sheet").status_code == 404
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
