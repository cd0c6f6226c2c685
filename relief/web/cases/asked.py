"""The form of a step, drawn from its workflow: each field as somebody fills it in. Who is meant is
chosen from those who may be meant, and so is the case that another is merged into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import request

from relief.accounts.queries import roles_by_name
from relief.engine.cases import Case
from relief.engine.definitions.definition import Action, Definition, Field, Titles
from relief.engine.definitions.form import NO, YES, asked
from relief.engine.steps.recusal import recused
from relief.engine.work import Work
from relief.households.life.events import EXIT, SUSPEND
from relief.kernel.text import Text, _
from relief.petitions.life import granting
from relief.petitions.life.guards import named_readers
from relief.petitions.seeing import readers_of
from relief.petitions.workers import case_workers_for
from relief.web.forms import Filled
from relief.web.names import options
from relief.web.request import person

HOUSEHOLD = "household"
# What stands in every form of a step beside its own fields.
BESIDE = ("reason", "on", "at", "override", "acting_for", "version")
_CALLED = {
    "reason": _("Reason"),
    "on": _("Day"),
    "at": _("Time of day"),
    "override": _("Why one person does both"),
    "acting_for": _("Acting for"),
}
# Fields of one line in the files of cases that began before a file said so itself.
_LINES_THEN = frozenset(
    {"competent_body", "transferred_by", "employer", "lawyer", "petitioner_name", "id_number",
     "phone", "reported_to", "household_no", "account_no", "bank_name", "account_name"}
)  # fmt: skip
_CASE_WORKER, _COLLEAGUE, _READERS, _MERGE = "case_worker", "colleague", "readers", "merge_into"
_RADIOS_MAX = 4
# Which steps of a hardship file ask for a reason though its workflow leaves that open.
_WHY_PAID_NO_LONGER: Mapping[str, bool | Text] = {
    SUSPEND: False,
    EXIT: _("required where the reason of the exit is another one"),
}
Option = tuple[str, Titles | Text | str]


@dataclass(frozen=True)
class Part:
    """A field as it is drawn: `kind` is the type of its workflow's field, or `line`, `radios`,
    `person`, `people`, `case`; `needed` says when an optional one may not be left out."""

    name: str
    title: Titles
    kind: str
    required: bool
    options: Sequence[Option] = ()
    hint: Titles | None = None
    needed: Titles | None = None


def parts_of(work: Work, case: Case, action: Action) -> list[Part]:
    """The fields of a step of a case, in the order of its file."""
    fields = asked(case.machine.definition, action).fields
    return [_part(work, case, action, *each) for each in fields]


def sent(action: Action) -> Filled:
    """The form of a step as it was sent; several that were ticked are one text."""
    names = (*action.fields, *action.optional_fields, *BESIDE)
    return Filled({name: ", ".join(request.form.getlist(name)) for name in names})


def fields_of(action: Action, form: Filled) -> dict[str, str]:
    """What of a form are the step's own fields."""
    return {name: form[name] for name in (*action.fields, *action.optional_fields)}


def reason_optional(work: Work, case: Case, action: Action) -> bool | Text:
    """Whether the reason of a step may be left out, or when not: some guards ask for one that the
    file of the workflow leaves open."""
    if action.reason != "optional":
        return False
    if granting.grant_is_whole in work.workflows.guards_of(case.kind.key, action):
        return _("required where nothing is granted, or more than was asked for")
    return _WHY_PAID_NO_LONGER.get(action.id, True) if case.kind.key == HOUSEHOLD else True


def draft_name(case: Case, action: str) -> str:
    """Under which name it is kept what is typed into the form of a step and not sent."""
    return f"case:{case.reference}:{action}"


def labels_of(definition: Definition) -> dict[str, Titles | Text]:
    """What the fields of a step's form are called on its page."""
    return {**_CALLED, **{field.id: field.title for field in definition.field_by_id.values()}}


def _part(work: Work, case: Case, action: Action, field: Field, required: bool) -> Part:
    people = _people(work, case, action, field.id)
    if people is not None:
        kind = "people" if field.id == _READERS else "person"
        return Part(field.id, field.title, kind, required, people)
    if field.id == _MERGE:
        return Part(field.id, field.title, "case", required)
    if field.type == "yes_no":
        return _chosen(field, required, [(YES, _("yes")), (NO, _("no"))])
    if field.type == "choice":
        return _chosen(field, required, [(option.id, option.title) for option in field.options])
    kind = "line" if field.line or field.id in _LINES_THEN else field.type
    return Part(field.id, field.title, kind, required, hint=field.hint, needed=field.needed)


def _chosen(field: Field, required: bool, options: Sequence[Option]) -> Part:
    """One of few lies open; what may be left out has to be taken back again, too."""
    open_to_see = required and len(options) <= _RADIOS_MAX
    first: Sequence[Option] = () if open_to_see else [("", _("choose…"))]
    kind = "radios" if open_to_see else "choice"
    return Part(field.id, field.title, kind, required, [*first, *options], field.hint, field.needed)


def _people(work: Work, case: Case, action: Action, name: str) -> list[Option] | None:
    """Who may be meant by a field; None where it means nobody."""
    if name == _CASE_WORKER:
        return [("", _("choose…")), *_named(case_workers_for(work, case.row))]
    if name == _READERS:
        aside = recused(work, case.kind.key, case.id)
        return _named(each for each in roles_by_name(work) if each not in aside)
    if name == _COLLEAGUE and name in action.fields:  # who stood aside comes back
        return [("", _("choose…")), *_named(recused(work, case.kind.key, case.id))]
    if name == _COLLEAGUE:
        # That a colleague has an interest is for an approver to say.
        decides = "approver" in person().may_act_as
        return [("", _("myself")), *_named(roles_by_name(work) if decides else ())]
    return None


def _named(names: Iterable[str]) -> list[Option]:
    return [*options(names)]


def begun(work: Work, case: Case, action: Action) -> Filled:
    """The form of a step before anything was typed: of readers those who are named now. A day is
    nobody's but who says it: that of a notice, filled in beforehand, would record one that nobody
    sent."""
    values = {"version": str(case.version)}
    if _READERS in action.fields:
        values[_READERS] = ", ".join(readers_of(work, case.id))
    return Filled(values)


def ticked(form: Filled) -> list[str]:
    """The readers who are ticked in a form."""
    return named_readers(form[_READERS])
