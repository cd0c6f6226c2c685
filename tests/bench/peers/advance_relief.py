"""The product: `advance()` as its pages and its command line call it.

A unit of work for each portion. A step looks at role, duties, form, guards and clocks, and writes
the case, the chained and sealed journal entry and the deadline. Opening the cases is not timed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from relief.bootstrap import Relief
from relief.desk.service import read_form
from relief.engine.journal.verification import verify_journal
from relief.engine.steps.advance import advance
from relief.engine.tables import JournalEntry
from relief.kernel.columns import table_of
from relief.kernel.errors import TransitionRefused
from relief.petitions.service import open_case
from relief.petitions.tables import PetitionCase
from tests.bench.offices.opened import new_office
from tests.bench.peer import answer
from tests.bench.peers import walk
from tests.matters import FIELDS
from tests.office import CHEN, PING

_WHO = (CHEN, PING, CHEN, CHEN)
CASE, JOURNAL = table_of(PetitionCase), table_of(JournalEntry)


def measure(
    folder: str, cases: int, per_commit: int = 1, synchronous: str = "FULL", url: str = ""
) -> dict[str, Any]:
    """Lead that many petitions to the end."""
    relief = new_office(Path(folder), url, synchronous)
    ids = _open_cases(relief, cases + walk.WARMING_UP)
    found = walk.lead(_taking(relief), ids[:-1], per_commit)
    refused = _is_refused(relief, ids[-1])
    ended, history = _counted(relief)
    relief.database.dispose()
    return walk.checked(found, len(ids) - 1, ended, history, refused)  # type: ignore[no-any-return]


def _open_cases(relief: Relief, count: int) -> list[int]:
    """Petitions that are received; one more, the last, is to be refused."""
    ids = []
    with relief.work() as work:
        for _number in range(count + 1):
            typed = {"channel": "visit", "matter": "工资没有发", "name": "吴试甲"}
            ids.append(open_case(work, CHEN, "petition", read_form(work, typed)).case_id)
        work.commit()
    return ids


def _taking(relief: Relief) -> walk.Take:
    fields = [dict(FIELDS["petition"][action]) for action in walk.ACTIONS]
    fields[-1]["answered_on"] = relief.clock.today().isoformat()  # it ends with the feedback

    def take(cases: Sequence[int], number: int) -> None:
        action, who, typed = walk.ACTIONS[number], _WHO[number], fields[number]
        with relief.work() as work:
            for case in cases:
                seen = number + 1  # opening it was the first
                advance(work, "petition", case, action, who, fields=typed, seen_version=seen)
            work.commit()

    return take


def _is_refused(relief: Relief, case: int) -> bool:
    """Accepting needs to know what kind of matter it is."""
    try:
        with relief.work() as work:
            advance(work, "petition", case, "accept", CHEN)
            work.commit()
    except TransitionRefused:
        return True
    return False


def _counted(relief: Relief) -> tuple[int, int]:
    """Petitions in the last state, and their journal entries after the first; the chain holds."""
    ended = sa.select(sa.func.count()).where(CASE.c.state == walk.STATES[-1])
    taken = sa.select(sa.func.count()).where(JOURNAL.c.number > 1)
    with relief.reading() as work:
        assert verify_journal(work) == []
        found = [work.connection.execute(each).scalar_one() for each in (ended, taken)]
    return found[0], found[1]


if __name__ == "__main__":
    answer(measure)
