"""The guard of a merge: what stands against a case going into another."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from relief.engine.cases import Case, find_case
from relief.engine.journal.passages import last_taken, passages_of_some
from relief.engine.step import Step
from relief.engine.steps.recusal import recused
from relief.engine.work import Work
from relief.kernel.errors import NotFound, Problem
from relief.kernel.looking import asked_once
from relief.kernel.text import Text, Username, _
from relief.kernel.unit_of_work import UnitOfWork
from relief.petitions.queries import CASE
from relief.petitions.seeing import seers_of

# The step by which a case takes in one that is merged into it.
TAKE_IN = "take_in"


def names_another_open_case(work: Work, step: Step) -> list[Problem]:
    """A case goes into one of its kind that is open, is another one, and is as restricted."""
    named = step.fields.get("merge_into", "")
    if not named:
        return []
    try:
        other = find_case(work, named, step.actor)
    except NotFound as unknown:
        return [Problem("petition.merge_unknown", unknown.problems[0].text, "merge_into")]
    return [
        Problem("petition.merge_refused", text, "merge_into")
        for text in (*_against_merging(step, other), *_against_more_readers(work, step, other))
    ]


@asked_once
def acceptors_of_merged(work: UnitOfWork, kind: str, case_id: int) -> frozenset[str]:
    """Who accepted the cases that were merged into one, by whatever way."""
    way = sa.select(CASE.c.id).where(CASE.c.merged_into_id == case_id).cte(recursive=True)
    earlier = CASE.alias()
    merged = way.union(sa.select(earlier.c.id).join(way, earlier.c.merged_into_id == way.c.id))
    ids = work.connection.execute(sa.select(merged.c.id)).scalars().all()
    accepted = (
        last_taken(passages, "accept") for _id, passages in passages_of_some(work, kind, ids)
    )
    return frozenset().union(*(each.people for each in accepted if each))


def _against_more_readers(work: Work, step: Step, other: Case) -> Iterator[Text]:
    """Nobody comes to read a restricted case because it is merged into another."""
    both_restricted = step.row["restricted"] and other.row.get("restricted")
    if not both_restricted or other.kind.key != step.kind:
        return
    readers, aside = seers_of(work, step.row), recused(work, step.kind, step.subject_id)
    more = seers_of(work, other.row) - readers - aside
    if more:
        yield _(
            "{names} may see {no} and not {this}; name the same readers for both first",
            names=[Username(each) for each in sorted(more)],
            no=other.reference,
            this=step.reference,
        )


def _against_merging(step: Step, other: Case) -> Iterator[Text]:
    reference = other.reference
    if other.kind.key != step.kind:
        yield _("{no} is a case of another kind; only equals are merged", no=reference)
        return
    if other.id == step.subject_id:
        yield _("a case cannot be merged into itself")
    if other.state == "merged":
        yield _("{no} was merged itself; name the case that it went into", no=reference)
    elif not other.leads_on_by(TAKE_IN):
        yield _("{no} is closed; go on with this case by itself", no=reference)
    if step.row["restricted"] and not other.row["restricted"]:
        yield _(
            "{this} is restricted and {no} is not; merge {no} into {this}",
            this=step.reference,
            no=reference,
        )
