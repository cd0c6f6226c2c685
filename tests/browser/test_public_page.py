"""The public page in a real browser, on a phone: right, wrong and throttled codes, and the rating,
without an account and without script."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from relief.petitions.check_code import code_of
from tests.browser.conftest import PHONE, Served
from tests.matters import entries, opened, row, walk

pytestmark = pytest.mark.slow


@pytest.fixture
def phone(site: Served, browser: Browser) -> Iterator[Page]:
    """Somebody's phone, which runs no script."""
    context = browser.new_context(
        base_url=site.address, viewport=PHONE, locale="en-GB", java_script_enabled=False
    )
    yield context.new_page()
    context.close()


def ask(page: Page, number: str, code: str) -> None:
    page.goto("/status")
    page.get_by_label("Number of the receipt").fill(number)
    page.get_by_label("Check code").fill(code)
    page.get_by_role("button", name="See how it stands").click()


def test_petitioner_sees_how_it_stands_and_rates_it(site: Served, phone: Page) -> None:
    case = opened(site.office)
    walk(site.office, case, "accept", "handle", "implement")
    code = code_of(site.office.relief.cipher, case, row(site.office, case)["token"])
    ask(phone, case.lower(), code.replace("-", " "))
    expect(phone.get_by_role("heading", level=1)).to_have_text(case)
    expect(phone.get_by_text("What our answer says was carried out.")).to_be_visible()
    assert case not in phone.url
    assert code.replace("-", "") not in phone.url
    phone.get_by_text("partly satisfied", exact=True).click()
    phone.get_by_role("button", name="Send my rating").click()
    expect(phone.get_by_role("status")).to_have_text("Thank you. Your rating was taken.")
    assert entries(site.office, case)[-1].fields == {"rating": "partly"}
    phone.reload()
    phone.go_back()
    expect(phone.get_by_role("heading", level=1)).to_have_text(case)
    width = phone.locator("body").bounding_box()
    assert width is not None
    assert width["width"] <= PHONE["width"]


def test_wrong_code_and_unknown_number_look_alike_until_both_have_to_wait(
    site: Served, phone: Page
) -> None:
    case = opened(site.office)
    said = set()
    for number in (case, "P2005-0099"):
        ask(phone, number, "1111 1111 1111")
        said.add(phone.locator(".doorway").inner_text())
        expect(phone.get_by_label("Check code")).to_have_value("")
    assert len(said) == 1
    for _ in range(9):
        ask(phone, case, "0")
    code = code_of(site.office.relief.cipher, case, row(site.office, case)["token"])
    ask(phone, case, code)
    expect(phone.get_by_role("alert")).to_contain_text("Too many tries failed. Wait 15 minutes")
