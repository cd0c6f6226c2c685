"""The reader's language: chosen, else the office's, else the browser's where it is zh or en."""

from __future__ import annotations

from functools import cache

from flask import Flask, g, request
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from relief.kernel.text import HTML_LANGUAGE, LOCALE_OF, LOCALES, Text, Translator
from relief.web.headers import cookie_name, secure_cookies
from relief.web.names import named
from relief.web.request import office, signed_in
from relief.web.stamps import stamps_of

_COOKIE = "relief-language"
NAMES = {"zh_Hans_CN": "中文", "en": "English"}


def reader_locale() -> str:
    """The language of this page: what the person chose, the cookie of who has not signed in, the
    office's, the browser's; else English."""
    found: str | None = g.get("locale")
    if found is None:
        found = g.locale = next(filter(None, _wishes()), "en")
    return found


def cookie() -> str:
    """The cookie that remembers what somebody chose who has not signed in."""
    return cookie_name(_COOKIE, production=secure_cookies())


def say(text: object) -> str:
    """A text in the reader's language."""
    return _words(reader_locale()).say(text)


class Words:
    """One language, as templates speak it. A sentence without values is escaped and kept: a list
    says the same few words hundreds of times."""

    def __init__(self, locale: str) -> None:
        self.say = Translator(locale, named)
        self._kept: dict[str, Markup] = {}

    def marked(self, msgid: str, /, **values: object) -> str:
        """`_("…", name=value)` in a template."""
        if values:
            return self.say(Text(msgid, values))
        kept = self._kept.get(msgid)
        if kept is None:
            kept = self._kept[msgid] = escape(self.say(Text(msgid)))
        return kept

    def said(self, text: object) -> str:
        """`text | say` in a template; without values, kept as well."""
        if isinstance(text, Text) and not text.values:
            return self.marked(text.msgid)
        return self.say(text)


def prepare(app: Flask) -> None:
    """Give templates `_("…", name=value)` and the filter `say`."""
    app.jinja_env.filters["say"] = _said
    app.context_processor(_context)


@pass_context
def _said(context: Context, text: object) -> str:
    spoken: str = context["say"](text)
    return spoken


def _context() -> dict[str, object]:
    locale = reader_locale()
    words = _words(locale)
    return {
        "_": words.marked,
        "say": words.said,
        "stamps": stamps_of(locale),
        "locale": locale,
        "html_language": HTML_LANGUAGE[locale],
        "languages": [(each, NAMES[each], HTML_LANGUAGE[each]) for each in NAMES if each != locale],
    }


def _wishes() -> tuple[str | None, ...]:
    person = signed_in()
    chosen = request.cookies.get(cookie())
    return (
        person.locale if person else None,
        chosen if chosen in LOCALES else None,
        office().settings.locale,
        _browsers(),
    )


def _browsers() -> str | None:
    wanted = request.accept_languages.best_match(["zh", "en"])
    return LOCALE_OF.get(wanted or "")


_words = cache(Words)
