"""The steps of a run: the guards and effects that workflows/payout_run.toml names, and what no
office's own file may take from it."""

from __future__ import annotations

from relief.engine.definitions.kept import Kept, Must
from relief.engine.kinds import SubjectKind
from relief.payouts import queries
from relief.payouts.runs import effects, guards

GUARDS = {
    guard.__name__: guard
    for guard in (
        guards.list_is_not_stale,
        guards.nothing_recovered_waits,
        guards.returner_is_approver_or_preparer,
        guards.list_is_the_one_seen,
        guards.list_is_the_approved_one,
        guards.no_listed_household_was_stopped,
        guards.line_can_be_withdrawn,
        guards.releaser_is_not_who_withdrew,
        guards.no_line_is_open,
    )
} | {
    "comes_with_a_list": guards.comes_with_a_list,
    "comes_with_an_answer": guards.comes_with_an_answer,
}
EFFECTS = {
    effect.__name__: effect
    for effect in (
        effects.name_the_preparer,
        effects.keep_approved_list,
        effects.withdraw_line,
        effects.send_lines,
        effects.note_settled,
        effects.void_run,
    )
}
STATES = frozenset({"draft", "submitted", "approved", "released", "settled", "cancelled"})
# What no office's own file may take from a run: three people, one list, and what is written.
MUST = {
    "prepare": Must(
        guards=("comes_with_a_list",),
        roles=("finance", "system"),
        ways={"": "draft", "draft": "draft"},
    ),
    "submit": Must(
        guards=("list_is_not_stale", "nothing_recovered_waits"),
        effects=("name_the_preparer",),
        roles=("finance",),
        ways={"draft": "submitted"},
        stands_in_for="prepare",
    ),
    "return": Must(
        guards=("returner_is_approver_or_preparer",),
        roles=("approver", "finance"),
        ways=dict.fromkeys(("submitted", "approved"), "draft"),
        reason="required",
    ),
    "approve": Must(
        guards=("list_is_the_one_seen",),
        effects=("keep_approved_list",),
        not_by_actor_of=("prepare",),
        roles=("approver",),
        ways={"submitted": "approved"},
        overridable=True,
    ),
    "withdraw": Must(
        guards=("list_is_the_one_seen", "line_can_be_withdrawn"),
        effects=("withdraw_line",),
        fields=("household_no",),
        not_by_actor_of=("prepare",),
        roles=("approver",),
        ways={state: state for state in ("draft", "submitted", "approved")},
        reason="required",
    ),
    "release": Must(
        guards=(
            "list_is_the_approved_one",
            "nothing_recovered_waits",
            "no_listed_household_was_stopped",
            "releaser_is_not_who_withdrew",
        ),
        effects=("send_lines",),
        not_by_actor_of=("prepare", "approve"),
        roles=("finance", "approver"),
        ways={"approved": "released"},
        overridable=True,
    ),
    "record_results": Must(
        guards=("comes_with_an_answer",),
        roles=("finance",),
        ways={state: state for state in ("released", "settled")},
    ),
    "settle": Must(
        guards=("no_line_is_open",),
        effects=("note_settled",),
        roles=("system",),
        ways={"released": "settled"},
    ),
    "cancel": Must(
        effects=("void_run",),
        roles=("finance", "approver"),
        ways=dict.fromkeys(("draft", "submitted", "approved"), "cancelled"),
        reason="required",
    ),
}
KEPT = Kept(STATES, MUST, guarded=STATES, held=STATES)
KINDS = (
    SubjectKind("payout_run", queries.RUN, "reference", KEPT, also_named=queries.run_id_named),
)
