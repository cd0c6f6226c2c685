"""Papers and letters in a real browser: a file that lies about its type, and letters as they come
out of the printer."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, Served, new_context, path_of
from tests.browser.looking import Complaints, barriers, too_wide
from tests.letters import issued
from tests.matters import do, opened, walk
from tests.office import CHEN, PING, Office
from tests.papers import JPEG, PDF, papers

Window = Callable[..., Page]
# A4 without its margins, in the pixels of a style sheet.
PRINTED = {"width": 590, "height": 956}
MATTER = (
    "本人在试用厂做缝纫工，厂里从2005年2月起一直没有发工资，已经欠了四个月，共计4800元。"
    "多次找厂长，都说没有钱。家里有老人和上学的孩子，请帮忙要回工资。"
)
OPINION = {
    "opinion": "经查，该厂自2005年2月至5月拖欠你工资4800元属实。本中心会同县劳动监察大队责令该厂在"
    "2005年7月15日前一次性补发；逾期不发的，依法申请劳动仲裁，由本中心提供法律援助。",
    "legal_basis": "《中华人民共和国劳动法》第五十条：工资应当以货币形式按月支付给劳动者本人。"
    "不得克扣或者无故拖欠劳动者的工资。",
    "outcome": "support",
}


def test_file_that_lies_about_its_type_is_told_and_the_right_one_is_taken(
    site: Served, window: Window, tmp_path: Path
) -> None:
    case = opened(site.office)
    lie, truth = tmp_path / "证明.pdf", tmp_path / "身份证.pdf"
    lie.write_bytes(JPEG)
    truth.write_bytes(PDF)
    page = window("chen")
    page.goto(f"/cases/{case}")
    page.locator("#papers a.btn").click()
    page.locator("[name=file]").set_input_files(lie)
    page.locator("[name=paper_kind]").select_option("identity_card")
    with page.expect_navigation():
        page.locator("main button.btn-primary").click()
    expect(page.get_by_role("alert")).to_contain_text("but the file is a JPEG picture")
    assert papers(site.office, case) == []
    expect(page.locator("[name=paper_kind]")).to_have_value("identity_card")
    page.locator("[name=file]").set_input_files(truth)
    with page.expect_navigation():
        page.locator("main button.btn-primary").click()
    assert path_of(page) == f"/cases/{case}"
    with page.expect_download() as brought:
        page.locator("#papers").get_by_role("link", name="身份证.pdf").click()
    assert brought.value.suggested_filename == "身份证.pdf"
    assert Path(brought.value.path()).read_bytes() == PDF


@pytest.fixture
def letters(site: Served) -> list[str]:
    """The addresses of every letter that came with the program, in both languages."""
    office, found = site.office, []

    def issue(case: str, *names: str) -> None:
        for name in names:
            for language in ("zh", "en"):
                number = issued(office, case, name, language=language).number
                found.append(f"/cases/{case}/letters/{number}/sheet")

    _petition(office, issue)
    relief = opened(office, "relief", matter=MATTER, name="何试乙", id_number="")
    issue(relief, "receipt")
    do(office, relief, "await_papers", CHEN, {"papers_missing": "住院发票原件\n户口簿复印件"})
    issue(relief, "supplement")
    for end, name in (("decline", "refusal"), ("refer", "referral")):
        case = opened(office, matter=MATTER, name="何试丙", id_number="")
        fields = {"notice_on": "2005-06-28"} | (
            {"competent_body": "县自然资源局"} if end == "refer" else {}
        )
        do(office, case, end, CHEN, fields, reason="该事项依法应当由有权处理的机关处理。")
        issue(case, name)
    return found


def _petition(office: Office, issue: Callable[..., None]) -> None:
    case = opened(office, matter=MATTER)
    issue(case, "receipt")
    walk(office, case, "accept")
    do(
        office,
        case,
        "extend",
        PING,
        {"notice_on": "2005-06-28"},
        reason="等待县劳动监察大队核查结论。",
    )
    do(office, case, "handle", PING, OPINION)
    walk(office, case, "implement")
    issue(case, "acceptance", "extension", "opinion", "feedback")
    do(office, case, "request_review", CHEN, reason="对处理意见不服")
    told = {"review_opinion": "原处理意见事实清楚、依据正确，予以维持。", "review_result": "upheld"}
    do(office, case, "conclude_review", CHEN, told)
    issue(case, "review")


@pytest.mark.slow
def test_letters_come_out_of_the_printer_whole_on_one_page_of_a4(
    browser: Browser, site: Served, letters: list[str]
) -> None:
    context = new_context(browser, site, "chen", viewport=PRINTED)
    page = context.new_page()
    complaints = Complaints(page)
    assert len(letters) == 20
    for address in letters:
        page.goto(address)
        page.emulate_media(media="print")
        assert too_wide(page) == [], address
        printed = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1, address
        assert b"/MediaBox [0 0 594.95" in printed or b"/MediaBox [0 0 595" in printed, address
    assert complaints.taken() == []
    context.close()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
def test_page_around_a_letter_prints_the_whole_letter_and_nothing_else(
    browser: Browser, site: Served, language: str
) -> None:
    office = site.office
    case = opened(office, matter=MATTER)
    walk(office, case, "accept")
    do(office, case, "handle", PING, OPINION | {"opinion": OPINION["opinion"] * 30})
    issued(office, case, "opinion", language=language)
    context = new_context(browser, site, "chen", viewport=PRINTED)
    page = context.new_page()
    complaints = Complaints(page)
    told = []
    for address in (f"/cases/{case}/letters/1", f"/cases/{case}/letters/1/sheet"):
        page.goto(address)
        assert page.locator(".printed-letter").is_hidden()
        page.emulate_media(media="print")
        printed = page.pdf(prefer_css_page_size=True)
        pages = len(re.findall(rb"/Type\s*/Page\b", printed))
        text = page.locator("body").inner_text().strip()
        told.append((pages, text, page.screenshot(full_page=True)))
        page.emulate_media(media="screen")
    assert told[0] == told[1]
    assert told[0][0] > 1
    assert complaints.taken() == []
    context.close()


@pytest.mark.slow
def test_letters_are_read_on_a_phone_and_by_who_sees_badly(
    browser: Browser, site: Served, letters: list[str]
) -> None:
    context = new_context(browser, site, "chen", viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    for address in letters[:6]:
        page.goto(address)
        assert too_wide(page) == [], address
        assert barriers(page) == [], address
    context.close()
