"""The letters of a case as its page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from relief.engine.cases import Case
from relief.engine.journal.chain import Entry
from relief.engine.work import Work
from relief.letters.offered import offered_letters
from relief.letters.queries import ListedLetter, letters_of


@dataclass(frozen=True)
class LettersView:
    """What was issued, the latest first, and the names of what may be issued now."""

    issued: Sequence[ListedLetter]
    offered: Sequence[str]


def view_letters(work: Work, case: Case, entries: Sequence[Entry]) -> LettersView:
    """Gather what is shown of a case's letters; who asks may see the case, of which `entries` is
    the journal."""
    offered = [each.letter for each in offered_letters(work, case, entries)]
    return LettersView(letters_of(work, case.kind.key, case.id)[::-1], offered)
