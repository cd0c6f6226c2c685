"""A kind of case of an office's own: one file says all of it, and what it keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from relief.engine.definitions.loader import read_file
from relief.kernel.errors import Invalid, Problem
from relief.kernel.resources import shipped_folder
from relief.petitions.rules import FAMILY
from relief.procedures.building import build_workflows
from relief.procedures.files import read_procedures
from tests.conftest import settings_for
from tests.legible import legible
from tests.own_kind import GRANTS_NOTHING, KIND, put

GUARD = 'guards = ["grant_is_whole"]\n'
# The amount that is granted, by the key that stands beside its type.
AMOUNT = 'type = "amount"\nneeded = { en = "where it is granted"'
QUICK = """
[[action]]
id = "quick"
title = { en = "Quick", zh = "快办" }
from = ["received"]
to = "accepted"
roles = ["clerk"]
"""


def faults(tmp_path: Path) -> list[tuple[str, str, str]]:
    """File, place and code of what stands against the files of an office, which are refused."""
    with pytest.raises(Invalid) as refused:
        build_workflows(settings_for(tmp_path))
    assert all(legible(problem.text) for problem in refused.value.problems)
    return [(each.sheet, each.field, each.code) for each in refused.value.problems]


def test_file_is_all_that_a_kind_needs(tmp_path: Path) -> None:
    put(tmp_path)
    workflows = build_workflows(settings_for(tmp_path))
    kind = workflows.of_family(FAMILY)[KIND]
    assert (kind.letter, kind.table.name) == ("E", "petition_case")
    assert list(workflows.of_family(FAMILY))[-1] == KIND  # the shipped ones come first
    assert workflows.kind_title(KIND) == {"en": "Education aid", "zh": "助学救助"}


def test_shipped_files_say_what_the_program_knows(tmp_path: Path) -> None:
    for kind in build_workflows(settings_for(tmp_path)).of_family(FAMILY).values():
        definition, _problems = read_file(shipped_folder("workflows") / f"{kind.key}.toml", None)
        assert definition is not None
        assert (definition.family, definition.letter) == (kind.family, kind.letter)


def test_file_of_a_shipped_kind_that_an_office_wrote_before_may_leave_both_out(
    tmp_path: Path,
) -> None:
    text = (shipped_folder("workflows") / "relief.toml").read_text(encoding="utf-8")
    older = text.replace('family = "five_steps"\nletter = "R"\n', "")
    assert older != text
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / "relief.toml").write_text(older, encoding="utf-8")
    workflows = build_workflows(settings_for(tmp_path))
    assert workflows.kinds["relief"].letter == "R"
    assert "family" not in workflows.definitions["relief"].body  # as it was published then


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        (('family = "five_steps"\n', ""), "key", "workflow.kind_unknown"),
        (('"five_steps"', '"six_steps"'), "family", "workflow.family_unknown"),
        (('letter = "E"\n', ""), "letter", "workflow.letter_missing"),
        (('letter = "E"', 'letter = "e"'), "letter", "workflow.letter_malformed"),
        (('letter = "E"', 'letter = "EA"'), "letter", "workflow.letter_malformed"),
        (('letter = "E"', 'letter = "P"'), "letter", "workflow.letter_taken"),
        (('letter = "E"', 'letter = "C"'), "letter", "workflow.letter_taken"),
        (('letter = "E"', 'letter = "H"'), "letter", "workflow.letter_taken"),
        (('letter = "E"', 'letter = "M"'), "letter", "workflow.letter_taken"),
        (('not_by_actor_of = ["accept"]\n', ""), "action[handle].not_by_actor_of",
         "workflow.weakened"),
        (('roles = ["approver"] # it grants money', 'roles = ["clerk", "approver"]'),
         "action[handle].roles", "workflow.role_added"),
        (('effects = ["keep_readers"]\n', ""), "action[name_readers].effects",
         "workflow.weakened"),
        (('letters = ["receipt"]', 'letters = ["frame"]'), "action[receive].letters",
         "workflow.no_letter"),
        (('letters = ["receipt"]', 'letters = ["../../relief"]'), "action[receive].letters",
         "workflow.identifier_malformed"),
        ((GUARD, ""), "action[handle].guards", "workflow.weakened"),
        (('fields = ["decision", "opinion"]', 'fields = ["opinion"]'), "action[handle].fields",
         "workflow.weakened"),
        (('optional_fields = ["granted_amount", "fund_source"]',
          'optional_fields = ["granted_amount"]'), "action[handle].optional_fields",
         "workflow.weakened"),
        (('fields = ["paid_to", "measure"]', 'fields = ["paid_to", "measure", "granted_amount"]'),
         "action[implement].fields", "workflow.field_elsewhere"),
        ((AMOUNT, AMOUNT.replace("amount\"\n", "text\"\n")), "field[granted_amount].type",
         "workflow.field_type"),
        (('id = "granted", title', 'id = "given", title'), "field[decision].options",
         "workflow.option_needed"),
        (('zh = "申请金额（元）" }\ntype = "amount"', 'zh = "申请金额（元）" }\ntype = "text"'),
         "field[requested_amount].type", "workflow.field_type"),
        (('hint = { en = "where nobody was reached: the day of the last attempt", zh = '
          '"未能联系上的，填最后一次联系的日期" }\ntype = "date"', 'type = "text"'),
         "field[answered_on].type", "workflow.field_type"),
        (('\n[[field]]\nid = "student"', QUICK + '\n[[field]]\nid = "student"'),
         "action[quick].to", "workflow.state_guarded"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_and_place(
    tmp_path: Path, change: tuple[str, str], place: str, code: str
) -> None:
    put(tmp_path, change)
    assert faults(tmp_path) == [(f"{KIND}.toml", place, code)]


@pytest.mark.parametrize("key", ["user", "visit", "answered", "to"])
def test_key_that_means_something_else_is_none(tmp_path: Path, key: str) -> None:
    put(tmp_path, name=key)
    assert faults(tmp_path) == [(f"{key}.toml", "key", "workflow.key_taken")]


def test_two_kinds_have_two_letters(tmp_path: Path) -> None:
    put(tmp_path)
    put(tmp_path, name="elder_aid")
    assert faults(tmp_path) == [("elder_aid.toml", "letter", "workflow.letter_taken")]
    put(tmp_path, ('letter = "E"', 'letter = "F"'), name="elder_aid")
    kinds = build_workflows(settings_for(tmp_path)).of_family(FAMILY)
    assert {kinds[KIND].letter, kinds["elder_aid"].letter} == {"E", "F"}


@pytest.mark.parametrize(
    ("kind", "there", "instead", "place"),
    [
        ("household", 'key = "household"\n', 'key = "household"\nletter = "B"\n', "letter"),
        ("household", 'key = "household"\n', 'key = "household"\nfamily = "five_steps"\n',
         "family"),
        ("petition", 'letter = "P"', 'letter = "B"', "letter"),
    ],
)  # fmt: skip
def test_what_the_program_knows_of_its_own_kinds_stays(
    tmp_path: Path, kind: str, there: str, instead: str, place: str
) -> None:
    text = (shipped_folder("workflows") / f"{kind}.toml").read_text(encoding="utf-8")
    assert there in text
    (tmp_path / "workflows").mkdir()
    own = tmp_path / "workflows" / f"{kind}.toml"
    own.write_text(text.replace(there, instead), encoding="utf-8")
    assert faults(tmp_path) == [(f"{kind}.toml", place, "workflow.changed_key")]


@pytest.mark.parametrize(
    ("change", "places"),
    [
        (  # an accusation is restricted by the petition's own acceptance
            ('guards = ["petitioner_is_identified", "household_is_known", '
             '"something_is_asked_for"]',
             'guards = ["petitioner_is_identified"]\neffects = ["keep_matter_class"]'),
            {"action[accept].fields"},
        ),
        (  # who starts work is counted with evidence, by who is known, until it is taken back
            ('fields = ["paid_to", "measure"]',
             'fields = ["measure"]\neffects = ["write_job_start"]'),
            {"action[implement].guards", "action[implement].fields", "action[return].effects",
             "action[return#2].effects"},
        ),
    ],
)  # fmt: skip
def test_step_that_does_as_a_shipped_kind_keeps_what_that_keeps(
    tmp_path: Path, change: tuple[str, str], places: set[str]
) -> None:
    put(tmp_path, change)
    assert {place for _file, place, _code in faults(tmp_path)} == places


def test_kind_that_grants_no_money_may_be_decided_by_a_clerk(tmp_path: Path) -> None:
    put(tmp_path, *GRANTS_NOTHING)
    assert KIND in build_workflows(settings_for(tmp_path)).kinds


def test_file_that_cannot_be_read_is_a_fault_of_that_file(tmp_path: Path) -> None:
    folder = tmp_path / "workflows"
    (folder / "folder.toml").mkdir(parents=True)
    found = read_procedures([folder])
    assert found.files == {"folder.toml": None}
    assert [(each.sheet, each.code) for each in found.faults] == [
        ("folder.toml", "workflow.unreadable")
    ]
    assert found.definitions == {}


def test_fault_of_a_letter_says_whose_it_is_and_which_are_free(tmp_path: Path) -> None:
    put(tmp_path, ('letter = "E"', 'letter = "R"'))
    fault: Problem
    (fault,) = read_procedures([tmp_path / "workflows"]).faults
    assert "relief.toml" in legible(fault.text)
    assert " E" in legible(fault.text)


@pytest.mark.parametrize(
    ("kind", "there", "instead", "place", "code"),
    [
        ("relief", AMOUNT, AMOUNT.replace("amount\"\n", "number\"\n"), "field[granted_amount].type",
         "workflow.field_type"),
        ("legal_aid", 'optional_fields = [', 'optional_fields = ["granted_amount", ',
         "action[accept].optional_fields", "workflow.field_elsewhere"),
        ("petition", 'id = "accusation",', 'id = "charge",', "field[matter_class].options",
         "workflow.option_needed"),
    ],
)  # fmt: skip
def test_fields_that_the_program_reads_stay_what_it_reads_of_its_own_kinds(
    tmp_path: Path, kind: str, there: str, instead: str, place: str, code: str
) -> None:
    text = (shipped_folder("workflows") / f"{kind}.toml").read_text(encoding="utf-8")
    assert there in text
    bent = text.replace(there, instead, 1)
    if "granted_amount" not in text:
        bent += (
            '\n[[field]]\nid = "granted_amount"\ntitle = { en = "A", zh = "金" }\ntype = "amount"\n'
        )
    (tmp_path / "workflows").mkdir()
    (tmp_path / "workflows" / f"{kind}.toml").write_text(bent, encoding="utf-8")
    assert (f"{kind}.toml", place, code) in faults(tmp_path)
