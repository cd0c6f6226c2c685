"""How a case goes on from where it stands: one step, the one that people wait for."""

from __future__ import annotations

from pathlib import Path

import pytest

from relief.procedures.building import build_workflows
from tests.conftest import settings_for

NEXT = {
    ("petition", "received"): "accept",
    ("petition", "accepted"): "handle",
    ("petition", "handled"): "implement",
    ("petition", "implemented"): "feedback",
    ("petition", "feedback"): None,
    ("petition", "review"): "conclude_review",
    ("petition", "re_review"): "conclude_re_review",
    ("petition", "hearing"): "end_hearing",
    ("petition", "not_accepted"): None,
    ("relief", "received"): "accept",
    ("relief", "awaiting_papers"): "papers_arrived",
    ("household", "published"): "wait",
    ("household", "objection"): "dismiss_objection",
    ("household", "waiting"): "approve",
    ("household", "active"): None,  # it rests: a re-check comes when its day comes
    ("household", "suspended"): None,
    ("household", "refused"): None,
    ("payout_run", "draft"): "submit",
    ("payout_run", "submitted"): "approve",
    ("payout_run", "approved"): "release",
    ("payout_run", "released"): None,  # the bank's answers lead on
    ("repayment", "recorded"): "confirm",
    ("petition", "a state of an older file"): None,
}


@pytest.mark.parametrize(("place", "step"), NEXT.items(), ids=lambda each: str(each))
def test_a_case_goes_on_by_the_step_that_people_wait_for(
    place: tuple[str, str], step: str | None, tmp_path: Path
) -> None:
    found = build_workflows(settings_for(tmp_path)).next_step(*place)
    assert (found.id if found else None) == step
