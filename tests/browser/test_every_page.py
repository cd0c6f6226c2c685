"""Every page in both languages and on both screens: whole, readable, usable, quiet.

The suite takes each page once, in Chinese on the narrow screen, where most can go wrong, as one of
those who may open it; both languages x both screens x every role is `make test-pages`.
"""

from __future__ import annotations

from itertools import product

import pytest
from playwright.sync_api import Browser, Page

from relief.accounts import sessions
from tests.browser.conftest import DESKTOP, PHONE, Served, new_context, shown
from tests.browser.looking import (
    Complaints,
    barriers,
    language,
    not_translated,
    set_language,
    too_wide,
)
from tests.web.access_table import ROLES, table
from tests.web.furnished import OF_ROLE, address_of

HTML = {"en": "en", "zh_Hans_CN": "zh-Hans-CN"}
SCREENS = {"wide": DESKTOP, "narrow": PHONE}
# Who has signed in is led on from these.
DOORS = {"/sign-in", "/first-run"}
ONCE_A_LANGUAGE = [("en", "wide"), ("zh_Hans_CN", "narrow")]


def windows(
    browser: Browser, site: Served, locale: str, screen: str, names: set[str], **options: bool
) -> dict[str, Page]:
    """A window for each person, all in one language."""
    opened = {}
    for who in names:
        if who:
            with site.office.relief.work() as work:
                sessions.choose_locale(work, who, locale)
                work.commit()
        context = new_context(browser, site, who, viewport=SCREENS[screen], **options)
        set_language(context, site.address, locale)
        opened[who] = context.new_page()
    return opened


def look(
    browser: Browser, site: Served, locale: str, screen: str, seen: list[tuple[str, str]]
) -> list[str]:
    """All that stands against these pages."""
    names = {who for _address, who in seen}
    plain = windows(browser, site, locale, screen, names)
    complaints = {who: Complaints(page) for who, page in plain.items()}
    found = []
    for address, who in seen:
        page = plain[who]
        answer = page.goto(address)
        where = f"{address} as {who or 'nobody'}"
        assert answer is not None
        if answer.status != 200:
            found.append(f"{where}: status {answer.status}")
        if language(page) != HTML[locale]:
            found.append(f"{where}: in another language")
        found += [f"{where}: {each}" for each in complaints[who].taken()]
        found += [f"{where}: too wide: {each}" for each in too_wide(page)]
    for page in plain.values():
        page.context.close()
    return found


def look_with_axe(
    browser: Browser, site: Served, locale: str, screen: str, seen: list[tuple[str, str]]
) -> list[str]:
    """What axe finds; its script is let past the policy of our pages."""
    names = {who for _address, who in seen}
    opened = windows(browser, site, locale, screen, names, bypass_csp=True)
    found = []
    for address, who in seen:
        opened[who].goto(address)
        found += [f"{address} as {who or 'nobody'}: {each}" for each in barriers(opened[who])]
    for page in opened.values():
        page.context.close()
    return found


def test_no_page_complains_or_scrolls_sideways(browser: Browser, full_site: Served) -> None:
    found = look(browser, full_site, "zh_Hans_CN", "narrow", list(shown(full_site)))
    assert not found, "\n".join(found)


@pytest.mark.cross
@pytest.mark.parametrize(("locale", "screen"), ONCE_A_LANGUAGE)
def test_nobody_is_shut_out_of_a_page(
    browser: Browser, full_site: Served, locale: str, screen: str
) -> None:
    found = look_with_axe(browser, full_site, locale, screen, list(shown(full_site)))
    assert not found, "\n".join(found)


def test_every_page_is_in_chinese(browser: Browser, full_site: Served) -> None:
    opened = windows(browser, full_site, "zh_Hans_CN", "wide", {"", *OF_ROLE.values()})
    found = {}
    for address, who in shown(full_site):
        opened[who].goto(address)
        if words := not_translated(opened[who]):
            found[address] = sorted(words)
    for page in opened.values():
        page.context.close()
    assert not found, "\n".join(f"{address}: {words}" for address, words in found.items())


def seen_by_all(site: Served) -> list[tuple[str, str]]:
    """Every page, as each role that may open it, and as who has not signed in."""
    are_pages = {address for address, _who in shown(site)}
    return [
        (address, who)
        for row in table()
        if row["route"].endswith(" GET") and (address := address_of(row["route"])) in are_pages
        for who in readers(row)
        if not (who and address in DOORS)
    ]


def readers(row: dict[str, str]) -> list[str]:
    """Who may open a route: somebody of each role, "" for who has not signed in."""
    return [*([""] if row["anybody"] else ()), *(OF_ROLE[role] for role in ROLES if row[role])]


@pytest.mark.cross
@pytest.mark.parametrize(("locale", "screen"), list(product(HTML, SCREENS)))
def test_no_page_complains_to_any_role(
    browser: Browser, full_site: Served, locale: str, screen: str
) -> None:
    seen = seen_by_all(full_site)
    assert {who for _address, who in seen} == {"", *OF_ROLE.values()}
    found = look(browser, full_site, locale, screen, seen)
    found += look_with_axe(browser, full_site, locale, screen, seen)
    assert not found, "\n".join(found)
