"""Files and functions stay small enough to read, and are named after what they hold."""

from __future__ import annotations

import ast
import re

from tests.conventions.source import PACKAGE, ROOT, functions, modules

FILE_LINES_MAX = 350
FUNCTION_LINES_MAX = 50
NAMES_THAT_SAY_NOTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}
# A migration is a list of what it made: it is read from top to bottom, and never changed.
LISTS = "migrations/versions/"


def test_no_file_is_longer_than_it_can_be_read() -> None:
    lengths = {
        place: len((PACKAGE / place).read_text(encoding="utf-8").splitlines())
        for place in modules()
        if not place.startswith(LISTS)
    }
    assert {place: lines for place, lines in lengths.items() if lines > FILE_LINES_MAX} == {}


def test_no_function_is_longer_than_it_can_be_read() -> None:
    long = [
        f"{place}:{function.lineno} {function.name}: {lines} lines"
        for place, tree in modules().items()
        if not place.startswith(LISTS)
        for function in functions(tree)
        if (lines := body_lines(function)) > FUNCTION_LINES_MAX
    ]
    assert not long, "\n".join(long)


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of what a function does; its arguments and its promise aside."""
    first, *more = function.body
    has_promise = ast.get_docstring(function) is not None
    if has_promise and not more:
        return 0
    start = more[0] if has_promise else first
    return (function.end_lineno or 0) - start.lineno + 1


def test_no_file_has_a_name_that_says_nothing() -> None:
    folders = (ROOT / "relief", ROOT / "tests")
    names = [path.relative_to(ROOT) for folder in folders for path in folder.rglob("*.py")]
    empty = {
        str(name)
        for name in names
        if NAMES_THAT_SAY_NOTHING & set(re.split(r"[/\\_.]", str(name.with_suffix(""))))
    }
    assert empty == set()
