"""Texts that a table keeps, and that are told later in any language."""

from __future__ import annotations

import datetime as dt

import pytest

from relief.kernel.stored_text import restored, stored
from relief.kernel.text import Text, Translator, _

_CASE = _("{case} (due on {day})", case="P2005-0001", day=dt.date(2005, 7, 4))
_TITLE = {"en": "Petition", "zh": "信访"}


@pytest.mark.parametrize("locale", ["en", "zh_Hans_CN"])
@pytest.mark.parametrize(
    "text",
    [
        _("The calendar changed; every deadline stays where it was."),
        _("Overdue as of {day}: {cases}.", day=dt.date(2005, 7, 5), cases=[_CASE, _CASE]),
        _("{title}: {value}", title=_TITLE, value=12),
        Text("A sentence that no catalogue has: {brace}", {"brace": '{"text": "{x}"}'}),
    ],
)
def test_a_stored_text_reads_as_it_did(text: Text, locale: str) -> None:
    say = Translator(locale)
    assert say(restored(stored(text))) == say(text)


@pytest.mark.parametrize("kept", ["", "Backed up.", "{not json", "{}", '{"text": "x"}', "[1]"])
def test_words_that_were_kept_before_stay_as_they_are(kept: str) -> None:
    assert restored(kept) == kept
