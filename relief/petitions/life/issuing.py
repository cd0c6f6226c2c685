"""The step by which a letter goes out: what is written in it is the business of `relief.letters`,
whose use case writes its row in the same transaction; nobody takes the step without it."""

from __future__ import annotations

from relief.engine.actors import CASE_ROLES
from relief.engine.definitions.kept import Must
from relief.engine.only_with import only_with
from relief.kernel.text import _

ISSUE = "issue_letter"
comes_with_its_letter = only_with(
    "letter",
    "letter.missing",
    _("This comes with a letter; issue it on the page of the case."),
)

GUARDS = {"comes_with_its_letter": comes_with_its_letter}
# An office's own file from before there were letters goes on without them.
MUST = {
    ISSUE: Must(guards=tuple(GUARDS), roles=CASE_ROLES, optional=True),
}
