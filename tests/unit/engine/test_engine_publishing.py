from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from little_office import APPROVER, CLERK, Office, codes, defined, permit_table

from relief.engine.journal.verification import verify_journal
from relief.engine.publishing import last_published, publish, publish_definition
from relief.engine.tables import WorkflowDefinition
from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, NotFound

PUBLISHED = table_of(WorkflowDefinition)


def published(office: Office) -> list[tuple[str, int, str]]:
    with office.work(writes=False) as work:
        rows = work.rows(sa.select(PUBLISHED).order_by(PUBLISHED.c.key, PUBLISHED.c.number))
        return [(row.key, row.number, row.sha256) for row in rows]


def bend_workflow(office: Office) -> None:
    """From now on a permit is submitted straight to approval."""
    table = permit_table()
    submit = next(part for part in table["action"] if part["id"] == "submit")
    submit["to"] = "approved"
    table["action"] += [{**submit, "id": "ask", "to": "submitted"}]
    office.workflows = office.works_by(defined(table))


def test_publish_numbers_what_is_new_and_only_that(office: Office) -> None:
    first = office.workflows.definitions["permit"].sha256
    with office.work() as work:
        assert publish(work, office.workflows) == ["permit"]
    with office.work() as work:
        assert publish(work, office.workflows) == []
    bend_workflow(office)
    with office.work() as work:
        assert publish(work, office.workflows) == ["permit"]
    second = office.workflows.definitions["permit"].sha256
    assert published(office) == [("permit", 1, first), ("permit", 2, second)]


def test_each_kind_is_numbered_by_itself_and_kept_with_its_instant(tmp_path: Path) -> None:
    licence = defined({**permit_table(), "key": "licence"})
    office = Office(tmp_path / "office.db", defined(permit_table()), licence)
    with office.work() as work:
        before = work.instant()
        assert publish(work, office.workflows) == ["permit", "licence"]
    permit = office.workflows.definitions["permit"]
    assert published(office) == [("licence", 1, licence.sha256), ("permit", 1, permit.sha256)]
    kept = {row["key"]: row for row in office.rows(PUBLISHED)}
    assert kept["licence"]["body"] == licence.body
    assert kept["licence"]["published_at"] >= before
    office.database.dispose()


def test_changed_workflows_are_told_by_key_and_number(tmp_path: Path) -> None:
    licence = defined({**permit_table(), "key": "licence"})
    office = Office(tmp_path / "office.db", defined(permit_table()), licence)
    for title in ("Second", "Third"):
        with office.work() as work:
            publish(work, office.workflows)
        bent = defined({**permit_table(), "title": {"en": title, "zh": "三"}})
        office.workflows = office.works_by(bent, licence)
    office.tamper(sa.update(PUBLISHED).values(body="{}"))
    with office.work(writes=False) as work:
        told = [str(fault.text).split(" was ")[0] for fault in verify_journal(work)]
    assert told == [
        f'Number {number} of the published workflow "{key}"'
        for key, number in (("licence", 1), ("permit", 1), ("permit", 2))
    ]
    office.database.dispose()


def test_a_case_follows_the_workflow_it_began_under_when_the_file_changes(office: Office) -> None:
    old = office.begin()
    bend_workflow(office)  # as after a restart: only the new file is in memory
    new = office.begin()
    assert office.advance(old, "submit", CLERK).to_state == "submitted"
    assert office.advance(new, "submit", CLERK).to_state == "approved"
    assert office.advance(old, "approve", APPROVER).to_state == "approved"
    assert [number for _key, number, _sha in published(office)] == [1, 2]


def test_a_step_is_refused_when_the_pinned_workflow_is_gone(office: Office) -> None:
    case = office.begin()
    address = office.workflows.definitions["permit"].sha256
    bend_workflow(office)
    office.tamper(sa.delete(PUBLISHED))
    with pytest.raises(NotFound, match=f"^The workflow {address[:12]} that") as raised:
        office.advance(case, "submit", CLERK)
    assert codes(raised.value.problems) == ["workflow.not_published"]


def test_a_step_is_refused_and_verify_tells_when_the_pinned_workflow_was_changed(
    office: Office,
) -> None:
    case = office.begin()
    bend_workflow(office)
    body = sa.func.replace(PUBLISHED.c.body, "approver", "auditor")
    office.tamper(sa.update(PUBLISHED).values(body=body))
    with office.work() as work:
        publish(work, office.workflows)
    address = published(office)[0][2]
    with pytest.raises(
        Conflict, match=f"^The workflow {address[:12]} that .* was changed"
    ) as raised:
        office.advance(case, "submit", CLERK)
    assert codes(raised.value.problems) == ["workflow.changed"]
    with office.work(writes=False) as work:
        found = verify_journal(work)
    assert codes(found) == ["workflow.changed"]
    assert str(found[0].text).startswith('Number 1 of the published workflow "permit" was changed')


def test_a_step_is_refused_when_the_program_lost_a_guard_of_the_pinned_workflow(
    office: Office,
) -> None:
    case = office.begin()
    table = permit_table()
    note = next(part for part in table["action"] if part["id"] == "note")
    note["guards"] = []
    office.workflows = office.works_by(defined(table), guards={})
    with pytest.raises(Conflict, match="no guard"):
        office.advance(case, "submit", CLERK)


def test_last_published_of_a_key_is_what_was_published_last(office: Office) -> None:
    with office.work() as work:
        assert last_published(work, "permit") is None
        publish(work, office.workflows)
    bend_workflow(office)
    with office.work() as work:
        publish(work, office.workflows)
        assert last_published(work, "permit") == office.workflows.definitions["permit"]
        assert last_published(work, "licence") is None


def test_what_another_process_published_meanwhile_is_not_published_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition = office.workflows.definitions["permit"]
    with office.work() as work:
        instant = work.instant

        def after_the_other() -> dt.datetime:
            monkeypatch.setattr(work, "instant", instant)
            assert publish_definition(work, definition)  # while this one waited for the lock
            return instant()

        monkeypatch.setattr(work, "instant", after_the_other)
        assert not publish_definition(work, definition)
    assert published(office) == [("permit", 1, definition.sha256)]
