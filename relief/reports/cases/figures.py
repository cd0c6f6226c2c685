"""Figures of the cases: accepted, handled, in time, carried over. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from relief.engine.definitions.definition import Titles
from relief.kernel.text import Text, _
from relief.petitions.rules import JOB_REFERRAL, LEGAL_AID, PETITION, RELIEF
from relief.reports.cases.lives import ACCEPTED, CaseLife, Cases, CountedCase
from relief.reports.rules import FRACTION, PERCENT, PIECES, RESTRICTED, Figure, Row, figure

_ONE_DAY = dt.timedelta(days=1)
# The kinds that came with the program; another is called by the title in its file.
_TITLES = {
    PETITION: _("Accepted petitions"),
    RELIEF: _("Accepted requests for relief"),
    LEGAL_AID: _("Accepted requests for legal aid"),
    JOB_REFERRAL: _("Accepted job referrals"),
}


def case_figures(cases: Cases) -> list[Figure]:
    """Accepted and handled, by kind, in time, carried over and open."""
    accepted = [
        each for each in cases.counted if each.accepted_on and each.accepted_on in cases.period
    ]
    return [
        *_rates(cases, accepted),
        *_by_kind(accepted, cases.kinds),
        *_on_time(cases),
        *_carried_over(cases),
    ]


def _rates(cases: Cases, accepted: Sequence[CountedCase]) -> list[Figure]:
    share = _(
        "Of the cases accepted within the half-year, those whose written opinion was served by "
        "{day} and not returned for rework by then.",
        day=cases.last_on,
    )
    rows = [_share_row(counted, cases.last_on) for counted in accepted]
    return [
        figure(
            "petitions_accepted",
            _("Cases accepted"),
            _(
                "Different cases whose day of acceptance lies within the half-year; cases that "
                "were merged count once. What was declined or referred elsewhere was never "
                "accepted."
            ),
            PIECES,
            [_accepted_row(counted) for counted in accepted],
        ),
        figure(
            "petitions_handled",
            _("Cases handled, of those accepted"),
            share,
            PIECES,
            [row for row in rows if row.counts],
        ),
        figure("handled_rate", _("Handled rate"), share, FRACTION, rows),
        figure(
            "handled_percent",
            _("Handled rate in percent, cut off"),
            share,
            PERCENT,
            rows,
        ),
    ]


def _accepted_row(counted: CountedCase) -> Row:
    assert counted.accepted_on is not None
    return Row(counted.case.reference, counted.accepted_on, 1, _why_accepted(counted))


def _why_accepted(counted: CountedCase) -> Text:
    if counted.case.restricted:
        return RESTRICTED
    if counted.merged:
        return _(
            "accepted on {day}; merged into it: {others}",
            day=counted.accepted_on,
            others=[case.reference for case in counted.merged],
        )
    return _("accepted on {day}", day=counted.accepted_on)


def _share_row(counted: CountedCase, last_on: dt.date) -> Row:
    assert counted.accepted_on is not None
    served_on = counted.case.served_on(last_on)
    why = _("no opinion stands")
    if served_on:
        why = _("opinion served on {day}", day=served_on)
    if counted.case.restricted:
        why = RESTRICTED
    return Row(counted.case.reference, counted.accepted_on, 1 if served_on else 0, why)


def _by_kind(accepted: Sequence[CountedCase], kinds: Mapping[str, Titles]) -> list[Figure]:
    """The parts add up to all that was accepted."""
    definition = _("Cases accepted within the half-year, of this kind.")
    return [
        figure(
            f"accepted_{kind}",
            _TITLES.get(kind, _("Accepted: {kind}", kind=title)),
            definition,
            PIECES,
            [_accepted_row(counted) for counted in accepted if counted.case.kind == kind],
        )
        for kind, title in kinds.items()
    ]


def _on_time(cases: Cases) -> list[Figure]:
    definition = _(
        "Of the cases whose written opinion was served within the half-year, or whose term for it "
        "ran out within it without one, those where it was served in time. Extensions count."
    )
    rows = list(_term_rows(cases))
    return [
        figure("on_time_rate", _("On-time rate"), definition, FRACTION, rows),
        figure("on_time_percent", _("On-time rate in percent, cut off"), definition, PERCENT, rows),
    ]


def _term_rows(cases: Cases) -> Iterator[Row]:
    for case in cases.lives:
        served_on, due_on = case.served_on(cases.last_on), case.due_on
        if served_on and served_on in cases.period:
            in_time = due_on is None or served_on <= due_on
            why = _("served on {day}, due on {due}", day=served_on, due=due_on or _("no day"))
            yield _shown(case, served_on, 1 if in_time else 0, why)
        elif _ran_out(case, cases):
            assert due_on is not None
            yield _shown(case, due_on, 0, _("not served; due on {due}", due=due_on))


def _ran_out(case: CaseLife, cases: Cases) -> bool:
    return (
        case.state_on(cases.last_on) == ACCEPTED
        and case.due_on is not None
        and case.due_on in cases.period
        and case.due_on < cases.today
    )


def _carried_over(cases: Cases) -> list[Figure]:
    before = cases.period.first_on - _ONE_DAY
    carried = [case for case in cases.lives if case.state_on(before) == ACCEPTED]
    still = [case for case in cases.lives if case.state_on(cases.last_on) == ACCEPTED]
    return [
        figure(
            "carried_over",
            _("Cases carried over from before"),
            _("Cases that were accepted before {day} and had no opinion then.",
              day=cases.period.first_on),
            PIECES,
            _by_acceptance(carried, before),
        ),
        figure(
            "carried_over_handled",
            _("Carried-over cases handled"),
            _("Cases carried over whose written opinion was served by {day}.", day=cases.last_on),
            PIECES,
            _by_acceptance((c for c in carried if c.served_on(cases.last_on)), before),
        ),
        figure(
            "petitions_open",
            _("Cases still without an opinion"),
            _("Cases that stood accepted at the end of {day}, whenever accepted.",
              day=cases.last_on),
            PIECES,
            _by_acceptance(still, cases.last_on),
        ),
    ]  # fmt: skip


def _by_acceptance(cases: Iterable[CaseLife], day: dt.date) -> Iterator[Row]:
    for case in cases:
        accepted_on = case.accepted_on(day)
        assert accepted_on is not None, "stands accepted and never was"
        yield _shown(case, accepted_on, 1, _("accepted on {day}", day=accepted_on))


def _shown(case: CaseLife, on: dt.date, counts: int, why: Text) -> Row:
    return Row(case.reference, on, counts, RESTRICTED if case.restricted else why)
