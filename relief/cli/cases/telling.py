"""How a case reads for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relief.cli.console import Column, tell, tell_facts, tell_table
from relief.cli.contacts.contact_view import marks_of
from relief.cli.hints import hinted
from relief.cli.language import say
from relief.cli.office import local
from relief.desk.rules import CHANNELS
from relief.engine.clocks.terms import Reckoned
from relief.engine.definitions.definition import Definition, Field
from relief.engine.journal import told
from relief.engine.journal.chain import Entry
from relief.engine.step import Choice
from relief.kernel.text import Text, _
from relief.petitions.lists.queues import MARKS
from relief.petitions.one_case.reading import CaseView, Matter
from relief.petitions.rules import RELATIONS

Facts = list[tuple[Text, object]]


def tell_case(view: CaseView) -> None:
    """One case: what it is, its deadline, what came to it, its history, and what may be done."""
    tell_facts([(name, value) for name, value in _facts(view) if value])
    if view.deadline:
        tell()
        tell_deadline(view.deadline, view)
    if view.matter and view.matter.contacts:
        tell()
        _tell_contacts(view, view.matter)
    tell()
    _tell_history(view)
    if view.choices is not None:
        tell()
        _tell_choices(view.choices)
        _tell_fields(view.case.machine.definition, view.choices)


def _facts(view: CaseView) -> Facts:
    case, definition = view.case, view.case.machine.definition
    facts: Facts = [
        (_("case"), _("{no}, {kind}", no=case.reference, kind=definition.title)),
        (_("state"), definition.state_by_id[case.state].title),
        (_("version"), case.version),
    ]
    if view.matter:
        facts += _matter_facts(view, view.matter)
    facts.append((_("standing aside"), sorted(view.recused)))
    return facts


def _matter_facts(view: CaseView, matter: Matter) -> Facts:
    row = view.case.row
    ends_on = matter.limitation_ends_on
    limitation = (
        _("{day}, {days} days left", day=ends_on, days=(ends_on - view.today).days)
        if ends_on
        else ""
    )
    reported = [e.fields for e in view.entries if e.action == "report_upward" and e.fields]
    return [
        (_("petitioner"), row["petitioner_name"] or _("anonymous")),
        (_("phone"), matter.phone_masked),
        (_("matter"), matter.text),
        (_("marks"), [word for flag, word in MARKS.items() if row[flag]]),
        (_("readers"), list(matter.readers)),
        (_("reported upward"), [_reported(fields) for fields in reported]),
        (_("case worker"), row["case_worker"]),
        (_("received"), row["received_on"]),
        (_("merged into"), matter.merged_into),
        (_("limitation of arbitration ends"), limitation),
    ]


def _reported(fields: Mapping[str, str]) -> Text:
    return _("{to} on {day}", to=fields.get("reported_to", ""), day=fields.get("reported_on", ""))


def tell_deadline(runs: Reckoned, view: CaseView) -> None:
    """By when, how many days are left, and the arithmetic line by line."""
    if runs.due_on is None:
        tell(_("Deadline: the clock stands still."))
    elif view.is_overdue:
        days = (view.today - runs.due_on).days
        tell(_("Deadline: {day}; overdue by {days} days.", day=runs.due_on, days=days))
    else:
        days = (runs.due_on - view.today).days
        tell(_("Deadline: {day}; {days} days left.", day=runs.due_on, days=days))
    if runs.term.source:
        tell(_("  by {source}", source=runs.term.source))
    for line in runs.lines:
        tell(_("  {line}", line=line))


def _tell_contacts(view: CaseView, matter: Matter) -> None:
    tell_table(
        (
            Column(_("contact")),
            Column(_("happened")),
            Column(_("channel")),
            Column(_("person-times"), right=True),
            Column(_("what it was to the case")),
            Column(_("marks")),
        ),
        [
            (
                joined.contact.reference,
                local(joined.contact.happened_at, view.zone),
                CHANNELS[joined.contact.channel],
                joined.contact.head_count,
                RELATIONS[joined.relation],
                marks_of(joined.contact),
            )
            for joined in matter.contacts
        ],
    )


def _tell_history(view: CaseView) -> None:
    definition = view.case.machine.definition
    tell_table(
        (
            Column(_("no."), right=True),
            Column(_("happened")),
            Column(_("step")),
            Column(_("by")),
            Column(_("words")),
        ),
        [
            (
                entry.number,
                _happened(view, entry),
                told.step(definition, entry),
                told.who(entry),
                "\n".join(map(say, told.words(definition, entry))),
            )
            for entry in view.entries
        ],
    )


def _happened(view: CaseView, entry: Entry) -> object:
    at = local(entry.happened_at, view.zone)
    if not entry.entered_late(view.zone):
        return at
    return _("{at} (entered late: {entered})", at=at, entered=local(entry.at, view.zone))


def _tell_choices(choices: Sequence[Choice]) -> None:
    if not choices:
        tell(_("Nothing is left to be done here."))
        return
    own = [choice for choice in choices if choice.by_itself]
    if not own:
        follows = [choice.action.title for choice in choices]
        tell(
            _("No step is left here but what follows from other commands: {steps}.", steps=follows)
        )
        return
    tell_table(
        (Column(_("action")), Column(_("step")), Column(_("asks for")), Column(_("against it"))),
        [
            (
                choice.action.id,
                say(choice.action.title),
                _asked(choice),
                "\n".join(hinted(each.problem, located=False) for each in choice.refusals),
            )
            for choice in own
        ],
    )


def _asked(choice: Choice) -> str:
    action = choice.action
    names = [*action.fields, *(f"[{name}]" for name in action.optional_fields)]
    if action.reason != "none":
        names.append("reason" if action.reason == "required" else "[reason]")
    return ", ".join(names)


def _tell_fields(definition: Definition, choices: Sequence[Choice]) -> None:
    """What the fields are that the open steps ask for, and what may stand in them."""
    names = {
        name: None
        for choice in choices
        if choice.by_itself and choice.allowed
        for name in (*choice.action.fields, *choice.action.optional_fields)
    }
    if not names:
        return
    tell()
    fields = [definition.field_by_id[name] for name in names]
    tell_table(
        (Column(_("field")), Column(_("what it is")), Column(_("how it is written"))),
        [(field.id, say(field.title), _form_of(field)) for field in fields],
    )


def _form_of(field: Field) -> str:
    if field.options:
        titled = (_("{id} ({title})", id=option.id, title=option.title) for option in field.options)
        return say(list(titled))
    return say(field.hint or _FORMS.get(field.type, ""))


_FORMS = {
    "date": _("a day, as 2005-06-30"),
    "amount": _("yuan, as 1200 or 1200.50"),
    "whole": _("a whole number"),
    "number": _("a number, as 12 or 12.5"),
    "yes_no": _("yes or no"),
}
