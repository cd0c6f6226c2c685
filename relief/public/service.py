"""The use cases of the public page: by a receipt's number and its check code the state of one
matter is told, and its rating taken.

A wrong code and an unknown number are one and the same: the same is looked up, reckoned, written
down and said. Who has the code of a restricted matter is told its state, and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from relief.accounts import guesses
from relief.engine.actors import PETITIONER
from relief.engine.cases import load_case
from relief.engine.clocks.deadlines import stored_deadline
from relief.engine.definitions.definition import Titles
from relief.engine.journal.passages import passages_of
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.errors import Conflict, Invalid, NotAllowed, Problem, refuse
from relief.kernel.text import Text, _
from relief.petitions.check_code import is_code
from relief.petitions.life.granting import was_refused
from relief.petitions.life.guards import may_rate, ratings_given
from relief.petitions.queries import case_row, last_words
from relief.petitions.rules import RATE, RATED_IN, RATINGS
from relief.public.queries import entered, row_of, where_it_went
from relief.public.rules import (
    ANSWERED,
    LIMITS,
    PLAIN,
    REFUSED,
    WAITS_FOR_PETITIONER,
    normal_number,
)

_PURPOSE = "check code"
# What the code of a number that is not there is reckoned of.
_NO_CASE = {"reference": "-", "token": "-"}
# What is said of a number that is not there, and of a wrong code.
WRONG = Problem(
    "public.wrong",
    _(
        "Number and check code do not belong together. Type both as they stand on the receipt; if "
        "you have lost it, ask at the help centre."
    ),
)


@dataclass(frozen=True)
class Receipt:
    """What somebody typed who has a receipt, and from which address."""

    number: str
    code: str = field(repr=False)
    address: str

    def check(self) -> None:
        """Refuse (`Invalid`) what was left empty: that is nobody's guess."""
        number = _("Write the number that stands on the receipt, like P2005-0001.")
        code = _("Write the check code that stands on the receipt: twelve digits.")
        asked = (("number", self.number, number), ("code", self.code, code))
        missing = [
            Problem("public.empty", text, name) for name, value, text in asked if not value.strip()
        ]
        if missing:
            raise Invalid(missing)


@dataclass(frozen=True)
class Told:
    """All that the public page shows of a matter. `says` is None of a state that an office made;
    `joined`: the matter was merged, and this is the state of where it went. `due_on` is the day
    that was promised, None where none runs. `rating` is the petitioner's own that stands ("":
    none), `may_rate` whether one is taken now."""

    number: str
    state: Titles
    says: Text | None
    since_on: dt.date
    due_on: dt.date | None
    is_overdue: bool
    joined: bool
    waits_for_petitioner: bool
    rating: str
    may_rate: bool


def find_matter(work: Work, receipt: Receipt, now: dt.datetime) -> Mapping[str, Any] | NotAllowed:
    """The row of the case that a receipt is for. What is wrong is written down and given, for the
    caller to commit and to tell; refused (`TooManyGuesses`) where too many failed."""
    work.take_turn()
    number = normal_number(receipt.number)
    guess = guesses.guessed(work, _PURPOSE, number, receipt.address)
    guesses.check(work, guess, LIMITS, now)
    row = row_of(work, number)
    is_right = _is_of(work, row, receipt.code)
    if is_right and row is not None:
        return row
    guesses.note(work, guess, now)
    return NotAllowed(WRONG)


def matter_of(work: Work, number: str, code: str) -> Mapping[str, Any] | None:
    """The same for who was let in a moment ago: read again, and nothing is counted; None where the
    two do not belong together (any more)."""
    row = row_of(work, normal_number(number))
    return row if _is_of(work, row, code) else None


def _is_of(work: Work, row: Mapping[str, Any] | None, code: str) -> bool:
    """Whether a code is that of a case; of none the same is reckoned."""
    held = row or _NO_CASE
    return is_code(work.cipher, held["reference"], held["token"], code) and row is not None


def tell(work: Work, row: Mapping[str, Any]) -> Told:
    """What is told of a matter to who has its code."""
    standing = where_it_went(work, row)
    kind, case_id, state = standing["kind"], standing["id"], standing["state"]
    definition = load_case(work, kind, case_id).machine.definition
    passages = passages_of(work, kind, case_id)
    deadline = stored_deadline(work, kind, case_id)
    due_on = deadline.due_on if deadline else None
    joined = case_id != row["id"]
    given = [] if joined else ratings_given(passages)
    return Told(
        number=row["reference"],
        state=definition.state_by_id[state].title,
        says=_plain_words(work, standing),
        since_on=work.clock.day_of(entered(passages).happened_at),
        due_on=due_on,
        is_overdue=bool(deadline and deadline.has_run(work.as_known_now())),
        joined=joined,
        waits_for_petitioner=state in WAITS_FOR_PETITIONER,
        rating=last_words(work, kind, case_id, RATE).get("rating", "") if given else "",
        may_rate=_takes_rating(work, row) and may_rate(given, work.as_known_now()),
    )


def _plain_words(work: Work, row: Mapping[str, Any]) -> Text | None:
    """What is said of where a case stands; of one in which nothing was granted, and of which all
    may be told, not that it is carried out."""
    answered = row["state"] in ANSWERED and not row["restricted"]
    if answered and was_refused(work, row["kind"], row["id"]):
        return REFUSED
    return PLAIN.get(row["state"])


def rate(work: Work, row: Mapping[str, Any], rating: str) -> None:
    """Take the petitioner's rating as a step of the case; the one that stands said again is none.
    Refused (`Invalid`) where nothing was chosen, (`Conflict`) where none is taken (any more)."""
    if rating not in RATINGS:
        raise refuse(Invalid, "public.rating", _("Choose how satisfied you are."), "rating")
    told = tell(work, row)
    if told.rating == rating:
        return
    if not told.may_rate:
        text = _("This matter takes no rating now; the one that stands stays as it is.")
        raise refuse(Conflict, "public.not_rated", text)
    advance(
        work,
        row["kind"],
        row["id"],
        RATE,
        PETITIONER,
        fields={"rating": rating},
        facts={"public_page": True},
    )


def as_it_stands(work: Work, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The same row as it is now, after a step."""
    return case_row(work, row["id"])


def _takes_rating(work: Work, row: Mapping[str, Any]) -> bool:
    """Of a matter that was carried out, under a workflow that asks for it; of a restricted one
    nothing is taken, and of one that was merged neither: the other has a petitioner of its own."""
    if row["restricted"] or row["merged_into_id"] or row["state"] not in RATED_IN:
        return False
    return load_case(work, row["kind"], row["id"]).leads_on_by(RATE)
