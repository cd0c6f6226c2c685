"""W of a month in the plain way: what of the write-offs still stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from relief.kernel.money import Fen


class GivenUp(NamedTuple):
    """A confirmed write-off: fen, and of what was paid (P) at its confirmation that which stands
    still at T. A month has them in the order of confirmation."""

    amount_fen: Fen
    stood_on_fen: Fen


def still_given_up(given_up: Iterable[GivenUp], owed_fen: Fen) -> Fen:
    """W of a month: what was given up, as far as the payments that it was given up of stand and
    are above what is owed. What came back of them is not given up, and covers no later payment."""
    stands_fen = 0
    for each in given_up:
        stands_fen = min(stands_fen + each.amount_fen, max(each.stood_on_fen - owed_fen, 0))
    return stands_fen
