"""Everything that is written down, held against everything that vouches for it: the journal's chain
and seals, cases, deadlines, papers, letters, ways out. What stops one search is told, and the
others go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from relief.engine.clocks.deadlines import verify_deadlines
from relief.engine.journal.verification import verify_journal
from relief.engine.work import Work
from relief.kernel.errors import Problem, ReliefError
from relief.kernel.text import Text, _
from relief.letters.verification import verify_letters
from relief.papers.store import PaperStore
from relief.papers.verification import verify_papers
from relief.petitions.verification import verify_cases
from relief.reminders.verification import verify_reminders

_Search = Callable[[Work], Iterable[Problem]]


def verify_office(work: Work, papers: PaperStore) -> list[Problem]:
    """Every trace of tampering that is found, each row by its name."""
    searches: list[tuple[Text, _Search]] = [
        (_("the journal"), verify_journal),
        (_("cases"), verify_cases),
        (_("deadlines"), verify_deadlines),
        (_("papers"), partial(verify_papers, store=papers)),
        (_("letters"), verify_letters),
        (_("addresses of mail and calendars"), verify_reminders),
    ]
    return [problem for what, search in searches for problem in _found(work, what, search)]


def _found(work: Work, what: Text, search: _Search) -> list[Problem]:
    """What a search finds; where a row stops it that no program of ours could have written, so
    much, and that it was stopped."""
    found: list[Problem] = []
    try:
        for problem in search(work):
            found.append(problem)  # noqa: PERF402  (what was found before a fault stays)
    except ReliefError as fault:
        found += [*fault.problems, _stopped(what)]
    except (ValueError, TypeError, LookupError):
        found.append(_stopped(what))
    return found


def _stopped(what: Text) -> Problem:
    text = _(
        "The search through {what} was stopped by a row that cannot be read: it was changed in the "
        "database. What comes after it was not looked at.",
        what=what,
    )
    return Problem("audit.stopped", text)
