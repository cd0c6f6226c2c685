"""A contact as it is typed at the desk: three fields and Enter, the rest where it is needed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from relief.desk.forms import ContactForm
from relief.desk.queries import ListedContact
from relief.desk.service import log_contact, read_form
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.finding.seeds import number_meant
from relief.kernel.errors import Invalid, Problem
from relief.kernel.text import Text, _
from relief.kernel.typed_text import half_width
from relief.petitions.queries import kinds_to_open
from relief.petitions.service import add_to_case, open_case
from relief.web.desk.card import CARD, card_of, card_problems, with_card
from relief.web.forms import Filled, typed

# The fields as they stand on the page, under the words that they have there.
LABELS: Mapping[str, Text] = {
    "channel": _("How they came"),
    "name": _("Name"),
    "matter": _("What it is about"),
    "answer": _("What was answered on the spot"),
    "outcome": _("What became of it"),
    "to": _("Case number"),
    "phone": _("Phone"),
    "id_number": _("Identity number"),
    "heads": _("Number of people"),
    "collective": _("Collective"),
    "on": _("Day"),
    "at": _("Time of day"),
    "reserved_number": _("Number on the paper form"),
    "reserved_case": _("Case number on the paper form"),
    "urgent": _("Urgent"),
    "restricted": _("Restricted"),
    "chase_up": _("Chase-up"),
    "acting_for": _("Acting for"),
}
TICKS = ("urgent", "restricted", "chase_up")
TEXTS = tuple(name for name in LABELS if name not in TICKS)
# What is kept on the server until it is saved.
DRAFT = "contact"
ANSWERED, TO_CASE = "answered", "to"
TO_A_CASE = (TO_CASE, _("belongs to a case that is open"))
_COLLECTIVE: Mapping[str, bool | None] = {"yes": True, "no": False}


def blank(card: str = "", to: str = "") -> Filled:
    """A form that nothing was typed into yet; for who was found, whose card is carried, or about a
    case, by its number."""
    outcome = {"outcome": TO_CASE, "to": to[:40]} if to else {"outcome": ANSWERED}
    return Filled({"channel": "visit", "heads": "1", CARD: card, **outcome})


def sent() -> Filled:
    """The form as it was sent."""
    return Filled(typed(*TEXTS, *TICKS, CARD))


class Recorded(NamedTuple):
    """A contact that was written, a sentence about it, and the case that it opened ("": none)."""

    contact: ListedContact
    told: Text
    opened: str = ""


def record(work: Work, actor: Actor, form: Filled) -> Recorded:
    """Write what was typed: answered on the spot, opened as a case, or added to one. Refused with
    every fault, also that of the outcome."""
    outcome = form["outcome"]
    contact = _checked(work, form)
    if outcome == TO_CASE:
        joined = add_to_case(
            work, actor, contact, case_meant(form), chase_up=form["chase_up"] == "yes"
        )
        text = _("{no}: added to {case}.", no=joined.contact.reference, case=joined.reference)
        return Recorded(joined.contact, text)
    if outcome in kinds_to_open(work):
        joined = open_case(work, actor, outcome, contact)
        text = _("{no}: opened {case}.", no=joined.contact.reference, case=joined.reference)
        return Recorded(joined.contact, text, joined.reference)
    logged = log_contact(work, actor, contact)
    return Recorded(logged, _("{no}: answered on the spot.", no=logged.reference))


def case_meant(form: Filled) -> str:
    """The number of the case that it belongs to, as the search box reads it; refused (`Invalid`)
    where none was typed."""
    plain = half_width(form["to"].strip())
    if not plain:
        raise Invalid(_number_missing())
    return number_meant(plain) or plain.upper()


def _number_missing() -> Problem:
    return Problem("contact.to", _("Write the number of the case."), "to")


def number_unused() -> Problem:
    """A number of a case was typed, and something else was chosen."""
    text = _("Choose that it belongs to a case that is open, or take the number out.")
    return Problem("contact.to_unused", text, "to")


def _checked(work: Work, form: Filled) -> ContactForm:
    card = card_of(work, form)
    problems = list(card_problems(work, form, card))
    if form["outcome"] not in (ANSWERED, TO_CASE, *kinds_to_open(work)):
        problems.append(Problem("contact.outcome", _("Choose what became of it."), "outcome"))
    if form["outcome"] == TO_CASE and not form["to"].strip():
        problems.append(_number_missing())
    if form["outcome"] != TO_CASE and form["to"].strip():
        problems.append(number_unused())
    if form["outcome"] == ANSWERED and not form["answer"].strip():
        text = _("Write what was answered; what cannot be answered on the spot opens a case.")
        problems.append(Problem("contact.answer", text, "answer"))
    try:
        contact = read_form(work, values_of(with_card(form, card)))
    except Invalid as refusal:
        raise Invalid([*refusal.problems, *problems]) from refusal
    if problems:
        raise Invalid(problems)
    return contact


def values_of(form: Filled) -> dict[str, object]:
    """What the rules of a contact read."""
    apart = {"outcome", "to", "collective", "acting_for"}
    values: dict[str, object] = {name: form[name] for name in TEXTS if name not in apart}
    values |= {name: form[name] == "yes" for name in ("urgent", "restricted")}
    values["collective"] = _COLLECTIVE.get(form["collective"])
    return values
