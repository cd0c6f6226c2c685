"""What stands around every page, in a real browser: signing in and out, language, keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Served, new_context, path_of, shown
from tests.browser.looking import language
from tests.office import CAST, PASSWORD

Window = Callable[..., Page]


def sign_in(page: Page, username: str) -> None:
    """Sign in by the form."""
    page.goto("/sign-in")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main button").click()
    expect(page.locator("details.menu summary")).to_contain_text(username)


def press_in_menu(page: Page, name: str) -> None:
    """Open the menu, and press a button there."""
    menu = page.locator("details.menu")
    if menu.count() and menu.get_attribute("open") is None:
        menu.locator("summary").click()
    page.get_by_role("button", name=name, exact=True).click()


def test_signing_in_leads_to_the_page_that_was_asked_for(window: Window) -> None:
    page = window()
    page.goto("/cases?due=over")
    assert path_of(page) == "/sign-in"
    page.locator("[name=username]").fill("chen")
    page.locator("[name=password]").fill("wrong horse battery")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("details.menu summary")).to_contain_text("chen")
    assert page.url.endswith("/cases?due=over")


def test_signing_out_in_one_window_ends_the_other(window: Window) -> None:
    first = window()
    sign_in(first, "chen")
    second = first.context.new_page()
    second.goto("/")
    second.goto("/contacts")
    assert path_of(second) == "/contacts"
    press_in_menu(first, "Sign out")
    expect(first.locator("[name=password]")).to_be_visible()
    second.reload()
    assert path_of(second) == "/sign-in"
    second.go_back()  # what was seen before is not kept
    assert path_of(second) == "/sign-in"


@pytest.mark.parametrize(
    "username",
    ["", *(pytest.param(name, marks=() if name == "chen" else pytest.mark.slow) for name in CAST)],
)
def test_every_page_can_be_turned_into_the_other_language(
    browser: Browser, full_site: Served, username: str
) -> None:
    mine = [address for address, who in shown(full_site) if who == username]
    if not mine:
        pytest.skip("every page that this role may open was seen by another")
    context = new_context(browser, full_site, username)
    page = context.new_page()
    for address in mine:
        page.goto(address)
        before, stands = language(page), path_of(page)
        assert before in {"en", "zh-Hans-CN"}
        press_in_menu(page, "中文" if before == "en" else "English")
        after = "zh-Hans-CN" if before == "en" else "en"
        expect(page.locator(f"main:lang({after})")).to_be_attached()
        assert path_of(page) == stands, address
    context.close()


def test_without_javascript_everything_works(window: Window) -> None:
    page = window(java_script_enabled=False)
    sign_in(page, "chen")
    press_in_menu(page, "中文")
    assert language(page) == "zh-Hans-CN"
    press_in_menu(page, "English")
    page.goto("/desk")
    page.locator("[name=name]").fill("吴试甲")
    page.locator("[name=matter]").fill("问政策")
    page.locator("[name=answer]").fill("已解释")
    page.locator("[name=name]").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("C2005-0001")
    page.get_by_role("link", name="C2005-0001").first.click()
    page.locator("[name=kind]").select_option("petition")
    page.get_by_role("button", name="Go on", exact=True).click()
    assert path_of(page) == "/cases/P2005-0001"
    press_in_menu(page, "Sign out")
    expect(page.locator("[name=password]")).to_be_visible()


def test_the_keys_are_shown_and_lead_to_the_rooms(window: Window) -> None:
    page = window("chen")
    page.goto("/")
    page.keyboard.press("?")
    keys = page.locator("dialog#keys")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("g")
    with page.expect_navigation():
        page.keyboard.press("k")
    assert path_of(page) == "/contacts"


def test_a_key_that_is_typed_into_a_field_is_a_letter(window: Window) -> None:
    page = window("chen")
    page.goto("/desk")
    page.locator("[name=name]").focus()
    page.keyboard.type("g?k")
    assert page.locator("[name=name]").input_value() == "g?k"
    expect(page.locator("dialog#keys")).to_be_hidden()


def test_the_keys_can_be_switched_off_and_on(window: Window) -> None:
    page = window("chen")
    page.goto("/")
    press_in_menu(page, "Switch shortcuts off")
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.reload()
    assert path_of(page) == "/"
    press_in_menu(page, "Switch shortcuts on")
    page.locator("main").focus()
    page.keyboard.press("?")
    expect(page.locator("dialog#keys")).to_be_visible()


def test_the_first_tab_leads_past_the_head(window: Window) -> None:
    page = window("chen")
    page.goto("/contacts")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
