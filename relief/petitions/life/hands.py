"""Who else counts as having had a hand in what a step is kept apart from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from relief.engine.definitions.definition import Action
from relief.engine.journal.passages import passages_of
from relief.engine.work import Work
from relief.kernel.unit_of_work import UnitOfWork
from relief.petitions.identified import IDENTIFY, identifiers_of, know_identifiers
from relief.petitions.life.merging import TAKE_IN, acceptors_of_merged
from relief.petitions.rules import ACCEPT, ACCEPTED, HANDLE


def other_hands(
    work: UnitOfWork, row: Mapping[str, Any], action: Action, taken: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Who accepted the cases that were merged into one, by whatever way, counts as having accepted
    it: what both are about is decided by another person. Whoever said anew who gets a grant does
    not decide on it, whatever the file says that the case began under."""
    assert isinstance(work, Work)  # words of the journal are read with it
    hands: dict[str, frozenset[str]] = {}
    if TAKE_IN in taken and ACCEPT in action.not_by_actor_of:
        hands[ACCEPT] = acceptors_of_merged(work, row["kind"], row["id"])
    if action.id == HANDLE and IDENTIFY in taken:
        people = identifiers_of(work, row["id"])
        hands |= {IDENTIFY: people} if people else {}
    return hands


def know_hands(work: Work, rows: Sequence[Mapping[str, Any]]) -> None:
    """Read the same beforehand, of the cases among these that wait for their decision."""
    know_identifiers(
        work,
        [
            row["id"]
            for row in rows
            if row["state"] == ACCEPTED and _was_identified(work, row["kind"], row["id"])
        ],
    )


def _was_identified(work: Work, kind: str, case_id: int) -> bool:
    return any(each.action == IDENTIFY for each in passages_of(work, kind, case_id))
