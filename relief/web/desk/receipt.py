"""The receipt of a case that was opened just now: who brought it stands at the desk and waits."""

from __future__ import annotations

from relief.engine.cases import find_case
from relief.engine.journal.history import history
from relief.engine.work import Work
from relief.kernel.errors import NotFound
from relief.kernel.text import LANGUAGE_OF
from relief.letters.offered import issuing_roles, offered_letters
from relief.typed.once import new_key
from relief.web.language import reader_locale
from relief.web.request import person, reader

_RECEIPT = "receipt"


def receipt_to_print(work: Work, reference: str) -> dict[str, object]:
    """What the desk shows of the case that has this number: a link, and the form that issues its
    receipt at once; nothing of one that is not there, or not for this reader."""
    try:
        case = find_case(work, reference, reader()) if reference else None
    except NotFound:
        case = None
    if case is None:
        return {"opened": None}
    offered = offered_letters(work, case, history(work, case.kind.key, case.id))
    as_whom = person().acting_for(issuing_roles(case))
    return {
        "opened": case.reference,
        "receipt": {
            "letter": _RECEIPT,
            "language": LANGUAGE_OF[reader_locale()],
            "once": new_key(),
            "acting_for": as_whom[0],
        }
        if as_whom and any(each.letter == _RECEIPT for each in offered)
        else None,
    }
