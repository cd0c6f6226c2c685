"""Figures of hardship files: the stock on the last day, and the flow beside it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from relief.kernel.text import _
from relief.reports.households.queries import Approval
from relief.reports.periods import HalfYear
from relief.reports.rules import HOUSEHOLDS, Figure, Row, figure


def household_figures(period: HalfYear, approvals: Sequence[Approval]) -> list[Figure]:
    """Enrolled on the last day, newly approved, exited. `approvals` in order of approval."""
    return [
        figure(
            "households_enrolled",
            _("Households enrolled"),
            _(
                "Hardship files that were approved by {day} and had not exited by then, also where "
                "the first month paid is a later one.",
                day=period.last_on,
            ),
            HOUSEHOLDS,
            _enrolled(period, approvals),
        ),
        figure(
            "households_approved",
            _("Households newly approved"),
            _("Hardship files that were approved between {first} and {last}.", **_ends(period)),
            HOUSEHOLDS,
            _approved(period, approvals),
        ),
        figure(
            "households_exited",
            _("Households exited"),
            _("Hardship files that exited between {first} and {last}.", **_ends(period)),
            HOUSEHOLDS,
            _exited(period, approvals),
        ),
    ]


def _ends(period: HalfYear) -> dict[str, dt.date]:
    return {"first": period.first_on, "last": period.last_on}


def _enrolled(period: HalfYear, approvals: Iterable[Approval]) -> Iterable[Row]:
    """A household once, by its latest approval: an exit and a return leave two enrolments."""
    standing = {
        each.household_no: each
        for each in approvals
        if each.exited_on is None or each.exited_on > period.last_on
    }
    for each in standing.values():
        why = _("approved on {day}, not exited", day=each.approved_on)
        yield Row(each.household_no, each.approved_on, 1, why)


def _approved(period: HalfYear, approvals: Iterable[Approval]) -> Iterable[Row]:
    latest = {each.household_no: each for each in approvals if each.approved_on in period}
    for each in latest.values():
        why = _("approved on {day}", day=each.approved_on)
        yield Row(each.household_no, each.approved_on, 1, why)


def _exited(period: HalfYear, approvals: Iterable[Approval]) -> Iterable[Row]:
    latest = {
        each.household_no: each.exited_on
        for each in approvals
        if each.exited_on is not None and each.exited_on in period
    }
    for household_no, exited_on in latest.items():
        yield Row(household_no, exited_on, 1, _("exited on {day}", day=exited_on))
