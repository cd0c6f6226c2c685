"""What a petitioner types, and in which plain words the state of a matter is told (pure)."""

from __future__ import annotations

import re
import unicodedata

from relief.accounts.throttle import HOUR, QUARTER, Limit
from relief.kernel.text import Text, _

_NUMBER = re.compile(r"([A-Z]{1,3})-?(\d{4})-?(\d{1,8})", re.ASCII)
_DIGITS = 4
NUMBER_CHARS_MAX = 40
# A receipt has 10^12 codes: at sixty an hour, a million years for one. Who shares an address with
# many others (a village behind one router) is held up by thirty that failed, never by right ones.
LIMITS = (
    Limit(10, QUARTER, lambda failure: failure.same_account and failure.same_address),
    Limit(20, HOUR, lambda failure: failure.same_account and failure.same_address),
    Limit(60, HOUR, lambda failure: failure.same_account),
    Limit(30, HOUR, lambda failure: failure.same_address),
)
# States that every office knows; of one of its own its title is told alone.
PLAIN: dict[str, Text] = {
    "received": _("We have your matter, and look at whether it is ours to handle. You will hear."),
    "awaiting_papers": _("We wait for papers from you. Our letter, or your receipt, says which."),
    "accepted": _("We took it on, and are working on it."),
    "handled": _("Our answer is written. What it says is being carried out."),
    "implemented": _("What our answer says was carried out. We will ask you about it."),
    "feedback": _("It is finished, and you were told the result."),
    "not_accepted": _("We could not take it on. The notice to you says why."),
    "transferred_out": _("It was passed on to the body that is competent for it."),
    "withdrawn": _("It was withdrawn at the petitioner's wish."),
    "review": _("Our answer is being reviewed, as was asked."),
    "reviewed": _("The review is finished, and answered."),
    "re_review": _("The review's answer is being looked at once more, as was asked."),
    "hearing": _("There is a hearing about it."),
    "re_reviewed": _("The last review is finished, and answered: the matter is closed."),
}
# Where an answer is written that may refuse what was asked for; what is said then.
ANSWERED = frozenset({"handled", "implemented"})
REFUSED = _("Our answer is written. The written opinion for you says what was decided, and why.")
# In these the petitioner is asked for something.
WAITS_FOR_PETITIONER = frozenset({"awaiting_papers"})


def normal_number(typed: str) -> str:
    """The number of a receipt as people type it: wide letters, small ones, blanks and dashes do not
    matter. What is no number stays what it is, cut off; nothing is called so."""
    plain = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    plain = re.sub("[‐‑‒–—―−]", "-", plain)[:NUMBER_CHARS_MAX]
    found = _NUMBER.fullmatch(plain)
    return f"{found[1]}{found[2]}-{found[3].zfill(_DIGITS)}" if found else plain
