"""Which command helps is told by the command line, and by nothing below it."""

from __future__ import annotations

import ast

import pytest

from relief.cli.hints import HINTS, hinted
from relief.kernel.errors import Problem
from relief.kernel.text import _
from tests.cli.conftest import Shell
from tests.conventions.source import modules

# The command line, and what plays a demo for it.
_MAY_NAME_COMMANDS = ("cli/", "demo/")
BELOW = {
    place: {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for place, tree in modules().items()
    if not place.startswith(_MAY_NAME_COMMANDS)
}


def test_no_sentence_below_the_command_line_names_a_command() -> None:
    named = [
        (place, said) for place, texts in BELOW.items() for said in texts if '"relief ' in said
    ]
    assert named == []


def test_every_hint_answers_a_problem_that_there_is() -> None:
    assert HINTS.keys() <= set().union(*BELOW.values())


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (
            ("payouts", "show", "2009Q1"),
            'run: There is no payout run "2009Q1". "relief payouts list" shows those there are.',
        ),
        (
            ("payouts", "prepare", "2005Q3", "--actor", "fang"),
            "quarter: The list of 2005Q3 can be prepared from 2005-09-01 on. "
            '"relief payouts preview 2005Q3" shows it at any time.',
        ),
        (
            ("cases", "list", "--actor", "nobody"),
            'actor: There is no user "nobody" who may act here; an admin adds one. '
            'Use "relief user add".',
        ),
    ],
)
def test_refusal_says_which_command_helps(
    working: Shell, words: tuple[str, ...], reason: str
) -> None:
    assert working.refused(*words) == [reason]


def test_altered_list_is_hinted_at_with_the_name_of_its_run() -> None:
    text = _("The list stored for {run} is not the one that was made.", run="2005Q2-r1")
    assert hinted(Problem("run.altered", text)) == (
        "The list stored for 2005Q2-r1 is not the one that was made. "
        '"relief payouts verify 2005Q2-r1" names the difference.'
    )


def test_row_of_a_file_is_told_without_a_command() -> None:
    problem = Problem("household.unknown", _("There is none."), "household_no", row=3)
    assert hinted(problem) == "row 3, household_no: There is none."
