"""What workflows/repayment.toml and write_off.toml name, and what no office's own file may take
from them: two people, and no more than is over-paid."""

from __future__ import annotations

from functools import partial

from relief.engine.definitions.kept import Kept, Must
from relief.engine.kinds import SubjectKind
from relief.kernel.errors import Problem
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts.over_paid import effects, guards, papers
from relief.payouts.over_paid import kinds as money
from relief.payouts.over_paid.audit import differences, too_large
from relief.payouts.over_paid.kinds import CONFIRMED, DECLINED, RECORDED, STATES, TAKEN_BACK

GUARDS = {
    guard.__name__: guard
    for guard in (
        guards.month_can_be_over_paid,
        guards.month_is_paid_out,
        papers.paper_is_new,
        guards.amount_can_be_recorded,
        guards.amount_is_over_paid,
        guards.row_is_as_recorded,
        guards.taker_is_who_recorded,
    )
} | {"comes_from_its_command": guards.comes_from_its_command}
EFFECTS = {effects.count_from_now.__name__: effects.count_from_now}


def _kept(kind: money.MoneyKind) -> Kept:
    must = {
        "record": Must(
            guards=(
                "comes_from_its_command",
                "month_can_be_over_paid",
                "month_is_paid_out",
                "paper_is_new",
                "amount_can_be_recorded",
            ),
            fields=("household_no", "month", "amount", kind.paper),
            roles=("finance",),
            ways={"": RECORDED},
        ),
        "confirm": Must(
            guards=("row_is_as_recorded", "month_is_paid_out", "amount_is_over_paid"),
            effects=("count_from_now",),
            not_by_actor_of=("record",),
            roles=("approver",),
            ways={RECORDED: CONFIRMED},
        ),
        "decline": Must(roles=("approver",), ways={RECORDED: DECLINED}, reason="required"),
        "take_back": Must(
            guards=("taker_is_who_recorded",),
            roles=("finance",),
            ways={RECORDED: TAKEN_BACK},
            reason="required",
        ),
    }
    states = frozenset(STATES)
    return Kept(states, must, guarded=states, held=states)


def _altered(work: UnitOfWork, kind: money.MoneyKind) -> list[Problem]:
    changed = differences(work, kind)
    references = [str(problem.text.values["no"]) for problem in changed]
    return [*changed, *too_large(work, kind, references)]


KINDS = tuple(
    SubjectKind(
        kind.key,
        kind.table,
        "reference",
        _kept(kind),
        altered=partial(_altered, kind=kind),
        letter=kind.letter,
    )
    for kind in money.KINDS.values()
)
