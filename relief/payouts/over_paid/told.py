"""How money outside the lists is told, each sentence once; amounts as people write them."""

from __future__ import annotations

import datetime as dt

from relief.kernel.money import Fen
from relief.kernel.months import Month, format_month
from relief.kernel.text import Text, _
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from relief.payouts.words import yuan

_CONFIRMED = {
    REPAYMENT.key: _("{amount} came back, receipt {no}, confirmed on {day}"),
    WRITE_OFF.key: _("{amount} given up by minutes {no}, confirmed on {day}"),
}
_CONFIRMED_OF_MONTH = {
    REPAYMENT.key: _("{amount} of {month} came back, receipt {no}, confirmed on {day}"),
    WRITE_OFF.key: _("{amount} of {month} was given up by minutes {no}, confirmed on {day}"),
}
_OF_MONTH = {
    REPAYMENT.key: _("{amount} of {month} came back, receipt {no}"),
    WRITE_OFF.key: _("{amount} of {month} was given up by minutes {no}"),
}
_WAITING = {
    REPAYMENT.key: _("{amount} that came back waits to be confirmed ({number})"),
    WRITE_OFF.key: _("{amount} to be given up waits to be confirmed ({number})"),
}


def confirmed(kind: MoneyKind, amount_fen: Fen, paper_no: str, on: dt.date) -> Text:
    """That one counts, where the month is told beside it."""
    return _said(_CONFIRMED[kind.key], amount_fen, no=paper_no, day=on)


def confirmed_of_month(
    kind: MoneyKind, amount_fen: Fen, month: Month, paper_no: str, on: dt.date
) -> Text:
    """That one counts, with its month."""
    text = _CONFIRMED_OF_MONTH[kind.key]
    return _said(text, amount_fen, month=format_month(month), no=paper_no, day=on)


def of_month(kind: MoneyKind, amount_fen: Fen, month: Month, paper_no: str) -> Text:
    """The same, where the day is told beside it."""
    return _said(_OF_MONTH[kind.key], amount_fen, month=format_month(month), no=paper_no)


def waiting(kind: MoneyKind, amount_fen: Fen, reference: str) -> Text:
    """That one is recorded, and counts for nothing yet."""
    return _said(_WAITING[kind.key], amount_fen, number=reference)


def _said(text: Text, amount_fen: Fen, **values: object) -> Text:
    return Text(text.msgid, {"amount": yuan(amount_fen), **values})
