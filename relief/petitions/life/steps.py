"""The five steps: the guards and effects that their workflow files name, what no office's own file
may take from them, and what a kind of the office's own keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from relief.desk import rules as desk_rules
from relief.engine.actors import CASE_ROLES, SYSTEM_ROLE
from relief.engine.definitions.definition import Definition, Term
from relief.engine.definitions.kept import Kept, Must, Read
from relief.engine.kinds import Family, SubjectKind
from relief.engine.steps import recusal
from relief.engine.work import Work
from relief.kernel.unit_of_work import UnitOfWork
from relief.papers import steps as papers
from relief.petitions import rules
from relief.petitions.identified import IDENTIFY, SAYING
from relief.petitions.life import effects, granting, guards, hands, identity, issuing, merging
from relief.petitions.queries import CASE
from relief.petitions.seeing import may_see, read_beforehand

GUARDS = {
    guard.__name__: guard
    for guard in (
        guards.petitioner_was_told,
        guards.days_have_come,
        merging.names_another_open_case,
        guards.is_urgent_or_collective,
        guards.readers_are_known,
        guards.case_worker_is_known,
        identity.identity_is_sound,
        guards.petitioner_is_identified,
        guards.job_starts_after_the_introduction,
        guards.household_is_known,
        granting.something_is_asked_for,
        granting.something_was_granted,
        granting.nothing_was_granted,
        granting.grant_is_whole,
        guards.limitation_is_told,
        guards.limitation_has_not_run,
        guards.was_reviewed,
        guards.rating_may_change,
    )
} | {
    "comes_with_a_contact": guards.comes_with_a_contact,
    "comes_from_a_merge": guards.comes_from_a_merge,
    "comes_from_the_petitioner": guards.comes_from_the_petitioner,
    **issuing.GUARDS,
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

# Steps that are taken where that stands which they are about: the list of a case's papers.
STANDS_ELSEWHERE = frozenset({papers.DETACH})
_APPROVER = ("approver",)
_WITH_CONTACT = Must(guards=("comes_with_a_contact",), effects=("join_contact",), roles=("clerk",))
# Where it is not taken on yet.
_NEW = ("received", rules.AWAITING_PAPERS)
# What every kind keeps: the two pairs of eyes, the readers of what is restricted, the contacts.
_MUST = {
    "receive": replace(_WITH_CONTACT, ways={"": "received"}),
    "add_contact": _WITH_CONTACT,
    "accept": Must(roles=CASE_ROLES, ways={"received": "accepted"}),
    "handle": Must(not_by_actor_of=("accept",), roles=CASE_ROLES, ways={"accepted": "handled"}),
    "implement": Must(roles=CASE_ROLES, ways={"handled": "implemented"}),
    "feedback": Must(
        guards=("days_have_come",),
        not_by_actor_of=("handle",),
        fields=("satisfaction", "answered_on", "answered_by"),
        roles=CASE_ROLES,
        ways={"implemented": "feedback"},
    ),
    "rate": Must(
        guards=("comes_from_the_petitioner", "rating_may_change"),
        fields=("rating",),
        roles=(SYSTEM_ROLE,),
        ways={state: state for state in rules.RATED_IN},
    ),
    "return": Must(
        roles=_APPROVER,
        ways={"handled": "accepted", "implemented": "handled"},
        reason="required",
    ),
    "decline": Must(
        guards=("petitioner_was_told",), roles=CASE_ROLES, ways=dict.fromkeys(_NEW, "not_accepted")
    ),
    "refer": Must(
        guards=("petitioner_was_told",),
        roles=CASE_ROLES,
        ways=dict.fromkeys(_NEW, "transferred_out"),
    ),
    "merge": Must(
        guards=("names_another_open_case",),
        effects=("move_contacts",),
        fields=("merge_into",),
        roles=CASE_ROLES,
        ways=dict.fromkeys((*_NEW, "accepted"), "merged"),
    ),
    "take_in": Must(guards=("comes_from_a_merge",), roles=CASE_ROLES),
    "assign": Must(
        guards=("case_worker_is_known",),
        effects=("name_case_worker",),
        fields=("case_worker",),
        roles=CASE_ROLES,
    ),
    "identify": Must(guards=("identity_is_sound",), effects=("keep_petitioner",), roles=CASE_ROLES),
    "name_readers": Must(
        guards=("readers_are_known",),
        effects=("keep_readers",),
        fields=("readers",),
        roles=CASE_ROLES,
    ),
    "note": Must(fields=("note",), roles=CASE_ROLES),  # taking a contact out is one
    # Of the others that the shipped files have: an office may do without them.
    **dict.fromkeys(
        ("await_papers", "papers_arrived", "withdraw", "supervise", "report_upward"),
        Must(roles=CASE_ROLES, optional=True),
    ),
    **recusal.MUST,
    **papers.MUST,
    **issuing.MUST,
}
MUST = {
    rules.PETITION: {
        **_MUST,
        "accept": replace(
            _MUST["accept"], effects=("keep_matter_class",), fields=("matter_class",)
        ),
        "implement": replace(
            _MUST["implement"], ways=dict.fromkeys(("handled", "reviewed"), "implemented")
        ),
        "object_to_transfer": Must(
            fields=("transferred_by", "competent_body"),
            roles=CASE_ROLES,
            ways={"received": "transferred_out"},
            reason="required",
        ),
        # 信访工作条例 art. 34: once, by 30 days, and the petitioner is told why.
        "extend": Must(
            fields=("notice_on",),
            roles=_APPROVER,
            ways={"accepted": "accepted"},
            reason="required",
            once=True,
            extends_days=30,
        ),
        "request_review": Must(
            roles=CASE_ROLES,
            ways=dict.fromkeys(("handled", "implemented", "feedback"), "review"),
            once=True,
        ),
        "conclude_review": Must(
            not_by_actor_of=("handle",), roles=CASE_ROLES, ways={"review": "reviewed"}
        ),
        "request_re_review": Must(
            guards=("was_reviewed",),
            roles=CASE_ROLES,
            ways=dict.fromkeys(("reviewed", "implemented", "feedback"), "re_review"),
            once=True,
        ),
        "begin_hearing": Must(roles=CASE_ROLES, ways={"re_review": "hearing"}),
        "end_hearing": Must(roles=CASE_ROLES, ways={"hearing": "re_review"}),
        "conclude_re_review": Must(
            not_by_actor_of=("handle", "conclude_review"),
            roles=CASE_ROLES,
            ways={"re_review": "re_reviewed"},
        ),
    },
    # The decision grants money.
    rules.RELIEF: {
        **_MUST,
        granting.STEP: replace(
            _MUST[granting.STEP],
            guards=("grant_is_whole",),
            fields=(granting.DECISION,),
            asks=(granting.AMOUNT, granting.SOURCE),
            roles=_APPROVER,
            reason="optional",  # asked for where nothing is granted
        ),
        # What is refused is told, and not carried out.
        "feedback": replace(
            _MUST["feedback"], ways=dict.fromkeys(("handled", "implemented"), "feedback")
        ),
    },
    rules.LEGAL_AID: {**_MUST},
    rules.JOB_REFERRAL: {
        **_MUST,
        "implement": replace(
            _MUST["implement"],
            guards=("petitioner_is_identified", "job_starts_after_the_introduction"),
            effects=("write_job_start",),
            fields=("started_on", "evidence"),
        ),
        "return": replace(_MUST["return"], effects=("void_job_start",)),
    },
}
# What only the program's own steps lead to: what was decided, told to people or merged.
_GUARDED = _STATES - {"received", "withdrawn"}
# Words that are looked up, or sealed, in the form in which people type them.
_TYPED_WORDS = (
    "merge_into", "readers", "petitioner_name", papers.NAME, rules.PAPERS_MISSING,
)  # fmt: skip
# What the program reads in the words of a step. The report counts what petitioners say, so nothing
# may be said that it does not know.
_READ = {
    **dict.fromkeys(guards.PAST_DAYS, Read("date")),
    **dict.fromkeys(_TYPED_WORDS, Read("text")),
    **{name: Read("text", masked=mask) for name, mask in rules.MASKED.items()},
    "limitation_ends_on": Read("date"),
    "satisfaction": Read("choice", (*rules.RATINGS, rules.NOT_REACHED), only=True),
    "rating": Read("choice", tuple(rules.RATINGS), only=True),
    papers.NUMBER: Read("whole"),
}
_READ_OF = {
    rules.PETITION: {"matter_class": Read("choice", (rules.ACCUSATION,))},
    rules.RELIEF: {
        granting.DECISION: Read("choice", (rules.GRANTED,)),
        granting.AMOUNT: Read("amount", asked_by=(granting.STEP,)),
        granting.ASKED_AMOUNT: Read("amount"),
    },
    rules.LEGAL_AID: {"dispute_kind": Read("choice", (rules.WAGES_IN_EMPLOYMENT,))},
    rules.JOB_REFERRAL: {"employment_status": Read("choice", (rules.UNEMPLOYED,))},
}
_PAST_GUARD = guards.days_have_come.__name__
# Of the program's own kinds relief alone grants money.
_NO_GRANT = {granting.AMOUNT: Read("amount", asked_by=())}
_KEPT = {
    kind: Kept(
        STATES[kind],
        MUST[kind],
        guarded=_GUARDED,
        read=_READ | _NO_GRANT | _READ_OF.get(kind, {}),
        past_guard=_PAST_GUARD,
    )
    for kind in rules.SHIPPED
}
# 信访工作条例 art. 23 and 34 to 36; the time of a hearing alone is not counted.
_KEPT[rules.PETITION] = replace(
    _KEPT[rules.PETITION],
    guarded=_GUARDED | set(rules.REVIEWS),
    terms={
        "received": Term(days=15, roll="forward"),
        "accepted": Term(days=60, roll="forward", since="accept"),
        "review": Term(days=30, roll="forward", since="request_review"),
        "re_review": Term(days=30, roll="forward", since="request_re_review"),
    },
    pausing=frozenset({"hearing"}),
)


def _read_beforehand(work: UnitOfWork, rows: Sequence[Mapping[str, Any]]) -> None:
    assert isinstance(work, Work)  # journals are read with it
    read_beforehand(work, rows)
    granting.know_decisions(work, rows)
    hands.know_hands(work, rows)


def _kind(key: str, letter: str, kept: Kept) -> SubjectKind:
    return SubjectKind(
        key,
        CASE,
        "reference",
        kept,
        _DISCRIMINATOR,
        may_see,
        family=rules.FAMILY,
        letter=letter,
        other_hands=hands.other_hands,
        beforehand=_read_beforehand,
        names_said={IDENTIFY: SAYING},
    )


def kind_of(definition: Definition) -> SubjectKind:
    """A kind of the office's own: it keeps what every kind does. Where its steps restrict
    accusations, grant money or count work found, they keep what those of the shipped kind keep
    that does so."""
    must, read = dict(_MUST), dict(_READ)
    for name in _names_of(definition) & _LENT.keys():
        kind, steps = _LENT[name]
        must |= {step: MUST[kind][step] for step in steps}
        read |= _READ_OF.get(kind, {})
    kept = Kept(_STATES, must, guarded=_GUARDED, read=read, past_guard=_PAST_GUARD)
    return _kind(definition.key, definition.letter, kept)


def _names_of(definition: Definition) -> set[str]:
    """The guards, effects and fields that its steps name."""
    return {
        name
        for each in definition.actions
        for name in (*each.guards, *each.effects, *each.fields, *each.optional_fields)
    }


_DISCRIMINATOR = "kind"
# What an office's own kind may borrow by naming it: of which shipped kind, with which steps whole.
_LENT = {
    "keep_matter_class": (rules.PETITION, ("accept",)),
    "grant_is_whole": (rules.RELIEF, (granting.STEP,)),
    "nothing_was_granted": (rules.RELIEF, ("feedback",)),
    granting.AMOUNT: (rules.RELIEF, (granting.STEP,)),
    "limitation_is_told": (rules.LEGAL_AID, ()),
    "write_job_start": (rules.JOB_REFERRAL, ("implement", "return")),
}
KINDS = tuple(_kind(kind, letter, _KEPT[kind]) for kind, letter in rules.SHIPPED.items())
FAMILIES = (
    Family(
        rules.FAMILY,
        CASE,
        _DISCRIMINATOR,
        kind_of,
        # Kinds stand beside these where somebody chooses what became of a contact.
        not_keys=frozenset({*desk_rules.CHANNELS, *desk_rules.OUTCOMES, "to", "me", "all"}),
    ),
)
