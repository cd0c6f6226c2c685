"""One paper, one amount: what stands against a number that was recorded before."""

from __future__ import annotations

from collections.abc import Iterator

from relief.engine.step import Step
from relief.engine.work import Work
from relief.kernel.errors import Problem
from relief.kernel.months import format_month
from relief.kernel.text import _
from relief.payouts.over_paid.kinds import CONFIRMED, KINDS, RECORDED, MoneyKind
from relief.payouts.over_paid.paper_numbers import paper_key
from relief.payouts.over_paid.queries import ListedMoney, same_paper


def paper_is_new(work: Work, step: Step) -> list[Problem]:
    """One paper counts once for a household and month; a receipt is the money of one household.

    What was declined or taken back leaves its number free. Several months may stand on one paper;
    minutes may decide about several households. The database holds the same.
    """
    number = str(step.row[KINDS[step.kind].paper])
    if number and not paper_key(number):
        text = _("Write the number as it stands on the paper: it has figures or letters.")
        return [Problem("over_paid.paper_number", text, KINDS[step.kind].paper)]
    return list(_recorded_before(work, step))


def _recorded_before(work: Work, step: Step) -> Iterator[Problem]:
    kind, row = KINDS[step.kind], step.row
    for found in same_paper(work, kind, row[kind.paper], (RECORDED, CONFIRMED)):
        if found.household_id == row["household_id"]:
            if found.month == row["month"]:
                yield _a_part(kind, found)
        elif kind.one_household:
            yield _of_another(kind, found)


def _of_another(kind: MoneyKind, found: ListedMoney) -> Problem:
    values = {"paper": found.paper_no, "other": found.household_no, "no": found.reference}
    if found.state == RECORDED:
        text = _(
            "{paper} was recorded for household {other} already, as {no}; one receipt is the money "
            "of one household: enter this household's own, or, if {no} is the mistake, take it "
            "back first",
            **values,
        )
    else:
        text = _(
            "{paper} was recorded for household {other} already, as {no}, and is confirmed; one "
            "receipt is the money of one household: enter this household's own",
            **values,
        )
    return Problem("over_paid.paper_of_another", text, kind.paper)


def _a_part(kind: MoneyKind, found: ListedMoney) -> Problem:
    values = {
        "paper": found.paper_no,
        "month": format_month(found.month),
        "other": found.household_no,
        "no": found.reference,
    }
    if found.state == RECORDED:
        text = _(
            "{paper} was recorded for household {other} and {month} already, as {no}; if that is "
            "only a part, take it back and record the whole amount, or enter the number of this "
            "part's own paper",
            **values,
        )
    else:
        text = _(
            "{paper} was recorded for household {other} and {month} already, as {no}, and is "
            "confirmed; if this is a further part, enter the number of its own paper",
            **values,
        )
    return Problem("over_paid.paper_twice", text, kind.paper)
