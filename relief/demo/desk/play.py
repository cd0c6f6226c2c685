"""Plays the desk: contacts are logged, cases opened and advanced, by the people who may."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from relief.accounts.queries import find_actor
from relief.demo.desk.diary import LEDGER_ENTERED_ON, TOLD, Entry, diary
from relief.demo.desk.handed import give_receipt, take_identity_card
from relief.demo.desk.matters import CLERK, Again, Contact, Deed, Matter
from relief.demo.office import Office
from relief.desk.service import log_contact, read_form
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.petitions.queries import case_row
from relief.petitions.rules import RATE, RELIEF
from relief.petitions.service import Joined, add_to_case, open_case
from relief.public.service import rate

# Of what the paper ledger has, the hour was not written down.
_IN_THE_AFTERNOON = dt.time(15, 0)


class Desk:
    """Goes through the diary as the days pass, and tells each month in a line."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._entries = diary()
        self._cases: dict[str, Joined] = {}
        self._counted: Counter[str] = Counter()

    def live_until(self, day: dt.date) -> None:
        """Everything that is entered before a day."""
        while self._entries and self._entries[0].entered_on < day:
            today = self._entries[0].entered_on
            if today > self._office.today:
                self._office.open_on(today)
            while self._entries and self._entries[0].entered_on == today:
                self._enter(self._entries.pop(0))
            self._tell_totals(today)

    def _enter(self, entry: Entry) -> None:
        with self._office.relief.work() as work:
            what = entry.what
            if isinstance(what, Contact):
                self._contact(work, what, entry.matter)
            elif isinstance(what, Again):
                self._again(work, what, _matter_of(entry))
            else:
                self._deed(work, what, _matter_of(entry), is_late=entry.is_late)
            work.commit()
        if isinstance(what, Deed):
            self._tell(what, _matter_of(entry))

    def _contact(self, work: Work, contact: Contact, matter: Matter | None) -> None:
        clerk, form = find_actor(work, CLERK), read_form(work, self._typed(contact))
        if matter is None:
            log_contact(work, clerk, form)
        else:
            self._cases[matter.key] = open_case(work, clerk, matter.kind, form)
            self._counted["opened"] += 1
            if contact.on == self._office.today:
                reference = self._cases[matter.key].reference
                give_receipt(self._office.relief, work, clerk, reference)
        self._count(contact)

    def _again(self, work: Work, deed: Again, matter: Matter) -> None:
        form = read_form(work, self._typed(deed.contact))
        reference = self._cases[matter.key].reference
        add_to_case(work, find_actor(work, CLERK), form, reference, chase_up=deed.chase_up)
        self._count(deed.contact)

    def _deed(self, work: Work, deed: Deed, matter: Matter, *, is_late: bool) -> None:
        case = self._cases[matter.key]
        if deed.action == RATE:  # by the receipt, without an account
            rate(work, case_row(work, case.case_id), deed.fields["rating"])
            return
        fields = {
            name: self._cases[value[1:]].reference if value.startswith("@") else value
            for name, value in deed.fields.items()
        }
        zone = self._office.relief.settings.zone
        happened_at = dt.datetime.combine(deed.on, _IN_THE_AFTERNOON, zone) if is_late else None
        if deed.action == "accept" and matter.kind == RELIEF and not is_late:
            clerk = find_actor(work, CLERK)
            take_identity_card(self._office.relief, work, clerk, case.reference)
        advance(
            work,
            case.kind,
            case.case_id,
            deed.action,
            find_actor(work, deed.by),
            fields=fields,
            reason=deed.reason,
            happened_at=happened_at,
        )
        self._counted[deed.action] += 1

    def _typed(self, contact: Contact) -> dict[str, object]:
        """What is typed; the day only where it is not today."""
        on = {} if contact.on == self._office.today else {"on": contact.on.isoformat()}
        return {**contact.values, **on}

    def _count(self, contact: Contact) -> None:
        heads = contact.values.get("heads", 1)
        assert isinstance(heads, int)
        self._counted["person_times"] += heads
        self._counted["entries"] += 1

    def _tell(self, deed: Deed, matter: Matter) -> None:
        told = TOLD.get((matter.key, deed.action))
        if told:
            case = self._cases[matter.key].reference
            self._office.tell(Text(told.msgid, {"case": case}))

    def _tell_totals(self, today: dt.date) -> None:
        """After the paper ledger, and after the last entry of a month."""
        following = self._entries[0].entered_on if self._entries else None
        if today == LEDGER_ENTERED_ON:
            text = _(
                "clerk enters the paper ledger of January and February: {entries} contacts, "
                "{opened} cases.",
                **self._totals("entries", "opened"),
            )
        elif following is None or following.month != today.month:
            text = _(
                "The desk in {month}: {person_times} person-times; {opened} cases opened, "
                "{accept} accepted, {handle} handled.",
                month=f"{today:%Y-%m}",
                **self._totals("person_times", "opened", "accept", "handle"),
            )
        else:
            return
        self._office.tell(text)
        self._counted.clear()

    def _totals(self, *names: str) -> dict[str, int]:
        return {name: self._counted[name] for name in names}


def _matter_of(entry: Entry) -> Matter:
    assert entry.matter is not None, "a deed without a matter"
    return entry.matter
