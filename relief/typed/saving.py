"""A form that is taken once, whatever it makes: the record, the answer to the next click, and the
end of its draft, in one transaction. What is refused leaves nothing, so the form is shown again
with a new key, whatever stood against it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from relief.engine.actors import Actor
from relief.kernel.text import Text, _
from relief.kernel.unit_of_work import UnitOfWork
from relief.typed.drafts import drop_draft, keep_draft
from relief.typed.once import claim, fulfil, is_saved


class Saved(NamedTuple):
    """What a form made, by its number; `anew` is False where it had been made before."""

    reference: str
    anew: bool

    def already(self) -> Text:
        """What is told of a form that is sent once more."""
        return _("{no} was saved already.", no=self.reference)


def saved_once(
    work: UnitOfWork,
    actor: Actor,
    key: str,
    body: Mapping[str, str],
    make: Callable[[], str],
    draft: str = "",
) -> Saved:
    """Make what a form says (`make` gives its number), and drop the draft of that name; where the
    form was taken before, make nothing and tell that number again. Refused as `claim` does."""
    claimed = claim(work, actor, key, body)
    if claimed.made:
        return Saved(claimed.made, anew=False)
    reference = make()
    fulfil(work, claimed, reference)
    if draft:
        drop_draft(work, actor, draft)
    return Saved(reference, anew=True)


def keep_unless_saved(
    work: UnitOfWork,
    actor: Actor,
    key: str,
    form: str,
    values: Mapping[str, str],
    version_seen: int | None = None,
) -> None:
    """Keep what is typed into a form so far; a draft that comes after its record is not kept."""
    if not is_saved(work, key):
        keep_draft(work, actor, form, values, version_seen)
