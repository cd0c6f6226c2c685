"""The pages of the desk: entering a contact, one contact, the list, taking one out."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.desk import queries as desk
from relief.desk.queries import Sought
from relief.desk.rules import ANSWERED, CHANNELS, OUTCOMES
from relief.desk.service import is_late
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.errors import Invalid, ReliefError, refuse
from relief.kernel.text import _
from relief.petitions.lists.pages import ContactRow, Page, contacts_page
from relief.petitions.phones_shown import show_contact_phone
from relief.petitions.queries import case_of_contact, kinds_to_open
from relief.petitions.rules import RELATIONS
from relief.petitions.seeing import readable_contacts
from relief.petitions.service import (
    add_from_contact,
    find_contact,
    open_from_contact,
    void_contact,
)
from relief.typed.drafts import draft_of, drop_draft, keep_draft
from relief.typed.once import new_key
from relief.typed.saving import keep_unless_saved, saved_once
from relief.web.access import ANYBODY_HERE, CASE_WORKERS, Pages, only
from relief.web.desk import entry
from relief.web.desk.card import CARD, card_of
from relief.web.desk.likely import likely_kinds, likely_of
from relief.web.desk.receipt import just_opened
from relief.web.errors import status_of
from relief.web.forms import Filled, filled, read_days, ticked
from relief.web.language import say
from relief.web.paging import pages_beside
from relief.web.posting import Done, kept, posted
from relief.web.request import actor, person, reader, reading, writing

pages = Pages("desk", __name__, room="desk.desk_page")
_CONTACTS = "desk.contacts"
CLERK = only("clerk", deputies=True)
_FILTER = ("from", "until", "channel", "outcome", "person")
# What stands behind "more"; where anything of it is filled in, it stands open.
_MORE = (
    "phone", "id_number", "collective", "on", "at", "reserved_number", "reserved_case",
    *entry.TICKS,
)  # fmt: skip


@pages.page("/desk", CLERK)
def desk_page() -> ResponseReturnValue:
    """The form for the next contact, and what came today; what was typed before and not saved is
    in it again."""
    work = reading()
    found = draft_of(work, reader(), entry.DRAFT)
    if found is not None:
        return _entry_page(work, Filled(found.fields), kept_at=found.saved_at)
    form = entry.blank(**_come_from())
    card = card_of(work, form)
    if card is None:
        return _entry_page(work, entry.blank(to=form["to"]))
    return _entry_page(work, Filled({**form.values, "name": card.name}), looked=True)


def _come_from() -> dict[str, str]:
    """Whose card, or which case, the desk was opened from."""
    return {name: request.args.get(name, "") for name in (CARD, "to")}


@pages.page("/desk", CLERK, post=True, kept_by="desk.keep")
def save_contact() -> ResponseReturnValue:
    """Log a contact, once however often it is sent; what is faulty comes back as it was typed."""
    form = entry.sent()

    def save(work: Work, by: Actor) -> Done:
        made: list[entry.Recorded] = []

        def record() -> str:
            made.append(entry.record(work, by, form))
            return made[0].contact.reference

        saved = saved_once(work, by, _key(), form.values, record, entry.DRAFT)
        opened = made[0].opened if made else ""
        to = url_for("desk.desk_page", opened=opened or None)
        return Done(to, tuple(each.told for each in made) or (saved.already(),))

    return posted(save, lambda refusal: _again(form.refused(refusal)))


def _again(form: Filled) -> str:
    """What was refused is kept, too: whoever looks something up meanwhile finds it again."""
    with suppress(ReliefError), writing() as work:
        keep_draft(work, reader(), entry.DRAFT, form.values)
        work.commit()
    return _entry_page(reading(), form)


def _key() -> str:
    """The key that the form was shown with."""
    return request.form.get("once", "")


@pages.page("/desk/look", CLERK, post=True)
def look_first() -> ResponseReturnValue:
    """The form as it was typed, with whoever may be the same: what script shows while typing."""
    form = entry.sent()
    return _entry_page(reading(), form, once=_key(), looked=True)


@pages.page("/desk/draft", CLERK, post=True)
def keep() -> ResponseReturnValue:
    """Keep what is typed so far, sealed, for its owner alone; or throw it away."""
    to = url_for("desk.desk_page")
    with writing() as work:
        if ticked("throw_away"):
            drop_draft(work, reader(), entry.DRAFT)
            card, case = (request.form.get(name) or None for name in (CARD, "to"))
            to = url_for("desk.desk_page", card=card, to=case)
        else:
            keep_unless_saved(work, reader(), _key(), entry.DRAFT, entry.sent().values)
        work.commit()
    return kept(to)


@pages.page("/contacts", ANYBODY_HERE, room=_CONTACTS)
def contacts() -> ResponseReturnValue:
    """Contacts of a time, the latest first."""
    work = reading()
    asked = Filled({name: request.args.get(name, "") for name in _FILTER})
    try:
        days = read_days(asked)
    except Invalid as refusal:
        return _contacts_list(asked.refused(refusal), Page((), "", None)), status_of(refusal)
    sought = Sought(
        *days,
        asked["channel"] if asked["channel"] in CHANNELS else "",
        asked["outcome"] if asked["outcome"] in OUTCOMES else "",
        asked["person"],
    )
    after = request.args.get("after") or None
    return _contacts_list(asked, contacts_page(work, sought, _readable(), after))


def _contacts_list(asked: Filled, page: Page[ContactRow]) -> str:
    return render_template(
        "desk/contacts.html",
        page=page,
        form=asked,
        channels={each: say(title) for each, title in CHANNELS.items()},
        outcomes={each: say(title) for each, title in OUTCOMES.items()},
        any_channel=[("", _("all")), *CHANNELS.items()],
        any_outcome=[("", _("all")), *OUTCOMES.items()],
        **pages_beside(page.after),
    )


@pages.page("/contacts/<reference>", ANYBODY_HERE, room=_CONTACTS)
def contact(reference: str) -> ResponseReturnValue:
    """One contact with its words."""
    return _contact_page(reading(), reference, Filled())


@pages.page("/contacts/<reference>/void", CASE_WORKERS, post=True, room=_CONTACTS)
def void(reference: str) -> ResponseReturnValue:
    """Take a wrong entry out."""
    form = filled(("reason", "acting_for"))

    def take_out(work: Work, by: Actor) -> Done:
        void_contact(work, by, reference, form["reason"])
        told = _("{no} is void: it is kept, and counts no more.", no=reference)
        return Done(url_for("desk.contact", reference=reference), (told,))

    return posted(
        take_out, lambda refusal: _contact_page(reading(), reference, form.refused(refusal))
    )


@pages.page("/contacts/<reference>/phone", CASE_WORKERS, post=True, room=_CONTACTS)
def phone(reference: str) -> ResponseReturnValue:
    """The contact with the number on it, this once; that it was shown is kept."""
    with writing() as work:
        shown = show_contact_phone(work, actor(work), reference)
        work.commit()
    return _contact_page(reading(), reference, Filled(), shown)


@pages.page("/contacts/<reference>/open", CLERK, post=True, room=_CONTACTS)
def open_later(reference: str) -> ResponseReturnValue:
    """Open a case by a contact that was only answered at first, or add it to one that is open."""
    form = filled(("kind", "to", "acting_for"))

    def begin(work: Work, by: Actor) -> Done:
        if not form["kind"]:
            text = _("Choose what kind of case it is.")
            raise refuse(Invalid, "petition.kind_missing", text, "kind")
        if form["kind"] == entry.TO_CASE:
            joined = add_from_contact(work, by, reference, entry.case_meant(form))
        elif form["to"].strip():
            raise Invalid(entry.number_unused())
        else:
            joined = open_from_contact(work, by, form["kind"], reference)
        return Done(url_for("one_case.case", reference=joined.reference))

    return posted(begin, lambda refusal: _contact_page(reading(), reference, form.refused(refusal)))


def _entry_page(
    work: Work,
    form: Filled,
    *,
    once: str = "",
    kept_at: dt.datetime | None = None,
    looked: bool = False,
) -> str:
    today = Sought(from_on=work.today, until_on=work.today)
    page = contacts_page(work, today, _readable(), size=50)
    days = desk.contacts_by_day(work, work.today, work.today, _readable())
    return render_template(
        "desk/desk.html",
        form=form,
        once=once or new_key(),
        kept_at=kept_at,
        acting=person().acting_for(CLERK.roles),
        card=card_of(work, form),
        come_from=_come_from() if kept_at else {},
        found=likely_of(work, form) if looked else (),
        likely_kinds=likely_kinds(work),
        **just_opened(work, request.args.get("opened", "")),
        labels=entry.LABELS,
        channels=CHANNELS,
        outcome_options=_outcome_options(work),
        more_open=any(form[name] for name in _MORE) or form["heads"] != "1",
        outcomes=OUTCOMES,
        rows=page.rows,
        day=days[0] if days else None,
        today=work.today,
    )


def _contact_page(work: Work, reference: str, form: Filled, phone: str = "") -> str:
    found = find_contact(work, reference, person().username)
    return render_template(
        "desk/contact.html",
        contact=found,
        words=desk.words_of(work, found.id),
        phone=phone,
        late=is_late(found, work.clock.zone),
        case=case_of_contact(work, found.id),
        relations=RELATIONS,
        channels=CHANNELS,
        outcomes=OUTCOMES,
        kinds_to_choose=[("", _("choose…")), *kinds_to_open(work).items(), entry.TO_A_CASE],
        acting_to_open=person().acting_for(CLERK.roles),
        may_become_a_case=found.voided_at is None and found.outcome == ANSWERED,
        form=form,
    )


def _outcome_options(work: Work) -> list[tuple[str, object]]:
    opened = [
        (kind, _("open a case: {kind}", kind=title)) for kind, title in kinds_to_open(work).items()
    ]
    return [(entry.ANSWERED, OUTCOMES[ANSWERED]), *opened, entry.TO_A_CASE]


def _readable() -> desk.Condition:
    return readable_contacts(person().username)
