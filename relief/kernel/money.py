"""Money: an integer of fen (1/100 yuan) everywhere inside, yuan with two decimals at the edges."""

from __future__ import annotations

import re
import unicodedata

from relief.kernel.errors import Invalid, refuse
from relief.kernel.text import _

Fen = int

AMOUNT_MAX_FEN: Fen = 10_000_000_000_00


def format_yuan(amount_fen: Fen, *, grouped: bool = False) -> str:
    """`1800.00`; with `grouped`, `1,800.00` for people to read."""
    sign = "-" if amount_fen < 0 else ""
    yuan, fen = divmod(abs(amount_fen), 100)
    return f"{sign}{yuan:,}.{fen:02d}" if grouped else f"{sign}{yuan}.{fen:02d}"


def parse_yuan(text: str, field: str = "amount") -> Fen:
    """Read an amount of yuan with at most two decimals: `200`, `200.00`, `1,800.00`, `２００`.

    The one parser of money: no exponent, no sign, no NaN, no rounding of a third decimal.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removeprefix("¥").strip()
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d{1,2})?", plain, re.ASCII):
        plain = plain.replace(",", "")
    match = re.fullmatch(r"(\d{1,12})(?:\.(\d{1,2}))?", plain, re.ASCII)
    if match:
        amount_fen = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0"))
        if amount_fen <= AMOUNT_MAX_FEN:
            return amount_fen
    raise refuse(
        Invalid,
        "money.unreadable",
        _('"{text}" is not an amount in yuan; write it as 200.00.', text=text[:40]),
        field,
    )
