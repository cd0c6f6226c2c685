"""On which days an event may have happened; one rule for register, ledger and every step."""

from __future__ import annotations

import datetime as dt

from relief.engine.actors import Actor
from relief.households import refusals, rules
from relief.households.scheme import SchemeTerms
from relief.kernel.errors import Problem
from relief.kernel.months import first_day


def why_not_on(
    day: dt.date, today: dt.date, terms: SchemeTerms, actor: Actor, *, register: bool = False
) -> Problem | None:
    """No day in the future; one far back is recorded by an approver only, but for days before the
    go-live month in the register."""
    if day > today:
        return refusals.in_future(day, today)
    go_live = terms.go_live_month
    before_go_live = register and go_live is not None and day < first_day(go_live)
    earliest = rules.months_back(today, terms.back_months_max)
    if day < earliest and not before_go_live and "approver" not in actor.roles:
        return refusals.far_back(day, terms.back_months_max)
    return None
