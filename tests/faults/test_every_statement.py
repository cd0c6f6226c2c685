"""A failure at every statement of every use case, and at its commit: all or nothing, each time."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from relief.kernel.errors import ReliefError
from relief.papers.sweeping import remove_unnamed
from relief.papers.verification import verify_papers
from tests.faults.acts import ANEW, SAME_LIST, UseCase
from tests.faults.conftest import Shelf, same_chance
from tests.faults.dump import (
    Dump,
    differences,
    dump,
    dump_within,
    left_behind,
    put_back,
    sequences,
)
from tests.faults.striking import AFTER, BEFORE, COMMIT, striking
from tests.faults.use_cases import EACH, EACH_TWICE, USE_CASES
from tests.invariants.everything import check_everything
from tests.office import Office

pytestmark = pytest.mark.postgresql_slow

ANOTHER = 1_000_000  # another chance than at the first time


def done(office: Office, use_case: UseCase, chance: int = 1) -> str:
    """Do it, and give what it came to."""
    with same_chance(chance), office.relief.work() as work:
        outcome = use_case.act(work, office.relief.settings.data_dir)
        work.commit()
    return outcome


def foreseen(office: Office, use_case: UseCase) -> tuple[Dump, str, int]:
    """The state that success leads to, what it comes to, and how many statements it takes; all of
    it rolled back."""
    standing = sequences(office)
    with same_chance(), office.relief.work() as work:
        with striking(office.relief.database) as counted:
            outcome = use_case.act(work, office.relief.settings.data_dir)
        after = dump_within(work)
    put_back(office, standing)
    swept(office)
    return after, outcome, counted.statements


# To fail after one statement is all but to fail before the next; and each failure is a try of what
# comes before it anew. So the longer run fails after each, too, and then does it to its end.
@pytest.mark.parametrize("when", [BEFORE, pytest.param(AFTER, marks=pytest.mark.deep)])
@pytest.mark.parametrize("name", EACH)
def test_failure_at_any_statement_leaves_everything_as_it_was(
    shelf: Shelf, name: str, when: str
) -> None:
    use_case = USE_CASES[name]
    office = shelf.take(use_case.stage)
    before, standing, papers = dump(office), sequences(office), swept(office)
    after, outcome, statements = foreseen(office, use_case)
    assert differences(before, after)
    for at in [*range(1, statements + 1), *([COMMIT] if when == BEFORE else [])]:
        with striking(office.relief.database, at, when) as strike, told_of_a_strike():
            done(office, use_case)
        assert strike.struck
        assert differences(before, dump(office)) == [], at
        assert left_behind(office) == [], at
        assert swept(office) == papers, at
        if when == AFTER:
            put_back(office, standing)
            again, same, _statements = foreseen(office, use_case)
            assert (same, differences(after, again)) == (outcome, []), at
    put_back(office, standing)
    assert done(office, use_case) == outcome
    assert differences(after, dump(office)) == []
    assert set(papers) <= set(swept(office))
    check_everything(office)
    shelf.give_back(office)


@pytest.mark.parametrize("name", EACH_TWICE)
def test_failure_after_the_commit_leaves_the_work_whole_and_asking_again_is_harmless(
    shelf: Shelf, name: str
) -> None:
    use_case = USE_CASES[name]
    office = shelf.take(use_case.stage)
    after, outcome, _statements = foreseen(office, use_case)
    with striking(office.relief.database, COMMIT, AFTER), told_of_a_strike():
        done(office, use_case)
    assert differences(after, dump(office)) == []
    assert left_behind(office) == []
    swept(office)
    if use_case.again in (SAME_LIST, ANEW):
        assert done(office, use_case, ANOTHER) == outcome
    else:
        assert told_again(office, use_case) == use_case.again
        now = dump(office)
        del after["deployment"], now["deployment"]  # being told may take an instant of record
        assert differences(after, now) == []
    check_everything(office)
    shelf.give_back(office)


def swept(office: Office) -> list[str]:
    """The files of papers when the night has taken those that nobody names; every one that a row
    names is there, and is what was attached."""
    store = office.relief.papers
    if not store.folder.exists():
        return []
    with office.relief.work() as work:
        assert [str(problem.text) for problem in verify_papers(work, store)] == []
        remove_unnamed(work, store)
    return sorted(path.name for path in store.folder.rglob("*") if path.is_file())


def told_of_a_strike() -> pytest.RaisesExc[sa.exc.OperationalError]:
    """The fault is the database's, and nobody has swallowed it."""
    return pytest.raises(sa.exc.OperationalError, match="struck")


def told_again(office: Office, use_case: UseCase) -> str:
    """What is said when it is asked for once more."""
    try:
        return done(office, use_case, ANOTHER)
    except ReliefError as refusal:
        (code,) = {problem.code for problem in refusal.problems}
        return code
