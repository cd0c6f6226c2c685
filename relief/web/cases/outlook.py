"""What a step will mean, in a sentence or two: where the case stands then, and by when."""

from __future__ import annotations

from collections.abc import Sequence

from relief.engine.cases import Case
from relief.engine.clocks.running import deadline_after, reckoned_deadline
from relief.engine.clocks.terms import Reckoned
from relief.engine.definitions.definition import Action
from relief.engine.journal.passages import Passage
from relief.engine.work import Work
from relief.kernel.text import Text, _


def outlook(work: Work, case: Case, action: Action, passages: Sequence[Passage]) -> list[Text]:
    """What follows from a step that is taken now."""
    definition = case.machine.definition
    before = reckoned_deadline(work, definition, passages)
    after = deadline_after(work, definition, action, passages, work.clock.now())
    state = definition.state_by_id[action.to or case.state]
    if state.id == case.state:
        return [_("It stays where it is: {state}.", state=state.title), *_moved(before, after)]
    if state.final:
        return [_("It ends as: {state}. No deadline runs then.", state=state.title)]
    return [_("It goes on to: {state}.", state=state.title), *_runs(after)]


def _moved(before: Reckoned | None, after: Reckoned | None) -> list[Text]:
    was, will = before.due_on if before else None, after.due_on if after else None
    if was == will or was is None or will is None:
        return []
    return [_("The deadline moves from {was} to {will}.", was=was, will=will)]


def _runs(after: Reckoned | None) -> list[Text]:
    if after is None:
        return []
    if after.due_on is None:
        return [_("The clock stands still meanwhile.")]
    return [_("What comes next is due on {day}.", day=after.due_on)]
