"""The letters of a case as its page shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relief.engine.cases import Case
from relief.engine.definitions.definition import Titles
from relief.engine.journal.chain import Entry
from relief.engine.work import Work
from relief.letters.offered import offered_letters
from relief.letters.queries import ListedLetter, letters_of
from relief.letters.templates import LetterFolder


@dataclass(frozen=True)
class LettersView:
    """What was issued, the latest first, and what may be issued now, by name with its title."""

    issued: Sequence[ListedLetter]
    offered: Mapping[str, Titles]


def view_letters(
    work: Work, folder: LetterFolder, case: Case, entries: Sequence[Entry]
) -> LettersView:
    """Gather what is shown of a case's letters; who asks may see the case, of which `entries` is
    the journal."""
    offered = {each.letter: folder.title(each.letter) for each in offered_letters(case, entries)}
    return LettersView(letters_of(work, case.kind.key, case.id)[::-1], offered)
