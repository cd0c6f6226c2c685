"""What is shown of a case that was opened just now, while who brought it stands at the desk: its
receipt, and which open cases may be the same matter."""

from __future__ import annotations

from relief.engine.cases import find_case
from relief.engine.journal.history import history
from relief.engine.work import Work
from relief.kernel.errors import NotFound
from relief.kernel.text import LANGUAGE_OF
from relief.letters.offered import issuing_roles, offered_letters
from relief.petitions.one_case.alike import cases_alike
from relief.typed.once import new_key
from relief.web.language import reader_locale
from relief.web.request import person, reader

_RECEIPT = "receipt"


def just_opened(work: Work, reference: str) -> dict[str, object]:
    """What the desk shows of the case that has this number: a link, the form that issues its
    receipt at once, and which others may be the same; nothing of one that is not there, or not for
    this reader."""
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
        "alike": cases_alike(work, reader(), case.row),
        "receipt": {
            "letter": _RECEIPT,
            "language": LANGUAGE_OF[reader_locale()],
            "once": new_key(),
            "acting_for": as_whom[0],
        }
        if as_whom and any(each.letter == _RECEIPT for each in offered)
        else None,
    }
