"""The step of letters: one is issued. Its row is written by the use case, in the same transaction;
nobody takes the step without it."""

from __future__ import annotations

from relief.engine.only_with import only_with
from relief.kernel.text import _

ISSUE = "issue_letter"
comes_with_its_letter = only_with(
    "letter",
    "letter.missing",
    _("This comes with a letter; issue it on the page of the case."),
)

GUARDS = {"comes_with_its_letter": comes_with_its_letter}
EFFECTS: dict[str, object] = {}
