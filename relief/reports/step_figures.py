"""Figures of what cases met on their way: received, side exits, reviews, work. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from relief.kernel.text import Text, _
from relief.petitions.rules import JOB_REFERRAL
from relief.reports.case_figures import Cases
from relief.reports.case_lives import ACCEPTED, HANDLE, CaseLife, CaseStep
from relief.reports.case_queries import Grant, Start
from relief.reports.rules import (
    PERSON_TIMES,
    PERSONS,
    PIECES,
    RESTRICTED,
    YUAN,
    Figure,
    Row,
    figure,
)

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
            _("Restricted cases among them. They are counted, and shown by their number alone."),
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


def grant_figure(grants: Sequence[Grant]) -> Figure:
    """One-off relief, beside the money that goes through the quarterly lists."""
    return figure(
        "relief_granted",
        _("One-off relief granted (not in the net)"),
        _(
            "Amounts granted in requests for relief whose decision was served within the "
            "half-year. They go through no list and no bank's answer, so they are shown beside "
            "the money settled."
        ),
        YUAN,
        [
            Row(
                each.case_reference,
                each.on,
                each.amount_fen,
                RESTRICTED if each.restricted else _("granted on {day}", day=each.on),
            )
            for each in grants
        ],
    )


def work_figures(cases: Cases, starts: Sequence[Start]) -> list[Figure]:
    """Persons at work again, with the introductions beside them."""
    people: dict[int, Start] = {}
    for each in starts:
        if each.was_unemployed and each.evidence:
            people.setdefault(each.person_id, each)
    return [
        figure(
            "reemployed",
            _("Persons at work again"),
            _(
                "Different laid-off or unemployed persons whom the centre introduced to an "
                "employer and who started work there within the half-year, with evidence: a "
                "contract, an insurance record or the employer's slip."
            ),
            PERSONS,
            [
                Row(
                    each.case_reference,
                    each.started_on,
                    1,
                    RESTRICTED if each.restricted else _started(each),
                )
                for each in people.values()
            ],
        ),
        figure(
            "introductions",
            _("Introductions to employers"),
            _("Introductions within the half-year; who was introduced twice counts twice."),
            PERSON_TIMES,
            [
                Row(
                    case.reference,
                    step.on,
                    1,
                    RESTRICTED if case.restricted else _("introduced on {day}", day=step.on),
                )
                for case in cases.lives
                if case.kind == JOB_REFERRAL
                for step in case.steps
                if step.action == HANDLE and step.on in cases.period
            ],
        ),
    ]


def _started(start: Start) -> Text:
    return _(
        "started on {day}, evidence: {evidence}",
        day=start.started_on,
        evidence=_EVIDENCE.get(start.evidence, Text(start.evidence)),
    )


_EVIDENCE = {
    "contract": _("a contract"),
    "insurance": _("an insurance record"),
    "employer_slip": _("the employer's slip"),
}
