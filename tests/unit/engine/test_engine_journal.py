from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from little_office import APPROVER, CLERK, Office, defined, permit_table

from relief.engine.journal.chain import JOURNAL, hash_of
from relief.engine.journal.history import history
from relief.engine.journal.seals import SEALS, mark_seals, seal_day
from relief.engine.journal.verification import verify_journal
from relief.kernel.crypto import sealed_key_check
from relief.kernel.errors import Conflict, Invalid, NotFound
from relief.kernel.unit_of_work import DEPLOYMENT

DAY = dt.date(2005, 6, 15)


@pytest.fixture
def walked(office: Office) -> Office:
    """N-1: prepare, submit, return, submit (entries 1, 3, 4, 5); N-2: prepare (entry 2)."""
    first = office.begin()
    office.begin()
    office.advance(first, "submit", CLERK)
    office.advance(first, "return", APPROVER, reason="look again")
    office.advance(first, "submit", CLERK)
    assert findings(office) == []
    return office


def findings(office: Office) -> list[str]:
    with office.work(writes=False) as work:
        return [f"{problem.code}: {problem.text}" for problem in verify_journal(work)]


def seal(office: Office, day: dt.date = DAY) -> Any:
    with office.work() as work:
        return seal_day(work, day)


def entry(number: int) -> sa.ColumnElement[bool]:
    return sa.and_(JOURNAL.c.subject_id == 1, JOURNAL.c.number == number)


def test_history_opens_every_entry(walked: Office) -> None:
    with walked.work(writes=False) as work:
        entries = history(work, "permit", 1)
    assert [(e.number, e.action) for e in entries] == [
        (1, "prepare"), (2, "submit"), (3, "return"), (4, "submit"),
    ]  # fmt: skip
    assert entries[2].reason == "look again"
    assert all(e.readable for e in entries)


def test_history_is_refused_when_there_is_no_such_case(walked: Office) -> None:
    with walked.work(writes=False) as work, pytest.raises(NotFound, match="no such case"):
        history(work, "permit", 99)


def test_the_words_of_a_step_are_not_readable_in_the_database(walked: Office) -> None:
    (sealed,) = [row["sealed"] for row in walked.rows(JOURNAL) if row["sealed"]]
    assert b"look again" not in sealed
    assert "look again" not in str([{**row, "sealed": ""} for row in walked.rows(JOURNAL)])


def test_sealed_words_do_not_open_when_moved_to_another_entry(walked: Office) -> None:
    (sealed,) = [row["sealed"] for row in walked.rows(JOURNAL) if row["sealed"]]
    walked.tamper(sa.update(JOURNAL).where(entry(4)).values(sealed=sealed))
    with walked.work(writes=False) as work, pytest.raises(Invalid):
        history(work, "permit", 1)


def test_history_leaves_out_the_words_when_the_key_was_shredded(walked: Office) -> None:
    walked.tamper(sa.update(walked.permits).values(journal_key=b""))
    with walked.work(writes=False) as work:
        entries = history(work, "permit", 1)
    assert [e.readable for e in entries] == [True, True, False, True]
    assert (entries[2].action, entries[2].reason) == ("return", "")
    assert [found.split(":")[0] for found in findings(walked)] == ["journal.unreadable"]


def test_steps_without_words_go_on_when_the_key_was_shredded(walked: Office) -> None:
    walked.tamper(sa.update(walked.permits).values(journal_key=b""))
    with pytest.raises(Conflict, match="erased for good") as raised:
        walked.advance(1, "return", APPROVER, reason="once more")
    assert [fault.code for fault in raised.value.problems] == ["case.shredded"]
    walked.advance(1, "approve", APPROVER)
    assert [found.split(":")[0] for found in findings(walked)] == ["journal.unreadable"]


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "qian"}, {"action": "approve"}, {"to_state": "done"}, {"from_state": "done"},
        {"facts": '{"lines":4}'}, {"sealed": b"x"}, {"sealed": None}, {"on_behalf_of": "lu"},
        {"at": dt.datetime(2005, 1, 1, tzinfo=dt.UTC)}, {"definition_sha256": "0" * 64},
        {"previous_hash": "0" * 64}, {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_verify_names_the_entry_when_a_column_was_changed(
    walked: Office, change: dict[str, Any]
) -> None:
    walked.tamper(sa.update(JOURNAL).where(entry(3)).values(**change))
    assert findings(walked)[0] == (
        "journal.entry_changed: Entry 3 of N-1 (id 4) was changed after it was written."
    )


def test_verify_names_both_entries_when_one_was_changed_with_its_hash(walked: Office) -> None:
    row = next(r for r in walked.rows(JOURNAL) if r["id"] == 4)
    forged = hash_of({**row, "actor": "qian"})
    walked.tamper(sa.update(JOURNAL).where(entry(3)).values(actor="qian", hash=forged))
    (found,) = findings(walked)
    assert found.startswith("journal.entry_replaced: Entry 4 of N-1 (id 5) does not follow")


def test_verify_names_the_last_entry_when_it_was_changed_with_its_hash(walked: Office) -> None:
    row = next(r for r in walked.rows(JOURNAL) if r["id"] == 5)
    forged = hash_of({**row, "actor": "qian"})
    walked.tamper(sa.update(JOURNAL).where(entry(4)).values(actor="qian", hash=forged))
    (found,) = findings(walked)
    assert found.startswith("journal.head_differs: N-1 remembers another last entry than entry 4")


def test_verify_names_the_first_entry_when_it_says_that_it_follows_another(walked: Office) -> None:
    row = next(r for r in walked.rows(JOURNAL) if r["id"] == 2)
    forged = {"previous_hash": row["hash"], "hash": hash_of({**row, "previous_hash": row["hash"]})}
    walked.tamper(sa.update(JOURNAL).where(JOURNAL.c.id == 2).values(**forged))
    walked.tamper(
        sa.update(walked.permits)
        .where(walked.permits.c.id == 2)
        .values(journal_head=forged["hash"])
    )
    (found,) = findings(walked)
    assert found.startswith("journal.entry_replaced: Entry 1 of N-2 (id 2) does not follow")


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_verify_names_the_entry_when_it_was_removed(walked: Office, number: int) -> None:
    walked.tamper(sa.delete(JOURNAL).where(entry(number)))
    assert findings(walked) == [
        f"journal.entry_missing: Entry {number} of N-1 is missing: it was removed."
    ]


def test_verify_names_every_entry_when_all_of_a_case_were_removed(walked: Office) -> None:
    walked.tamper(sa.delete(JOURNAL).where(JOURNAL.c.subject_id == 1))
    assert [found.split(": ")[1] for found in findings(walked)] == [
        f"Entry {number} of N-1 is missing" for number in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize("version", [1, 0])
def test_verify_names_the_one_entry_that_every_case_has(walked: Office, version: int) -> None:
    walked.tamper(sa.delete(JOURNAL).where(JOURNAL.c.subject_id == 2))
    walked.tamper(sa.update(walked.permits).where(walked.permits.c.id == 2).values(version=version))
    assert [found.split(": ")[1] for found in findings(walked)] == ["Entry 1 of N-2 is missing"]


def test_verify_names_a_hundred_of_a_long_gap_and_no_more(walked: Office) -> None:
    walked.tamper(sa.update(walked.permits).where(walked.permits.c.id == 1).values(version=1_000))
    assert [found.split(": ")[1] for found in findings(walked)] == [
        f"Entry {number} of N-1 is missing" for number in range(5, 105)
    ]


def test_verify_names_both_entries_when_their_numbers_were_swapped(walked: Office) -> None:
    for old, new in ((2, 99), (3, 2), (99, 3)):
        walked.tamper(sa.update(JOURNAL).where(entry(old)).values(number=new))
    assert [found.split(" was ")[0] for found in findings(walked)] == [
        "journal.entry_changed: Entry 2 of N-1 (id 4)",
        "journal.entry_changed: Entry 3 of N-1 (id 3)",
    ]


def test_verify_names_the_entry_when_whole_entries_were_swapped(walked: Office) -> None:
    for old, new in ((3, 99), (4, 3), (99, 4)):
        walked.tamper(sa.update(JOURNAL).where(JOURNAL.c.id == old).values(id=new))
    (found,) = findings(walked)
    assert found.startswith("journal.entry_swapped: Entry 3 of N-1 (id 3)")


def test_verify_names_the_case_when_its_row_was_removed(walked: Office) -> None:
    walked.tamper(sa.delete(walked.permits).where(walked.permits.c.id == 1))
    (found,) = findings(walked)
    assert found.startswith("journal.case_missing: The case permit 1 was removed")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": "done"}, "journal.state_differs"),
        ({"journal_head": "0" * 64}, "journal.head_differs"),
        ({"version": 3}, "journal.version_differs"),
        ({"version": 5}, "journal.entry_missing"),
        ({"definition_sha256": "0" * 64}, "journal.workflow_differs"),
    ],
)
def test_verify_names_the_case_when_its_row_was_changed(
    walked: Office, change: dict[str, Any], code: str
) -> None:
    walked.tamper(sa.update(walked.permits).where(walked.permits.c.id == 1).values(**change))
    (found,) = findings(walked)
    assert found.startswith(f"{code}: ")
    assert "N-1" in found


def test_verify_names_a_kind_that_is_not_known(walked: Office) -> None:
    walked.tamper(sa.update(JOURNAL).where(JOURNAL.c.id == 2).values(subject_kind="licence"))
    assert any('not known: "licence"' in found for found in findings(walked))


def test_a_day_is_sealed_once(walked: Office) -> None:
    first = seal(walked)
    walked.advance(1, "approve", APPROVER)
    assert seal(walked) == first
    assert (first.entry_count, first.last_entry_id, first.previous_hash) == (5, 5, "")
    assert len(walked.rows(SEALS)) == 1


def test_an_empty_journal_can_be_sealed(office: Office) -> None:
    assert seal(office).entry_count == 0
    assert findings(office) == []


def test_seals_hold_when_the_journal_goes_on(walked: Office) -> None:
    first = seal(walked)
    walked.advance(1, "approve", APPROVER)
    second = seal(walked, DAY + dt.timedelta(days=1))
    walked.begin()
    assert (second.entry_count, second.previous_hash) == (6, first.hash)
    assert findings(walked) == []


def cut_tail(office: Office) -> None:
    """Remove the last entry of N-1 with everything on the case that remembers it."""
    third = next(r for r in office.rows(JOURNAL) if r["id"] == 4)
    office.tamper(sa.delete(JOURNAL).where(entry(4)))
    office.tamper(
        sa.update(office.permits)
        .where(office.permits.c.id == 1)
        .values(version=3, journal_head=third["hash"], state=third["to_state"])
    )


def test_a_seal_tells_when_a_tail_was_cut_off_with_its_traces(walked: Office) -> None:
    seal(walked)
    cut_tail(walked)
    (found,) = findings(walked)
    assert found.startswith("journal.count_differs: The seal of 2005-06-15 covers 5")


def test_a_seal_tells_when_a_cut_tail_was_made_up_for(walked: Office) -> None:
    seal(walked)
    cut_tail(walked)
    walked.advance(1, "submit", CLERK)  # takes the free id on SQLite
    (found,) = findings(walked)
    assert found == "journal.seal_broken: The journal differs from what was sealed on 2005-06-15."


def test_a_seal_tells_when_a_case_was_removed_with_its_journal(walked: Office) -> None:
    seal(walked)
    walked.tamper(sa.delete(JOURNAL).where(JOURNAL.c.subject_id == 2))
    walked.tamper(sa.delete(walked.permits).where(walked.permits.c.id == 2))
    (found,) = findings(walked)
    assert found.startswith("journal.count_differs")


@pytest.mark.parametrize("column", ["entry_count", "heads_hash", "last_entry_id", "hash"])
def test_verify_names_the_seal_when_it_was_changed(walked: Office, column: str) -> None:
    seal(walked)
    value: object = 4 if column in ("entry_count", "last_entry_id") else "0" * 64
    walked.tamper(sa.update(SEALS).values({column: value}))
    assert findings(walked)[0].startswith("journal.seal_changed: The seal of 2005-06-15")


def test_verify_names_the_seal_when_the_one_before_was_removed(walked: Office) -> None:
    seal(walked)
    seal(walked, DAY + dt.timedelta(days=1))
    walked.tamper(sa.delete(SEALS).where(SEALS.c.sealed_on == DAY))
    (found,) = findings(walked)
    assert (
        found == "journal.seal_missing: The seal before that of 2005-06-16 was removed or replaced."
    )


def test_cases_of_two_kinds_do_not_mix(tmp_path: Path) -> None:
    licence = defined({**permit_table(), "key": "licence"})
    office = Office(tmp_path / "two.db", defined(permit_table()), licence)
    assert office.begin() == office.begin(kind="licence")
    office.advance(1, "submit", CLERK, kind="licence")
    with office.work(writes=False) as work:
        assert [e.action for e in history(work, "permit", 1)] == ["prepare"]
        assert [e.action for e in history(work, "licence", 1)] == ["prepare", "submit"]
    seal(office)
    assert findings(office) == []
    office.database.dispose()


@pytest.fixture
def marked(walked: Office) -> Office:
    """Two sealed days of an office that marks its seals."""
    walked.tamper(sa.update(DEPLOYMENT).values(key_check=sealed_key_check(walked.cipher)))
    with walked.work() as work:
        mark_seals(work)
    seal(walked, DAY)
    walked.advance(1, "approve", APPROVER)
    seal(walked, DAY + dt.timedelta(days=1))
    assert findings(walked) == []
    return walked


UNMARKED = [
    "journal.seals_unmarked: The daily seals do not bear the office's mark: the last were removed, "
    "or all were made anew by hand."
]


def test_seals_that_were_made_anew_without_the_keys_are_named(marked: Office) -> None:
    """Another's name in a step, with every hash that follows from it."""
    (last,) = [row for row in marked.rows(JOURNAL) if row["action"] == "approve"]
    head = hash_of({**last, "actor": "qian"})
    marked.tamper(
        sa.update(JOURNAL).where(JOURNAL.c.id == last["id"]).values(actor="qian", hash=head)
    )
    marked.tamper(
        sa.update(marked.permits).where(marked.permits.c.id == 1).values(journal_head=head)
    )
    (mark,) = [row["seals_mark"] for row in marked.rows(DEPLOYMENT)]
    first, second = marked.rows(SEALS)
    marked.tamper(sa.delete(SEALS))
    with marked.work() as work:  # as the public functions give them
        seal_day(work, first["sealed_on"])
        seal_day(work, second["sealed_on"])
    marked.tamper(sa.update(DEPLOYMENT).values(seals_mark=mark))
    assert findings(marked) == UNMARKED
    seal(marked, DAY + dt.timedelta(days=2))  # the next night marks nothing
    assert findings(marked) == UNMARKED
    marked.tamper(sa.update(DEPLOYMENT).values(seals_mark=""))
    assert findings(marked) == UNMARKED


@pytest.mark.parametrize("kept", [0, 1])
def test_removed_last_seals_are_named(marked: Office, kept: int) -> None:
    marked.tamper(sa.delete(SEALS).where(SEALS.c.id > kept))
    assert findings(marked) == UNMARKED
    seal(marked, DAY + dt.timedelta(days=1))
    assert findings(marked) == UNMARKED
