"""A case as it stood after an entry of its journal: nothing is done here, it is looked at."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from relief.engine.cases import find_case
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _
from relief.petitions.one_case.reading import as_known_after, line_in
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.cases.words import known_fields, shown_entries
from relief.web.names import who
from relief.web.request import reader, reading

pages = Pages("past", __name__, room="cases.cases")
_DIGITS_MAX = 9


@pages.page("/cases/<reference>/at/<number>", ANYBODY_HERE)
def then(reference: str, number: str) -> ResponseReturnValue:
    """The case as it was known after one of its entries, which has this number."""
    work = reading()
    case = find_case(work, reference, reader())
    past = as_known_after(work, case, _number(number), reader())
    definition = case.machine.definition
    return render_template(
        "cases/past.html",
        case=case,
        past=past,
        definition=definition,
        state=definition.state_by_id[past.state],
        who=who,
        known=known_fields(definition, line_in(work, case, past.entries), past.entries),
        entries=shown_entries(case, past.entries[::-1], work.clock.zone),
        on=work.clock.day_of(past.entries[-1].at),
    )


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _DIGITS_MAX):
        raise refuse(NotFound, "case.no_entry", _("There is no such entry of this case."))
    return int(typed)
