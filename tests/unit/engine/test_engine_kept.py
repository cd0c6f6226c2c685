"""What a file has less than its kind keeps, fault by fault: where it stands and what is said."""

from __future__ import annotations

from typing import Any

import pytest
from little_office import permit_table

from relief.engine.definitions.definition import Term
from relief.engine.definitions.kept import Kept, Must, Read, taken_away
from relief.engine.definitions.loader import read_definition
from tests.legible import legible

Bend = tuple[str, str, dict[str, Any]]  # a part, its id, and what is written there instead
FIFTEEN = Term(days=15, counting="working", roll="forward")
BACK = {"return": Must(ways={"submitted": "draft"})}


def keeping(must: dict[str, Must] | None = None, **kept: Any) -> Kept:
    """A kind whose cases are begun by "prepare", and what else it keeps."""
    begins = Must(ways={"": "draft", "draft": "draft"})
    return Kept(must={"prepare": begins, **(must or {})}, **kept)


def faults(kept: Kept, *bends: Bend) -> list[tuple[str, str, str]]:
    """Code, place and sentence of what a bent file has less. Unbent it has no effects, and nothing
    stands in for another step."""
    table = permit_table()
    plain: list[Bend] = [
        ("action", "note", {"effects": []}), ("action", "submit", {"stands_in_for": ""}),
    ]  # fmt: skip
    for part, name, changes in (*plain, *bends):
        next(each for each in table[part] if each["id"] == name).update(changes)
    definition, _problems = read_definition(table)
    found = taken_away(definition, kept)
    return [(f.code.removeprefix("workflow."), f.field, legible(f.text)) for f in found]


def deadline(**changes: Any) -> Bend:
    told = {"days": 15, "counting": "working", "roll": "forward", **changes}
    return ("state", "draft", {"deadline": told})


def action(name: str, **changes: Any) -> Bend:
    return ("action", name, {key.removesuffix("_"): value for key, value in changes.items()})


def one(kept: Kept, *bends: Bend) -> tuple[str, str, str]:
    """The only fault of a file that is whole without it."""
    (found,) = faults(kept, *bends)
    return found


def test_states_and_actions_that_the_program_needs_are_asked_for() -> None:
    assert faults(keeping(states=frozenset({"draft", "lost", "gone"}))) == [
        ("state_needed", "state", f'The program needs the state "{name}"; put it back.')
        for name in ("gone", "lost")
    ]
    assert one(keeping({"dance": Must(), "submit": Must()})) == (
        "action_needed", "action[dance]", 'The program needs the action "dance"; put it back.',
    )  # fmt: skip
    begins = Must(ways={"": "draft", "draft": "submitted"})
    assert one(keeping({"submit": begins}))[:2] == ("opening_needed", "action[submit].opens")
    assert faults(keeping({"prepare": Must(ways={"": "draft", "draft": "draft"})})) == []


@pytest.mark.parametrize(
    ("changes", "is_less"),
    [
        ({}, False),
        ({"days": 14}, False),
        ({"roll": "back"}, False),
        ({"roll": "none"}, False),
        ({"counting": "calendar"}, False),
        ({"days": 16}, True),
        ({"days": 0, "hours": 1}, True),
        ({"since": "submit"}, True),
    ],
)
def test_office_promises_no_later_day(changes: dict[str, Any], is_less: bool) -> None:
    kept = keeping(terms={"draft": FIFTEEN}, must=BACK)
    told = (
        "term_longer", "state[draft].deadline",
        "An office may promise more here, not less: at most "
        '{ days = 15, counting = "working", roll = "forward" }.',
    )  # fmt: skip
    assert faults(kept, deadline(**changes)) == ([told] if is_less else [])


def test_term_that_is_kept_is_not_left_out_nor_counted_otherwise() -> None:
    since = Term(hours=8, counting="working", since="submit")
    kept = keeping(terms={"submitted": since}, must={"submit": Must(ways={"draft": "submitted"})})
    assert one(kept)[1:] == (
        "state[submitted].deadline", "An office may promise more here, not less: at most "
        '{ hours = 8, counting = "working", roll = "none", since = "submit" }.',
    )  # fmt: skip
    plain = keeping(terms={"draft": Term(days=15, roll="none")}, must=BACK)
    assert one(plain, deadline(roll="none"))[0] == "term_longer"
    assert one(plain, deadline(counting="calendar"))[0] == "term_longer"
    assert faults(plain, deadline(counting="calendar", roll="back")) == []


def test_clock_stands_still_where_the_kind_says_and_nowhere_else() -> None:
    paused = ("state", "submitted", {"pauses": True})
    assert faults(keeping(), paused) == []
    assert faults(keeping(pausing=frozenset({"submitted"})), paused) == []
    assert one(keeping(pausing=frozenset({"approved"})), paused, ("state", "approved", {
        "pauses": True})) == (
        "pauses_changed", "state[submitted].pauses",
        "The clock stands still only in approved; leave this out.",
    )  # fmt: skip
    assert one(keeping(pausing=frozenset({"submitted"}))) == (
        "pauses_changed", "state[submitted].pauses",
        "The clock stands still here; write pauses = true.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "name", "has"),
    [("guards", "note", "office_is_open"), ("effects", "note", "echo_note"),
     ("fields", "note", "opinion"), ("not_by_actor_of", "inspect", "prepare")],
)  # fmt: skip
def test_what_an_action_keeps_is_there(key: str, name: str, has: str) -> None:
    here = action(name, **{key: [has]})
    assert faults(keeping({name: Must(**{key: (has,)})}), here) == []
    assert faults(keeping({name: Must(**{key: ("b", "a", has)})}), here) == [
        ("weakened", f"action[{name}].{key}", f'The program needs "{gone}" here; put it back.')
        for gone in ("a", "b")
    ]


def test_what_has_to_stay_stays() -> None:
    note = Must(reason="optional")
    assert faults(keeping({"note": note})) == []
    assert faults(keeping({"note": note}), action("note", reason="required")) == []
    assert one(keeping({"note": note}), action("note", reason="none")) == (
        "changed_key", "action[note].reason", 'This has to be "optional"; put it back.',
    )  # fmt: skip
    required = keeping({"note": Must(reason="required")})
    assert one(required)[1] == "action[note].reason"
    submit = keeping({"submit": Must(stands_in_for="prepare")})
    assert faults(submit, action("submit", stands_in_for="prepare")) == []
    assert one(submit) == (
        "changed_key", "action[submit].stands_in_for", 'This has to be "prepare"; put it back.',
    )  # fmt: skip
    once = keeping({"submit": Must(once=True)})
    assert one(once)[:2] == ("once_needed", "action[submit].once")
    assert faults(once, action("submit", once=True)) == []


def test_override_is_the_programs_to_allow() -> None:
    apart = {"not_by_actor_of": ("prepare",)}
    assert one(keeping({"approve": Must(**apart)}))[:2] == (
        "override_added", "action[approve].overridable",
    )  # fmt: skip
    assert faults(keeping({"approve": Must(**apart, overridable=True)})) == []
    assert faults(keeping({"inspect": Must(**apart)})) == []
    assert faults(keeping({"approve": Must()})) == []


@pytest.mark.parametrize(
    ("waits", "is_less"),
    [(None, True), ({"days": 4, "since": "prepare"}, True), ({"days": 5}, True),
     ({"days": 5, "since": "prepare"}, False), ({"days": 6, "since": "prepare"}, False)],
)  # fmt: skip
def test_step_waits_no_shorter(waits: dict[str, Any] | None, is_less: bool) -> None:
    kept = keeping({"submit": Must(not_before=Term(days=5, since="prepare"))})
    bends = [action("submit", not_before=waits)] if waits else []
    told = (
        "term_shorter", "action[submit].not_before", "This has to wait longer: at least "
        '{ days = 5, counting = "calendar", roll = "none", since = "prepare" }.',
    )  # fmt: skip
    assert faults(kept, *bends) == ([told] if is_less else [])


def test_step_is_for_no_other_roles() -> None:
    kept = keeping({"release": Must(roles=("clerk",))})
    assert one(kept) == (
        "role_added", "action[release].roles",
        'The role "approver" may not take this step; clerk may.',
    )  # fmt: skip
    assert faults(kept, action("release", roles=["clerk"])) == []
    assert [told[2] for told in faults(kept, action("release", roles=["finance", "admin"]))] == [
        f'The role "{role}" may not take this step; clerk may.' for role in ("admin", "finance")
    ]
    both = ("clerk", "approver")
    fewer = Must(roles=both, roles_from={"approved": ("approver",), "draft": ()})
    assert one(keeping({"release": fewer}))[2].startswith('The role "clerk"')
    assert faults(keeping({"release": Must(roles=both, roles_from={"draft": ()})})) == []


def test_effects_and_standing_in_are_of_the_steps_that_have_them() -> None:
    kept = keeping({"note": Must(effects=("count_note", "echo_note"))})
    has = action("note", effects=["count_note", "echo_note"])
    assert faults(kept, has) == []
    assert one(kept, has, action("submit", effects=["echo_note"])) == (
        "effect_elsewhere", "action[submit].effects",
        'The effect "echo_note" is not for this step; leave it out. It is for: note.',
    )  # fmt: skip
    assert one(keeping({"note": Must(effects=("count_note",))}), has) == (
        "effect_elsewhere", "action[note].effects",
        'The effect "echo_note" is not for this step; leave it out.',
    )  # fmt: skip
    stands_in = action("submit", stands_in_for="prepare")
    assert one(keeping(), stands_in) == (
        "stand_in_added", "action[submit].stands_in_for",
        'Nothing else stands in for "prepare"; leave this out.',
    )  # fmt: skip
    assert faults(Kept(must={"note": Must()}), stands_in)[0][0] == "opening_added"


def test_case_begins_where_the_program_says_and_by_its_steps_alone() -> None:
    elsewhere = Kept(must={"prepare": Must(ways={"": "submitted", "draft": "draft"})})
    assert one(elsewhere) == (
        "changed_key", "action[prepare].to", 'This has to be "submitted"; put it back.',
    )  # fmt: skip
    others = Kept(must={"submit": Must(ways={"": "draft", "draft": "submitted"})})
    told = faults(others, action("submit", opens=True, to="", from_=["draft"]))
    assert told[0] == (
        "opening_added", "action[prepare].opens",
        "A case begins only with submit; leave this out.",
    )  # fmt: skip


def test_step_leads_no_other_way() -> None:
    kept = keeping({"submit": Must(ways={"": "draft", "draft": "approved", "approved": "done"})})
    found = faults(kept, action("submit", from_=["draft", "submitted"]))
    ways = "it may go: draft → approved, approved → done."
    other = 'this may not lead to "submitted";'
    assert found[1:] == [
        ("way_added", "action[submit].to", f'From "draft" {other} {ways}'),
        ("way_added", "action[submit].from", f'From "submitted" {other} {ways}'),
    ]
    assert found[0][:2] == ("opening_needed", "action[submit].opens")


def test_state_is_entered_and_left_by_the_programs_steps_alone() -> None:
    ways = {
        "approve": Must(ways={"submitted": "approved"}),
        "release": Must(ways={"approved": "done"}),
        "inspect": Must(ways={"submitted": "submitted"}),
    }
    into = keeping(ways, guarded=frozenset({"done"}))
    assert one(into) == (
        "state_guarded", "action[expire].to", '"done" is reached only by release.',
    )  # fmt: skip
    out = keeping(ways, held=frozenset({"submitted"}))
    assert faults(out) == [
        ("state_held", f"action[{name}].from", '"submitted" is left only by approve.')
        for name in ("return", "expire")
    ]
    stays = keeping(ways, guarded=frozenset({"draft"}), held=frozenset({"draft"}))
    assert [told[:2] for told in faults(stays)] == [
        ("state_held", "action[submit].from"), ("state_guarded", "action[return].to"),
    ]  # fmt: skip


def test_deadline_that_is_kept_is_lengthened_no_further() -> None:
    longer = action("submit", extends_days=31)
    kept = keeping({**BACK, "submit": Must(extends_days=30)}, terms={"draft": FIFTEEN})
    assert one(kept, longer) == (
        "extension_longer", "action[submit].extends_days",
        "The deadline may be lengthened by 30 days here, no more.",
    )  # fmt: skip
    assert faults(kept, action("submit", extends_days=30)) == []
    assert faults(keeping({"submit": Must(extends_days=30)}), longer) == []
    assert one(keeping(BACK, terms={"draft": FIFTEEN}), action("note", extends_days=1))[0] == (
        "extension_longer"
    )


def test_field_that_the_program_reads_is_asked_for_as_it_reads_it() -> None:
    assert faults(keeping(read={"opinion": Read("text"), "nobody": Read("date")})) == []
    assert one(keeping(read={"opinion": Read("date")})) == (
        "field_type", "field[opinion].type", 'The program reads this field; write type = "date".',
    )  # fmt: skip
    assert faults(keeping(read={"colour": Read("choice", ("red",))})) == []
    assert one(keeping(read={"colour": Read("choice", ("red", "gold"))})) == (
        "option_needed", "field[colour].options",
        'The program needs the option "gold"; put it back.',
    )  # fmt: skip


def test_field_of_one_step_is_asked_for_by_no_other() -> None:
    elsewhere = action("submit", fields=["colour"], optional_fields=["opinion"])
    only = keeping(read={"opinion": Read("text", asked_by=("note",)), "colour": Read("choice")})
    assert one(only, elsewhere) == (
        "field_elsewhere", "action[submit].optional_fields",
        '"opinion" is asked for only by note; leave it out here.',
    )  # fmt: skip
    nowhere = keeping(read={"colour": Read("choice", asked_by=())})
    assert faults(nowhere, elsewhere)[0][1:] == (
        "action[submit].fields",
        '"colour" means something else in this program; ask for this under another name.',
    )


def test_field_is_asked_for_as_required_or_not() -> None:
    asking = keeping({"submit": Must(asks=("opinion",))})
    assert one(asking, action("submit", fields=[], optional_fields=[])) == (
        "weakened", "action[submit].optional_fields",
        'The program needs "opinion" here; put it back.',
    )  # fmt: skip
    for key in ("fields", "optional_fields"):
        either = {"fields": [], "optional_fields": [], key: ["opinion"]}
        assert faults(asking, action("submit", **either)) == []
