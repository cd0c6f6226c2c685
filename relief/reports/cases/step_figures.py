"""Figures of what cases met on their way: received, side exits, reviews. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from relief.kernel.text import Text, _
from relief.reports.cases.lives import ACCEPTED, CaseLife, Cases, CaseStep
from relief.reports.rules import PIECES, RESTRICTED, Figure, Row, figure

_Meant = Callable[[CaseStep], bool]


def step_figures(cases: Cases) -> list[Figure]:
    """Received and restricted; then each way beside the five steps, apart."""
    received = [case for case in cases.lives if case.received_on in cases.period]
    return [
        figure(
            "petitions_received",
            _("Cases received"),
            _("Cases whose first contact happened within the half-year, whatever became of them."),
            PIECES,
            [_received(case) for case in received],
        ),
        figure(
            "petitions_restricted",
            _("Restricted cases received"),
            _("Restricted cases among them. They are counted, and nothing more is said of them."),
            PIECES,
            [_received(case) for case in received if case.restricted],
        ),
        *(
            figure(key, title, definition, PIECES, _steps(cases, meant))
            for key, title, definition, meant in _ways()
        ),
    ]


def _ways() -> list[tuple[str, Text, Text, _Meant]]:
    within = _("Steps of this kind that were taken within the half-year.")
    return [
        ("petitions_declined", _("Cases declined"), within, _is("decline")),
        ("petitions_transferred", _("Cases referred elsewhere"), within, _is("refer")),
        ("petitions_withdrawn", _("Cases withdrawn"), within, _is("withdraw")),
        ("petitions_merged", _("Cases merged into another"), within, _is("merge")),
        ("petitions_returned", _("Opinions returned for rework"), within, _is_rework),
        ("petitions_extended", _("Terms extended"), within, _is("extend")),
        ("petitions_reviewed", _("Reviews asked for"), within, _is("request_review")),
        ("petitions_re_reviewed", _("Re-reviews asked for"), within, _is("request_re_review")),
        ("petitions_reported_upward", _("Reports upward"), within, _is("report_upward")),
    ]


def _is(action: str) -> _Meant:
    return lambda step: step.action == action


def _is_rework(step: CaseStep) -> bool:
    return step.action == "return" and step.to_state == ACCEPTED


def _steps(cases: Cases, meant: _Meant) -> Iterator[Row]:
    for case in cases.lives:
        for step in case.steps:
            if step.on in cases.period and meant(step):
                why = RESTRICTED if case.restricted else _("on {day}", day=step.on)
                yield Row(case.reference, step.on, 1, why)


def _received(case: CaseLife) -> Row:
    why = RESTRICTED if case.restricted else _("received on {day}", day=case.received_on)
    return Row(case.reference, case.received_on, 1, why)
