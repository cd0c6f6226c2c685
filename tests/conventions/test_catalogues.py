"""Whatever is said to people is said in Chinese and in English."""

from __future__ import annotations

import ast
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.conventions.source import PACKAGE, ROOT, calls, modules

KEYWORDS = {"_": (1,), "marked": (1,)}
CATALOGUE = PACKAGE / "locale" / "zh_Hans_CN" / "LC_MESSAGES" / "relief.po"
TEMPLATES = ROOT / "templates"
WORKFLOWS = sorted((ROOT / "workflows").glob("*.toml"))


@cache
def said() -> dict[str, str]:
    """Every sentence of the program, and where it stands."""
    found = chain.from_iterable(
        extract_from_dir(folder, method_map=[method], keywords=KEYWORDS, comment_tags=())
        for folder, method in ((PACKAGE, ("**.py", "python")), (TEMPLATES, ("**.html", "jinja2")))
    )
    return {str(message): f"{place}:{line}" for place, line, message, _notes, _context in found}


@cache
def catalogue() -> Catalog:
    """The Chinese catalogue."""
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, locale="zh_Hans_CN")


def placeholders(sentence: str) -> set[str]:
    """The names between braces, without what follows them (`{name!r}`)."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}


def marked_calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call that marks a sentence, and where."""
    for place, tree in modules().items():
        for name, call in calls(tree):
            if name in KEYWORDS:
                yield f"{place}:{call.lineno}", call


def test_every_sentence_is_a_plain_string_that_can_be_collected() -> None:
    computed = [
        where
        for where, call in marked_calls()
        if not (call.args and isinstance(call.args[0], ast.Constant))
    ]
    assert computed == []


def test_every_value_of_a_sentence_has_its_place_in_it() -> None:
    faulty = []
    for where, call in marked_calls():
        names = {keyword.arg for keyword in call.keywords}
        if not names or None in names:
            continue  # values come later, or from a mapping
        sentence = ast.literal_eval(call.args[0])
        if placeholders(sentence) != names:
            faulty.append((where, placeholders(sentence) ^ names))
    assert faulty == []


def test_every_sentence_is_translated() -> None:
    missing = [
        f"{where}: {sentence}"
        for sentence, where in said().items()
        if not (entry := catalogue().get(sentence)) or not str(entry.string).strip()
    ]
    assert missing == []


def test_no_page_puts_the_signs_of_one_language_between_words() -> None:
    """`{{ _(": ") }}` does; a sentence whose parts are words is `_("{title}: {value}")`."""
    between = re.compile(r"(?:\}\}|%\}|</\w+>)[:;,] ")
    found = {
        f"{path.name}: {sign[0]}"
        for path in TEMPLATES.rglob("*.html")
        if path.parent.name != "letters"  # a file a language
        for sign in between.finditer(path.read_text(encoding="utf-8"))
    }
    assert not found


def test_no_translation_is_a_guess() -> None:
    assert [entry.id for entry in catalogue() if entry.id and entry.fuzzy] == []


def test_no_translation_outlives_its_sentence() -> None:
    kept = {str(entry.id) for entry in catalogue() if entry.id}
    assert kept - said().keys() == set()
    assert list(catalogue().obsolete) == []


def test_every_translation_has_the_places_of_its_sentence() -> None:
    faulty = [
        entry.id
        for entry in catalogue()
        if entry.id and placeholders(str(entry.string)) != placeholders(str(entry.id))
    ]
    assert faulty == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_title_of_a_workflow_is_said_in_both_languages(path: Any) -> None:
    titles = list(_titles(tomllib.loads(path.read_text(encoding="utf-8")), path.stem))
    assert titles
    for where, title in titles:
        assert title.keys() == {"en", "zh"}, where
        assert all(text.strip() for text in title.values()), where
        assert any(ord(letter) > 0x2E80 for letter in title["zh"]), where


def _titles(part: Any, where: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(part, dict):
        for key, value in part.items():
            place = f"{where}.{part.get('id', '')}.{key}"
            if key == "title":
                yield place, value
            else:
                yield from _titles(value, place)
    elif isinstance(part, list):
        for each in part:
            yield from _titles(each, where)
