"""Letters to petitioners, in a test: issued and read in short words."""

from __future__ import annotations

from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.journal.history import history
from relief.letters.offered import offered_letters
from relief.letters.queries import ListedLetter, page_of
from relief.letters.service import issue_letter
from tests.office import CHEN, Office


def issued(
    office: Office, reference: str, letter: str = "receipt", *, actor: Actor = CHEN,
    language: str = "zh",
) -> ListedLetter:  # fmt: skip
    """Issue a letter of a case."""
    with office.relief.work() as work:
        case = find_case(work, reference, actor)
        made = issue_letter(work, office.relief.letters, actor, case, letter, language)
        work.commit()
    return made


def page(office: Office, reference: str, number: int = 1) -> str:
    """A letter as it was issued."""
    with office.relief.reading() as work:
        case = find_case(work, reference, CHEN)
        return page_of(work, case.kind.key, case.id, str(number)).decode()


def offered(office: Office, reference: str) -> list[str]:
    """Which letters may be issued of a case."""
    with office.relief.reading() as work:
        case = find_case(work, reference, CHEN)
        entries = history(work, case.kind.key, case.id)
        return [each.letter for each in offered_letters(work, case, entries)]
