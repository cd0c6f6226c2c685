"""The office's scheme: places, go-live, the band of rates, the rules of months."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import Actor, check_own_name
from relief.households import rules
from relief.households.tables import Scheme
from relief.kernel.columns import table_of
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.looking import asked_once
from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.kernel.text import _
from relief.kernel.unit_of_work import UnitOfWork

SCHEME = table_of(Scheme)
PLACES_MAX = 100_000_000


@dataclass(frozen=True)
class SchemeTerms:
    """The terms as they stand; a run keeps the ones it was made with."""

    go_live_month: Month | None
    places_max: int
    band_low_fen: Fen
    band_high_fen: Fen
    start_rule: str
    stop_rule: str
    recovery_percent_max: int
    back_months_max: int
    unanswered_days_max: int

    def as_json(self) -> str:
        """The form that a run stores."""
        return json.dumps(asdict(self), sort_keys=True)


@asked_once
def scheme_terms(work: UnitOfWork) -> SchemeTerms:
    """Read the terms."""
    row = work.connection.execute(sa.select(SCHEME)).mappings().one()
    return SchemeTerms(**{field.name: row[field.name] for field in fields(SchemeTerms)})


def scheme_version(work: UnitOfWork) -> int:
    """How often the terms were changed; a form gives it back when it is sent."""
    return int(work.connection.execute(sa.select(SCHEME.c.version)).scalar_one())


def set_scheme(
    work: UnitOfWork, actor: Actor, *, seen_version: int | None = None, **changes: Any
) -> SchemeTerms:
    """Change terms (admin): places, go-live month, band in fen, rules. That go-live is fixed once a
    run exists is for payouts to know (`change_scheme` there). `Conflict` where they were changed
    since the version that was seen."""
    if "admin" not in actor.roles:
        raise refuse(NotAllowed, "scheme.role", _("Only an admin may set the scheme."))
    check_own_name(actor)
    work.instant()
    _check_version(work, seen_version)
    before = scheme_terms(work)
    after = SchemeTerms(**{**asdict(before), **changes})
    if problems := _faults(after):
        raise Invalid(problems)
    if after == before:
        return before
    work.connection.execute(sa.update(SCHEME).values(**changes, version=SCHEME.c.version + 1))
    return after


def _check_version(work: UnitOfWork, seen: int | None) -> None:
    current = scheme_version(work)
    if seen is not None and seen != current:
        text = _(
            "The scheme was changed since you looked at it: you saw version {seen}, it now stands "
            "at version {current}. Look at what holds now, then decide.",
            seen=seen,
            current=current,
        )
        raise refuse(Conflict, "scheme.stale", text)


def _faults(terms: SchemeTerms) -> list[Problem]:
    checks = (
        (1 <= terms.places_max <= PLACES_MAX, _from_to("places", 1, PLACES_MAX)),
        (
            0 < terms.band_low_fen <= terms.band_high_fen,
            Problem(
                "scheme.band",
                _("the band's lower end must be above 0 and not above its upper end"),
                "band",
            ),
        ),
        (terms.start_rule in rules.START_RULES, _one_of("start_rule", rules.START_RULES)),
        (terms.stop_rule in rules.STOP_RULES, _one_of("stop_rule", rules.STOP_RULES)),
        # At 100 percent a household could have something due and yet no line.
        (0 <= terms.recovery_percent_max < 100, _from_to("recovery_percent_max", 0, 99)),
        (0 <= terms.back_months_max <= 1_200, _from_to("back_months_max", 0, 1_200)),
        (1 <= terms.unanswered_days_max <= 365, _from_to("unanswered_days_max", 1, 365)),
    )
    return [problem for holds, problem in checks if not holds]


def _one_of(name: str, known: Sequence[str]) -> Problem:
    return Problem(f"scheme.{name}", _("one of {known} would be right", known=list(known)), name)


def _from_to(name: str, low: int, high: int) -> Problem:
    text = _("a number from {low} to {high} would be right", low=low, high=high)
    return Problem(f"scheme.{name}", text, name)
