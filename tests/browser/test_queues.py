"""Queues in a real browser: counts come after the list, rows are ticked, thirty go together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served
from tests.life import id_number
from tests.matters import do, opened, state
from tests.office import CHEN

Window = Callable[..., Page]
DECISION = {"opinion": "情况属实", "granted_amount": "1000"}


@pytest.fixture
def requests(site: Served) -> list[str]:
    """Thirty requests for money that were accepted; of three of them one is dear, one is urgent,
    one is a petition."""
    office, found = site.office, []
    for number in range(30):
        kind = "petition" if number == 29 else "relief"
        known = {"name": f"吴试{number}", "id_number": id_number(number)}
        no = opened(office, kind, **known, urgent=number == 28)
        amount = "20000" if number == 27 else str(1000 + number * 10)
        asked = {"cause": "illness", "requested_amount": amount}
        do(office, no, "accept", CHEN, {"matter_class": "appeal"} if number == 29 else asked)
        found.append(no)
    return found


def test_queues_are_counted_after_the_list_is_there(site: Served, window: Window) -> None:
    no = opened(site.office)
    page = window("chen")
    page.goto("/cases?queue=mine")
    expect(page.locator('[data-count="mine"]')).to_contain_text("1")
    expect(page.locator('[data-count="overdue"]')).to_contain_text("0")
    expect(page.get_by_label(no)).not_to_be_checked()
    page.get_by_text("Tick all of this page").click()
    expect(page.get_by_label(no)).to_be_checked()


@pytest.mark.slow
def test_thirty_cases_are_decided_together_but_for_three(
    site: Served, window: Window, requests: list[str]
) -> None:
    page = window("ping")
    page.goto("/cases?queue=second&rows=50")
    expect(page.locator('[data-count="second"]')).to_contain_text("30")
    page.get_by_text("Tick all of this page").click()
    page.locator("#f-action").select_option("handle")
    page.get_by_role("button", name="For the ticked ones").click()
    singly = page.locator(".singly > li")
    expect(singly).to_have_count(3)
    for number, reason in ((27, "far from the others"), (28, "It is urgent"), (29, "another kind")):
        expect(singly.filter(has_text=requests[number])).to_contain_text(reason)
    page.locator("label[for=f-decision-granted]").click()
    for name, words in DECISION.items():
        page.locator(f"[name={name}]").fill(words)
    page.locator("[name=fund_source]").select_option("union")
    page.get_by_label(requests[0], exact=True).uncheck()
    page.locator("form[method=post] .btn-primary").click()
    expect(page.locator(".figure-good .figure-number")).to_have_text("26")
    page.reload()  # the browser sends the form once more
    expect(page.locator("tbody tr").first).to_contain_text("when it was sent before")
    states = [state(site.office, no) for no in requests]
    assert states == ["accepted", *["handled"] * 26, *["accepted"] * 3]
    page.goto(f"/cases/bulk?action=handle&cases={requests[27]}")
    expect(page.locator("main")).to_contain_text(requests[27])
