"""Two people who want the same at once: one does it, the other is told; nothing is done twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.journal.chain import JOURNAL
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.payouts import queries
from relief.payouts.queries import all_runs
from relief.scheduler.runner import Done, tick
from tests.faults.acts import ANEW, SAME_LIST, UseCase
from tests.faults.conftest import Shelf
from tests.faults.example import PAID_QUARTER, QUARTER
from tests.faults.use_cases import EACH_TWICE, USE_CASES
from tests.faults.waiting import meanwhile
from tests.invariants.everything import check_everything
from tests.office import FANG, PING, Office

ROUNDS = 100
PONG = Actor("pong", frozenset({"approver"}))


def told(office: Office, use_case: UseCase) -> str:
    """What it comes to, or the code of the refusal."""
    try:
        with office.relief.work() as work:
            outcome = use_case.act(work, office.relief.settings.data_dir)
            work.commit()
    except ReliefError as refusal:
        (code,) = {problem.code for problem in refusal.problems}
        return code
    return outcome


def entries(office: Office) -> int:
    """How many entries all journals have."""
    with office.relief.reading() as work:
        return int(work.connection.execute(sa.select(sa.func.count(JOURNAL.c.id))).scalar_one())


# A view has no journal; the address that a new one takes the place of ends.
_SAID_ANEW = {"share a view": 0, "address of a calendar": 2}


def said_anew(name: str) -> int:
    """How many entries come from asking for the same once more."""
    is_done = USE_CASES[name].again in (SAME_LIST, ANEW)
    return _SAID_ANEW.get(name, 1) if is_done else 0


@pytest.mark.parametrize("name", EACH_TWICE)
def test_who_comes_second_is_told_and_nothing_is_done_twice(shelf: Shelf, name: str) -> None:
    use_case = USE_CASES[name]
    office = shelf.take(use_case.stage)
    written = 0

    def first(work: Work) -> str:
        nonlocal written
        outcome = use_case.act(work, office.relief.settings.data_dir)
        written = work.connection.execute(sa.select(sa.func.count(JOURNAL.c.id))).scalar_one()
        return outcome

    outcome, second = meanwhile(office, first, lambda: told(office, use_case))
    assert second == (outcome if use_case.again in (SAME_LIST, ANEW) else use_case.again)
    # What is done anew says so in its journal; what is refused says nothing.
    assert entries(office) == written + said_anew(name)
    check_everything(office)
    shelf.give_back(office)


def test_of_two_approvers_a_hundred_times_one_approves_and_one_is_refused(shelf: Shelf) -> None:
    office = shelf.take("submitted")
    reference = f"{QUARTER}-r1"
    both = threading.Barrier(2, timeout=60)

    def approves(actor: Actor) -> list[str]:
        try:
            with office.relief.work() as work:
                if not work.is_sqlite:
                    queries.find_run(work, reference)  # both have seen it waiting for approval
                both.wait()
                run = queries.find_run(work, reference)
                advance(work, "payout_run", run.id, "approve", actor)
                work.commit()
        except ReliefError as refusal:
            return [problem.code for problem in refusal.problems]
        return []

    with ThreadPoolExecutor(2) as pool:
        for round_number in range(1, ROUNDS + 1):
            said = sorted(pool.map(approves, (PING, PONG)))
            assert said == [[], ["step.wrong_state"]], round_number
            assert approvals(office) == round_number
            office.step(reference, "return", PING, reason="noch einmal")
            office.step(reference, "submit", FANG)
    check_everything(office)
    shelf.give_back(office)


def approvals(office: Office) -> int:
    with office.relief.reading() as work:
        statement = sa.select(sa.func.count()).where(JOURNAL.c.action == "approve")
        before = 1  # the list of the quarter before
        return int(work.connection.execute(statement).scalar_one()) - before


def test_refusal_of_the_second_approver_names_where_the_run_stands(shelf: Shelf) -> None:
    office = shelf.take("submitted")

    def refused() -> str:
        with pytest.raises(ReliefError) as refusal:
            office.step(QUARTER, "approve", PONG)
        return str(refusal.value.problems[0].located())

    def approves(work: Work) -> None:
        advance(work, "payout_run", queries.find_run(work, QUARTER).id, "approve", PING)

    _nothing, said = meanwhile(office, approves, refused)
    assert "Approved" in said
    shelf.give_back(office)


def test_list_that_finance_prepares_while_the_scheduler_looks_is_made_once(shelf: Shelf) -> None:
    office = shelf.take("begun")
    act = USE_CASES["prepare"].act
    sha256, done = meanwhile(office, lambda work: act(work, office.relief.settings.data_dir),
                             lambda: tick(office.relief))  # fmt: skip
    _one_list(office, sha256, done)
    shelf.give_back(office)


def test_list_that_the_scheduler_prepares_while_finance_asks_is_made_anew(shelf: Shelf) -> None:
    office = shelf.take("begun")
    done, sha256 = [], ""
    both = threading.Barrier(2, timeout=60)

    def looks() -> list[Done]:
        both.wait()
        return tick(office.relief)

    with ThreadPoolExecutor(1) as pool:
        look = pool.submit(looks)
        both.wait()
        sha256 = told(office, USE_CASES["prepare"])
        done = look.result(timeout=60)
    _one_list(office, sha256, done)
    shelf.give_back(office)


def _one_list(office: Office, sha256: str, done: list[Done]) -> None:
    assert [each for each in done if each.failed] == []
    with office.relief.reading() as work:
        runs = all_runs(work)
    assert [run.reference for run in runs] == [f"{PAID_QUARTER}-r1", f"{QUARTER}-r1"]
    assert runs[-1].sha256 == sha256
    check_everything(office)
