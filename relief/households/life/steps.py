"""What workflows/household.toml names, and what no office's own file may take away: the facts that
money reads, the notice, and the separation of who surveys, who publishes and who approves."""

from __future__ import annotations

from relief.engine.actors import CASE_ROLES
from relief.engine.definitions.definition import Term
from relief.engine.definitions.kept import Kept, Must, Read
from relief.engine.kinds import SubjectKind
from relief.engine.steps import recusal
from relief.households.life import announced, events, guards
from relief.households.life.means import NO_EXCLUSION
from relief.households.life.notices import record_notice
from relief.households.life.rechecks import NO_LONGER_ENTITLED
from relief.households.life.surveys import record_visit
from relief.households.rules import ENROLLED_STATES, GRADES
from relief.households.tables import Household
from relief.kernel.columns import table_of

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
_APPLYING = ("applied", "surveyed", "published", "objection", "waiting")
_APPROVER = ("approver",)
_STAYS = {state: state for state in (*_APPLYING, "exited", "refused")}
_TAKEN_OVER = ("facts_are_recorded_with_it",)
_ALLOWED, _RECORDED = (events.facts_allow_it.__name__,), (events.record_facts.__name__,)
_VISIT = (guards.visit_can_be_judged.__name__,)
_NOTICE_BY = ("survey", "publish")
_NOTICE = Term(days=5, counting="working", since="publish")
MUST = {
    "open_file": Must(guards=_TAKEN_OVER, roles=CASE_ROLES, ways={"": "applied"}),
    "take_over": Must(
        guards=_TAKEN_OVER,
        roles=CASE_ROLES,
        # Paper ends what was begun here by an approver alone.
        roles_from=dict.fromkeys(_APPLYING[1:], _APPROVER),
        ways=dict.fromkeys(("", *_APPLYING, "exited"), "active"),
    ),
    "correct": Must(guards=_TAKEN_OVER, roles=CASE_ROLES),
    "survey": Must(
        guards=_VISIT,
        effects=(record_visit.__name__,),
        roles=CASE_ROLES,
        ways=dict.fromkeys(("applied", "surveyed"), "surveyed"),
    ),
    "publish": Must(
        guards=(guards.grade_to_announce_is_known.__name__,),
        effects=(record_notice.__name__,),
        roles=CASE_ROLES,
        ways=dict.fromkeys(("surveyed", "published", "waiting"), "published"),
    ),
    "object": Must(roles=CASE_ROLES, ways={"published": "objection"}),
    "dismiss_objection": Must(
        not_by_actor_of=_NOTICE_BY,
        roles=_APPROVER,
        ways={"objection": "published"},
        reason="required",
    ),
    "uphold_objection": Must(roles=_APPROVER, ways={"objection": "surveyed"}, reason="required"),
    "approve": Must(
        guards=(*_ALLOWED, announced.as_announced.__name__, guards.places_are_free.__name__),
        effects=_RECORDED,
        not_by_actor_of=_NOTICE_BY,
        roles=_APPROVER,
        ways=dict.fromkeys(("published", "waiting"), "active"),
        not_before=_NOTICE,
    ),
    "wait": Must(roles=_APPROVER, ways={"published": "waiting"}, not_before=_NOTICE),
    "refuse": Must(
        roles=_APPROVER,
        ways=dict.fromkeys(("applied", "surveyed", "published", "waiting"), "refused"),
        reason="required",
    ),
    "recheck": Must(
        guards=(*_ALLOWED, *_VISIT),
        effects=(*_RECORDED, record_visit.__name__),
        roles=CASE_ROLES,
        ways={state: state for state in ("active", "suspended")},
    ),
    # A hold outlives the exit, so it is also laid and lifted where nothing is paid.
    "suspend": Must(
        guards=_ALLOWED, effects=_RECORDED, roles=CASE_ROLES, ways=_STAYS | {"active": "suspended"}
    ),
    "resume": Must(
        guards=_ALLOWED, effects=_RECORDED, roles=CASE_ROLES, ways=_STAYS | {"suspended": "active"}
    ),
    "keep_suspended": Must(roles=("system",), ways={"active": "suspended"}),
    "exit": Must(
        guards=_ALLOWED,
        effects=_RECORDED,
        roles=CASE_ROLES,
        ways=dict.fromkeys(("active", "suspended"), "exited"),
    ),
    "choose_recovery": Must(guards=("choice_is_recorded_with_it",), roles=_APPROVER),
    **recusal.MUST,
}
# What a visit finds is reckoned with, and what is chosen is acted on: by these words.
READ = {
    **dict.fromkeys(
        ("annual_household_income", "unavoidable_expense", "accident_loss"), Read("amount")
    ),
    "persons": Read("whole"),
    "exclusion_criterion": Read("choice", (NO_EXCLUSION,)),
    "grade": Read("choice", GRADES),
    "recheck_result": Read("choice", (events.REGRADED, events.UNCHANGED, NO_LONGER_ENTITLED)),
    "objector": Read("text", masked="objector"),
    "exit_reason": Read("choice", (events.DIED, events.OTHER)),
}
# An office's own way may lead back to an application, nowhere else.
KEPT = Kept(
    STATES,
    MUST,
    guarded=STATES - {"applied"},
    held=frozenset({"objection", "active", "suspended"}),
    pausing=frozenset({"objection"}),
    read=READ,
)
KINDS = (SubjectKind("household", table_of(Household), "household_no", KEPT),)
