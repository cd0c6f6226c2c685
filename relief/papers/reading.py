"""The papers of a case as its pages show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relief.engine.cases import Case
from relief.engine.definitions.definition import Titles
from relief.engine.work import Work
from relief.papers.queries import ListedPaper, papers_of
from relief.papers.steps import ATTACH


@dataclass(frozen=True)
class PapersView:
    """The papers; what they may be, by the workflow of the case; whether it takes more of them.
    `known` is False of a case whose workflow has no papers."""

    papers: Sequence[ListedPaper]
    titles: Mapping[str, Titles]
    takes_more: bool
    known: bool

    @property
    def kinds(self) -> frozenset[str]:
        """Which kinds of papers are attached, and were not taken back."""
        return frozenset(paper.kind for paper in self.papers if paper.stands)


def view_papers(work: Work, case: Case) -> PapersView:
    """Gather what is shown of a case's papers; who asks may see the case."""
    definition = case.machine.definition
    return PapersView(
        papers=papers_of(work, case.kind.key, case.id),
        titles=definition.paper_titles,
        takes_more=case.leads_on_by(ATTACH),
        known=bool(definition.actions_named(ATTACH)),
    )
