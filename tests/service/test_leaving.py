"""Who leaves: restricted matters that they alone can read are counted, and get a reader."""

from __future__ import annotations

import pytest

from relief.accounts.service import enable_user
from relief.auditing import verify_office
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from relief.petitions.day.leaving import (
    give_roles,
    let_go,
    matters_nobody_reads,
    name_reader,
    open_count,
)
from relief.petitions.seeing import only_seers, readers_of, seers_of_many
from tests.matters import do, entries, opened, row
from tests.office import AN, CHEN, PING, Office

pytestmark = pytest.mark.postgresql_slow


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def leaves(office: Office, name: str = "chen", *, leaves_unread: bool = False) -> None:
    with office.relief.work() as work:
        let_go(work, AN, name, leaves_unread=leaves_unread)
        work.commit()


def reads(office: Office, name: str, by: Actor = AN) -> int:
    with office.relief.work() as work:
        count = name_reader(work, by, name)
        work.commit()
    return count


def test_who_alone_reads_a_restricted_matter_is_not_disabled_unawares(june: Office) -> None:
    case = opened(june, restricted=True)
    opened(june)
    with june.relief.reading() as work:
        assert open_count(work, "chen") == 1  # the one that is open to all
        assert matters_nobody_reads(work) == 0
    with pytest.raises(Conflict) as refused:
        leaves(june)
    (problem,) = refused.value.problems
    assert (problem.code, problem.text.values["count"]) == ("user.only_reader", 1)
    assert problem.field == "leaves_unread"
    with june.relief.work() as work, pytest.raises(Conflict) as refused:
        give_roles(work, AN, "chen", ["auditor"])
    assert [each.field for each in refused.value.problems] == [
        "role"
    ]  # of that form, not of the tick
    do(june, case, "name_readers", CHEN, {"readers": "ping"})
    leaves(june)
    with june.relief.reading() as work:
        assert matters_nobody_reads(work) == 0


def test_admin_names_a_reader_of_what_nobody_reads_and_sees_none_of_it(june: Office) -> None:
    case = opened(june, restricted=True)
    leaves(june, leaves_unread=True)
    with june.relief.reading() as work:
        assert matters_nobody_reads(work) == 1
    for name, by, fault in (
        ("ping", CHEN, NotAllowed), ("wen", AN, Invalid), ("chen", AN, Invalid),
    ):  # fmt: skip
        with pytest.raises(fault):
            reads(june, name, by)
    assert reads(june, "ping") == 1
    with pytest.raises(NotFound):
        row(june, case, AN)
    found = row(june, case, PING)
    with june.relief.reading() as work:
        assert readers_of(work, found["id"]) == ["ping"]
        assert matters_nobody_reads(work) == 0
        assert verify_office(work, june.relief.papers) == []
    entry = entries(june, case, PING)[-1]
    assert (entry.action, entry.actor, entry.on_behalf_of) == ("name_readers", "system", "an")
    do(june, case, "assign", PING, {"case_worker": "ping"})
    with pytest.raises(Conflict):
        reads(june, "ping")


def test_who_comes_back_reads_again_what_nobody_was_named_for(june: Office) -> None:
    case = opened(june, restricted=True)
    leaves(june, leaves_unread=True)
    with june.relief.work() as work:
        enable_user(work, AN, "chen")
        work.commit()
    assert row(june, case)["reference"] == case
    with june.relief.reading() as work:
        assert matters_nobody_reads(work) == 0


def test_who_stands_aside_is_not_named_for_that_matter(june: Office) -> None:
    case = opened(june, restricted=True)
    do(june, case, "name_readers", CHEN, {"readers": "ping"})
    do(june, case, "recuse", PING, reason="亲属")
    leaves(june, leaves_unread=True)
    with pytest.raises(Conflict):
        reads(june, "ping")


def test_only_reader_left_who_stands_aside_reads_nothing(june: Office) -> None:
    case = opened(june, restricted=True)
    do(june, case, "name_readers", CHEN, {"readers": "ping"})
    do(june, case, "recuse", PING, reason="亲属")
    with june.relief.reading() as work:
        found = find_case(work, case, CHEN).row
        assert readers_of(work, found["id"]) == ["chen", "ping"]
        assert seers_of_many(work, [found]) == {found["id"]: {"chen"}}
        assert only_seers(work, found) == {"chen"}
    with pytest.raises(Conflict):
        leaves(june)
    leaves(june, leaves_unread=True)
    with june.relief.reading() as work:
        assert matters_nobody_reads(work) == 1
