"""The reader's language: chosen, else the office's, else the browser's where it is zh or en."""

from __future__ import annotations

from functools import cache

from flask import Flask, g, request

from relief.kernel.text import LOCALES, Text, Translator
from relief.web.request import office, signed_in

COOKIE = "relief-language"
NAMES = {"zh_Hans_CN": "中文", "en": "English"}
_HTML = {"zh_Hans_CN": "zh-Hans-CN", "en": "en"}
_translator = cache(Translator)


def reader_locale() -> str:
    """The language of this page: what the person chose, the cookie of who has not signed in, the
    office's, the browser's; else English."""
    found: str | None = g.get("locale")
    if found is None:
        found = g.locale = next(filter(None, _wishes()), "en")
    return found


def say(text: object) -> str:
    """A text in the reader's language."""
    return translator()(text)


def translator() -> Translator:
    """What turns texts into the reader's language."""
    return _translator(reader_locale())


def prepare(app: Flask) -> None:
    """Give templates `_("…", name=value)` and `say`."""
    app.jinja_env.globals.update(_=_marked, say=say)
    app.jinja_env.filters["say"] = say
    app.context_processor(_context)


def _marked(msgid: str, /, **values: object) -> str:
    return translator()(Text(msgid, values))


def _context() -> dict[str, object]:
    locale = reader_locale()
    return {
        "locale": locale,
        "html_language": _HTML[locale],
        "languages": [(each, NAMES[each], _HTML[each]) for each in NAMES if each != locale],
    }


def _wishes() -> tuple[str | None, ...]:
    person = signed_in()
    cookie = request.cookies.get(COOKIE)
    return (
        person.locale if person else None,
        cookie if cookie in LOCALES else None,
        office().settings.locale,
        _browsers(),
    )


def _browsers() -> str | None:
    wanted = request.accept_languages.best_match(["zh", "en"])
    return {"zh": "zh_Hans_CN", "en": "en"}.get(wanted or "")
