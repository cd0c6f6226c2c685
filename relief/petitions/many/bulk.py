"""The same step for many cases: which go together, which are looked at singly, and each taken by
itself: one that is refused stops no other, and a form that is sent twice takes no step twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.cases import Case, case_of, find_case
from relief.engine.clocks.deadlines import DEADLINE
from relief.engine.definitions.definition import Action, Definition
from relief.engine.definitions.form import form_problems, typed
from relief.engine.step import Choice
from relief.engine.steps.advance import advance
from relief.engine.steps.standing import available_of_many
from relief.engine.work import Work
from relief.kernel.errors import Conflict, Invalid, Problem, refuse
from relief.kernel.money import Fen
from relief.kernel.text import _, is_plain
from relief.kernel.unit_of_work import in_chunks
from relief.petitions.life.granting import STEP
from relief.petitions.many.amounts import last_amounts
from relief.petitions.many.bulk_steps import SINGLY
from relief.petitions.many.granted_besides import granted_besides
from relief.petitions.many.outliers import Looked, Place, reasons_of, usual_place
from relief.petitions.queries import CASE
from relief.petitions.rules import AWAITING_PAPERS
from relief.petitions.seeing import seen_cases
from relief.typed.once import check_key, claim, fulfil

# So many at once: more than a page of a queue holds.
BULK_MAX = 100
_REFUSED = "refused"
_NOTICE = "notice_on"


@dataclass(frozen=True)
class Drawn:
    """A step of one workflow, as a form asks for it."""

    definition: Definition
    action: Action


@dataclass(frozen=True)
class BulkCase:
    """A case of many, and every reason to look at it by itself."""

    case: Case
    reasons: tuple[Problem, ...] = ()
    amount_fen: Fen | None = None


@dataclass(frozen=True)
class Bulk:
    """Many cases before one step. `action` says what is asked: where most of those stand in which
    it starts; where it starts in none of them it is taken by its name, and None where none has it.
    `unknown` are numbers that no case has that this actor may see; `counts` how many of these go
    together, by each step that starts in some."""

    together: tuple[BulkCase, ...]
    single: tuple[BulkCase, ...]
    unknown: tuple[str, ...]
    action: Action | None
    counts: Mapping[str, int]

    def reasons_of(self, reference: str) -> tuple[Problem, ...]:
        """Why a case does not go with the others; nothing where it does, or is not among them."""
        found = (row.reasons for row in self.single if row.case.reference == reference)
        return next(found, ())

    def drawn_for(self, references: Collection[str], action: str) -> Drawn | None:
        """What a form asked that was drawn for these cases: they went together then, wherever they
        stand now that it is sent (once more, it may be). None where none of them has the step."""
        rows = (row.case for row in (*self.together, *self.single))
        return _by_name([case for case in rows if case.reference in references], action)


@dataclass(frozen=True)
class Sent:
    """One case of a form that was sent for many, with the version that was on the screen."""

    reference: str
    version: int


@dataclass(frozen=True)
class BulkStep:
    """A step as it was typed once for many; `key` is that of the form."""

    action: str
    fields: Mapping[str, str]
    reason: str
    key: str
    acting_for: str = ""

    @property
    def body(self) -> dict[str, str]:
        """What tells two forms apart."""
        return {
            **self.fields,
            "the action": self.action,
            "the reason": self.reason,
            "acting for": self.acting_for,
        }


def look_at(work: Work, actor: Actor, action: str, references: Sequence[str]) -> Bulk:
    """Which of these cases go together by a step, and which are to be looked at singly. Refused
    (`Invalid`) where they are none, or more than `BULK_MAX`."""
    wanted = list(dict.fromkeys(references))
    if not wanted:
        raise refuse(Invalid, "bulk.none", _("Tick the cases first."))
    if len(wanted) > BULK_MAX:
        text = _(
            "At most {most} cases at once; these are {count}.", most=BULK_MAX, count=len(wanted)
        )
        raise refuse(Invalid, "bulk.too_many", text)
    cases, unknown = _found(work, actor, wanted)
    choices = _choices(work, actor, cases)
    decides = any(STEP in each for each in choices.values())
    granted = granted_besides(work, actor, cases) if decides else {}
    many = _Many(cases, last_amounts(work, cases), _overdue(work, cases), choices, granted)
    drawn, rows = _before(many, action)
    steps = {each for choices in many.choices.values() for each in choices}
    return Bulk(
        together=tuple(row for row in rows if not row.reasons),
        single=tuple(row for row in rows if row.reasons),
        unknown=tuple(unknown),
        action=drawn.action if drawn else None,
        counts={each: sum(not row.reasons for row in _before(many, each)[1]) for each in steps},
    )


@dataclass(frozen=True)
class _Many:
    """Many cases with what was read of them; `choices` of each by its id, by the steps' names;
    `granted` what is to be known of other grants, where the step is the decision."""

    cases: Sequence[Case]
    amounts: Mapping[int, Fen]
    overdue: Collection[tuple[str, int]]
    choices: Mapping[int, Mapping[str, Choice]]
    granted: Mapping[int, tuple[Problem, ...]]


def _before(many: _Many, action: str) -> tuple[Drawn | None, list[BulkCase]]:
    """Many cases before one step: what is asked, and each with its reasons."""
    looked = list(_looked(many, action))
    usual = usual_place(looked)
    drawn = _by_name(_those_at(usual, many.cases) or many.cases, action)
    leads_on = bool(drawn and usual and drawn.action.to not in ("", usual.state))
    reasons = reasons_of(looked, leads_on=leads_on)
    return drawn, [
        BulkCase(case, reasons[case.reference], each.amount_fen)
        for case, each in zip(many.cases, looked, strict=True)
    ]


def _those_at(place: Place | None, cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if place and _place(case).key == place.key]


def _by_name(cases: Sequence[Case], action: str) -> Drawn | None:
    """The step of this name, of the first case whose workflow has it."""
    for case in cases:
        definition = case.machine.definition
        meant = definition.meant(case.state, action)
        if meant is not None:
            return Drawn(definition, meant)
    return None


def form_faults(drawn: Drawn | None, step: BulkStep) -> list[Problem]:
    """What is wrong with the form itself, whichever case it is sent for."""
    if drawn is None:
        text = _("There is no such step of these cases; choose another one.")
        return [Problem("bulk.no_start", text, "action")]
    fields = typed(step.fields)
    return list(form_problems(drawn.definition, drawn.action, fields, step.reason.strip()))


def step_once(
    work: Work, actor: Actor, sent: Sent, step: BulkStep, reasons: Sequence[Problem] = ()
) -> bool:
    """Take the step on one case, within a unit of work of its own; False where this form has taken
    it already, and nothing was done now. Refused as the step is, and where it is one that is said
    of one case alone, or there are `reasons` to look at this case by itself; `Conflict` with the
    code `bulk.refused_before` where this very form was refused on it before."""
    check_key(step.key)
    if claim(work, actor, _key(step, sent, _REFUSED)).made:
        text = _("It was refused when this form was sent before; open it to see how it stands.")
        raise refuse(Conflict, "bulk.refused_before", text)
    claimed = claim(work, actor, _key(step, sent), step.body)
    if claimed.made:
        return False
    case = find_case(work, sent.reference, actor)
    _check_alike(case, sent, step, reasons)
    advance(
        work, case.kind.key, case.id, step.action, actor,
        fields=step.fields, reason=step.reason, seen_version=sent.version,
    )  # fmt: skip
    fulfil(work, claimed, sent.reference)
    return True


def _check_alike(case: Case, sent: Sent, step: BulkStep, reasons: Sequence[Problem]) -> None:
    """What the page shows apart is not taken with the others either, whoever wrote the form. That a
    case has changed meanwhile is for `advance` to say."""
    if step.action in SINGLY:
        text = _("This step is said of one case alone; open each case, and take it there.")
        raise refuse(Invalid, "bulk.singly", text, "action")
    if reasons and case.version == sent.version:
        raise Invalid(reasons)


def remember_refusal(work: Work, actor: Actor, sent: Sent, step: BulkStep) -> None:
    """That the form was refused on this case: sent once more as it is, it tries nothing again."""
    claimed = claim(work, actor, _key(step, sent, _REFUSED))
    if not claimed.made:
        fulfil(work, claimed, sent.reference)


def _key(step: BulkStep, sent: Sent, outcome: str = "") -> str:
    """The key of one case's row in a form, derived from the form's own; of a refusal also from all
    that was typed: other words are another try."""
    parts = [step.key, sent.reference]
    if outcome:
        parts += [outcome, *(f"{name}={value}" for name, value in sorted(step.body.items()))]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _found(work: Work, actor: Actor, references: Sequence[str]) -> tuple[list[Case], list[str]]:
    """The cases of these numbers that this actor may see, in their order, and the numbers that
    none has."""
    rows = {
        row["reference"]: dict(row)
        for chunk in in_chunks(filter(is_plain, references))
        for row in work.connection.execute(
            sa.select(CASE).where(CASE.c.reference.in_(chunk), seen_cases(actor.username))
        ).mappings()
    }
    cases = [
        case_of(work, work.workflows.kinds[row["kind"]], row)
        for row in (rows[each] for each in references if each in rows)
    ]
    return cases, [each[:40] for each in references if each not in rows]


def _looked(many: _Many, action: str) -> Iterator[Looked]:
    for case in many.cases:
        choice = many.choices.get(case.id, {}).get(action)
        yield Looked(
            reference=case.reference,
            place=_place(case),
            starts=choice is not None,
            refusals=_refusals(case, choice),
            amount_fen=many.amounts.get(case.id),
            overdue=(case.kind.key, case.id) in many.overdue,
            awaits_papers=case.state == AWAITING_PAPERS,
            urgent=case.row["urgent"],
            collective=case.row["collective"],
            restricted=case.row["restricted"],
            nobody_told=choice is not None and _tells_nobody(case, choice.action),
            granted=many.granted.get(case.id, ()) if action == STEP else (),
        )


def _tells_nobody(case: Case, action: Action) -> bool:
    """One day typed for all would record a notice to people who are not known."""
    asks = _NOTICE in (*action.fields, *action.optional_fields)
    return asks and not case.row["petitioner_name"]


def _choices(work: Work, actor: Actor, cases: Sequence[Case]) -> dict[int, dict[str, Choice]]:
    """The steps that start, as they may be taken on each case, by the case's id and their names."""
    by_kind: dict[str, list[int]] = {}
    for case in cases:
        by_kind.setdefault(case.kind.key, []).append(case.id)
    return {
        case_id: {choice.action.id: choice for choice in choices}
        for kind, ids in by_kind.items()
        for case_id, choices in available_of_many(work, kind, ids, actor).items()
    }


def _refusals(case: Case, choice: Choice | None) -> tuple[Problem, ...]:
    if choice is not None:
        return tuple(refusal.problem for refusal in choice.refusals)
    title = case.machine.definition.state_by_id[case.state].title
    text = _('The step does not start here: it stands at "{state}".', state=title)
    return (Problem("bulk.no_start", text),)


def _place(case: Case) -> Place:
    definition = case.machine.definition
    return Place(
        case.kind.key,
        definition.sha256,
        case.state,
        definition.title,
        definition.state_by_id[case.state].title,
    )


def _overdue(work: Work, cases: Sequence[Case]) -> set[tuple[str, int]]:
    now = work.as_known_now()
    return {
        (row.subject_kind, row.subject_id)
        for chunk in in_chunks(case.id for case in cases)
        for row in work.rows(
            sa.select(DEADLINE.c.subject_kind, DEADLINE.c.subject_id).where(
                DEADLINE.c.subject_id.in_(chunk), DEADLINE.c.due_at <= now
            )
        )
    }
