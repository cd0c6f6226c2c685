"""A contact that is entered from somebody's card: it belongs to them, with the numbers that stand
there, which nobody types again and the page does not show."""

from __future__ import annotations

from collections.abc import Iterator

from relief.engine.work import Work
from relief.finding.card import Card, open_card
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.people.rules import normalise_identity, normalise_name
from relief.web.cards import brought_card
from relief.web.forms import Filled
from relief.web.request import reader

# The field that carries the card; ticked as long as it is theirs.
CARD = "card"


def card_of(work: Work, form: Filled) -> Card | None:
    """The card that a form was opened from, where who signed in may see it."""
    who = brought_card(form[CARD])
    return open_card(work, reader(), who) if who else None


def with_card(form: Filled, card: Card | None) -> Filled:
    """The form as it is recorded: what was left empty is what stands on the card."""
    if card is None:
        return form
    kept = {"name": card.name, "id_number": card.id_number, "phone": card.phone}
    filled_in = {name: form[name].strip() or known for name, known in kept.items()}
    return Filled({**form.values, **filled_in}, form.problems)


def card_problems(work: Work, form: Filled, card: Card | None) -> Iterator[Problem]:
    """What was typed that is not of who stands on the card."""
    if card is None:
        if form[CARD]:
            text = _("The card that this was opened from is not there for you any more; look again "
                     "who it is.")  # fmt: skip
            yield Problem("card.gone", text, "name")
        return
    name = normalise_name(form["name"]) if form["name"].strip() else card.name
    typed = form["id_number"].strip() if card.id_number else ""
    number = normalise_identity(typed, work.today) if typed else card.id_number
    if isinstance(name, str) and name != card.name:
        text = _("The card is of {name}; write that name, or take the tick out.", name=card.name)
        yield Problem("card.other_name", text, "name")
    if isinstance(number, str) and number != card.id_number:
        text = _("The card has another number; leave this empty, or take the tick out.")
        yield Problem("card.other_number", text, "id_number")
