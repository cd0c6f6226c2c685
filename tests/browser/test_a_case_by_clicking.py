"""A case in a real browser: one of each kind from received to feedback by clicking; who may not
take a step sees why; of two approvers at once one is told, and loses no text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from relief.petitions.rules import SHIPPED
from tests.browser.conftest import PHONE, Served, path_of
from tests.matters import FIELDS, WU, fields_of, opened, state, walk

Window = Callable[..., Page]
# Who takes each of the five steps; the names of the buttons are those of the workflows.
WHO = {"accept": "chen", "handle": "ping", "implement": "chen", "feedback": "chen"}


def fill(page: Page, fields: Mapping[str, str]) -> None:
    """Fill a form in as it is drawn: lines, areas, days, lists, and what lies open to be chosen."""
    for name, value in fields.items():
        part = page.locator(f".step-page [name={name}]").first
        kind = part.evaluate("each => each.type")
        if kind == "radio":
            page.locator(f'label[for="f-{name}-{value}"]').click()
        elif kind == "select-one":
            part.select_option(value)
        else:
            part.fill(value)


def send(page: Page) -> None:
    """Press the one clear button of a step, which is named by it."""
    step = page.get_by_role("heading", level=1).inner_text()
    with page.expect_navigation():
        page.locator(".step-page").get_by_role("button", name=step, exact=True).click()


@pytest.mark.slow
@pytest.mark.parametrize("kind", list(SHIPPED))
def test_a_case_of_each_kind_goes_from_received_to_feedback_by_clicking(
    site: Served, window: Window, kind: str
) -> None:
    windows = {"chen": window("chen"), "ping": window("ping", viewport=PHONE)}
    chen = windows["chen"]
    chen.goto("/desk")
    chen.locator("[name=name]").fill("吴试甲")
    chen.locator("[name=matter]").fill("拖欠工资三个月")
    chen.locator(".more summary").click()
    chen.locator("[name=id_number]").fill(WU)
    chen.locator("[name=outcome]").select_option(kind)
    chen.get_by_role("button", name="Save").click()
    reference = f"{SHIPPED[kind]}2005-0001"
    expect(chen.get_by_role("status").first).to_contain_text(reference)
    for number, (action, who) in enumerate(WHO.items(), start=2):
        page = windows[who]
        page.goto(f"/cases/{reference}")
        expect(page.locator(".way [aria-current=step]")).to_have_count(1)
        page.locator(".lead-step a").click()
        fill(page, fields_of(site.office, reference, action))
        send(page)
        assert path_of(page) == f"/cases/{reference}"
        expect(page.get_by_role("status").first).to_contain_text("Done:")
        expect(page.locator(".way-done")).to_have_count(number)
    assert state(site.office, reference) == "feedback"
    expect(chen.locator(".way-done")).to_have_count(5)


@pytest.mark.slow
def test_who_did_the_step_before_sees_why_another_has_to_decide(
    site: Served, window: Window
) -> None:
    reference = opened(site.office, "relief")
    walk(site.office, reference, "accept")
    page = window("chen")
    page.goto(f"/cases/{reference}")
    expect(page.locator(".lead-step")).to_have_text("Decide")
    expect(page.locator(".lead-step a")).to_have_count(0)
    doing = page.locator(".case-side .sheet").first
    expect(doing).to_contain_text('"Accept" is the work of chen; "Decide" is for another person')
    expect(doing).to_contain_text("It can be done by: ping.")


@pytest.mark.slow
def test_of_two_at_once_one_is_told_what_happened_and_loses_no_text(
    site: Served, window: Window
) -> None:
    reference = opened(site.office)
    walk(site.office, reference, "accept")
    windows = [window("ping"), window("ping")]
    for number, page in enumerate(windows):
        page.goto(f"/cases/{reference}/do/handle")
        fill(page, {**FIELDS["petition"]["handle"], "opinion": f"第{number}种意见"})
    send(windows[0])
    late = windows[1]
    with late.expect_response(lambda answer: answer.request.method == "POST") as sent:
        send(late)
    assert sent.value.status == 409
    overtaken = late.get_by_role("alert").first
    expect(overtaken).to_contain_text("This case has gone on since you began to type")
    expect(overtaken).to_contain_text("第0种意见")
    expect(late.locator("[name=opinion]")).to_have_value("第1种意见")
    late.goto("/")
    late.goto(f"/cases/{reference}/do/handle")
    expect(late.locator("[name=opinion]")).to_have_value("第1种意见")
    expect(late.locator("main")).to_contain_text("not sent, kept from")


@pytest.mark.slow
def test_what_is_typed_is_kept_while_it_is_typed(site: Served, window: Window) -> None:
    reference = opened(site.office)
    page = window("chen")
    page.goto(f"/cases/{reference}/do/withdraw")
    with page.expect_response(lambda answer: "/draft/withdraw" in answer.url):
        page.locator("[name=reason]").fill("本人打电话来说")
    page.goto(f"/cases/{reference}/do/withdraw")
    expect(page.locator("[name=reason]")).to_have_value("本人打电话来说")
    page.goto(f"/cases/{reference}")
    with page.expect_response(lambda answer: "/draft/note" in answer.url):
        page.locator("[name=note]").fill("写到一半")
    page.locator(".draft-hint a").click()
    expect(page.locator("textarea[name=note]")).to_have_value("写到一半")


@pytest.mark.slow
def test_today_is_at_hand_and_a_likely_case_too(site: Served, window: Window) -> None:
    other, reference = opened(site.office), opened(site.office)
    page = window("chen")
    page.goto(f"/cases/{reference}/do/decline")
    page.get_by_role("button", name="It was today").click()
    expect(page.locator("[name=notice_on]")).to_have_value("2005-06-28")
    page.goto(f"/cases/{reference}/do/merge")
    page.get_by_role("button", name="this one").click()
    send(page)
    expect(page.locator("main")).to_contain_text(f"Merged into {other}")


@pytest.mark.slow
def test_the_past_is_one_click_away_and_offers_nothing(site: Served, window: Window) -> None:
    reference = opened(site.office)
    walk(site.office, reference, "accept", "handle")
    page = window("chen")
    page.goto(f"/cases/{reference}")
    page.locator("#entry-2 .then").click()
    assert path_of(page) == f"/cases/{reference}/at/2"
    expect(page.locator("main")).to_contain_text("This is the past.")
    expect(page.locator("main form")).to_have_count(0)
    page.get_by_role("link", name="As it stands now").click()
    assert path_of(page) == f"/cases/{reference}"
