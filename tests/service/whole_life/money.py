"""Money that comes back, and money given up."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from hypothesis import strategies as st

from relief.households.queries import household_id_of
from relief.kernel.months import Month, month_of
from relief.payouts.over_paid.kinds import KINDS
from relief.payouts.over_paid.queries import list_money
from relief.payouts.over_paid.standing import Standing, standing_of
from relief.payouts.verification.known import known_households, known_rates
from relief.payouts.verification.plain import balance_of
from tests.office import FANG, GAO, PING
from tests.service.whole_life.centre import BOTH, DEPUTIES, PEOPLE, QIN, Centre, always, deed
from tests.service.whole_life.facts import NOS

_waiting = partial(list_money, waiting=True)
_key = st.sampled_from(tuple(KINDS))
_FIRST = month_of(dt.date(2005, 4, 1))


class Money(Centre):
    """Repayments and write-offs."""

    @deed(always, key=_key, place=st.integers(0, 40), share=st.sampled_from((1, 2, 3)),
          over=st.sampled_from((False, False, True)),
          who=st.sampled_from((FANG, GAO, BOTH, DEPUTIES[0], PING)))  # fmt: skip
    def record(self, key: str, place: int, share: int, over: bool, who: Any) -> None:
        """Of a month that is over-paid, where there is one: all, a part, or a fen too much."""
        kind, found = KINDS[key], self._over_paid()
        no, month, left_fen = found[place % len(found)] if found else (NOS[place % 6], _FIRST, 0)
        fen = left_fen + 1 if over else max(left_fen // share, 1)
        paper = f"2005-{self.steps}"
        taken = self.attempt(
            kind.key, lambda: self.office.record_money(kind, no, month, fen, paper, actor=who)
        )
        assert not (taken and over), "more was recorded than is over-paid"

    @deed(
        lambda centre: centre.done["repayment"] + centre.done["write_off"] > 0,
        place=st.integers(0, 5), anybody=st.sampled_from((None, None, *PEOPLE, *DEPUTIES)),
        action=st.sampled_from(("confirm", "confirm", "decline", "take_back")),
    )  # fmt: skip
    def decide(self, place: int, anybody: Any, action: str) -> None:
        """What waits is confirmed, declined, taken back, mostly by who may; by others it is not."""
        with self.office.relief.reading() as work:
            waiting = [(k, each) for k in KINDS.values() for each in _waiting(work, k)]
        if not waiting:
            return
        kind, money = waiting[place % len(waiting)]
        recorder = next(who for who in PEOPLE if who.username == money.recorded_by)
        who = anybody or (recorder if action == "take_back" else QIN)
        before = self._standing(money.household_id, money.month)
        why = {} if action == "confirm" else {"reason": "recorded wrongly"}
        taken = self.attempt(
            f"{action} {kind.key}",
            lambda: self.office.money_step(money.reference, action, who, **why),
        )
        after = self._standing(money.household_id, money.month)
        counted = money.amount_fen if taken and action == "confirm" else 0
        assert after.over_fen == before.over_fen - counted
        assert after.balance.due_fen == before.balance.due_fen
        assert not (counted and money.recorded_by in who.people), "one person did both"

    def _over_paid(self) -> list[tuple[str, Month, int]]:
        """The months that are over-paid, and by how much that does not wait already."""
        with self.office.relief.reading() as work:
            at = work.as_known_now()
            rates, months = known_rates(work, at), range(_FIRST, month_of(self.life.day) + 1)
            over_paid = [
                (household.household_no, month)
                for household in known_households(work, at)
                for month in months
                if balance_of(household, rates, month).over_fen
            ]
            left = [standing_of(work, at, household_id_of(work, no), m) for no, m in over_paid]
        found = (
            (*place, each.still_recordable_fen) for place, each in zip(over_paid, left, strict=True)
        )
        return [each for each in found if each[2]]

    def _standing(self, household_id: int, month: Month) -> Standing:
        with self.office.relief.reading() as work:
            return standing_of(work, work.as_known_now(), household_id, month)
