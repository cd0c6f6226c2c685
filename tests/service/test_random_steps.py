"""Random steps with the program's own guards and effects: each is taken whole, or leaves every
table as it was."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import event, given, settings
from hypothesis import strategies as st

from relief.bootstrap import open_relief
from relief.engine.actors import SCHEDULER
from relief.engine.cases import Case, find_case, is_visible, load_case
from relief.engine.definitions.definition import Action, Definition
from relief.engine.steps.advance import advance, available
from relief.engine.steps.standing import available_of_many
from relief.kernel.errors import ReliefError
from relief.migrations.tables import METADATA
from relief.petitions.rules import SHIPPED
from tests.conftest import settings_for
from tests.matters import FIELDS, MEI, opened
from tests.office import CHEN, FANG, PING, Office

EXAMPLES = settings.default.max_examples // 4
JOURNAL = "journal_entry"
Dump = dict[str, list[tuple[Any, ...]]]
APPLICANT = "331021197101175709"
VISIT = {
    "visitors": "陈试、方试",
    "annual_household_income": "3000.00",
    "unavoidable_expense": "500",
    "persons": "2",
    "main_cause": "major_illness",
    "exclusion_criterion": "none",
}
# What may be typed for a field that the matters of the tests do not fill in.
TYPED = {
    "case_worker": "ping",
    "readers": "ping, chen",
    "colleague": "chen",
    "petitioner_name": "吴试乙",
    "id_number": MEI,
    "phone": "0576-87000000",
    "objection_phone": "0576-87000000",
    "limitation_ends_on": "2005-12-01",
}
BY_TYPE = {"date": "2005-06-15", "amount": "150.00", "number": "1", "whole": "3", "yes_no": "yes"}


@pytest.fixture(scope="module")
def ready(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office with one place, its rates and a minimum living line, made once."""
    folder = tmp_path_factory.mktemp("ready")
    shutil.copy(sqlite_template, folder / "relief.db")
    office = Office(open_relief(settings_for(folder)))
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04", places_max=1)
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.dibao_line("2005-01", 24_000)
    office.relief.database.dispose()
    return folder / "relief.db"


@contextmanager
def an_office(ready: Path) -> Iterator[Office]:
    """A fresh copy of it, in June."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(ready, Path(folder) / "relief.db")
        office = Office(open_relief(settings_for(Path(folder))))
        office.at("2005-06-15T09:00")
        yield office
        office.relief.database.dispose()


def dump(office: Office) -> Dump:
    """Every row of every table."""
    with office.relief.reading() as work:
        return {
            table.name: [tuple(row) for row in work.rows(sa.select(table).order_by(*table.c))]
            for table in METADATA.sorted_tables
        }


def begun(office: Office, kind: str) -> str:
    """A case, and for a petition another one that it may be merged with."""
    if kind != "household":
        opened(office, kind)
        return opened(office, kind)
    row = {"household_no": "H1", "applicant_name": "试甲", "applicant_id": APPLICANT}
    office.register([row])
    return "H1"


def filled_in(case: Case, action: Action, data: st.DataObject) -> dict[str, str]:
    """The fields that a step asks for, now and then with one left out or one that is not asked."""
    definition = case.machine.definition
    asked = [
        *action.fields,
        *filter(lambda _name: data.draw(st.booleans()), action.optional_fields),
    ]
    known = {**FIELDS.get(case.kind.key, {}).get(action.id, {}), **VISIT, **TYPED}
    fields = {name: known.get(name) or some(definition, name, data) for name in asked}
    if "merge_into" in fields:
        letter = SHIPPED[case.kind.key]
        fields["merge_into"] = data.draw(st.sampled_from([f"{letter}2005-0001", "X"]))
    mistake = data.draw(st.sampled_from(["", "", "", "", "", "missing", "unknown"]))
    if mistake == "missing" and fields:
        fields.pop(next(iter(fields)))
    return fields | ({"mood": "grey"} if mistake == "unknown" else {})


def some(definition: Definition, name: str, data: st.DataObject) -> str:
    field = definition.field_by_id[name]
    if field.options:
        return data.draw(st.sampled_from([option.id for option in field.options]))
    return BY_TYPE.get(field.type, "some words")


def entries_more(before: Dump, after: Dump) -> list[tuple[int, str]]:
    """The entries that came: the case and the action."""
    columns = [column.name for column in METADATA.tables[JOURNAL].c]
    assert set(before[JOURNAL]) <= set(after[JOURNAL])
    fresh = [dict(zip(columns, r, strict=True)) for r in after[JOURNAL] if r not in before[JOURNAL]]
    return [(entry["subject_id"], entry["action"]) for entry in fresh]


@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["household", *SHIPPED, "household"]))
def test_step_is_taken_whole_or_leaves_every_table_untouched(
    ready: Path, data: st.DataObject, kind: str
) -> None:
    with an_office(ready) as office:
        reference, day = begun(office, kind), dt.date(2005, 6, 15)
        stood = dump(office)
        for _turn in range(8):
            day += dt.timedelta(days=data.draw(st.sampled_from([1, 1, 9])))
            office.at(f"{day}T09:00")
            with office.relief.reading() as work:
                case = find_case(work, reference, CHEN)
            action = some_action(case, data)
            reasons = {"none": [""], "optional": ["", "because"], "required": ["because"]}
            how = {
                "fields": filled_in(case, action, data),
                "reason": data.draw(st.sampled_from(reasons[action.reason])),
            }
            actor = data.draw(st.sampled_from([CHEN, CHEN, PING, PING, FANG]))
            try:
                with office.relief.work() as work:
                    advance(work, kind, case.id, action.id, actor, **how)
                    work.commit()
            except ReliefError:
                assert dump(office) == stood
                continue
            before, stood = stood, dump(office)
            event(f"taken: {kind} {action.id}")
            check_entries(case, action, entries_more(before, stood))
        check_standing(office, case)


def check_standing(office: Office, case: Case) -> None:
    """What may be done with all cases at once is what may be done with each."""
    with office.relief.reading() as work:
        ids = [row[0] for row in work.rows(sa.select(case.kind.table.c.id).where(case.kind.mine))]
        for actor in (CHEN, PING, FANG, SCHEDULER):
            each = {
                subject_id: available(work, case.kind.key, subject_id, actor)
                for subject_id in ids
                if is_visible(work, load_case(work, case.kind.key, subject_id), actor)
            }
            assert available_of_many(work, case.kind.key, ids, actor) == each


def check_entries(case: Case, action: Action, fresh: list[tuple[int, str]]) -> None:
    """One entry of the case; in a merge one of the other case, too."""
    assert fresh[0] == (case.id, action.id)
    if action.id == "merge":
        ((other, name),) = fresh[1:]
        assert (name, other != case.id) == ("take_in", True)
    elif action.id == "approve":  # who returns while a hold stands is suspended again
        assert fresh[1:] in ([], [(case.id, "keep_suspended")])
    else:
        assert fresh[1:] == []


def some_action(case: Case, data: st.DataObject) -> Action:
    """Mostly one that starts here and leads on, not out."""
    definition = case.machine.definition
    anywhere = list(definition.actions)
    here = definition.actions_from(case.state) or anywhere
    onward = [a for a in here if a.to and not definition.state_by_id[a.to].final] or here
    return data.draw(st.sampled_from(data.draw(st.sampled_from([onward, onward, here, anywhere]))))
