"""The two steps of papers, for whatever kind of case: a file is attached, and taken back. A file
that was taken back stays for the record."""

from __future__ import annotations

import sqlalchemy as sa

from relief.engine.actors import CASE_ROLES
from relief.engine.definitions.definition import PAPER_KIND
from relief.engine.definitions.kept import Must
from relief.engine.only_with import only_with
from relief.engine.step import Step
from relief.engine.work import Work
from relief.kernel.crypto import new_token
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.papers.queries import PAPER, numbers_attached, seal_context
from relief.papers.tables import Paper

ATTACH, DETACH = "attach", "detach"
# What the two steps ask for.
NAME, KIND, NUMBER = "paper_name", PAPER_KIND, "paper_no"
FIELDS = (NAME, KIND, NUMBER)

comes_with_a_file = only_with(
    "sha256",
    "paper.file_missing",
    _("This comes with a file; attach it on the page of the case."),
)


def paper_is_attached(work: Work, step: Step) -> list[Problem]:
    """What is taken back is a paper of this case, and was not taken back before."""
    typed = step.fields.get(NUMBER, "")
    standing = [str(each) for each in numbers_attached(work, step.kind, step.subject_id)]
    if not standing:
        text = _("no paper is attached to {no}", no=step.reference)
        return [Problem("paper.none", text)]
    if typed and typed not in standing:
        text = _(
            "Name a paper that is attached by its number: {numbers}.",
            numbers=standing,
        )
        return [Problem("paper.not_attached", text, NUMBER)]
    return []


def keep_paper(work: Work, step: Step) -> None:
    """The paper belongs to the case; its bytes were brought to the disk before."""
    token = new_token()
    work.insert(
        Paper,
        subject_kind=step.kind,
        subject_id=step.subject_id,
        number=step.facts["paper"],
        token=token,
        kind=step.fields.get(KIND, ""),
        sealed_name=work.cipher.seal(step.fields[NAME], seal_context(token)),
        file_type=step.facts["file_type"],
        size_bytes=step.facts["size_bytes"],
        sha256=step.facts["sha256"],
        recorded_at=step.at,
        recorded_by=step.actor.username,
    )


def take_paper_back(work: Work, step: Step) -> None:
    """The paper counts no more; it stays for the record."""
    work.connection.execute(
        sa.update(PAPER)
        .where(
            PAPER.c.subject_kind == step.kind,
            PAPER.c.subject_id == step.subject_id,
            PAPER.c.number == int(step.fields[NUMBER]),
            PAPER.c.detached_at.is_(None),
        )
        .values(detached_at=step.at, detached_by=step.actor.username)
    )


GUARDS = {
    "comes_with_a_file": comes_with_a_file,
    paper_is_attached.__name__: paper_is_attached,
}
EFFECTS = {each.__name__: each for each in (keep_paper, take_paper_back)}
# An office's own file from before there were papers goes on without them.
MUST = {
    ATTACH: Must(
        guards=("comes_with_a_file",),
        effects=(keep_paper.__name__,),
        fields=(NAME,),
        roles=CASE_ROLES,
        optional=True,
    ),
    DETACH: Must(
        guards=(paper_is_attached.__name__,),
        effects=(take_paper_back.__name__,),
        fields=(NUMBER,),
        roles=CASE_ROLES,
        reason="required",
        optional=True,
    ),
}
