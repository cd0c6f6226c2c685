"""Kinds, states and words of the cases on the five steps (pure)."""

from __future__ import annotations

import datetime as dt

from relief.engine.definitions.definition import Definition
from relief.kernel.text import Text, _

# What an office's own file names as its family: kinds of cases on the five steps.
FAMILY = "five_steps"
PETITION, RELIEF, LEGAL_AID, JOB_REFERRAL = "petition", "relief", "legal_aid", "job_referral"
# The kinds that came with the program, and the letter that the references of each begin with; an
# office may have others: `petitions.queries.kinds_of_cases`.
SHIPPED = {PETITION: "P", RELIEF: "R", LEGAL_AID: "L", JOB_REFERRAL: "J"}

FIVE_STEPS = ("received", "accepted", "handled", "implemented", "feedback")
SIDE_EXITS = ("not_accepted", "transferred_out", "withdrawn", "merged")
REVIEWS = ("review", "reviewed", "re_review", "re_reviewed", "hearing")
AWAITING_PAPERS = "awaiting_papers"
# The field in which a clerk says what is missing, when a case comes to wait for papers.
PAPERS_MISSING = "papers_missing"

# Fields that are masked, and how, whatever a file says of them.
MASKED = {"id_number": "identity", "phone": "phone", "objector": "objector"}

ACCUSATION = "accusation"
UNEMPLOYED = "laid_off_unemployed"
GRANTED = "granted"
# The step that decides, and the field in which it grants money.
HANDLE, GRANTED_AMOUNT = "handle", "granted_amount"
# The step that accepts a case, and where it stands then: only from there is it decided.
ACCEPT, ACCEPTED = "accept", "accepted"
# A grant of more than this is looked at a second time: it needs a reason.
GRANT_LOOKED_AT_FEN = 50_000_00
# What a claim for wages is counted from while the work goes on: it has no limitation yet.
WAGES_IN_EMPLOYMENT = "wages_in_employment"
# What the petitioner says of what was done: so often, and for so long, a slip is put right.
RATE, RATED_IN = "rate", ("implemented", "feedback")
RATINGS: dict[str, Text] = {
    "satisfied": _("satisfied"),
    "partly": _("partly satisfied"),
    "dissatisfied": _("dissatisfied"),
}
# What a clerk writes down where the petitioner was asked and not found.
NOT_REACHED = "not_reached"
RATING_CHANGES_MAX, RATING_CHANGES_FOR = 2, dt.timedelta(days=7)
# So long before the limitation of arbitration ends a list says so: the papers take a month.
LIMITATION_WARNING_DAYS = 60

FIRST_LINE_CHARS_MAX = 60

# What joins a contact to a case.
CHASE_UP = "chase_up"
RELATIONS: dict[str, Text] = {
    "opened": _("opened the case"),
    "added": _("came again"),
    CHASE_UP: _("chased it up"),
}


def first_line(words: str) -> str:
    """The first line of what was said, shortened for a list."""
    line = words.split("\n", 1)[0].strip()
    return line if len(line) <= FIRST_LINE_CHARS_MAX else f"{line[: FIRST_LINE_CHARS_MAX - 1]}…"


def grants_money(definition: Definition) -> bool:
    """True where the decision of these cases grants money. It goes by the workflow that a case
    began under: what its kind's file says today takes nothing back that was granted."""
    return any(
        GRANTED_AMOUNT in (*action.fields, *action.optional_fields)
        for action in definition.actions_named(HANDLE)
    )
