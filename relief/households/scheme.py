"""The office's scheme: places, go-live, the band of rates, the rules of months."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.households import rules
from relief.households.tables import Scheme
from relief.kernel.database import UnitOfWork, table_of
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.money import Fen
from relief.kernel.months import Month
from relief.kernel.text import _

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


def scheme_terms(work: UnitOfWork) -> SchemeTerms:
    """Read the terms."""
    row = work.session.execute(sa.select(SCHEME)).mappings().one()
    return SchemeTerms(**{field.name: row[field.name] for field in fields(SchemeTerms)})


def set_scheme(work: UnitOfWork, actor: Actor, **changes: Any) -> SchemeTerms:
    """Change terms (admin). Places, go-live month, band in fen, rules; go-live is fixed once a
    payout run exists (`run_exists`, told by the caller: runs are not known here)."""
    if "admin" not in actor.roles:
        raise refuse(NotAllowed, "scheme.role", _("Only an admin may set the scheme."))
    work.instant()
    before = scheme_terms(work)
    run_exists = changes.pop("run_exists", False)
    if run_exists and changes.get("go_live_month", before.go_live_month) != before.go_live_month:
        raise refuse(
            Conflict,
            "scheme.go_live_fixed",
            _("The go-live month cannot change any more: a payout run was made with it."),
            "go_live",
        )
    after = SchemeTerms(**{**asdict(before), **changes})
    if problems := _faults(after):
        raise Invalid(problems)
    work.session.execute(sa.update(SCHEME).values(**changes, version=SCHEME.c.version + 1))
    return after


def _faults(terms: SchemeTerms) -> list[Problem]:
    problems = []
    if not 1 <= terms.places_max <= PLACES_MAX:
        problems.append(Problem("scheme.places", _("there must be at least one place"), "places"))
    if not 0 < terms.band_low_fen <= terms.band_high_fen:
        problems.append(
            Problem(
                "scheme.band",
                _("the band's lower end must be above 0 and not above its upper end"),
                "band",
            )
        )
    if terms.start_rule not in rules.START_RULES:
        problems.append(
            Problem(
                "scheme.start_rule",
                _("the start rule is one of {known}", known=list(rules.START_RULES)),
                "start_rule",
            )
        )
    if terms.stop_rule not in rules.STOP_RULES:
        problems.append(
            Problem(
                "scheme.stop_rule",
                _("the stop rule is one of {known}", known=list(rules.STOP_RULES)),
                "stop_rule",
            )
        )
    return problems
