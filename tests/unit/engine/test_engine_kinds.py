"""Kinds of cases and their workflows: what fits together, and how a case goes on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from little_office import CLERK, Office, cases_table, codes, defined, permit_table

from relief.engine.definitions.definition import Definition
from relief.engine.definitions.kept import Kept, Must
from relief.engine.kinds import RecordKind, SubjectKind
from relief.engine.only_with import OnlyWith, only_with
from relief.engine.step import Step
from relief.engine.steps.advance import begin
from relief.engine.work import Guard, Work, Workflows
from relief.kernel.errors import Invalid, NotFound, TransitionRefused
from relief.kernel.text import _


@pytest.fixture
def forms(tmp_path: Path) -> Iterator[Office]:
    """Permits and licences in one table, told apart by a column."""
    definitions = [defined({**permit_table(), "key": key}) for key in ("permit", "licence")]
    office = Office(tmp_path / "office.db", *definitions)
    shared = cases_table("form")
    shared.append_column(sa.Column("kind", sa.String))
    shared.metadata.create_all(office.database.engine)
    office.tables = {"form": shared}
    for key in ("permit", "licence"):
        kind = SubjectKind(key, shared, "reference", discriminator="kind")
        office.workflows.kinds[key] = kind
    yield office
    office.database.dispose()


def test_kinds_of_one_table_are_told_apart(forms: Office) -> None:
    ids = []
    for kind in ("permit", "licence"):
        with forms.work() as work:
            ids.append(begin(work, kind, "prepare", CLERK, {"reference": f"F-{kind}"}))
    rows = forms.rows(forms.tables["form"])
    assert [(row["id"], row["kind"]) for row in rows] == [(1, "permit"), (2, "licence")]
    forms.advance(2, "submit", CLERK, kind="licence")
    with pytest.raises(NotFound):
        forms.advance(2, "submit", CLERK, kind="permit")
    assert ids == [1, 2]


@pytest.mark.parametrize("missing", ["id", "state", "journal_key", "reference"])
def test_table_that_lacks_a_column_holds_no_cases(missing: str) -> None:
    whole = cases_table("permit")
    lacking = sa.Table("permit", sa.MetaData(), *(
        sa.Column(column.name, column.type) for column in whole.c if column.name != missing
    ))  # fmt: skip
    SubjectKind("permit", whole, "reference")
    with pytest.raises(AssertionError, match="permit is no table of cases"):
        SubjectKind("permit", lacking, "reference")


def test_column_that_tells_kinds_apart_is_there() -> None:
    with pytest.raises(AssertionError):
        SubjectKind("permit", cases_table("permit"), "reference", discriminator="kind")


def test_kind_that_keeps_nothing_takes_any_file() -> None:
    permit = defined(permit_table())
    table = cases_table("permit")
    assert SubjectKind("permit", table, "reference").taken_from(permit) == []
    (fault,) = SubjectKind("permit", table, "reference", Kept(frozenset({"gone"}))).taken_from(
        permit
    )[:1]
    assert fault.code == "workflow.state_needed"


def workflows(
    *definitions: Definition, guards: dict[str, Any] | None = None, **more: Any
) -> Workflows:
    """Workflows whose guards and effects do nothing."""

    def nothing(_work: Work, _step: Step) -> Any:
        return []

    names = ("opinion_is_kind", "office_is_open", "count_note", "echo_note")
    return Workflows(
        {definition.key: definition for definition in definitions},
        more.pop(
            "kinds", [SubjectKind(d.key, cases_table(d.key), "reference") for d in definitions]
        ),
        {**dict.fromkeys(names, nothing), **(guards or {})},
        dict.fromkeys(names, nothing),
        lambda _work, _roles: [],
        lambda _work: frozenset(),
        **more,
    )


def test_faults_of_files_are_told_with_the_file() -> None:
    permit = defined(permit_table())
    keeps = SubjectKind("permit", cases_table("permit"), "reference", Kept(frozenset({"gone"})))
    licence = SubjectKind("licence", cases_table("licence"), "reference")
    with pytest.raises(Invalid) as raised:
        workflows(permit, defined({**permit_table(), "key": "deed"}), kinds=[keeps, licence])
    told = {(p.sheet, p.code, p.field) for p in raised.value.problems}
    assert {
        ("permit.toml", "workflow.state_needed", "state"),
        ("deed.toml", "workflow.kind_unknown", "key"),
        ("licence.toml", "workflow.file_missing", ""),
    } <= told
    assert codes(raised.value.problems)
    assert "it has licence, permit." in str(raised.value)


def test_what_has_a_journal_are_cases_and_records() -> None:
    record = RecordKind("key", sa.select(sa.literal(1)))
    found = workflows(defined(permit_table()), records=[record])
    assert list(found.recorded) == ["permit", "key"]
    assert found.recorded["key"] is record


def test_workflow_of_an_older_file_is_remembered_once() -> None:
    permit, older = defined(permit_table()), defined({**permit_table(), "key": "older"})
    found = workflows(permit)
    assert found.current("permit").definition is permit
    assert found.machine(older.sha256) is None
    machine = found.remember(older)
    assert machine.definition is older
    assert found.remember(older) is found.machine(older.sha256) is machine


def test_state_is_called_as_the_file_of_today_calls_it() -> None:
    found = workflows(defined(permit_table()))
    assert found.state_title("permit", "draft") == {"en": "Draft", "zh": "草稿"}
    assert found.state_title("permit", "of old") == {"en": "of old", "zh": "of old"}


ROAD = {
    "new": ("new", "kept", "waits", "refused", "older", "done"),
    "kept": ("", "new", "refused"), "older": ("waits", "new"), "waits": ("refused", "done"),
    "refused": (), "done": ("new",), "lone": ("refused", "done", "kept"), "stuck": ("waits",),
    "rest": ("kept", "done"),
}  # fmt: skip


def road(**changes: Any) -> Definition:
    """A workflow of states in this order, with a step for each way, named `from_to`."""
    titles = {"en": "T", "zh": "T"}
    table = permit_table()
    table["state"] = [
        {"id": name, "title": titles, "final": name in ("refused", "done"),
         "pauses": name == "waits", "rests": name == "rest"}
        for name in ("older", "new", "lone", "kept", "waits", "stuck", "rest", "done", "refused")
    ]  # fmt: skip
    table["action"] = [
        {"id": f"{source}_{to}", "title": titles, "from": [source], "to": to, "roles": ["clerk"],
         **changes.get(f"{source}_{to}", {})}
        for source, targets in ROAD.items() for to in targets
    ]  # fmt: skip
    table["action"].append(
        {"id": "open", "title": titles, "opens": True, "to": "new", "roles": ["clerk"]}
    )
    table["action"] += [
        {"id": f"open_{name}", "title": titles, "opens": True, "to": name, "roles": ["clerk"]}
        for name in ("lone", "stuck", "rest")
    ]
    return defined(table)


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("new", "new_kept"),  # the nearest of the later states; not where it stays or waits
        ("kept", "kept_new"),  # nothing later to wait for: the first that leads elsewhere
        ("lone", "lone_kept"),  # the next state of all, however the file names the ways
        ("waits", "waits_done"),  # the first end
        ("older", "older_new"),
        ("stuck", None),  # to wait is nothing that anybody waits for
        ("rest", None),
        ("done", None),
        ("refused", None),
        ("gone", None),
    ],
)
def test_case_goes_on_to_the_nearest_state_that_people_wait_for(
    state: str, step: str | None
) -> None:
    found = workflows(road()).next_step("permit", state)
    assert (found.id if found else None) == step


def test_case_does_not_go_on_by_what_nobody_takes_by_hand() -> None:
    guard = only_with("list", "x", _("x"))
    assert isinstance(guard, OnlyWith)
    bent = road(new_kept={"roles": ["system"]}, new_done={"guards": ["listed"]})
    found = workflows(bent, guards={"listed": guard})
    following = {action.id for action in bent.actions if found.only_follows(action)}
    assert following == {"new_kept", "new_done"}
    step = found.next_step("permit", "new")
    assert step is not None
    assert step.id == "new_refused"  # the first that leads elsewhere, as the file has it


def test_where_nobody_takes_a_step_the_program_goes_on_to_the_nearest_state() -> None:
    guard = only_with("list", "x", _("x"))
    system = {"roles": ["system"]}
    bent = road(kept_new=system, kept_refused=system, new_kept={"guards": ["listed"]})
    found = workflows(bent, guards={"listed": guard})
    on = {state.id: found.onward(bent, state.id) for state in bent.states}
    assert {state: step.id for state, step in on.items() if step} == {
        "older": "older_new", "new": "new_done", "lone": "lone_kept", "kept": "kept_new",
        "waits": "waits_done",
    }  # fmt: skip
    assert found.leads_on(bent, "kept") is None


def test_line_goes_from_where_a_case_begins_to_its_end_and_round_no_circle() -> None:
    found = workflows(road())
    assert found.line(road()) == ["new", "kept"]  # from there it leads back
    assert found.line(road(), "older") == ["older", "new", "kept"]
    assert found.line(road(), "rest") == ["rest"]
    nobody_begins = replace(road(), actions=())
    assert found.line(nobody_begins) == ["older"]


def test_step_of_a_use_case_is_taken_with_its_fact_alone(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard: Guard = only_with("list", "note.own_command", _("Notes are listed."))
    monkeypatch.setitem(office.workflows.guards, "office_is_open", guard)
    case = office.begin()
    for facts in ({}, {"line": 1}):
        with pytest.raises(TransitionRefused) as raised:
            office.advance(case, "note", CLERK, fields={"opinion": "fine"}, facts=facts)
        assert codes(raised.value.problems) == ["note.own_command"]
    office.advance(case, "note", CLERK, fields={"opinion": "fine"}, facts={"list": 1})


def test_guard_that_the_program_keeps_holds_for_cases_of_an_older_file(tmp_path: Path) -> None:
    older = permit_table()
    next(each for each in older["action"] if each["id"] == "note")["guards"] = []
    office = Office(tmp_path / "office.db", defined(older))
    case = office.begin()
    office.workflows = office.works_by(defined(permit_table()))
    keeps = Kept(must={"note": Must(guards=("office_is_open",))})
    kind = SubjectKind("permit", office.permits, "reference", keeps)
    office.workflows.kinds["permit"] = kind
    office.closed = True
    with pytest.raises(TransitionRefused) as raised:
        office.advance(case, "note", CLERK, fields={"opinion": "bad"})
    assert codes(raised.value.problems) == ["office.closed"]
    office.database.dispose()
