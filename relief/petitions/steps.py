"""The five steps: the guards and effects that the four workflow files name, and what no office's
own file may take from them."""

from __future__ import annotations

from relief.engine.kinds import Must, SubjectKind
from relief.petitions import effects, guards, rules
from relief.petitions.queries import CASE, may_see

GUARDS = {
    guard.__name__: guard
    for guard in (
        guards.petitioner_was_told,
        guards.days_have_come,
        guards.names_another_open_case,
        guards.is_urgent_or_collective,
        guards.readers_are_known,
        guards.case_worker_is_known,
        guards.identity_is_sound,
        guards.petitioner_is_identified,
        guards.job_starts_after_the_introduction,
        guards.household_is_known,
        guards.grant_is_whole,
        guards.limitation_is_told,
        guards.was_reviewed,
    )
} | {
    "comes_with_a_contact": guards.comes_with_a_contact,
    "comes_from_a_merge": guards.comes_from_a_merge,
}
EFFECTS = {
    effect.__name__: effect
    for effect in (
        effects.join_contact,
        effects.keep_matter_class,
        effects.keep_readers,
        effects.name_case_worker,
        effects.keep_petitioner,
        effects.move_contacts,
        effects.write_job_start,
        effects.void_job_start,
    )
}

_STATES = frozenset({*rules.FIVE_STEPS, *rules.SIDE_EXITS})
STATES = {
    rules.PETITION: _STATES | frozenset(rules.REVIEWS),
    rules.RELIEF: _STATES | {rules.AWAITING_PAPERS},
    rules.LEGAL_AID: _STATES | {rules.AWAITING_PAPERS},
    rules.JOB_REFERRAL: _STATES,
}

_WITH_CONTACT = Must(guards=("comes_with_a_contact",), effects=("join_contact",))
# What every kind keeps: the two pairs of eyes, the readers of what is restricted, the contacts.
_MUST = {
    "receive": _WITH_CONTACT,
    "add_contact": _WITH_CONTACT,
    "handle": Must(not_by_actor_of=("accept",)),
    "feedback": Must(not_by_actor_of=("handle",)),
    "decline": Must(guards=("petitioner_was_told",)),
    "refer": Must(guards=("petitioner_was_told",)),
    "merge": Must(
        guards=("names_another_open_case",), effects=("move_contacts",), fields=("merge_into",)
    ),
    "take_in": Must(guards=("comes_from_a_merge",)),
    "assign": Must(
        guards=("case_worker_is_known",), effects=("name_case_worker",), fields=("case_worker",)
    ),
    "identify": Must(guards=("identity_is_sound",), effects=("keep_petitioner",)),
    "name_readers": Must(
        guards=("readers_are_known",), effects=("keep_readers",), fields=("readers",)
    ),
    "note": Must(fields=("note",)),  # taking a contact out is one
    "recuse": Must(guards=("colleague_is_known",), effects=("step_aside",)),
    "end_recusal": Must(guards=("colleague_is_known",), effects=("end_recusal",)),
}
MUST = {
    rules.PETITION: {
        **_MUST,
        "accept": Must(effects=("keep_matter_class",), fields=("matter_class",)),
        "conclude_review": Must(not_by_actor_of=("handle",)),
        "request_re_review": Must(guards=("was_reviewed",)),
        "conclude_re_review": Must(not_by_actor_of=("handle",)),
    },
    rules.RELIEF: {**_MUST},
    rules.LEGAL_AID: {**_MUST},
    rules.JOB_REFERRAL: {
        **_MUST,
        "implement": Must(
            guards=("petitioner_is_identified", "job_starts_after_the_introduction"),
            effects=("write_job_start",),
            fields=("started_on", "evidence"),
        ),
        "return": Must(effects=("void_job_start",)),
    },
}
KINDS = tuple(
    SubjectKind(kind, CASE, "reference", STATES[kind], MUST[kind], "kind", may_see)
    for kind in rules.KINDS
)
