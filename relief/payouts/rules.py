"""The rules of runs and lines, as values. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import Month, format_month
from relief.kernel.text import as_json

RUN_KINDS = ("regular", "supplementary")
REGULAR, SUPPLEMENTARY = RUN_KINDS
OPEN_LINE_STATES = ("sent", "processing")
# From a line's state, the state that each of the bank's answers leads to; anything else is a step
# that does not exist, and stops the file. Money sent back before it was booked has failed.
ANSWERS: dict[str, dict[str, str]] = {
    "sent": {
        "success": "paid",
        "failed": "failed",
        "processing": "processing",
        "returned": "failed",
    },
    "processing": {
        "success": "paid",
        "failed": "failed",
        "processing": "processing",
        "returned": "failed",
    },
    "paid": {"success": "paid", "returned": "returned"},
    "failed": {"failed": "failed"},
    "returned": {"returned": "returned"},
}
VOIDING_STATES = ("failed", "returned", "withdrawn", "cancelled")
# The first three leave a household without a line.
BLOCKING_REASONS = ("no_rate", "on_hold", "no_account")
REASONS = (*BLOCKING_REASONS, "over_paid", "not_yet")


def run_reference(quarter: str, kind: str, number: int) -> str:
    """`2005Q2-r1`, `2005Q2-s1`."""
    return f"{quarter}-{'r' if kind == REGULAR else 's'}{number}"


@dataclass(frozen=True)
class Item:
    """Fen of one line for one month."""

    month: Month
    kind: str
    amount_fen: Fen
    persons: int
    rate_fen: Fen


@dataclass(frozen=True)
class ListedLine:
    """A line with all that the approver approves."""

    household_no: str
    payee_name: str
    id_number: str
    account_no: str
    bank_name: str
    amount_fen: Fen
    items: tuple[Item, ...]

    def canonical(self) -> str:
        """The line as the list's hash covers it: a JSON array, no blanks, UTF-8."""
        items = [
            [
                format_month(i.month),
                i.kind,
                format_yuan(i.amount_fen),
                i.persons,
                format_yuan(i.rate_fen),
            ]
            for i in self.items
        ]
        return as_json(
            [
                self.household_no,
                self.payee_name,
                self.id_number,
                self.account_no,
                self.bank_name,
                format_yuan(self.amount_fen),
                items,
            ]
        )


@dataclass(frozen=True)
class ListedException:
    """What a run does not settle for a household."""

    household_no: str
    reason: str
    amount_fen: Fen

    def canonical(self) -> str:
        """The exception as the list's hash covers it."""
        return as_json([self.household_no, self.reason, format_yuan(self.amount_fen)])


def canonical_list(
    lines: Iterable[ListedLine], exceptions: Iterable[ListedException]
) -> Iterable[str]:
    """The text that a list's SHA-256 is taken of: lines, then exceptions, each ending in a line
    feed, in the order of household numbers by code point. No references and no instant, so the
    same list has the same hash whenever it is made."""
    for line in lines:
        yield line.canonical() + "\n"
    for exception in exceptions:
        yield exception.canonical() + "\n"
