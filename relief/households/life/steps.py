"""What workflows/household.toml names, and what no office's own file may take away: the facts that
money reads, the notice, and the separation of who surveys, who publishes and who approves."""

from __future__ import annotations

from relief.engine.kinds import Must, SubjectKind
from relief.households.life import announced, events, guards
from relief.households.life.notices import record_notice
from relief.households.life.surveys import record_visit
from relief.households.rules import ENROLLED_STATES
from relief.households.tables import Household
from relief.kernel.database import table_of

GUARDS = {
    guard.__name__: guard
    for guard in (
        events.facts_allow_it,
        guards.visit_can_be_judged,
        guards.visited_since_objection,
        guards.grade_to_announce_is_known,
        announced.as_announced,
        guards.places_are_free,
        guards.no_place_is_free,
        guards.first_in_rank_or_reason,
        guards.grade_as_proposed_or_reason,
        guards.recheck_fits,
    )
} | {
    "facts_are_recorded_with_it": guards.facts_are_recorded_with_it,
    "choice_is_recorded_with_it": guards.choice_is_recorded_with_it,
}
EFFECTS = {effect.__name__: effect for effect in (events.record_facts, record_visit, record_notice)}
STATES = frozenset(
    {
        "applied",
        "surveyed",
        "published",
        "objection",
        "waiting",
        "exited",
        "refused",
        *ENROLLED_STATES,
    }
)
_TAKEN_OVER = Must(guards=("facts_are_recorded_with_it",))
_WITH_FACTS = Must(
    guards=(events.facts_allow_it.__name__,), effects=(events.record_facts.__name__,)
)
_NOTICE_BY = ("survey", "publish")
_VISIT = (guards.visit_can_be_judged.__name__,)
MUST = {
    **dict.fromkeys(("open_file", "take_over", "correct"), _TAKEN_OVER),
    **dict.fromkeys(("suspend", "resume", "exit"), _WITH_FACTS),
    "choose_recovery": Must(guards=("choice_is_recorded_with_it",)),
    "survey": Must(guards=_VISIT, effects=(record_visit.__name__,)),
    "publish": Must(
        guards=(guards.grade_to_announce_is_known.__name__,), effects=(record_notice.__name__,)
    ),
    "dismiss_objection": Must(not_by_actor_of=_NOTICE_BY),
    "approve": Must(
        guards=(
            *_WITH_FACTS.guards,
            announced.as_announced.__name__,
            guards.places_are_free.__name__,
        ),
        effects=_WITH_FACTS.effects,
        not_by_actor_of=_NOTICE_BY,
    ),
    "recheck": Must(
        guards=(*_WITH_FACTS.guards, *_VISIT),
        effects=(*_WITH_FACTS.effects, record_visit.__name__),
    ),
    "keep_suspended": Must(),
}
KINDS = (SubjectKind("household", table_of(Household), "household_no", STATES, MUST),)
