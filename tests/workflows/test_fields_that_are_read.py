"""Whatever field the program reads by its name in the words of a step is held to its form: an
office's file that asks for it as something else is refused, not read wrongly for years."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import relief
from relief.petitions.life.steps import KINDS
from relief.reports.satisfaction.figures import _PLEASED
from tests.workflows.test_what_no_file_weakens import weakened

PACKAGE = Path(relief.__file__).parent
FEATURES = ("petitions", "papers", "letters", "reports", "public", "engine/steps")
# What is read in the words of a step goes by these names.
WORDS = {"fields", "words", "handled", "accepted", "told"}
READ = {name: read for kind in KINDS if kind.kept for name, read in kind.kept.read.items()}
# Read as whatever was written: looked up among users, sealed or told on, in any form.
AS_IT_STANDS = {
    "case_worker", "colleague", "employer", "evidence", "fund_source", "note", "paper_kind",
    "competent_body", "transferred_by", "answered_by", "household_no",
}  # fmt: skip


def names_read(path: Path) -> Iterator[str]:
    """The fields that a module reads by name: `step.fields["a"]`, `words.get(A)`."""
    module = ".".join(("relief", *path.relative_to(PACKAGE).with_suffix("").parts))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Subscript):
            yield from _meant(node.value, node.slice, module)
        match node:
            case ast.Call(func=ast.Attribute(value=read_in, attr="get"), args=[key, *_]):
                yield from _meant(read_in, key, module)


def _meant(read_in: ast.expr, key: ast.expr, module: str) -> Iterator[str]:
    called = read_in.attr if isinstance(read_in, ast.Attribute) else getattr(read_in, "id", "")
    if isinstance(read_in, ast.Call):  # last_words(…).get("…")
        called = "words" if "words" in ast.unparse(read_in.func) else ""
    if called not in WORDS:
        return
    for each in (key.body, key.orelse) if isinstance(key, ast.IfExp) else (key,):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value
        elif isinstance(each, ast.Name) and each.id.isupper():
            yield str(getattr(import_module(module), each.id))


def test_every_field_that_is_read_by_name_is_held_to_its_form() -> None:
    read = {
        name: path.name
        for feature in FEATURES
        for path in (PACKAGE / feature).rglob("*.py")
        for name in names_read(path)
    }
    assert {"satisfaction", "employment_status", "granted_amount", "paper_no"} <= read.keys()
    assert {name: at for name, at in read.items() if name not in READ.keys() | AS_IT_STANDS} == {}


def test_every_field_that_a_step_has_to_ask_for_is_held_to_its_form() -> None:
    needed = {
        name
        for kind in KINDS
        if kind.kept
        for must in kind.kept.must.values()
        for name in (*must.fields, *must.asks)
    }
    assert needed - READ.keys() - AS_IT_STANDS == set()


def test_every_answer_that_is_counted_is_held() -> None:
    assert set(READ["satisfaction"].options) >= _PLEASED


RENAMED = ('id = "satisfied"', 'id = "very"')
MORE = (
    'options = [\n  { id = "satisfied"',
    'options = [\n  { id = "delighted", title = { en = "delighted", zh = "非常满意" } },\n'
    '  { id = "satisfied"',
)


@pytest.mark.parametrize(
    ("kind", "cut", "faults"),
    [
        ("petition", RENAMED, {"field[satisfaction].options", "field[rating].options"}),
        ("relief", MORE, {"field[satisfaction].options", "field[rating].options"}),
        ("job_referral", ('id = "laid_off_unemployed"', 'id = "jobless"'),
         {"field[employment_status].options"}),
        ("legal_aid", ('id = "wages_in_employment"', 'id = "wages"'),
         {"field[dispute_kind].options"}),
        ("petition", ('type = "whole"', 'type = "text"'), {"field[paper_no].type"}),
    ],
)  # fmt: skip
def test_what_is_counted_keeps_its_words(
    tmp_path: Path, kind: str, cut: tuple[str, str], faults: set[str]
) -> None:
    assert weakened(tmp_path, kind, cut) == faults
