"""What was typed for a step, held against what its file asks for."""

from __future__ import annotations

import pytest
from little_office import defined, permit_table

from relief.engine.definitions.definition import labels
from relief.engine.definitions.form import asked, form_of, form_problems, typed
from tests.legible import legible

TYPES = ("text", "date", "choice", "number", "amount", "whole", "yes_no")
OPTIONS = [{"id": name, "title": {"en": name.title(), "zh": "色"}} for name in ("red", "blue")]
ASKING = permit_table()
ASKING["field"] += [
    {"id": f"a_{kind}", "type": kind, "title": {"en": f"A {kind}", "zh": "值"},
     **({"options": OPTIONS} if kind == "choice" else {})}
    for kind in TYPES
]  # fmt: skip
NOTE = next(action for action in ASKING["action"] if action["id"] == "note")
NOTE["optional_fields"] = [f"a_{kind}" for kind in TYPES]
ASKS = defined(ASKING)


def told(action: str, reason: str = "", **fields: str) -> list[tuple[str, str, str]]:
    """Code, field and sentence of what is wrong with a form."""
    (taken,) = ASKS.actions_named(action)
    problems = form_problems(ASKS, taken, fields, reason)
    return [(problem.code, problem.field, legible(problem.text)) for problem in problems]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "x" * 4000), ("date", "2005-06-30"), ("date", "0001-01-01"), ("choice", "blue"),
        ("number", "-12.5"), ("number", "9" * 18 + ".123456"), ("amount", "1200.50"),
        ("whole", "0"), ("whole", "9" * 12), ("yes_no", "yes"), ("yes_no", "no"),
    ],
)  # fmt: skip
def test_value_of_its_kind_is_taken(kind: str, value: str) -> None:
    assert told("note", opinion="fine", **{f"a_{kind}": value}) == []


@pytest.mark.parametrize(
    ("kind", "value", "code", "text"),
    [
        ("date", "2005-02-29", "field.no_date", "A date: write the day as 2005-06-30."),
        ("choice", "green", "field.no_option", "A choice: choose one of red, blue."),
        ("number", "1e3", "field.no_number", "A number: write a number, as 12 or 12.5."),
        ("number", "1" * 19, "field.no_number", "A number: write a number, as 12 or 12.5."),
        ("amount", "1,5", "field.no_amount",
         "A amount: write an amount in yuan, as 1200 or 1200.50."),
        ("whole", "-1", "field.no_whole", "A whole: write a whole number, as 3."),
        ("yes_no", "YES", "field.no_yes_no", "A yes_no: write yes or no."),
        ("text", "x" * 4001, "field.too_long",
         "This is 4001 characters long; 4000 are the most."),
    ],
)  # fmt: skip
def test_value_of_another_kind_is_refused_with_what_would_be_right(
    kind: str, value: str, code: str, text: str
) -> None:
    assert told("note", opinion="fine", **{f"a_{kind}": value}) == [(code, f"a_{kind}", text)]


def test_form_is_held_against_its_own_action() -> None:
    assert told("note") == [("field.missing", "opinion", "Opinion is missing.")]
    names = ", ".join(("opinion", *NOTE["optional_fields"]))
    assert told("note", opinion="fine", mood="x") == [
        ("field.unknown", "mood", f'"Note" asks for {names} only.')
    ]
    assert told("submit", mood="x") == [("field.unknown", "mood", '"Submit" asks for no fields.')]


def test_reason_is_there_where_it_is_asked_for_and_nowhere_else() -> None:
    assert told("return") == [("reason.missing", "reason", '"Return" needs a reason.')]
    assert told("return", "too thin") == []
    assert told("submit", "because") == [
        ("reason.not_asked", "reason", '"Submit" takes no reason; leave it out.')
    ]
    for reason in ("", "because"):
        assert told("note", reason, opinion="fine") == []
    assert [fault[:2] for fault in told("return", "x" * 4001)] == [("field.too_long", "reason")]


def test_model_of_a_form_is_built_once() -> None:
    note, submit = (ASKS.actions_named(name)[0] for name in ("note", "submit"))
    assert form_of(ASKS, note) is form_of(ASKS, note)
    assert form_of(ASKS, note) is not form_of(ASKS, submit)
    assert form_of(ASKS, note)(opinion="fine").model_dump() == {
        "opinion": "fine", **dict.fromkeys(NOTE["optional_fields"], ""),
    }  # fmt: skip


def test_form_asks_for_the_required_first_in_the_order_of_the_file() -> None:
    note, back = (asked(ASKS, ASKS.actions_named(name)[0]) for name in ("note", "return"))
    named = [(field.id, required) for field, required in note.fields]
    assert named == [("opinion", True), *((name, False) for name in NOTE["optional_fields"])]
    assert (note.reason, back.reason, back.fields) == ("optional", "required", ())


def test_blanks_around_a_value_do_not_count_and_a_blank_one_is_none() -> None:
    assert typed({"opinion": " fine\n", "colour": " \t", "weight": ""}) == {"opinion": "fine"}


def test_parts_of_a_file_are_called_by_their_ids_and_places() -> None:
    assert labels("action", ["ask", "", "ask", "tell", "ask", ""]) == [
        "action[ask]", "action[2]", "action[ask#2]", "action[tell]", "action[ask#3]", "action[6]",
    ]  # fmt: skip


def test_only_what_begins_a_case_is_an_opening() -> None:
    opening = ASKS.opening("prepare")
    assert opening is not None
    assert (opening.id, opening.opening_state) == ("prepare", "draft")
    assert ASKS.opening("submit") is None
    assert ASKS.opening("dance") is None
