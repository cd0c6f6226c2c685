"""Cases side by side, and one of them by what people call it: as somebody may see them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from little_office import (
    APPROVER,
    AUDITOR,
    CLERK,
    SCHEDULER,
    Actor,
    Office,
    defined,
    permit_table,
)
from plea import ZONE, at

from relief.engine.cases import find_case, load_case, public_name, visible_case
from relief.engine.kinds import SubjectKind
from relief.engine.listing import ListedCase, check_sought, list_cases, next_due_first
from relief.kernel.clock import RehearsalClock
from relief.kernel.errors import NotFound, ReliefError

EXPECTED_ON = dt.date(2005, 6, 22)  # 15 working days from the 1st


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """N-1 and N-2 are permits, N-2 was submitted; S-1 is a secret, which is for Ding alone. Here
    it is only read."""
    titles = {"en": "Secret", "zh": "秘密"}
    secret = {**permit_table(), "key": "secret", "title": titles}
    secret["state"] = [*secret["state"], {"id": "hushed", "title": titles, "final": True}]
    hush = {"id": "hush", "title": titles, "from": ["draft"], "to": "hushed", "roles": ["clerk"]}
    secret["action"] = [*secret["action"], hush]
    office = Office(
        tmp_path_factory.mktemp("listed") / "office.db", defined(permit_table()),
        defined(secret),
        visible={"secret": lambda _work, _row, actor: actor.username == "ding"},
    )  # fmt: skip
    office.clock = RehearsalClock(at("2005-06-01T09:00"), ZONE)
    office.begin()
    office.advance(office.begin(), "submit", CLERK)
    office.begin(kind="secret")
    office.tamper(office.tables["secret"].update().values(reference="S-1"))
    yield office
    office.database.dispose()


def listed(office: Office, actor: Actor | None, *kinds: str, state: str = "") -> list[ListedCase]:
    with office.work(writes=False) as work:
        return list(list_cases(work, actor, kinds, state))


def references(cases: list[ListedCase]) -> list[str]:
    return [case.reference for case in cases]


def test_list_has_the_cases_that_somebody_may_see_kind_by_kind(office: Office) -> None:
    assert references(listed(office, APPROVER)) == ["N-1", "N-2", "S-1"]
    assert references(listed(office, AUDITOR)) == ["N-1", "N-2"]
    with office.work(writes=False) as work:
        assert references(list(list_cases(work, None))) == ["N-1", "N-2"]


def test_list_has_the_kinds_and_the_state_that_were_asked_for(office: Office) -> None:
    assert references(listed(office, APPROVER, "secret")) == ["S-1"]
    assert references(listed(office, APPROVER, "permit", "secret")) == ["N-1", "N-2", "S-1"]
    assert references(listed(office, APPROVER, state="draft")) == ["N-1", "S-1"]


def test_list_goes_by_the_reference(tmp_path: Path) -> None:
    office = Office(tmp_path / "office.db", defined(permit_table()))
    office.begin()
    office.begin()
    office.tamper(office.permits.update().where(office.permits.c.id == 1).values(reference="N-3"))
    assert references(listed(office, AUDITOR)) == ["N-2", "N-3"]
    office.database.dispose()


def test_case_is_listed_with_its_plain_columns_and_its_deadline(office: Office) -> None:
    first, second = listed(office, AUDITOR)
    assert (first.kind, first.id, first.state, first.row["version"]) == ("permit", 1, "draft", 1)
    assert "journal_key" not in first.row
    assert first.deadline is not None
    assert (first.deadline.due_on, first.deadline.provisional) == (EXPECTED_ON, False)
    assert (second.state, second.deadline) == ("submitted", None)


def test_case_is_overdue_from_the_instant_at_which_it_was_due(office: Office) -> None:
    first, second = listed(office, AUDITOR)
    due_at = at("2005-06-23T00:00")
    assert first.is_overdue(due_at)
    assert not first.is_overdue(due_at - dt.timedelta(microseconds=1))
    assert not second.is_overdue(due_at)
    assert (first.days_left(dt.date(2005, 6, 20)), first.days_left(dt.date(2005, 6, 23))) == (2, -1)
    assert second.days_left(dt.date(2005, 6, 20)) is None


def test_next_due_come_first_and_those_without_a_day_last(office: Office) -> None:
    later, without, secret = listed(office, APPROVER)
    assert [next_due_first(case) for case in (later, without, secret)] == [
        (False, EXPECTED_ON), (True, dt.date.max), (False, EXPECTED_ON),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "state", "told"),
    [
        ("", "", None),
        ("permit", "", None),
        ("", "draft", None),
        ("secret", "hushed", None),
        ("", "hushed", None),
        ("permit", "hushed", ("case.no_such_state", "state", "there are approved, done, draft")),
        ("licence", "", ("case.kind_unknown", "kind", "there are permit, secret.")),
        ("", "gone", ("case.no_such_state", "state", "there are approved, done, draft, hushed")),
        ("permit", "gone", ("case.no_such_state", "state", "approved, done, draft, submitted")),
    ],
)
def test_kind_or_state_that_there_is_not_is_refused(
    office: Office, kind: str, state: str, told: tuple[str, str, str] | None
) -> None:
    with office.work(writes=False) as work:
        if told is None:
            check_sought(work, kind, state)
            return
        with pytest.raises(ReliefError) as raised:
            check_sought(work, kind, state)
    (problem,) = raised.value.problems
    assert (problem.code, problem.field) == told[:2]
    assert told[2] in str(problem.text)


def found(office: Office, reference: str, actor: Actor | None) -> tuple[str, int] | None:
    with office.work(writes=False) as work:
        try:
            case = find_case(work, reference, actor)
        except NotFound as refused:
            (problem,) = refused.problems
            assert (problem.code, problem.field) == ("case.no_reference", "reference")
            return None
        return case.kind.key, case.id


def test_case_is_found_by_its_reference_by_whoever_may_see_it(office: Office) -> None:
    assert found(office, " N-2 ", None) == ("permit", 2)
    assert found(office, "S-1", APPROVER) == ("secret", 1)
    for reference, actor in (("S-1", AUDITOR), ("S-1", None), ("N-9", APPROVER), ("N\0", CLERK)):
        assert found(office, reference, actor) is None


def test_case_that_is_also_called_so_comes_after_the_one_whose_reference_it_is(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def also(_work: Any, name: str) -> int | None:
        return {"N-1": 2, "old 7": 2}.get(name)

    called = SubjectKind("permit", office.permits, "reference", also_named=also)
    monkeypatch.setitem(office.workflows.kinds, "permit", called)
    assert found(office, "old 7", None) == ("permit", 2)
    assert found(office, "N-1", None) == ("permit", 1)
    assert found(office, "old 8", None) is None


def test_only_the_beginning_of_what_nothing_is_called_is_told_back(office: Office) -> None:
    with office.work(writes=False) as work, pytest.raises(NotFound) as raised:
        find_case(work, "y" * 50, None)
    assert f'"{"y" * 40}".' in str(raised.value)


def test_case_that_is_not_for_somebody_does_not_exist(office: Office) -> None:
    with office.work(writes=False) as work:
        for actor in (APPROVER, SCHEDULER):
            assert visible_case(work, "secret", 1, actor).reference == "S-1"
        for kind, number in (("secret", 1), ("permit", 9)):
            with pytest.raises(NotFound) as raised:
                visible_case(work, kind, number, AUDITOR)
            assert [(p.code, p.field) for p in raised.value.problems] == [("case.unknown", "")]


def test_restricted_case_is_called_by_what_it_is(office: Office) -> None:
    with office.work(writes=False) as work:
        assert public_name(work, "permit", 1) == "N-1"
        assert public_name(work, "secret", 1) == {"en": "Secret", "zh": "秘密"}


def test_case_tells_by_which_steps_it_goes_on(office: Office) -> None:
    with office.work(writes=False) as work:
        case = load_case(work, "permit", 1)
    assert (case.leads_on_by("submit"), case.leads_on_by("approve")) == (True, False)
