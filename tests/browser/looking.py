"""Looking at a page as people do: what a browser complains of, what does not fit, what was not
translated, what those who see or hear badly cannot use."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

from tests.office import CAST

_WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
_AXE = {**_WCAG, "resultTypes": ["violations"]}
_TOO_WIDE = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((each) => each.getBoundingClientRect().right > wide + 1)
    .slice(0, 4).map((each) => each.outerHTML.slice(0, 120));
}"""
# What is read, and not said to be in another language, typed by somebody, or a name or number.
_READ = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const at = walk.currentNode.parentElement;
    if (at.closest("script, style, noscript, textarea")) continue;
    if (at.closest("code, kbd, [lang=en], .num, .menu-name")) continue;
    found.push(walk.currentNode.nodeValue);
  }
  for (const each of document.querySelectorAll("[placeholder], [aria-label], [title]"))
    for (const name of ["placeholder", "aria-label", "title"])
      if (each.hasAttribute(name)) found.push(each.getAttribute(name));
  return [document.title, ...found];
}"""
_WORD = re.compile(r"[A-Za-z]{2,}")
# Names and codes, which are the same in every language.
_SAID_IN_BOTH = frozenset(
    {"relief", "Asia", "Shanghai", "CSV", "Excel", "Shift", *CAST}
    | {"PDF", "pdf", "JPEG", "PNG", "HEIC", "Word", "OFD", "KB", "MB"}
)


class Complaints:
    """What the browser itself says against pages, and whom else it asks."""

    def __init__(self, page: Page) -> None:
        self._found: list[str] = []
        page.on("console", self._said)
        page.on("pageerror", lambda fault: self._found.append(f"script: {fault}"))
        page.on("request", self._asked)

    def taken(self) -> list[str]:
        """All since the last time."""
        found, self._found = self._found, []
        return found

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._found.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        host = urlsplit(request.url).hostname
        if host not in {"127.0.0.1", None}:
            self._found.append(f"asks {host}")


def too_wide(page: Page) -> list[str]:
    """What makes a page scroll sideways."""
    return list(page.evaluate(_TOO_WIDE))


def not_translated(page: Page) -> set[str]:
    """What has a word of English in it on a page that is in Chinese."""
    read = (re.sub(r"\s+", " ", text).strip() for text in page.evaluate(_READ))
    return {text for text in read if set(_WORD.findall(text)) - _SAID_IN_BOTH}


def barriers(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA."""
    answer: dict[str, Any] = Axe().run(page, options=_AXE).response
    return [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for each in answer["violations"]
        for node in each["nodes"][:3]
    ]


def set_language(context: BrowserContext, address: str, locale: str) -> None:
    """Ask for pages in a language, as who has not signed in does."""
    context.add_cookies([{"name": "relief-language", "value": locale, "url": address}])


def language(page: Page) -> str | None:
    """The language that a page says it is in: the page around a letter says it of its body, for
    its printed sheet is of the letter's language."""
    said = page.locator("main").evaluate("main => main.closest('[lang]').lang")
    return str(said)
