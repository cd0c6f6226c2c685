"""What a letter says: plain texts in its language, from the case, its journal and its deadline."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relief.accounts.queries import shown_names
from relief.engine.actors import Actor
from relief.engine.cases import Case
from relief.engine.clocks.course import clocked_state
from relief.engine.clocks.running import open_until, reckoned_deadline
from relief.engine.clocks.terms import Reckoned
from relief.engine.definitions.definition import Field
from relief.engine.journal.chain import Entry
from relief.engine.journal.passages import as_passages
from relief.engine.journal.told import amount
from relief.engine.steps.advance import available
from relief.engine.work import Work
from relief.kernel.text import LOCALE_OF, Translator
from relief.letters.offered import Offered
from relief.letters.shape import NAMED_FIELDS
from relief.letters.templates import Sender
from relief.papers.reading import view_papers
from relief.petitions.check_code import code_of
from relief.petitions.one_case.bringing import what_to_bring
from relief.petitions.queries import matter_of
from relief.petitions.rules import NOT_REACHED, PAPERS_MISSING

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
# The field by whose options the petitioner says how satisfied they are.
_SATISFACTION = "satisfaction"
# So much of a matter is quoted where it is only to be known again.
EXCERPT_CHARS_MAX, EXCERPT_LINES_MAX = 160, 5
# What a petitioner waits for, by the state that a case stands in.
_STAGES = {"received": "deciding", "accepted": "handling"}
# What stands in the place of the check code in a preview, and for who does not work on cases.
NO_CODE = "····-····-····"
Values = Mapping[str, object]


@dataclass(frozen=True)
class Occasion:
    """What a letter is made of: which one, of which case with its journal, for whom it is asked, in
    which language; who it is from, when it is made, and the day of the letter."""

    offered: Offered
    case: Case
    entries: Sequence[Entry]
    reader: Actor
    language: str
    sender: Sender
    at: dt.datetime
    on: dt.date
    number: str
    again: int = 0
    preview: bool = False


def values_of(work: Work, occasion: Occasion) -> Values:
    """Everything that a template may name."""
    case, say = occasion.case, Translator(LOCALE_OF[occasion.language])
    sender = occasion.sender
    definition, entry = case.machine.definition, occasion.offered.entry
    matter = matter_of(work, case.row)
    choices = available(work, case.kind.key, case.id, occasion.reader)
    attached = view_papers(work, case).kinds
    asked = definition.field_by_id.get(_SATISFACTION)
    return {
        "letter": {
            "number": occasion.number,
            "day": told_day(occasion.on, occasion.language),
            "again": str(occasion.again) if occasion.again else "",
            "preview": "yes" if occasion.preview else "",
        },
        "office": {
            "name": sender.name,
            "page": sender.page,
            "address": sender.address,
            "phone": sender.phone,
            "hours": sender.hours,
        },
        "case": {
            "number": case.reference,
            "kind": say(definition.title),
            "state": say(definition.state_by_id[entry.to_state].title),
            "received": told_day(case.row["received_on"], occasion.language),
            "petitioner": case.row["petitioner_name"],
            "matter": matter,
            "excerpt": excerpt_of(matter),
            "worker": _worker(work, case.row["case_worker"]),
            "code": _code(work, occasion),
        },
        "step": _step(work, occasion, entry, say),
        "now": _now(work, occasion, say),
        "due": _term(occasion, _deadline(work, occasion), say),
        "review": _term(occasion, _review(work, occasion), say),
        "bring": [
            say(each) for each in what_to_bring(work, case, occasion.entries, choices, attached)
        ],
        "answers": [say(o.title) for o in asked.options if o.id != NOT_REACHED] if asked else [],
    }


def _code(work: Work, occasion: Occasion) -> str:
    """The check code, where there is a page to ask on. It is the petitioner's alone, so that a
    preview, of which nobody keeps who looked, has none."""
    if not occasion.sender.has_page:
        return ""
    if occasion.preview:
        return NO_CODE
    return code_of(work.cipher, occasion.case.reference, occasion.case.row["token"])


def _worker(work: Work, username: str) -> str:
    return shown_names(work).get(username, username) if username else ""


def told_day(day: dt.date, language: str) -> str:
    """A day as letters write it: 2005年6月15日, 15 June 2005."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def excerpt_of(text: str) -> str:
    """The beginning of a text, for a quotation of a few lines."""
    kept = [line for line in text.split("\n") if line.strip()]
    cut = "\n".join(kept[:EXCERPT_LINES_MAX])
    if len(cut) > EXCERPT_CHARS_MAX:
        return f"{cut[:EXCERPT_CHARS_MAX].rstrip()}…"
    return cut if len(kept) <= EXCERPT_LINES_MAX else f"{cut}…"


def _now(work: Work, occasion: Occasion, say: Translator) -> Values:
    """Where the case stands when the letter is made, what the petitioner waits for there, since
    when, and by when it is to be left; the day is empty where none runs, and where it has run."""
    definition, entries = occasion.case.machine.definition, occasion.entries
    state = definition.state_by_id[occasion.case.state]
    led = next(each for each in reversed(entries) if each.to_state != each.from_state)
    waits = state.pauses and bool(led.fields.get(PAPERS_MISSING))
    runs = None if state.pauses else reckoned_deadline(work, definition, as_passages(entries))
    due_on = runs.due_on if runs and not runs.has_run(occasion.at) else None
    return {
        "stage": "waiting" if waits else _STAGES.get(state.id, ""),
        "state": say(state.title),
        "since": told_day(work.clock.day_of(led.happened_at), occasion.language),
        "day": told_day(due_on, occasion.language) if due_on else "",
    }


def _step(work: Work, occasion: Occasion, entry: Entry, say: Translator) -> Values:
    """The step that the letter tells of, with what was typed, in the order of its form."""
    definition, action = occasion.case.machine.definition, occasion.offered.action
    names = [n for n in (*action.fields, *action.optional_fields) if entry.fields.get(n)]
    pairs = {
        name: {
            "title": say(definition.field_by_id[name].title),
            "value": _told(
                definition.field_by_id[name], entry.fields[name], occasion.language, say
            ),
        }
        for name in names
    }
    return {
        "title": say(action.title),
        "day": told_day(work.clock.day_of(entry.happened_at), occasion.language),
        "reason": entry.reason,
        "said": list(pairs.values()),
        "other": [pair for name, pair in pairs.items() if name not in NAMED_FIELDS],
        **{name: pairs[name]["value"] if name in pairs else "" for name in NAMED_FIELDS},
    }


def _told(field: Field, typed: str, language: str, say: Translator) -> str:
    """A value as a letter writes it."""
    options = {option.id: option.title for option in field.options}
    if typed in options:
        return say(options[typed])
    if field.type == "date":
        return told_day(dt.date.fromisoformat(typed), language)
    return amount(typed) if field.type == "amount" else typed


def _term(occasion: Occasion, runs: Reckoned | None, say: Translator) -> Values:
    """A term's last day, the rule that sets it, its length, and whether it has run when the letter
    is made; empty where none runs."""
    if runs is None or runs.due_on is None:
        return dict.fromkeys(("day", "source", "days", "passed"), "")
    return {
        "day": told_day(runs.due_on, occasion.language),
        "source": say(runs.term.source),
        "days": str(runs.term.days or ""),
        "passed": "yes" if runs.has_run(occasion.at) else "",
    }


def _deadline(work: Work, occasion: Occasion) -> Reckoned | None:
    """By when the state is to be left that the step led to: with the pauses and extensions of the
    time in which the case stood there, and nothing of what came after."""
    definition = occasion.case.machine.definition
    passages = as_passages(occasion.entries)
    began = occasion.offered.entry.number
    state = clocked_state(definition, passages[:began])
    for until in range(len(passages), began - 1, -1):
        if clocked_state(definition, passages[:until]) == state:
            return reckoned_deadline(work, definition, passages[:until])
    return None


def _review(work: Work, occasion: Occasion) -> Reckoned | None:
    """Until when the petitioner may ask for more after the step: an action that is refused later,
    counted from the step."""
    case, step = occasion.case, occasion.offered.action
    passages = as_passages(occasion.entries)
    for action in case.machine.definition.actions:
        if action.not_after and action.not_after.since == step.id and action.to:
            return open_until(work, case.machine.definition, action, case.state, passages)
    return None
