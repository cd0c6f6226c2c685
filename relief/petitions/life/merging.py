"""The guard of a merge: what stands against a case going into another."""

from __future__ import annotations

from collections.abc import Iterator

from relief.engine.cases import Case, find_case
from relief.engine.step import Step
from relief.engine.steps.recusal import recused
from relief.engine.work import Work
from relief.kernel.errors import NotFound, Problem
from relief.kernel.text import Text, Username, _
from relief.petitions.seeing import seers_of


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
    elif not other.leads_on_by("take_in"):
        yield _("{no} is closed; go on with this case by itself", no=reference)
    if step.row["restricted"] and not other.row["restricted"]:
        yield _(
            "{this} is restricted and {no} is not; merge {no} into {this}",
            this=step.reference,
            no=reference,
        )
