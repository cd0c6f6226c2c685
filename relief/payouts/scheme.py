"""Changing the office's scheme, where payout runs have a say."""

from __future__ import annotations

from typing import Any

from relief.engine.actors import Actor
from relief.households.queries import places_taken
from relief.households.scheme import SchemeTerms, scheme_terms, set_scheme
from relief.kernel.errors import Conflict, refuse
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork
from relief.payouts import queries


def change_scheme(
    work: UnitOfWork,
    actor: Actor,
    *,
    seen_version: int | None = None,
    below_taken: bool = False,
    **changes: Any,
) -> SchemeTerms:
    """Change terms (admin). The go-live month is fixed once a run was made with it: every run's
    window begins there. Fewer places than are taken are meant only where somebody says so
    (`below_taken`): whoever has one keeps it, and nobody else is approved."""
    work.instant()
    if "admin" in actor.roles and not below_taken:
        _check_places(work, changes.get("places_max"))
    stands = scheme_terms(work).go_live_month
    if changes.get("go_live_month", stands) != stands and queries.all_runs(work):
        raise refuse(
            Conflict,
            "scheme.go_live_fixed",
            _("The go-live month cannot change any more: a payout run was made with it."),
            "go_live",
        )
    return set_scheme(work, actor, seen_version=seen_version, **changes)


def _check_places(work: UnitOfWork, places: int | None) -> None:
    taken = places_taken(work)
    if places is None or places >= min(taken, scheme_terms(work).places_max):
        return
    text = _(
        "{taken} places are taken now, and {places} are fewer: those households would keep theirs, "
        "and nobody else could be approved. Say so, if that is meant.",
        taken=taken,
        places=places,
    )
    raise refuse(Conflict, "scheme.places_taken", text, "places")
