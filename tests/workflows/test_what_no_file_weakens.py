"""What an office's own file may not take away, nor go round; and what it may add."""

from __future__ import annotations

from pathlib import Path

import pytest

from relief.kernel.errors import Invalid
from relief.kernel.resources import shipped_folder
from relief.procedures.building import build_workflows
from tests.conftest import settings_for
from tests.legible import codes_of

QUICK = """
[[action]]
id = "quick"
title = { en = "Quick", zh = "快办" }
"""
COMMITTEE = """
[[state]]
id = "committee"
title = { en = "In the committee", zh = "上会" }
final = true

[[action]]
id = "to_committee"
title = { en = "Hand to the committee", zh = "提交上会" }
from = ["%s"]
to = "committee"
roles = ["clerk"]
guards = ["colleague_is_known"]
not_by_actor_of = ["%s"]
fields = ["hint"]

[[field]]
id = "hint"
title = { en = "Hint", zh = "提示" }
"""


def own_file(tmp_path: Path, kind: str, *cuts: tuple[str, str], more: str = "") -> Path:
    """An office's file: the shipped one with something else in it."""
    own = tmp_path / "workflows"
    own.mkdir(parents=True)
    text = (shipped_folder("workflows") / f"{kind}.toml").read_text(encoding="utf-8")
    for cut, instead in cuts:
        assert cut in text
        text = text.replace(cut, instead)
    (own / f"{kind}.toml").write_text(text + more, encoding="utf-8")
    return own


def weakened(tmp_path: Path, kind: str, *cuts: tuple[str, str], more: str = "") -> set[str]:
    """Which keys are at fault in such a file, which is refused."""
    own_file(tmp_path, kind, *cuts, more=more)
    with pytest.raises(Invalid) as refused:
        build_workflows(settings_for(tmp_path))
    assert {problem.sheet for problem in refused.value.problems} == {f"{kind}.toml"}
    assert codes_of(refused.value.problems)
    return {problem.field for problem in refused.value.problems}


@pytest.mark.parametrize("kind", ["petition", "relief", "legal_aid", "job_referral"])
def test_two_pairs_of_eyes_and_the_readers_stay(tmp_path: Path, kind: str) -> None:
    cuts = (
        ('not_by_actor_of = ["accept"]\n', ""),
        ('guards = ["readers_are_known"]\n', ""),
        ('effects = ["keep_readers"]\n', ""),
    )
    assert weakened(tmp_path, kind, *cuts) == {
        "action[handle].not_by_actor_of",
        "action[name_readers].guards",
        "action[name_readers].effects",
    }


@pytest.mark.parametrize("kind", ["petition", "relief", "legal_aid", "job_referral"])
@pytest.mark.parametrize("role", ["finance", "auditor", "admin"])
def test_no_step_of_a_case_goes_to_who_does_not_work_on_cases(
    tmp_path: Path, kind: str, role: str
) -> None:
    text = (shipped_folder("workflows") / f"{kind}.toml").read_text(encoding="utf-8")
    steps = text.count("[[action]]")
    cut = ('roles = ["', f'roles = ["{role}", "')
    assert len(weakened(tmp_path, kind, cut)) == steps


def test_accusation_stays_restricted(tmp_path: Path) -> None:
    cut = ('effects = ["keep_matter_class"]\n', "")
    assert weakened(tmp_path, "petition", cut) == {"action[accept].effects"}


def test_job_counts_with_its_evidence_and_until_it_is_taken_back(tmp_path: Path) -> None:
    cuts = (
        ('effects = ["write_job_start"]\n', ""),
        ('effects = ["void_job_start"]\n', ""),
        ('fields = ["started_on", "evidence"]', 'fields = ["started_on"]'),
    )
    assert weakened(tmp_path, "job_referral", *cuts) == {
        "action[implement].effects",
        "action[implement].fields",
        "action[return].effects",
        "action[return#2].effects",
    }


def test_office_may_have_no_deadline_and_ask_for_more(tmp_path: Path) -> None:
    own = tmp_path / "workflows"
    own.mkdir()
    text = (shipped_folder("workflows") / "relief.toml").read_text(encoding="utf-8")
    looser = "\n".join(line for line in text.splitlines() if not line.startswith("deadline"))
    more = looser.replace('fields = ["measure"]', 'fields = ["measure", "note"]')
    assert more != looser != text
    (own / "relief.toml").write_text(more, encoding="utf-8")
    definition = build_workflows(settings_for(tmp_path)).definitions["relief"]
    assert not definition.has_deadlines


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        (  # finance releases a draft alone
            'from = ["draft"]\nto = "released"\nroles = ["finance"]\neffects = ["send_lines"]',
            {"action[quick].to", "action[quick].effects"},
        ),
        ('from = ["draft"]\nto = "approved"\nroles = ["finance"]', {"action[quick].to"}),
        ('from = ["released"]\nto = "draft"\nroles = ["finance"]', {"action[quick].to"}),
        ('opens = true\nto = "approved"\nroles = ["finance"]', {"action[quick].opens"}),
        (  # somebody else stands in for who prepared
            'from = ["submitted"]\nroles = ["clerk"]\nstands_in_for = "prepare"',
            {"action[quick].stands_in_for"},
        ),
    ],
)
def test_no_action_of_an_office_goes_round_three_people(
    tmp_path: Path, more: str, fields: set[str]
) -> None:
    assert weakened(tmp_path, "payout_run", more=QUICK + more) == fields


@pytest.mark.parametrize(
    ("cut", "instead", "fields"),
    [
        (
            'effects = ["name_the_preparer"]',
            'effects = ["name_the_preparer", "keep_approved_list"]',
            {"action[submit].effects"},
        ),
        ('to = "submitted"', 'to = "approved"', {"action[submit].to", "state[submitted]"}),
        ('roles = ["approver"]\nnot_by', 'roles = ["clerk"]\nnot_by',
         {"action[approve].roles", "action[withdraw].roles"}),
        ('from = ["approved"]\nto = "released"', 'from = ["submitted"]\nto = "released"',
         {"action[release].from"}),
        ('stands_in_for = "prepare"\n', "", {"action[submit].stands_in_for"}),
        ('fields = ["household_no"]\n', 'fields = ["household_no"]\noverridable = true\n',
         {"action[withdraw].overridable"}),
    ],
)  # fmt: skip
def test_no_step_of_a_run_is_widened(
    tmp_path: Path, cut: str, instead: str, fields: set[str]
) -> None:
    assert weakened(tmp_path, "payout_run", (cut, instead)) == fields


def test_clerk_alone_does_not_approve_what_nobody_surveyed_or_published(tmp_path: Path) -> None:
    cuts = (
        ('from = ["published", "waiting"]\nto = "active"\nroles = ["approver"]\n'
         'not_before = { days = 5, counting = "working", since = "publish" }\n',
         'from = ["applied"]\nto = "active"\nroles = ["clerk"]\n'),
    )  # fmt: skip
    assert weakened(tmp_path, "household", *cuts) >= {
        "action[approve].from",
        "action[approve].roles",
        "action[approve].not_before",
    }


@pytest.mark.parametrize(
    "instead", ['days = 4, counting = "working"', "days = 5", 'days = 5, counting = "calendar"']
)
def test_notice_is_not_shortened(tmp_path: Path, instead: str) -> None:
    cut = ('days = 5, counting = "working"', instead)
    assert weakened(tmp_path, "household", cut) == {
        "action[approve].not_before",
        "action[wait].not_before",
    }


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ('from = ["published"]\nto = "active"\nroles = ["clerk"]', {"action[quick].to"}),
        ('from = ["active"]\nto = "applied"\nroles = ["clerk"]', {"action[quick].from"}),
        ('from = ["objection"]\nto = "surveyed"\nroles = ["clerk"]', {"action[quick].to"}),
        (  # another kind's effect
            'from = ["active"]\nroles = ["clerk"]\neffects = ["send_lines"]',
            {"action[quick].effects"},
        ),
    ],
)
def test_no_action_of_an_office_goes_round_survey_and_notice(
    tmp_path: Path, more: str, fields: set[str]
) -> None:
    assert weakened(tmp_path, "household", more=QUICK + more) == fields


def test_objection_stops_the_notice_and_no_override_makes_one_person_of_two(
    tmp_path: Path,
) -> None:
    cuts = (
        ("pauses = true\n", ""),
        ('not_by_actor_of = ["survey", "publish"]',
         'not_by_actor_of = ["survey", "publish"]\noverridable = true'),
    )  # fmt: skip
    assert weakened(tmp_path, "household", *cuts) == {
        "state[objection].pauses",
        "action[dismiss_objection].overridable",
        "action[approve].overridable",
    }


def test_law_is_promised_no_less_and_an_office_may_promise_more(tmp_path: Path) -> None:
    cuts = (
        ("days = 15, counting", "days = 10, counting"),
        ("days = 60", "days = 600"),
        ("days = 30, counting", "days = 30, counting"),
        ('since = "request_review", source', 'since = "handle", source'),
        ("extends_days = 30\nonce = true", "extends_days = 300"),
    )
    assert weakened(tmp_path, "petition", *cuts) == {
        "state[accepted].deadline",
        "state[review].deadline",
        "action[extend].extends_days",
        "action[extend].once",
    }


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ('from = ["accepted"]\nroles = ["clerk"]\nextends_days = 5', {"extends_days"}),
        ('from = ["accepted"]\nto = "hearing"\nroles = ["clerk"]', {"to"}),
        ('from = ["accepted"]\nto = "received"\nroles = ["clerk"]', {"to"}),
        ('from = ["received"]\nto = "handled"\nroles = ["clerk"]', {"to"}),
    ],
)
def test_no_action_of_an_office_goes_round_a_petitions_days(
    tmp_path: Path, more: str, fields: set[str]
) -> None:
    named = {f"action[quick].{field}" for field in fields}
    assert weakened(tmp_path, "petition", more=QUICK + more) == named


def test_administrator_names_no_reader_of_what_is_restricted(tmp_path: Path) -> None:
    cut = (
        'roles = ["clerk", "approver"]\nfields = ["readers"]',
        'roles = ["clerk", "admin"]\nfields = ["readers"]',
    )
    assert weakened(tmp_path, "petition", cut) == {"action[name_readers].roles"}


def test_faults_of_form_and_what_was_taken_away_are_told_together(tmp_path: Path) -> None:
    cuts = (
        (
            'guards = ["list_is_not_stale", "nothing_recovered_waits"]',
            'guards = "list_is_not_stale"',
        ),
        ('effects = ["send_lines"]', 'effects = ["moon"]'),
        ('effects = ["void_run"]', ""),
    )
    assert weakened(tmp_path, "payout_run", *cuts) == {
        "action[submit].guards",
        "action[release].effects",
        "action[cancel].effects",
    }


@pytest.mark.parametrize(
    ("kind", "state", "step", "cut", "instead"),
    [
        ("household", "surveyed", "survey", 'guards = ["no_place_is_free"]\n', ""),
        ("household", "applied", "open_file", "days = 5, counting", "days = 10, counting"),
        ("petition", "accepted", "accept", 'roles = ["clerk", "approver"]\nfields = ["measure"]',
         'roles = ["approver"]\nfields = ["measure", "note"]\nnot_by_actor_of = ["accept"]'),
        ("petition", "handled", "handle", "days = 60", "days = 45"),
        ("relief", "received", "receive", "days = 30", "days = 300"),
        ("legal_aid", "received", "receive", "pauses = true", "pauses = false"),
        ("job_referral", "handled", "handle", "days = 102", "days = 120"),
    ],
)  # fmt: skip
def test_office_may_ask_for_more_and_have_ways_out_of_its_own(
    tmp_path: Path, kind: str, state: str, step: str, cut: str, instead: str
) -> None:
    own_file(tmp_path, kind, (cut, instead), more=COMMITTEE % (state, step))
    definition = build_workflows(settings_for(tmp_path)).definitions[kind]
    assert "committee" in definition.state_by_id


def test_what_the_program_itself_speaks_of_stays_in_the_file(tmp_path: Path) -> None:
    cuts = (
        ('id = "declined"', 'id = "turned_down"'),
        ('to = "declined"', 'to = "turned_down"'),
        ('id = "confirm"', 'id = "agree"'),
        ("opens = true\n", ""),
        ('to = "recorded"', 'from = ["recorded"]'),
    )
    more = QUICK + 'opens = true\nto = "recorded"\nroles = ["finance"]'
    assert weakened(tmp_path, "write_off", *cuts, more=more) >= {
        "state",  # "declined"
        "action[confirm]",
        "action[record].opens",
    }


def test_run_may_have_a_step_that_changes_nothing(tmp_path: Path) -> None:
    more = QUICK + 'from = ["approved"]\nroles = ["auditor"]\nguards = ["list_is_not_stale"]'
    separation = ('not_by_actor_of = ["prepare", "approve"]',
                  'not_by_actor_of = ["prepare", "approve", "quick"]')  # fmt: skip
    own_file(tmp_path, "payout_run", separation, more=more)
    assert build_workflows(settings_for(tmp_path)).definitions["payout_run"].actions_named("quick")


@pytest.mark.parametrize(
    ("field", "cut", "key"),
    [
        ("persons", ('type = "whole"', 'type = "text"'), "type"),
        ("annual_household_income", ("type = \"amount\"\n\n[[field]] # yuan a year: illness",
                                     "\n[[field]] # yuan a year: illness"), "type"),
        ("grade", ('id = "relative", title', 'id = "middling", title'), "options"),
        ("recheck_result", ('id = "regraded"', 'id = "changed"'), "options"),
        ("exit_reason", ('id = "died"', 'id = "gone"'), "options"),
    ],
)  # fmt: skip
def test_what_a_visit_finds_stays_what_is_reckoned_with(
    tmp_path: Path, field: str, cut: tuple[str, str], key: str
) -> None:
    assert weakened(tmp_path, "household", cut) == {f"field[{field}].{key}"}


@pytest.mark.parametrize(
    ("kind", "field", "cut"),
    [
        ("petition", "phone", ('masked = "phone"', 'masked = "objector"')),
        ("legal_aid", "id_number", ('masked = "identity"', 'masked = "phone"')),
        ("household", "objector", ('masked = "objector"', 'masked = "identity"')),
    ],
)
def test_numbers_and_objectors_are_masked_their_own_way_alone(
    tmp_path: Path, kind: str, field: str, cut: tuple[str, str]
) -> None:
    """A file from before, which says nothing of it, is taken: they are masked all the same."""
    assert weakened(tmp_path, kind, cut) == {f"field[{field}].masked"}
    own_file(tmp_path / "older", kind, (f"{cut[0]}\n", "\n"))
    assert kind in build_workflows(settings_for(tmp_path / "older")).definitions
