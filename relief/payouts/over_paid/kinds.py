"""The two kinds of cases, and in what they differ."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from relief.kernel.columns import table_of
from relief.kernel.money import Fen
from relief.payouts.tables import Repayment, WriteOff

RECORDED, CONFIRMED, DECLINED, TAKEN_BACK = "recorded", "confirmed", "declined", "taken_back"
STATES = (RECORDED, CONFIRMED, DECLINED, TAKEN_BACK)


@dataclass(frozen=True)
class MoneyKind:
    """A kind: its table, the letter of its references, the column of the paper that it names, and
    the sign with which the table keeps what people write as a positive amount."""

    key: str
    table: sa.Table
    letter: str
    paper: str
    sign: int
    one_household: bool
    """Whether a paper is about one household: a receipt is, minutes may decide about several."""
    not_while: frozenset[str]
    """Line states in which a month's money is not certain enough. Cash that came back counts
    whatever the bank answers; what was never paid cannot be given up."""

    def written_fen(self, stored_fen: int) -> Fen:
        """What people write of an amount that is stored."""
        return self.sign * stored_fen

    def stored_fen(self, written_fen: Fen) -> int:
        """What is stored of an amount that people write."""
        return self.sign * written_fen


REPAYMENT = MoneyKind(
    "repayment", table_of(Repayment), "M", "receipt_no", -1, True, frozenset({"prepared"})
)
_NOT_PAID = frozenset({"prepared", "sent", "processing"})
WRITE_OFF = MoneyKind("write_off", table_of(WriteOff), "W", "minutes_no", 1, False, _NOT_PAID)
KINDS = {kind.key: kind for kind in (REPAYMENT, WRITE_OFF)}
