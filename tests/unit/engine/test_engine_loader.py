from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from little_office import PERMIT_TOML, permit_table

from relief.engine.definitions.definition import Action, Definition, Field, State, Term
from relief.engine.definitions.lint import RESERVED, Names, lint
from relief.engine.definitions.loader import (
    definition_of,
    load_definitions,
    read_definition,
    read_folders,
)
from relief.kernel.errors import Invalid
from tests.legible import codes_of

NAMES = Names(
    frozenset({"opinion_is_kind", "office_is_open"}), frozenset({"count_note", "echo_note"})
)
Table = dict[str, Any]


def faults(table: Table) -> list[tuple[str, str]]:
    problems = read_definition(table, NAMES)[1]
    return list(zip(codes_of(problems), [problem.field for problem in problems], strict=True))


def action(table: Table, name: str) -> Table:
    return next(part for part in table["action"] if part["id"] == name)


def state(table: Table, name: str) -> Table:
    return next(part for part in table["state"] if part["id"] == name)


def field(table: Table, name: str) -> Table:
    return next(part for part in table["field"] if part["id"] == name)


def test_definition_has_no_faults_when_it_makes_sense() -> None:
    assert faults(permit_table()) == []


BENT: list[tuple[str, str, Callable[[Table], object]]] = [
    ("workflow.key_missing", "key", lambda t: t.pop("key")),
    ("workflow.identifier_malformed", "key", lambda t: t.update(key="Permit!")),
    ("workflow.key_missing", "title", lambda t: t.pop("title")),
    ("workflow.key_missing", "key", lambda t: t.update(key="")),
    ("workflow.wrong_type", "field[colour].options",
     lambda t: field(t, "colour").update(options=["red"])),
    ("workflow.key_unknown", "colour", lambda t: t.update(colour="red")),
    ("workflow.wrong_type", "state[draft].final", lambda t: state(t, "draft").update(final="no")),
    ("workflow.wrong_type", "action[submit].roles",
     lambda t: action(t, "submit").update(roles="clerk")),
    ("workflow.wrong_type", "action[submit].roles",
     lambda t: action(t, "submit").update(roles=[1])),
    ("workflow.key_unknown", "action[submit].role",
     lambda t: action(t, "submit").update(role="clerk")),
    ("workflow.translation_missing", "state[draft].title.zh",
     lambda t: state(t, "draft")["title"].pop("zh")),
    ("workflow.translation_missing", "action[submit].title.en",
     lambda t: action(t, "submit")["title"].update(en=" ")),
    ("workflow.translation_missing", "field[weight].hint.zh",
     lambda t: field(t, "weight").update(hint={"en": "in kilograms"})),
    ("workflow.wrong_type", "field[weight].hint",
     lambda t: field(t, "weight").update(hint=5)),
    ("workflow.translation_missing", "state[draft].deadline.source.en",
     lambda t: state(t, "draft")["deadline"].update(source={"zh": "第二十三条"})),
    ("workflow.wrong_type", "state[draft].deadline.source",
     lambda t: state(t, "draft")["deadline"].update(source=23)),
    ("workflow.translation_missing", "field[weight].title.zh",
     lambda t: field(t, "weight")["title"].pop("zh")),
    ("workflow.translation_missing", "field[colour].options[red].title.zh",
     lambda t: field(t, "colour")["options"][0]["title"].pop("zh")),
    ("workflow.wrong_type", "field[colour].options[1].id",
     lambda t: field(t, "colour")["options"][0].update(id=5)),
    ("workflow.key_missing", "field[colour].options[2].id",
     lambda t: field(t, "colour")["options"][1].pop("id")),
    ("workflow.key_unknown", "state[draft].title.fr",
     lambda t: state(t, "draft")["title"].update(fr="Brouillon")),
    ("workflow.choice_unknown", "action[note].reason",
     lambda t: action(t, "note").update(reason="maybe")),
    ("workflow.choice_unknown", "state[draft].deadline.counting",
     lambda t: state(t, "draft")["deadline"].update(counting="lunar")),
    ("workflow.number_negative", "state[draft].deadline.days",
     lambda t: state(t, "draft")["deadline"].update(days=-1)),
    ("workflow.term_without_length", "state[draft].deadline",
     lambda t: state(t, "draft")["deadline"].update(days=0)),
    ("workflow.number_large", "state[draft].deadline.days",
     lambda t: state(t, "draft")["deadline"].update(days=3651)),
    ("workflow.number_large", "state[draft].deadline.days",
     lambda t: state(t, "draft")["deadline"].update(days=10**400)),
    ("workflow.number_large", "action[release].not_before.hours",
     lambda t: action(t, "release").update(not_before={"hours": 2001, "counting": "working"})),
    ("workflow.number_large", "action[submit].extends_days",
     lambda t: action(t, "submit").update(extends_days=3651)),
    ("workflow.identifier_malformed", "action[submit].letters",
     lambda t: action(t, "submit").update(letters=["../../relief"])),
    ("workflow.identifier_malformed", "action[submit].letters",
     lambda t: action(t, "submit").update(letters=["receipt", ""])),
    ("workflow.words_odd", "title.en", lambda t: t["title"].update(en="Permit\r\nBcc: x")),
    ("workflow.words_odd", "title.zh", lambda t: t["title"].update(zh="许\u202e可")),
    ("workflow.words_odd", "state[draft].title.en",
     lambda t: state(t, "draft")["title"].update(en="Dra\x00ft")),
    ("workflow.words_odd", "state[draft].deadline.source",
     lambda t: state(t, "draft")["deadline"].update(source="art.\u202e 23")),
    ("workflow.words_long", "field[weight].title.en",
     lambda t: field(t, "weight")["title"].update(en="W" * 401)),
    ("workflow.term_without_length", "state[draft].deadline",
     lambda t: state(t, "draft")["deadline"].update(hours=3)),
    ("workflow.hours_not_working", "state[submitted].deadline.counting",
     lambda t: state(t, "submitted").update(deadline={"hours": 3})),
    ("workflow.action_unknown", "state[draft].deadline.since",
     lambda t: state(t, "draft")["deadline"].update(since="dream")),
    ("workflow.action_unknown", "action[release].not_before.since",
     lambda t: action(t, "release").update(not_before={"days": 3, "since": "dream"})),
    ("workflow.action_unknown", "action[release].not_after.since",
     lambda t: action(t, "release").update(not_after={"days": 3, "since": "dream"})),
    ("workflow.day_not_asked", "action[release].not_after.since_day",
     lambda t: action(t, "release").update(not_after={"days": 3, "since_day": "dream"})),
    ("workflow.choice_unknown", "action[release].not_after.roll",
     lambda t: action(t, "release").update(not_after={"days": 3, "roll": "over"})),
    ("workflow.pause_with_deadline", "state[draft].deadline",
     lambda t: state(t, "draft").update(pauses=True)),
    ("workflow.nothing_to_extend", "action[release].extends_days",
     lambda t: action(t, "release").update(extends_days=30)),
    ("workflow.wrong_type", "action[release].once",
     lambda t: action(t, "release").update(once="yes")),
    ("workflow.state_unknown", "action[inspect].from",
     lambda t: action(t, "inspect").update({"from": ["submitted", "nowhere"]})),
    ("workflow.state_unknown", "action[inspect].to",
     lambda t: action(t, "inspect").update(to="nowhere")),
    ("workflow.state_unreachable", "state[lost]",
     lambda t: t["state"].append(
         {"id": "lost", "final": True, "title": {"en": "Lost", "zh": "丢失"}})),
    ("workflow.action_without_roles", "action[submit].roles",
     lambda t: action(t, "submit").update(roles=[])),
    ("workflow.role_unknown", "action[submit].roles",
     lambda t: action(t, "submit").update(roles=["clerk", "king"])),
    ("workflow.step_doubled", "action[inspect#2].from",
     lambda t: t["action"].append({**action(t, "inspect"), "overridable": True})),
    ("workflow.step_doubled", "action[prepare#2].opens",
     lambda t: t["action"].append({**action(t, "prepare"), "from": ["submitted"]})),
    ("workflow.guard_unknown", "action[note].guards",
     lambda t: action(t, "note").update(guards=["office_is_red"])),
    ("workflow.effect_unknown", "action[note].effects",
     lambda t: action(t, "note").update(effects=["paint_office"])),
    ("workflow.field_unknown", "action[note].fields",
     lambda t: action(t, "note").update(fields=["opinion", "mood"])),
    ("workflow.field_unknown", "action[note].optional_fields",
     lambda t: action(t, "note").update(optional_fields=["mood"])),
    ("workflow.field_twice", "action[note].optional_fields",
     lambda t: action(t, "note").update(optional_fields=["opinion"])),
    ("workflow.id_doubled", "state[draft#2].id",
     lambda t: t["state"].append({**state(t, "draft")})),
    ("workflow.id_doubled", "field[weight#2].id",
     lambda t: t["field"].append({**field(t, "weight")})),
    ("workflow.id_doubled", "field[colour].options[red#2].id",
     lambda t: field(t, "colour")["options"].append(field(t, "colour")["options"][0])),
    ("workflow.options_missing", "field[colour].options",
     lambda t: field(t, "colour").update(options=[])),
    ("workflow.options_unexpected", "field[colour].options",
     lambda t: field(t, "colour").update(type="text")),
    ("workflow.mask_unknown", "field[opinion].masked",
     lambda t: field(t, "opinion").update(masked="half")),
    ("workflow.text_only", "field[colour].masked",
     lambda t: field(t, "colour").update(masked="phone")),
    ("workflow.date_only", "field[colour].past",
     lambda t: field(t, "colour").update(past=True)),
    ("workflow.text_only", "field[colour].line",
     lambda t: field(t, "colour").update(line=True)),
    *(
        ("workflow.field_reserved", f"field[{name}].id",
         lambda t, name=name: t["field"].append({**field(t, "opinion"), "id": name}))
        for name in sorted(RESERVED)
    ),
    ("workflow.action_unknown", "action[approve].not_by_actor_of",
     lambda t: action(t, "approve").update(not_by_actor_of=["draw"])),
    ("workflow.action_unknown", "action[submit].stands_in_for",
     lambda t: action(t, "submit").update(stands_in_for="draw")),
    ("workflow.nothing_to_override", "action[submit].overridable",
     lambda t: action(t, "submit").update(overridable=True)),
    ("workflow.no_opening", "action", lambda t: action(t, "prepare").pop("opens")),
    ("workflow.opening_unclear", "action[prepare].to",
     lambda t: action(t, "prepare").update({"from": ["draft", "approved"]})),
    ("workflow.action_without_source", "action[inspect].from",
     lambda t: action(t, "inspect").pop("from")),
]  # fmt: skip


@pytest.mark.parametrize(("code", "path", "bend"), BENT, ids=[f"{c} {p}" for c, p, _ in BENT])
def test_definition_names_the_fault_and_only_it_when_one_thing_is_wrong(
    code: str, path: str, bend: Callable[[Table], object]
) -> None:
    table = permit_table()
    bend(table)
    assert faults(table) == [(code, path)]


def test_definition_names_trapped_states_when_no_final_state_can_be_reached() -> None:
    table = permit_table()
    action(table, "release")["to"] = "approved"
    assert faults(table) == [("workflow.state_trapped", "state[approved]")]


def test_definition_may_have_one_action_from_different_states() -> None:
    table = permit_table()
    table["action"].append({**action(table, "inspect"), "from": ["draft"]})
    assert faults(table) == []


def test_step_of_one_name_may_begin_a_case_and_be_taken_later() -> None:
    table = permit_table()
    later = {**action(table, "prepare"), "from": ["submitted"], "opens": False}
    table["action"].insert(0, later)
    assert faults(table) == []


def test_faulty_value_reads_as_empty_and_reading_goes_on() -> None:
    table = permit_table()
    state(table, "draft")["title"]["zh"] = 7
    action(table, "note")["reason"] = ["optional"]
    definition, problems = read_definition(table, NAMES)
    assert [(problem.code, problem.field) for problem in problems] == [
        ("workflow.translation_missing", "state[draft].title.zh"),
        ("workflow.wrong_type", "action[note].reason"),
    ]
    assert definition.states[0].title == {"en": "Draft", "zh": ""}
    assert definition.actions_named("note")[0].reason == ""


def test_what_a_file_does_not_say_stands_at_its_default() -> None:
    table = permit_table()
    state(table, "draft")["deadline"] = {"days": 1}
    table["action"].append(
        {"id": "plain", "title": {"en": "P", "zh": "P"}, "from": ["draft"], "roles": ["clerk"]}
    )
    definition, problems = read_definition(table, NAMES)
    assert problems == []
    assert definition.states[0].deadline == Term(days=1)
    assert definition.states[1] == State("submitted", {"en": "Submitted", "zh": "已提交"})
    assert definition.actions[-1] == Action(
        "plain", {"en": "P", "zh": "P"}, ("clerk",), sources=("draft",)
    )
    assert definition.fields[0] == Field("opinion", {"en": "Opinion", "zh": "意见"})


def test_source_and_hint_are_kept_in_both_languages_and_one_text_stays_one() -> None:
    table, older = permit_table(), read_definition(permit_table(), NAMES)[0]
    named = {"en": "Rules, art. 23", "zh": "《办法》第二十三条"}
    state(table, "draft")["deadline"].update(source=named)
    field(table, "weight").update(hint={"en": "in kilograms", "zh": "公斤"})
    definition, problems = read_definition(table, NAMES)
    assert problems == []
    assert deadline_of(definition).source == named
    assert definition.field_by_id["weight"].hint == {"en": "in kilograms", "zh": "公斤"}
    assert definition_of(definition.body) == definition
    assert deadline_of(older).source == "art. 23"
    assert definition_of(older.body).sha256 == older.sha256
    assert "hint" not in older.body


def deadline_of(definition: Definition) -> Term:
    term = definition.state_by_id["draft"].deadline
    assert term is not None
    return term


def test_folders_give_every_fault_of_every_file_at_once(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("key = ", encoding="utf-8")
    (tmp_path / "latin.toml").write_bytes('key = "é"'.encode("latin-1"))
    permit = PERMIT_TOML.replace('roles = ["approver"]', "roles = []", 1)
    permit = permit.replace('"opinion"]', '"mood"]').replace('"office_is_open"', '"office_is_red"')
    (tmp_path / "permit.toml").write_text(permit, encoding="utf-8")
    (tmp_path / "licence.toml").write_text(PERMIT_TOML, encoding="utf-8")
    (tmp_path / "README.md").write_text("no workflow", encoding="utf-8")
    with pytest.raises(Invalid) as refusal:
        load_definitions([tmp_path], NAMES)
    assert codes_of(refusal.value.problems)
    assert {(problem.sheet, problem.code, problem.field) for problem in refusal.value.problems} == {
        ("broken.toml", "workflow.not_toml", ""),
        ("latin.toml", "workflow.not_toml", ""),
        ("licence.toml", "workflow.file_name", "key"),
        ("permit.toml", "workflow.guard_unknown", "action[note].guards"),
        ("permit.toml", "workflow.action_without_roles", "action[return].roles"),
        ("permit.toml", "workflow.field_unknown", "action[note].fields"),
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x = " + b"[" * 3000 + b"]" * 3000, "workflow.too_deep"),
        (b"a" + b".a" * 41 + b" = 1", "workflow.too_deep"),
        (b"x = " + b"9" * 5000, "workflow.not_toml"),
        (b"#" * (256 * 1024 + 1), "workflow.too_long"),
    ],
)
def test_file_that_would_be_long_to_read_is_a_fault_of_that_file(
    tmp_path: Path, content: bytes, code: str
) -> None:
    (tmp_path / "permit.toml").write_bytes(content)
    definitions, problems = read_folders([tmp_path], NAMES)
    assert definitions == {}
    assert list(zip([each.sheet for each in problems], codes_of(problems), strict=True)) == [
        ("permit.toml", code)
    ]


def test_comment_may_be_a_row_of_dots(tmp_path: Path) -> None:
    text = f"  # {'.' * 80}\n{PERMIT_TOML}"
    (tmp_path / "permit.toml").write_text(text, encoding="utf-8")
    assert read_folders([tmp_path], NAMES)[1] == []


def test_what_was_published_keeps_its_words_and_terms() -> None:
    table = permit_table()
    state(table, "draft")["title"]["en"] = "Dra\nft"
    state(table, "draft")["deadline"]["days"] = 4000
    definition, _faults = read_definition(table, NAMES)
    assert definition_of(definition.body) == definition
    assert lint(definition, NAMES) == []  # a case that began under it goes on


def test_folders_prefer_the_offices_own_file_when_both_have_it(tmp_path: Path) -> None:
    own, ours = tmp_path / "own", tmp_path / "ours"
    for folder, title in ((own, "Our permit"), (ours, "Permit")):
        folder.mkdir()
        text = PERMIT_TOML.replace('en = "Permit"', f'en = "{title}"')
        (folder / "permit.toml").write_text(text, encoding="utf-8")
    definitions, problems = read_folders([own, ours])
    assert problems == []
    assert definitions["permit"].title["en"] == "Our permit"
