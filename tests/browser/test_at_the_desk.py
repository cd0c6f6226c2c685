"""The desk in a real browser: by the keyboard alone, with a fault, while Chinese is composed."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from relief.desk.queries import Sought, list_contacts
from tests.browser.conftest import Served, path_of, tab_to

Window = Callable[..., Page]
# How Safari says that Enter ended a composition; true where nobody makes something else of it.
SAFARIS_ENTER = """field => field.dispatchEvent(new KeyboardEvent("keydown", {
    key: "Enter", keyCode: 229, bubbles: true, cancelable: true}))"""


def logged(site: Served) -> list[tuple[str, str | None]]:
    """What stands in the book, the first first: channel and name."""
    with site.office.relief.reading() as work:
        rows = list_contacts(work, Sought(), sa.true())
    return [(row.channel, row.name) for row in sorted(rows, key=lambda row: row.reference)]


def test_a_clerk_logs_ten_contacts_by_the_keyboard_alone(site: Served, window: Window) -> None:
    page = window("chen")
    keys = page.keyboard
    page.goto("/desk")
    for number in range(10):
        tab_to(page, "name")
        if number == 9:  # the last one called
            keys.press("Shift+Tab")
            keys.press("ArrowRight")
            keys.press("Tab")
        keys.insert_text(f"来人{number}")
        tab_to(page, "matter")
        keys.insert_text("问政策")
        tab_to(page, "answer")
        keys.insert_text("已解释")
        with page.expect_navigation():
            keys.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text(f"C2005-{number + 1:04d}")
    expected: list[tuple[str, str | None]] = [("visit", f"来人{number}") for number in range(9)]
    assert logged(site) == [*expected, ("call", "来人9")]


def test_a_visit_becomes_a_petition_without_typing_anything_twice(
    site: Served, window: Window
) -> None:
    page = window("chen")
    page.goto("/desk")
    keys = page.keyboard
    tab_to(page, "name")
    keys.insert_text("吴试甲")
    tab_to(page, "matter")
    keys.insert_text("拖欠工资三个月")
    tab_to(page, "outcome")
    page.locator("[name=outcome]").select_option("petition")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("P2005-0001")
    page.get_by_role("link", name="P2005-0001").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("吴试甲")
    expect(page.locator("main")).to_contain_text("拖欠工资三个月")


def test_a_contact_that_was_answered_is_opened_as_a_case_later(
    site: Served, window: Window
) -> None:
    page = window("chen")
    page.goto("/desk")
    page.locator("[name=name]").fill("吴试乙")
    page.locator("[name=matter]").fill("工伤待遇")
    page.locator("[name=answer]").fill("先去申请认定")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="C2005-0001").first.click()
    page.locator("[name=kind]").select_option("legal_aid")
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.locator("main")).to_contain_text("工伤待遇")
    assert path_of(page) == "/cases/L2005-0001"


def test_what_is_wrong_has_the_focus_and_leads_to_its_field(window: Window) -> None:
    page = window("chen")
    page.goto("/desk")
    tab_to(page, "matter")
    page.keyboard.insert_text("问政策")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.locator("[name=matter]").input_value() == "问政策"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.name") == "answer"


def test_enter_takes_the_word_while_chinese_is_composed(site: Served, window: Window) -> None:
    page = window("chen")
    page.goto("/desk")
    tab_to(page, "answer")
    composing = page.context.new_cdp_session(page)
    word = {"text": "yijieshi", "selectionStart": 8, "selectionEnd": 8}
    composing.send("Input.imeSetComposition", word)
    page.keyboard.press("Enter")
    composing.send("Input.insertText", {"text": "已解释"})
    assert page.locator("[name=answer]").evaluate(SAFARIS_ENTER) is True  # it is left alone
    assert "已解释" in page.locator("[name=answer]").input_value()
    assert logged(site) == []
    tab_to(page, "matter")
    page.keyboard.insert_text("问政策")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert logged(site) == [("visit", "")]


def test_a_second_press_of_the_button_sends_nothing_more(site: Served, window: Window) -> None:
    page = window("chen")
    page.goto("/desk")
    page.locator("[name=matter]").fill("问政策")
    page.locator("[name=answer]").fill("已解释")
    with page.expect_navigation():
        page.get_by_role("button", name="Save").dblclick()
    expect(page.get_by_role("status").first).to_contain_text("C2005-0001")
    assert len(logged(site)) == 1


def test_shift_and_enter_begin_a_new_line(site: Served, window: Window) -> None:
    page = window("chen")
    page.goto("/desk")
    tab_to(page, "matter")
    page.keyboard.insert_text("一")
    page.keyboard.press("Shift+Enter")
    page.keyboard.insert_text("二")
    assert page.locator("[name=matter]").input_value() == "一\n二"
    assert logged(site) == []


def test_nobody_types_into_what_was_kept_before_they_choose_to(
    site: Served, window: Window
) -> None:
    page = window("chen")
    page.goto("/desk")
    page.locator("[name=name]").fill("吴试甲")
    page.get_by_role("button", name="Keep for later").click()
    expect(page.locator(".kept a")).to_be_focused()
    page.keyboard.insert_text("张三丰")
    assert page.locator("[name=name]").input_value() == "吴试甲"
    page.keyboard.press("Enter")
    expect(page.locator("[name=matter]")).to_be_focused()  # the first that is empty
    page.get_by_role("button", name="Throw it away").click()
    expect(page.locator("[name=name]")).to_be_focused()
    assert page.locator("[name=name]").input_value() == ""


def test_what_was_typed_just_now_is_there_in_the_other_language(window: Window) -> None:
    page = window("chen")
    page.goto("/desk")
    page.locator("[name=matter]").fill("问政策")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="中文", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans-CN")
    assert page.locator("[name=matter]").input_value() == "问政策"
    page.locator("[name=matter]").fill("问补贴")
    page.locator(".kept button").click()
    expect(page.locator(".kept")).to_have_count(0)
    assert page.locator("[name=matter]").input_value() == ""


def test_enter_after_a_name_alone_goes_on_to_what_it_is_about(site: Served, window: Window) -> None:
    page = window("chen")
    page.goto("/desk")
    page.keyboard.insert_text("吴试甲")
    page.keyboard.press("Enter")
    page.keyboard.insert_text("问政策")
    assert page.locator("[name=matter]").input_value() == "问政策"
    tab_to(page, "answer")
    page.keyboard.insert_text("已解释")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")  # in the name: all three are there
    assert logged(site) == [("visit", "吴试甲")]
