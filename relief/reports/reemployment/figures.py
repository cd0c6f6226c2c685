"""Figures of work: persons at work again, and introductions. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from relief.kernel.text import Text, _
from relief.petitions.rules import JOB_REFERRAL
from relief.reports.cases.lives import HANDLE, Cases
from relief.reports.reemployment.queries import Start
from relief.reports.rules import PERSON_TIMES, PERSONS, RESTRICTED, Figure, Row, figure


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
        evidence=start.evidence_title,
    )
