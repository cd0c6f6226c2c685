"""The journal as it is handed out, and as it is leafed through: of what is restricted no more than
that it is there."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from little_office import (
    APPROVER,
    AUDITOR,
    CLERK,
    Actor,
    Office,
    cases_table,
    defined,
    permit_table,
)
from plea import ZONE, at

from relief.engine.cases import load_case
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.inspection import handed_out_entries, handed_out_lines, journal_size
from relief.engine.journal.leafing import PAGE_SIZE, ListedEntry, journal_page
from relief.engine.journal.records import Recording, write_down
from relief.engine.journal.seals import seal_day
from relief.engine.journal.verification import verify_journal
from relief.engine.kinds import RecordKind, SubjectKind
from relief.engine.work import Work
from relief.kernel.clock import RehearsalClock
from relief.kernel.errors import NotAllowed

pytestmark = pytest.mark.usefixtures("_machine_abroad")

ADMIN = Actor("an", frozenset({"admin"}))
DEPUTY = Actor("bao", frozenset({"clerk"}), on_behalf_of="mei")
HIDDEN = ("number", "action", "from_state", "to_state", "actor", "on_behalf_of")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Three entries about two permits, one about a secret, which is for An alone, one about a key,
    which is no case, and one about a thing that the program does not know any more. Here they are
    only read."""
    keys = cases_table("keys")
    office = Office(
        tmp_path_factory.mktemp("inspected") / "office.db", defined(permit_table()),
        defined({**permit_table(), "key": "secret"}),
        visible={"secret": lambda _work, _row, actor: actor.username == "an"},
        records=[RecordKind("key", SubjectKind("key", keys, "reference").heads)],
    )  # fmt: skip
    keys.metadata.create_all(office.database.engine)
    office.clock = RehearsalClock(at("2005-06-01T09:00"), ZONE)
    office.begin()
    office.begin()
    office.begin(kind="secret")
    office.advance(1, "submit", DEPUTY, facts={"证": "甲"})
    with office.work() as work:
        plain = {"state": "", "version": 1, "definition_sha256": "", "journal_key": b""}
        for kind, number in (("key", 5), ("lost", 6)):
            told = Recording(kind, 5, 1, "hand_over", "", "", "", {"line": number})
            head = write_down(work, CLERK, told, work.instant())
            if kind == "key":
                row = {"id": 5, "reference": "K-5", "journal_head": head, **plain}
                work.connection.execute(sa.insert(keys), row)
    yield office
    office.database.dispose()


def handed_out(office: Office, actor: Actor) -> list[dict[str, Any]]:
    with office.work(writes=False) as work:
        return list(handed_out_entries(work, actor))


def test_journal_is_handed_out_in_the_order_of_record_with_what_is_public(office: Office) -> None:
    entries = handed_out(office, AUDITOR)
    assert [(e["id"], e["subject_kind"], e["reference"], e["number"]) for e in entries] == [
        (1, "permit", "N-1", 1), (2, "permit", "N-2", 1), (3, "secret", None, None),
        (4, "permit", "N-1", 2), (5, "key", "K-5", 1), (6, "lost", None, 1),
    ]  # fmt: skip
    (row,) = [row for row in office.rows(JOURNAL) if row["id"] == 4]
    utc = row["at"].astimezone(dt.UTC).isoformat()
    told = {name: row[name] for name in row if name not in ("sealed", "subject_id")}
    assert entries[3] == {**told, "reference": "N-1", "facts": {"证": "甲"}, "at": utc}
    assert entries[3]["at"].endswith("+00:00")
    assert (entries[3]["actor"], entries[3]["on_behalf_of"]) == ("bao", "mei")
    assert (entries[4]["facts"], entries[4]["definition_sha256"]) == ({"line": 5}, "")


def test_entry_of_a_restricted_case_tells_that_it_is_there_and_no_more(office: Office) -> None:
    hidden = handed_out(office, AUDITOR)[2]
    (row,) = [row for row in office.rows(JOURNAL) if row["id"] == 3]
    assert {name: value for name, value in hidden.items() if value is not None} == {
        name: row[name] for name in ("id", "subject_kind", "previous_hash", "hash")
    }
    assert hidden.keys() == handed_out(office, ADMIN)[2].keys()
    assert handed_out(office, ADMIN)[2]["reference"] == "N-1"


def test_line_of_the_journal_is_json_that_people_can_read(office: Office) -> None:
    with office.work(writes=False) as work:
        lines = list(handed_out_lines(work, AUDITOR))
    assert [json.loads(line) for line in lines] == handed_out(office, AUDITOR)
    assert '{"证": "甲"}'.encode() in lines[3]
    assert lines[3].startswith(b'{"action": "submit", "actor": "bao", "at": "2005-06-01T01:')
    assert [line.count(b"\n") for line in lines] == [1] * 6
    assert all(line.endswith(b"}\n") for line in lines)


def test_journal_is_for_auditors_and_administrators_alone(office: Office) -> None:
    with office.work(writes=False) as work:
        for ask in (handed_out_entries, handed_out_lines, journal_page):
            for actor in (CLERK, APPROVER):
                with pytest.raises(NotAllowed) as raised:
                    ask(work, actor)
                assert [(p.code, p.field) for p in raised.value.problems] == [
                    ("audit.role", "actor")
                ]


def test_size_counts_entries_and_seals(office: Office) -> None:
    with office.database.transaction(writes=True) as connection:  # rolled back in the end
        work = Work(connection, office.clock, office.cipher, office.workflows)
        assert journal_size(work) == (6, 0)
        seal_day(work, dt.date(2005, 6, 1))
        assert journal_size(work) == (6, 1)


def pages(office: Office, actor: Actor, size: int = PAGE_SIZE) -> list[list[ListedEntry]]:
    """Every page, to the last."""
    found, after = [], ""
    with office.work(writes=False) as work:
        while not found or after:
            page, after = journal_page(work, actor, after=after, size=size)
            found.append(page)
    return found


@pytest.mark.parametrize(
    ("size", "ids"),
    [(6, [[6, 5, 4, 3, 2, 1]]), (4, [[6, 5, 4, 3], [2, 1]]), (2, [[6, 5], [4, 3], [2, 1]])],
)
def test_pages_follow_one_another_the_latest_entry_first(
    office: Office, size: int, ids: list[list[int]]
) -> None:
    assert [[e.id for e in page] for page in pages(office, AUDITOR, size)] == ids


def test_page_holds_twenty_five_entries_where_nothing_else_is_asked(office: Office) -> None:
    with office.database.transaction(writes=True) as connection:  # rolled back in the end
        work = Work(connection, office.clock, office.cipher, office.workflows)
        for number in range(20):
            told = Recording("key", 9, number + 1, "hand_over", "", "", "", {})
            write_down(work, CLERK, told, work.instant())
        first = journal_page(work, AUDITOR)
        rest = journal_page(work, AUDITOR, after=first.after)
    assert (len(first.entries), len(rest.entries), rest.after) == (25, 1, "")


def test_list_tells_of_each_entry_what_this_reader_may_see(office: Office) -> None:
    (listed,) = pages(office, AUDITOR)
    rows = {row["id"]: row for row in office.rows(JOURNAL)}
    assert [e.reference for e in listed] == [None, "K-5", "N-1", None, "N-2", "N-1"]
    public = (*HIDDEN, "at", "hash", "id")
    assert {name: getattr(listed[2], name) for name in public} == {
        name: rows[4][name] for name in public
    }
    assert listed[3] == ListedEntry(3, "secret", rows[3]["hash"])
    assert pages(office, ADMIN)[0][3].reference == "N-1"


def test_list_of_one_case_has_its_entries_alone(office: Office) -> None:
    with office.work(writes=False) as work:
        of_permit = journal_page(work, ADMIN, of=load_case(work, "permit", 1))
        of_secret = journal_page(work, ADMIN, of=load_case(work, "secret", 1))
    assert ([e.id for e in of_permit.entries], of_permit.after) == ([4, 1], "")
    assert [e.id for e in of_secret.entries] == [3]


def test_what_no_workflow_drives_is_verified_as_cases_are(office: Office) -> None:
    with office.work(writes=False) as work:
        found = [(fault.code, str(fault.text)) for fault in verify_journal(work)]
    assert found == [
        ("journal.kind_unknown", 'The journal has entries of a kind that is not known: "lost".')
    ]
