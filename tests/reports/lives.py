"""Cases and contacts of a report, drawn by hand or at random; dates are days of 2005 or of the
years beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st

from relief.engine.definitions.loader import load_definitions
from relief.kernel.resources import shipped_folder
from relief.petitions.rules import SHIPPED
from relief.reports.cases.lives import CaseLife, CaseStep

DEFINITIONS = {
    kind: definition
    for kind, definition in load_definitions([shipped_folder("workflows")]).items()
    if kind in SHIPPED
}
# What each step of each kind leads to, from where.
WAYS = {
    kind: {
        (source, action.id): target
        for action in definition.actions
        for source, target in ([("", action.to)] if action.opens else action.edges)
    }
    for kind, definition in DEFINITIONS.items()
}
# Steps that stay where they are and that a report counts; the others would only draw lives out.
COUNTED = ("extend", "report_upward")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def case(number: int, *steps: tuple[str, str], kind: str = "petition", **more: object) -> CaseLife:
    """A case from (day, action) pairs; each action starts where the one before it led."""
    state, taken = "", []
    for on, action in steps:
        to_state = WAYS[kind][state, action]
        taken.append(CaseStep(len(taken) + 1, action, state, to_state, day(on)))
        state = to_state
    life = CaseLife(
        id=number,
        kind=kind,
        reference=f"{kind[0].upper()}2005-{number:04d}",
        restricted=False,
        received_on=taken[0].on,
        merged_into_id=None,
        steps=tuple(taken),
    )
    return replace(life, **more)


@st.composite
def random_cases(draw: st.DrawFn) -> list[CaseLife]:
    """Some cases that each go a random way over random days; a merged one goes into a case with a
    lower number."""
    cases: list[CaseLife] = []
    for number in range(1, draw(st.integers(1, 9)) + 1):
        kind = draw(st.sampled_from(sorted(SHIPPED)))
        on = day("2004-10-01") + dt.timedelta(days=draw(st.integers(0, 420)))
        steps, state = [("receive", on)], "received"
        for _step in range(draw(st.integers(0, 7))):
            actions = [a for a in _ways_on(kind, state) if a != "merge" or number > 1]
            if not actions:
                break
            action = draw(st.sampled_from(actions))
            on += dt.timedelta(days=draw(st.integers(0, 50)))
            steps.append((action, on))
            state = WAYS[kind][state, action]
        cases.append(
            case(
                number,
                *((taken_on.isoformat(), action) for action, taken_on in steps),
                kind=kind,
                restricted=draw(st.booleans()),
                merged_into_id=draw(st.integers(1, number - 1)) if state == "merged" else None,
                due_on=on + dt.timedelta(days=draw(st.integers(-30, 60))),
            )
        )
    return cases


def _ways_on(kind: str, state: str) -> list[str]:
    """The steps of a kind that lead on from a state, and those that a report counts."""
    return [
        action
        for (source, action), target in WAYS[kind].items()
        if source == state and (target != state or action in COUNTED)
    ]
