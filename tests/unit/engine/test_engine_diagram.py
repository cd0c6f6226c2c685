"""A workflow as text for Mermaid."""

from __future__ import annotations

from relief.engine.definitions.definition import Action, Definition, State
from relief.engine.definitions.diagram import mermaid


def titled(en: str) -> dict[str, str]:
    return {"en": en, "zh": f"中{en}"}


DEFINITION = Definition(
    key="case",
    title=titled("Case"),
    states=(
        State("new", titled('New: the "first"; state')),
        State("done", titled("Done"), final=True),
    ),
    actions=(
        Action("open", titled("Open"), ("clerk",), opens=True, to="new"),
        Action("note", titled("Note"), ("clerk",), sources=("new",)),
        Action("close", titled("Close"), ("clerk",), sources=("new",), to="done"),
    ),
)


def test_diagram_shows_states_openings_steps_and_ends() -> None:
    assert mermaid(DEFINITION, lambda titles: titles["en"]).splitlines() == [
        "stateDiagram-v2",
        "    state \"New the 'first', state\" as new",
        '    state "Done" as done',
        "    [*] --> new : Open",
        "    new --> new : Note",
        "    new --> done : Close",
        "    done --> [*]",
    ]


def test_diagram_takes_the_words_of_one_language() -> None:
    assert 'state "中Done" as done' in mermaid(DEFINITION, lambda titles: titles["zh"])
