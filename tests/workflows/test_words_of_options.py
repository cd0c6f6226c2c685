"""What the program says of an answer is what the workflow's form calls it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from relief.engine.definitions.loader import load_definitions
from relief.households import words
from relief.kernel.resources import shipped_folder
from relief.kernel.text import Text, Translator

ENGLISH, CHINESE = Translator("en"), Translator("zh_Hans_CN")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("grade", words.GRADE_WORDS),
        ("exclusion_criterion", words.EXCLUSION_WORDS),
        ("main_cause", words.CAUSE_WORDS),
        ("recheck_result", words.RECHECK_WORDS),
    ],
)
def test_answers_have_one_name_in_the_form_and_in_what_is_shown(
    field: str, said: Mapping[str, Text]
) -> None:
    household = load_definitions([shipped_folder("workflows")])["household"]
    asked = {option.id: dict(option.title) for option in household.field_by_id[field].options}
    assert asked == {key: {"en": ENGLISH(word), "zh": CHINESE(word)} for key, word in said.items()}
