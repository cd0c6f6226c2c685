"""What an entry of the journal says to people."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace

from little_office import defined
from plea import PLEA

from relief.engine.journal import told
from relief.engine.journal.chain import Entry
from relief.kernel.text import Translator

DEFINITION = defined(tomllib.loads(PLEA))
ANSWERED = Entry(
    id=1, subject_kind="plea", subject_id=1, number=3, action="answer", from_state="accepted",
    to_state="answered", actor="mei", on_behalf_of=None, at=dt.datetime(2005, 6, 1, tzinfo=dt.UTC),
    definition_sha256="", facts={}, hash="",
)  # fmt: skip


def words(entry: Entry, locale: str = "en") -> list[str]:
    return list(map(Translator(locale), told.words(DEFINITION, entry)))


def test_a_step_is_told_by_its_title_and_one_that_is_not_known_as_it_was_written() -> None:
    say = Translator("zh_Hans_CN")
    assert say(told.step(DEFINITION, ANSWERED)) == "答复"
    assert say(told.step(DEFINITION, replace(ANSWERED, action="sing"))) == "sing"


def test_who_acted_for_somebody_is_told_with_both_names() -> None:
    assert str(told.who(ANSWERED)) == "mei"
    assert str(told.who(replace(ANSWERED, on_behalf_of="bao"))) == "mei for bao"


def test_every_word_of_a_step_has_a_line() -> None:
    full = replace(
        ANSWERED,
        fields={"amount": "200.00", "unknown": "x"},
        facts={
            "contact": "C2005-0001",
            "merged_case": "P2005-0002",
            "voided_contact": "C2005-0003",
        },
        reason="late",
        override="two people only",
    )
    assert words(full) == [
        "Amount: 200.00", "unknown: x", "C2005-0001", "P2005-0002", "C2005-0003 was taken out",
        "reason: late", "override: two people only",
    ]  # fmt: skip
    assert words(ANSWERED) == []


def test_words_that_were_shredded_are_told_as_such() -> None:
    assert words(replace(ANSWERED, readable=False)) == ["The words were erased."]
