"""Figures of the desk: who came, called and wrote. Pure.

A contact counts by the day on which it happened; one that was taken out as entered wrongly counts
nowhere, a restricted one counts and is not shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from relief.desk.rules import ANSWERED, CHANNELS, OUTCOMES
from relief.kernel.text import Text, _
from relief.reports.contacts.queries import Came
from relief.reports.rules import BATCHES, PERSON_TIMES, PIECES, RESTRICTED, Figure, Row, figure


def contact_figures(contacts: Sequence[Came]) -> list[Figure]:
    """Person-times in all and by channel, then batches and pieces, then what is told apart."""
    return [*_person_times(contacts), *_pieces(contacts), *_told_apart(contacts)]


def _person_times(contacts: Sequence[Came]) -> list[Figure]:
    return [
        figure(
            "contacts",
            _("Visits, calls and letters"),
            _(
                "Persons who came, called or wrote within the half-year: each person of a group, "
                "each signer of a joint letter; whoever comes again counts again."
            ),
            PERSON_TIMES,
            _heads(contacts),
        ),
        figure(
            "visits",
            _("Visits"),
            _("Persons who came; a group of five is five person-times."),
            PERSON_TIMES,
            _heads(_of(contacts, "visit")),
        ),
        figure(
            "calls",
            _("Phone calls"),
            _("Phone calls; a call is one person-time."),
            PERSON_TIMES,
            _heads(_of(contacts, "call")),
        ),
        figure(
            "letters",
            _("Letters"),
            _("Signers of letters; a joint letter counts each of them."),
            PERSON_TIMES,
            _heads(_of(contacts, "letter")),
        ),
    ]


def _pieces(contacts: Sequence[Came]) -> list[Figure]:
    return [
        figure(
            "contact_entries",
            _("Contacts as entries"),
            _("Visits, calls and letters as entries; a group visit or a joint letter is one."),
            PIECES,
            _ones(contacts),
        ),
        figure(
            "visit_batches",
            _("Visits as batches"),
            _("Visits; a group that comes together is one batch."),
            BATCHES,
            _ones(_of(contacts, "visit")),
        ),
        figure(
            "letter_pieces",
            _("Letters as pieces"),
            _("Letters; a joint letter is one piece."),
            PIECES,
            _ones(_of(contacts, "letter")),
        ),
    ]


def _told_apart(contacts: Sequence[Came]) -> list[Figure]:
    kinds: list[tuple[str, Text, Text, Callable[[Came], bool]]] = [
        (
            "contacts_answered",
            _("Contacts answered on the spot"),
            _("Entries that needed no case."),
            lambda each: each.outcome == ANSWERED,
        ),
        (
            "contacts_chase_up",
            _("Contacts that chase up"),
            _("Entries by which somebody asked how an open case goes on."),
            lambda each: each.chase_up,
        ),
        (
            "contacts_collective",
            _("Collective contacts"),
            _("Entries of several persons with one matter."),
            lambda each: each.collective,
        ),
        (
            "contacts_anonymous",
            _("Anonymous contacts"),
            _("Entries without a name."),
            lambda each: each.anonymous,
        ),
        (
            "contacts_entered_late",
            _("Contacts entered late"),
            _(
                "Entries that were made on a later day than the contact happened; they count by "
                "the day on which it happened."
            ),
            lambda each: each.entered_late,
        ),
        (
            "contacts_restricted",
            _("Restricted contacts"),
            _("Entries of restricted matters. They are counted, and nothing more is said of them."),
            lambda each: each.restricted,
        ),
    ]
    return [
        figure(key, title, definition, PIECES, _ones(filter(belongs, contacts)))
        for key, title, definition, belongs in kinds
    ]


def _of(contacts: Sequence[Came], channel: str) -> list[Came]:
    return [each for each in contacts if each.channel == channel]


def _heads(contacts: Iterable[Came]) -> list[Row]:
    return [Row(each.reference, each.on, each.head_count, _why(each)) for each in contacts]


def _ones(contacts: Iterable[Came]) -> list[Row]:
    return [Row(each.reference, each.on, 1, _why(each)) for each in contacts]


def _why(contact: Came) -> Text:
    if contact.restricted:
        return RESTRICTED
    words = {"channel": CHANNELS[contact.channel], "outcome": OUTCOMES[contact.outcome]}
    if contact.entered_late:
        return _("{channel}, {outcome}; entered on {day}", **words, day=contact.entered_on)
    return _("{channel}, {outcome}", **words)
