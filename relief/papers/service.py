"""Attaching a file to a case. Taking one back is a plain step of the case (`detach`)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from relief.engine.actors import Actor
from relief.engine.cases import Case
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.errors import Invalid, Problem
from relief.kernel.text import _
from relief.papers.contents import FileType, type_of
from relief.papers.names import file_problems, name_of
from relief.papers.queries import ListedPaper, next_number, paper_of
from relief.papers.steps import ATTACH, KIND, NAME
from relief.papers.store import PaperStore

# More than any matter has; each is looked at by people.
PAPERS_MAX = 200


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent: the name that it says, and its bytes."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """What the bytes are known by."""
        return hashlib.sha256(self.content).hexdigest()

    def looked_at(self) -> SentFile:
        """The same, judged already: that takes its time, and is no work for under the lock."""
        _known = self.type, self.problems
        return self

    @cached_property
    def type(self) -> FileType | None:
        """What it is by its bytes; None where it is nothing that is taken."""
        return type_of(self.content)

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything that stands against it."""
        return list(file_problems(self.name, self.content))


def attach(
    work: Work,
    store: PaperStore,
    actor: Actor,
    case: Case,
    file: SentFile,
    paper_kind: str = "",
    seen_version: int | None = None,
) -> ListedPaper:
    """Attach a file to a case: refused (`Invalid`) with everything that is wrong with it, or as the
    step is. Its bytes are on the disk before the step is written, so that the commit names a file
    that is there; refused afterwards, the file is nobody's and goes by night."""
    problems = list(file.problems)
    work.instant()  # the lock comes first: nobody sweeps between the file and the commit
    number = next_number(work, case.kind.key, case.id)
    if number > PAPERS_MAX:
        text = _("{max} papers are the most of one case; put several into one PDF.", max=PAPERS_MAX)
        problems.append(Problem("paper.too_many", text, "file"))
    if problems:
        raise Invalid(problems)
    found = file.type
    assert found is not None, "it was looked at"
    fields = {NAME: name_of(file.name), KIND: paper_kind}
    facts = {
        "paper": number,
        "sha256": store.put(file.content),
        "size_bytes": len(file.content),
        "file_type": found.key,
    }
    advance(
        work, case.kind.key, case.id, ATTACH, actor,
        fields=fields, facts=facts, seen_version=seen_version,
    )  # fmt: skip
    return paper_of(work, case.kind.key, case.id, str(number))
