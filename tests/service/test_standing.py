"""What may be done with many cases, asked with as many statements as of a few."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance, available
from relief.engine.steps.standing import available_of_many
from relief.engine.work import Work
from relief.kernel.crypto import FieldCipher
from relief.kernel.errors import NotFound, TransitionRefused
from relief.kernel.looking import know, looking
from relief.petitions.seeing import readers_of
from tests.matters import FIELDS, do, opened, walk
from tests.office import CHEN, PING, WEN, Office

LIVES = 5


@contextmanager
def counted(work: Work) -> Iterator[list[str]]:
    """The statements that are executed in here."""
    said: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said.append(statement)

    listen = (work.connection.engine, "before_cursor_execute", note)
    sa.event.listen(*listen)
    try:
        yield said
    finally:
        sa.event.remove(*listen)


def words_opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From here on, whose sealed words of the journal are read: kind, case, number of the entry."""
    opened_ones: list[str] = []
    really = FieldCipher.open

    def note(cipher: FieldCipher, sealed: bytes, context: str) -> str:
        if context.startswith("journal_entry."):
            opened_ones.append(context)
        return really(cipher, sealed, context)

    monkeypatch.setattr(FieldCipher, "open", note)
    return opened_ones


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def five_lives(office: Office) -> list[str]:
    """A case at each of five turns: received, handled, restricted, merged, stepped aside from."""
    received, handled, restricted, merged, left = (opened(office) for _life in range(LIVES))
    walk(office, handled, "accept", "handle")
    do(office, restricted, "accept", CHEN, {"matter_class": "accusation"})
    do(office, merged, "merge", CHEN, {"merge_into": received})
    do(office, left, "recuse", CHEN, reason="亲属")
    return [received, handled, restricted, merged, left]


def ids_of(work: Work, references: list[str]) -> list[int]:
    return [find_case(work, reference, CHEN).id for reference in references]


def test_statements_are_as_many_for_a_page_as_for_a_few(june: Office) -> None:
    references = [reference for _turn in range(5) for reference in five_lives(june)]
    with june.relief.reading() as work:
        ids = ids_of(work, references)
        available_of_many(work, "petition", ids, CHEN)  # the definitions are in memory now
        for actor in (CHEN, PING):
            said = []
            for many in (ids[:LIVES], ids):
                with counted(work) as statements:
                    found = available_of_many(work, "petition", many, actor)
                assert found.keys() <= set(many)
                said.append(len(statements))
            assert said[0] == said[1] <= 10


def test_decisions_of_a_page_are_read_at_once(june: Office) -> None:
    references = [opened(june, "relief") for _case in range(4)]
    for at, reference in enumerate(references):
        walk(june, reference, "accept")
        no = {"decision": "refused", "opinion": "不符合条件"} if at % 2 else None
        do(june, reference, "handle", PING, no or FIELDS["relief"]["handle"], reason="核实")
    with june.relief.reading() as work:
        ids, said = ids_of(work, references), []
        for many in (ids[:2], ids, ids[:1], ids[1:2]):
            with counted(work) as statements:
                found = available_of_many(work, "relief", many, CHEN)
            said.append(len(statements))
            assert found == {each: available(work, "relief", each, CHEN) for each in many}
    assert said[0] == said[1] == said[2] == said[3]
    open_steps = [{c.action.id for c in each if c.allowed} for each in found.values()]
    assert "feedback" in open_steps[0]
    assert "implement" not in open_steps[0]


def test_page_says_of_each_case_what_its_own_page_says(june: Office) -> None:
    references = five_lives(june)
    with june.relief.reading() as work:
        ids = ids_of(work, references)
        for actor in (CHEN, PING, WEN, Actor("ping", frozenset({"approver"}), "chen")):
            found = available_of_many(work, "petition", [*ids, 999], actor)
            hidden = set(ids) - found.keys()
            assert found == {each: available(work, "petition", each, actor) for each in found}
            assert list(found) == [each for each in ids if each in found]
            for each in hidden:
                with pytest.raises(NotFound):
                    available(work, "petition", each, actor)
        assert len(hidden) == 1  # ping is not named, as whose deputy ever


def test_restricted_case_that_others_were_merged_into_is_for_its_readers(june: Office) -> None:
    other, into, last = (opened(june, restricted=True) for _case in range(3))
    do(june, other, "merge", CHEN, {"merge_into": into})
    do(june, into, "merge", CHEN, {"merge_into": last})
    with june.relief.reading() as work:
        ids = ids_of(work, [other, into, last])
        assert available_of_many(work, "petition", ids, PING) == {}
        assert list(available_of_many(work, "petition", ids, CHEN)) == ids
    do(june, last, "name_readers", CHEN, {"readers": "ping"})
    with june.relief.reading() as work:
        assert list(available_of_many(work, "petition", ids, PING)) == ids
    do(june, last, "recuse", CHEN, reason="亲属")
    with june.relief.reading() as work:
        assert available_of_many(work, "petition", ids, CHEN) == {}


def test_words_of_one_step_are_read_alone(june: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard that holds one step against another opens the words of that one, of however many."""
    read = words_opened(monkeypatch)
    case = opened(june, "relief")
    walk(june, case, "accept")
    for number in range(8):
        do(june, case, "note", CHEN, {"note": f"第{number}次"})
    granted = {
        "decision": "granted",
        "opinion": "多给",
        "granted_amount": "9000",
        "fund_source": "union",
    }
    with june.relief.work() as work:
        case_id = find_case(work, case, PING).id
        read.clear()
        advance(work, "relief", case_id, "handle", PING, fields=granted, reason="情况特殊")
        assert read == []
    more = granted | {"granted_amount": "2000.01"}
    with june.relief.work() as work:
        with pytest.raises(TransitionRefused, match=r"more than the 2,000\.00"):
            advance(work, "relief", case_id, "handle", PING, fields=more)
        assert read == [f"journal_entry.sealed:relief:{case_id}:2"]  # those of its acceptance


def test_nothing_is_written_while_it_is_only_looked(sqlite_office: Office) -> None:
    with sqlite_office.relief.work() as work, looking(work), pytest.raises(AssertionError):
        work.instant()


def test_answers_are_known_only_while_it_is_looked(sqlite_office: Office) -> None:
    with sqlite_office.relief.reading() as work:
        with looking(work):
            know(work, readers_of, ["chen"], 7)
            with looking(work):  # within another it is the same looking
                assert readers_of(work, 7) == ["chen"]
            assert readers_of(work, 7) == ["chen"]
        assert readers_of(work, 7) == []
        with pytest.raises(AssertionError):
            know(work, readers_of, ["chen"], 7)
