"""A form that is taken once, whatever it makes: the record, the answer to the next click, and the
end of its draft, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from relief.engine.actors import Actor
from relief.kernel.database import UnitOfWork
from relief.kernel.errors import ReliefError
from relief.typed.drafts import drop_draft
from relief.typed.once import claim, fulfil

# The key that came with the form cannot be used again.
_NEEDS_A_KEY = frozenset({"form.other_words", "form.key", "form.owner"})


class Saved(NamedTuple):
    """What a form made, by its number; `anew` is False where it had been made before."""

    reference: str
    anew: bool


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


def needs_new_key(refusal: ReliefError) -> bool:
    """True where the form has to be shown with another key: its own was used, or is none."""
    return any(problem.code in _NEEDS_A_KEY for problem in refusal.problems)
