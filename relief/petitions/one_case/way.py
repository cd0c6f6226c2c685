"""The way of a case as a line: the steps that lead to its end, which of them are done, when and by
whom; and what lies beside the line: waiting for papers, a review, another end. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from relief.engine.definitions.definition import Definition, Titles
from relief.engine.journal.chain import Entry

DONE, CURRENT, TO_COME, LEFT_OUT = "done", "current", "to_come", "left_out"


@dataclass(frozen=True)
class Milestone:
    """One step of the line. `reached_by` is the entry that led there; `taken_back_by` the one by
    which it was taken back, where it was there once and is to be done again."""

    state: str
    title: Titles
    standing: str
    reached_by: Entry | None = None
    taken_back_by: Entry | None = None


@dataclass(frozen=True)
class Way:
    """The line, and where the case stands beside it (None: it stands on the line)."""

    milestones: tuple[Milestone, ...]
    beside: Entry | None = None
    beside_title: Titles | None = None
    is_over: bool = False


def way_of(
    definition: Definition,
    line: Sequence[str],
    entries: Sequence[Entry],
    skipped: frozenset[str] = frozenset(),
) -> Way:
    """The way of a case that has been through these entries, oldest first, on the line of its
    workflow; of which it does not come to the states that are `skipped`."""
    reached, taken_back = _been(line, entries)
    state = entries[-1].to_state
    is_over = definition.state_by_id[state].final
    last = max(map(line.index, reached), default=-1)
    coming = (place for place in range(last + 1, len(line)) if line[place] not in skipped)
    current = next(coming, len(line))
    milestones = tuple(
        Milestone(
            state=each,
            title=definition.state_by_id[each].title,
            standing=_standing(place, last, current, each in reached, is_over=is_over),
            reached_by=reached.get(each),
            taken_back_by=taken_back.get(each),
        )
        for place, each in enumerate(line)
    )
    if state in line:
        return Way(milestones, is_over=is_over)
    beside = next(each for each in reversed(entries) if each.to_state != each.from_state)
    return Way(milestones, beside, definition.state_by_id[state].title, is_over)


def taken_back(line: Sequence[str], entries: Iterable[Entry]) -> frozenset[int]:
    """The numbers of the steps that were taken back: those that led along the line beyond where a
    later one led back to. A step that led nowhere, or off the line, is not taken back by that."""
    gone: set[int] = set()
    led: dict[int, int] = {}
    for entry in entries:
        if entry.to_state not in line or entry.to_state == entry.from_state:
            continue
        place = line.index(entry.to_state)
        gone |= {number for number, there in led.items() if there > place}
        led[entry.number] = place
    return frozenset(gone)


def _been(
    line: Sequence[str], entries: Iterable[Entry]
) -> tuple[dict[str, Entry], dict[str, Entry]]:
    """Which states of the line stand reached, by which entry; and which were taken back. Coming
    back to a state by another step than the one that led there reaches nothing anew."""
    reached: dict[str, Entry] = {}
    taken_back: dict[str, Entry] = {}
    for entry in entries:
        if entry.to_state not in line or entry.to_state == entry.from_state:
            continue
        for later in line[line.index(entry.to_state) + 1 :]:
            if reached.pop(later, None) is not None:
                taken_back[later] = entry
        before = reached.get(entry.to_state)
        if before is None or before.action == entry.action:
            reached[entry.to_state] = entry
            taken_back.pop(entry.to_state, None)
    return reached, taken_back


def _standing(place: int, last: int, current: int, was_reached: bool, *, is_over: bool) -> str:
    if was_reached:
        return DONE
    if is_over:  # on the way to the end, too: what was refused was not carried out
        return LEFT_OUT
    if place <= last:
        return DONE
    if place < current:
        return LEFT_OUT
    return CURRENT if place == current else TO_COME
