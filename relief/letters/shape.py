"""The values that templates of letters are given, all of them plain texts and lists of texts; the
words for who writes templates stand in templates/letters/README.md (a test compares)."""

from __future__ import annotations

from collections.abc import Mapping

from relief.letters.language import TEXT, Shape

_LETTER: Mapping[str, Shape] = {
    "number": TEXT,
    "day": TEXT,
    "again": TEXT,
    "preview": TEXT,
}
_OFFICE: Mapping[str, Shape] = dict.fromkeys(("name", "page", "address", "phone", "hours"), TEXT)
_TERM: Mapping[str, Shape] = dict.fromkeys(("day", "source", "days", "passed"), TEXT)
_PAIR: Mapping[str, Shape] = {"title": TEXT, "value": TEXT}

LETTER_SHAPE: Mapping[str, Shape] = {
    "letter": _LETTER,
    "office": _OFFICE,
    "case": {
        "number": TEXT,
        "kind": TEXT,
        "state": TEXT,
        "received": TEXT,
        "petitioner": TEXT,
        "matter": TEXT,
        "excerpt": TEXT,
        "worker": TEXT,
        "code": TEXT,
    },
    "step": {
        "title": TEXT,
        "day": TEXT,
        "reason": TEXT,
        # What was typed at the step, in the order of the form; and the same by the field's id.
        "said": [_PAIR],
        "other": [_PAIR],
        "opinion": TEXT,
        "legal_basis": TEXT,
        "outcome": TEXT,
        "measure": TEXT,
        "satisfaction": TEXT,
        "competent_body": TEXT,
    },
    "now": {"stage": TEXT, "state": TEXT, "since": TEXT, "day": TEXT},
    "due": _TERM,
    "review": _TERM,
    "bring": [TEXT],
    "answers": [TEXT],
}
FRAME_SHAPE: Mapping[str, Shape] = {
    "letter": {**_LETTER, "title": TEXT},
    "office": _OFFICE,
    "case": {"number": TEXT, "petitioner": TEXT},
    "body": TEXT,
}
# Fields of a step that letters name; what else was typed stands in `step.other`.
NAMED_FIELDS = (
    "opinion", "legal_basis", "outcome", "measure", "satisfaction", "competent_body",
)  # fmt: skip
