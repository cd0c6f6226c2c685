"""Why a grant is not decided together with others: the same person or household was granted money
not long ago, or stands in the form twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from relief.engine.actors import Actor
from relief.engine.cases import Case
from relief.engine.work import Work
from relief.kernel.errors import Problem
from relief.kernel.money import format_yuan
from relief.kernel.text import _
from relief.petitions.life.granted import Granted, related_grants

# What was granted longer ago is told on the page of the case alone.
LOOKED_BACK = dt.timedelta(days=365)


def granted_besides(
    work: Work, actor: Actor, cases: Sequence[Case]
) -> dict[int, tuple[Problem, ...]]:
    """What is to be known of other grants before many are decided at once, by the cases' ids."""
    related = related_grants(work, actor, cases)
    together = {case.reference for case in cases}
    return {
        case.id: (
            *_granted(related.grants.get(case.id, ()), work.today - LOOKED_BACK),
            *_in_the_form(sorted(together & set(related.cases.get(case.id, ())))),
        )
        for case in cases
    }


def _granted(grants: Sequence[Granted], since_on: dt.date) -> Iterator[Problem]:
    late = [each for each in grants if each.on >= since_on]
    if late:
        text = _(
            "Granted to the same person or household within a year: {count}; the last {amount} "
            "yuan on {day} ({no}).",
            count=len(late),
            amount=format_yuan(late[0].amount_fen or 0, grouped=True),
            day=late[0].on,
            no=late[0].reference,
        )
        yield Problem("bulk.granted_before", text)


def _in_the_form(others: Sequence[str]) -> Iterator[Problem]:
    if others:
        text = _("The same person or household is meant in: {others}.", others=others)
        yield Problem("bulk.same_household", text)
