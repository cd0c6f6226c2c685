"""The figure of one-off relief. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from relief.kernel.text import Text, _
from relief.reports.grants.queries import Grant
from relief.reports.rules import RESTRICTED, YUAN, Figure, Row, figure


def grant_figure(grants: Sequence[Grant]) -> Figure:
    """One-off relief, beside the money that goes through the quarterly lists."""
    return figure(
        "relief_granted",
        _("One-off relief granted (not in the net)"),
        _(
            "Amounts granted in requests for relief, and in those of the office's own kinds that "
            "grant money, whose decision was served within the half-year. They go through no list "
            "and no bank's answer, so they are shown beside the money settled. What was withdrawn "
            "by its end, before it was given, is not among them. A decision that "
            "grants and whose amount cannot be read counts as 0, and its row says so."
        ),
        YUAN,
        [Row(each.case_reference, each.on, each.amount_fen or 0, _why(each)) for each in grants],
    )


def _why(grant: Grant) -> Text:
    if grant.restricted:
        return RESTRICTED
    if grant.amount_fen is None:
        return _(
            "granted on {day}, and no amount can be read in the decision: counted as 0; look at "
            "the case",
            day=grant.on,
        )
    return _("granted on {day}", day=grant.on)
