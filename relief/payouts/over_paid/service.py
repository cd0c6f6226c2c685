"""The use case that records money that came back, or was given up. The steps after it go through
`engine.advance`, as of every case."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TypeVar

from relief.engine.actors import Actor
from relief.engine.steps.advance import begin
from relief.engine.work import Work
from relief.households.queries import household_id_of
from relief.kernel.errors import Invalid, Problem, ReliefError
from relief.kernel.money import parse_yuan
from relief.kernel.months import parse_month
from relief.kernel.numbering import next_number
from relief.payouts.over_paid.audit import facts_of
from relief.payouts.over_paid.kinds import MoneyKind
from relief.payouts.over_paid.paper_numbers import paper_key
from relief.payouts.over_paid.queries import ListedMoney, find_money

Read = TypeVar("Read")


def record_money(
    work: Work,
    actor: Actor,
    kind: MoneyKind,
    *,
    household_no: str,
    month: str,
    amount: str,
    paper_no: str,
) -> ListedMoney:
    """Record it as it was typed (finance): a household, a month as 2005-06, yuan, and the number
    of the receipt or the minutes. It counts once an approver has confirmed it."""
    at = work.instant()  # the lock comes first: what is judged stands until the commit
    problems: list[Problem] = []
    household_id = _read(problems, lambda: household_id_of(work, household_no))
    month_read = _read(problems, lambda: parse_month(month))
    amount_fen = _read(problems, lambda: parse_yuan(amount))
    if household_id is None or month_read is None or amount_fen is None:
        raise Invalid(problems)
    reference, no = next_number(work, kind.letter, work.today.year), household_no.strip()
    paper = " ".join(unicodedata.normalize("NFKC", paper_no).split())
    values = {
        "reference": reference,
        "household_id": household_id,
        "month": month_read,
        "amount_fen": kind.stored_fen(amount_fen),
        kind.paper: paper,
        "paper_key": paper_key(paper),
        "recorded_at": at,
        "recorded_by": actor.username,
        "confirmed_at": None,
        "confirmed_by": "",
    }
    typed = {"household_no": no, "month": month, "amount": amount, kind.paper: paper_no}
    facts = facts_of(kind, reference, no, month_read, amount_fen, paper)
    begin(work, kind.key, "record", actor, values, fields=typed, facts=facts)
    return find_money(work, kind, reference)


def _read(problems: list[Problem], reading: Callable[[], Read]) -> Read | None:
    """What was typed, or the reason why it cannot be read."""
    try:
        return reading()
    except ReliefError as fault:
        problems += fault.problems
        return None
