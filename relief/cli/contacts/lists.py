"""Reading contacts: of a time, of a day, one with its words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import Column, tell, tell_aside, tell_facts, tell_json, tell_table
from relief.cli.contacts.contact_view import contact_as_json, marks_of
from relief.cli.language import say
from relief.cli.office import local, opened
from relief.desk import queries, rules
from relief.desk.queries import Condition, ListedContact, Sought
from relief.desk.service import is_late
from relief.engine.work import Work
from relief.kernel.errors import Invalid, Problem, refuse
from relief.kernel.files.cells import parse_date
from relief.kernel.text import Text, _
from relief.petitions.queries import case_of_contact
from relief.petitions.rules import RELATIONS
from relief.petitions.seeing import cases_of_contacts, readable_contacts
from relief.petitions.service import find_contact


@click.command(
    "list",
    help=say(
        _(
            "Void ones are shown as such and not counted. Restricted ones are listed, with "
            "--actor, for who took them or is named."
        )
    ),
)
@click.option("--from", "first", metavar="DAY", default="", help=say(_("The first day.")))
@click.option("--until", "last", metavar="DAY", default="", help=say(_("The last day.")))
@click.option("--channel", type=click.Choice(list(rules.CHANNELS)), help=say(_("How they came.")))
@click.option(
    "--outcome", type=click.Choice(list(rules.OUTCOMES)), help=say(_("What became of it."))
)
@click.option(
    "--person",
    metavar="WORDS",
    default="",
    help=say(_("A part of the name, pinyin or its initials, a phone or its last four digits.")),
)
@click.option("--by-day", is_flag=True, help=say(_("How many came on each day.")))
@options.reader
@options.as_json
def list_all(  # noqa: PLR0913  (one argument an option)
    first: str,
    last: str,
    channel: str | None,
    outcome: str | None,
    person: str,
    by_day: bool,
    username: str,
    as_json: bool,
) -> None:
    """List contacts."""
    from_on, until_on = _days(first, last)
    sought = Sought(from_on, until_on, channel or "", outcome or "", person)
    with opened() as relief, relief.reading() as work:
        if username:
            find_actor(work, username)
        readable = readable_contacts(username)
        if by_day:
            _tell_days(work, sought, readable, as_json=as_json)
            return
        found = queries.list_contacts(work, sought, readable)
        cases = cases_of_contacts(work, username)
        zone = relief.settings.zone
        if as_json:
            tell_json([contact_as_json(each, cases.get(each.id), zone) for each in found])
        else:
            _tell_contacts(found, cases, zone)


@click.command(help=say(_("Its matter and answer; the phone is masked.")))
@click.argument("reference", metavar="REF")
@options.reader
@options.as_json
def show(reference: str, username: str, as_json: bool) -> None:
    """Show one contact."""
    with opened() as relief, relief.reading() as work:
        if username:
            find_actor(work, username)
        contact = find_contact(work, reference, username)
        words = queries.words_of(work, contact.id)
        case = case_of_contact(work, contact.id)
    zone = relief.settings.zone
    if as_json:
        shown = contact_as_json(contact, case.reference if case else None, zone)
        tell_json(shown | {name: value or None for name, value in asdict(words).items()})
        return
    entered = _("{at} by {name}, entered late") if is_late(contact, zone) else _("{at} by {name}")
    values = {"at": local(contact.recorded_at, zone), "name": contact.recorded_by}
    facts = [
        (_("contact"), contact.reference),
        (_("channel"), rules.CHANNELS[contact.channel]),
        (_("happened"), local(contact.happened_at, zone)),
        (_("entered"), Text(entered.msgid, values)),
        (_("acting for"), contact.on_behalf_of),
        (_("person-times"), contact.head_count),
        (_("name"), contact.name or _("anonymous")),
        (_("phone"), words.phone_masked),
        (_("marks"), marks_of(contact)),
        (_("matter"), words.matter),
        (_("answer"), words.answer),
        (_("outcome"), rules.OUTCOMES[contact.outcome]),
        (_("case"), _("{case}: {relation}", case=case.reference, relation=RELATIONS[case.relation])
         if case else ""),
        (_("void"), _("{at} by {name}: {reason}", at=local(contact.voided_at, zone),
         name=contact.voided_by, reason=words.void_reason) if contact.voided_at else ""),
    ]  # fmt: skip
    tell_facts([(name, value) for name, value in facts if value])


def _tell_contacts(
    found: Sequence[ListedContact], cases: Mapping[int, str], zone: dt.tzinfo
) -> None:
    tell_table(
        (
            Column(_("contact")),
            Column(_("happened")),
            Column(_("channel")),
            Column(_("person-times"), right=True),
            Column(_("name")),
            Column(_("outcome")),
            Column(_("case")),
            Column(_("marks")),
        ),
        [
            (
                each.reference,
                _("{at} (entered late)", at=local(each.happened_at, zone))
                if is_late(each, zone)
                else local(each.happened_at, zone),
                rules.CHANNELS[each.channel],
                each.head_count,
                each.name or _("anonymous"),
                rules.OUTCOMES[each.outcome],
                cases.get(each.id, ""),
                marks_of(each),
            )
            for each in found
        ],
    )
    counted = [each for each in found if each.voided_at is None]
    tell(
        _(
            "{contacts} contacts count, {heads} person-times.",
            contacts=len(counted),
            heads=sum(each.head_count for each in counted),
        )
    )


def _tell_days(work: Work, sought: Sought, readable: Condition, *, as_json: bool) -> None:
    """How many came each day, as far as this reader may see them."""
    if sought.channel or sought.outcome or sought.person:
        text = _("How many came on each day is told of all contacts of a time: --from, --until.")
        raise refuse(Invalid, "contact.by_day", text, "by-day")
    until_on = sought.until_on or work.today
    days = queries.contacts_by_day(work, sought.from_on or dt.date.min, until_on, readable)
    if as_json:
        tell_json([asdict(day) | {"on": day.on.isoformat()} for day in days])
        return
    tell_table(
        (
            Column(_("day")),
            Column(_("visits"), right=True),
            Column(_("calls"), right=True),
            Column(_("letters"), right=True),
            Column(_("person-times"), right=True),
        ),
        [(day.on, day.visits, day.calls, day.letters, day.person_times) for day in days],
    )
    if not days:
        tell_aside(_("Nobody came."))


def _days(first: str, last: str) -> tuple[dt.date | None, dt.date | None]:
    """Both days; refused with every fault."""
    read = {
        "from": parse_date(first) if first else None,
        "until": parse_date(last) if last else None,
    }
    faults = [
        Problem(found.code, found.text, name)
        for name, found in read.items()
        if isinstance(found, Problem)
    ]
    if faults:
        raise Invalid(faults)
    from_on, until_on = (None if isinstance(day, Problem) else day for day in read.values())
    return from_on, until_on
