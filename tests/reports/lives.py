"""Cases and contacts of a report, drawn by hand or at random; dates are days of 2005 or of the
years beside it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import strategies as st

from relief.reports.cases.lives import CaseLife, CaseStep

# What each step leads to, from where.
WAYS = {
    ("", "receive"): "received",
    ("received", "accept"): "accepted",
    ("received", "decline"): "not_accepted",
    ("received", "refer"): "transferred_out",
    ("received", "withdraw"): "withdrawn",
    ("received", "merge"): "merged",
    ("accepted", "extend"): "accepted",
    ("accepted", "handle"): "handled",
    ("accepted", "withdraw"): "withdrawn",
    ("accepted", "merge"): "merged",
    ("handled", "return"): "accepted",
    ("handled", "implement"): "implemented",
    ("implemented", "return"): "handled",
    ("implemented", "feedback"): "feedback",
    ("feedback", "request_review"): "review",
    ("review", "conclude_review"): "reviewed",
}
KINDS = ("petition", "relief", "legal_aid", "job_referral")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def case(number: int, *steps: tuple[str, str], kind: str = "petition", **more: object) -> CaseLife:
    """A case from (day, action) pairs; each action starts where the one before it led."""
    state, taken = "", []
    for on, action in steps:
        to_state = WAYS[state, action]
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
    return replace(life, **more)  # type: ignore[arg-type]


@st.composite
def random_cases(draw: st.DrawFn) -> list[CaseLife]:
    """Some cases that each go a random way over random days; a merged one goes into a case with a
    lower number."""
    cases: list[CaseLife] = []
    for number in range(1, draw(st.integers(1, 9)) + 1):
        on = day("2004-10-01") + dt.timedelta(days=draw(st.integers(0, 420)))
        steps, state = [("receive", on)], "received"
        for _step in range(draw(st.integers(0, 7))):
            actions = [action for (start, action) in WAYS if start == state]
            actions = [a for a in actions if a != "merge" or number > 1]
            if not actions:
                break
            action = draw(st.sampled_from(actions))
            on += dt.timedelta(days=draw(st.integers(0, 50)))
            steps.append((action, on))
            state = WAYS[state, action]
        cases.append(
            case(
                number,
                *((taken_on.isoformat(), action) for action, taken_on in steps),
                kind=draw(st.sampled_from(KINDS)),
                restricted=draw(st.booleans()),
                merged_into_id=draw(st.integers(1, number - 1)) if state == "merged" else None,
                due_on=on + dt.timedelta(days=draw(st.integers(-30, 60))),
            )
        )
    return cases
