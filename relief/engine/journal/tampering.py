"""What shows that a case's journal was tampered with (pure: entries and the case's row in,
findings out)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from relief.engine.journal.chain import hash_of
from relief.kernel.errors import Problem
from relief.kernel.text import Text, _

Row = Mapping[str, Any]

# Of a long gap so many entries are named one by one; the rest would say nothing more.
_MISSING_NAMED_MAX = 100


def chain_faults(reference: str, entries: Sequence[Row]) -> Iterator[Problem]:
    """Each entry against the one before it: the numbers run on, the hash is its own, it follows
    from that one and was written after it."""
    before: Row = {"number": 0, "hash": "", "id": 0}
    comparable = True  # nothing follows from an entry that is missing or was changed
    for entry in entries:
        missing = range(before["number"] + 1, entry["number"])
        yield from missing_entries(reference, missing)
        unchanged = is_unchanged(entry)
        if not unchanged:
            yield _finding("journal.entry_changed", _CHANGED, reference, entry)
        elif comparable and not missing and entry["previous_hash"] != before["hash"]:
            yield _finding("journal.entry_replaced", _REPLACED, reference, entry)
        elif entry["id"] <= before["id"]:
            yield _finding("journal.entry_swapped", _SWAPPED, reference, entry)
        before, comparable = entry, unchanged


def is_unchanged(entry: Row) -> bool:
    """True where an entry has the hash that its columns give."""
    return hash_of(entry) == str(entry["hash"])


def head_faults(reference: str, case: Row | None, last: Row) -> Iterator[Problem]:
    """The case's row against its last entry: same number, hash, state and workflow."""
    if case is None:
        yield _finding("journal.case_missing", _CASE_MISSING, reference, last)
        return
    yield from missing_entries(reference, range(last["number"] + 1, case["version"] + 1))
    if case["version"] < last["number"]:
        yield _finding("journal.version_differs", _VERSION_DIFFERS, reference, last)
    if case["version"] != last["number"]:
        return
    if case["journal_head"] != last["hash"] and is_unchanged(last):
        yield _finding("journal.head_differs", _HEAD_DIFFERS, reference, last)
    if case["state"] != last["to_state"]:
        yield _finding("journal.state_differs", _STATE_DIFFERS, reference, last)
    if case["definition_sha256"] != last["definition_sha256"]:
        yield _finding("journal.workflow_differs", _WORKFLOW_DIFFERS, reference, last)


def missing_entries(reference: str, numbers: Iterable[int]) -> Iterator[Problem]:
    """Entries that must have been there."""
    for position, number in enumerate(numbers):
        if position == _MISSING_NAMED_MAX:
            return
        text = _(
            "Entry {number} of {reference} is missing: it was removed.",
            number=number,
            reference=reference,
        )
        yield Problem("journal.entry_missing", text)


_CHANGED = _("Entry {number} of {reference} (id {id}) was changed after it was written.")
_REPLACED = _(
    "Entry {number} of {reference} (id {id}) does not follow from the entry before it: one of "
    "the two was replaced."
)
_SWAPPED = _(
    "Entry {number} of {reference} (id {id}) was not written after the entry before it: "
    "entries were swapped."
)
_CASE_MISSING = _(
    "The case {reference} was removed; its journal is still there, up to entry {number} (id {id})."
)
_VERSION_DIFFERS = _(
    "{reference} counts fewer steps than its journal, which goes up to entry {number} (id {id}): "
    "the case was changed, or entries were put in."
)
_HEAD_DIFFERS = _(
    "{reference} remembers another last entry than entry {number} (id {id}): the entry was "
    "replaced, or the case was changed."
)
_STATE_DIFFERS = _(
    "{reference} stands in another state than its last entry {number} (id {id}) led to: the case "
    "was changed by hand."
)
_WORKFLOW_DIFFERS = _(
    "{reference} follows another workflow than its last entry {number} (id {id}) did: the case "
    "was changed by hand."
)


def _finding(code: str, text: Text, reference: str, entry: Row) -> Problem:
    values = {"reference": reference, "number": entry["number"], "id": entry["id"]}
    return Problem(code, Text(text.msgid, values))
