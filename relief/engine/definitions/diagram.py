"""A workflow as a picture: the text that Mermaid draws. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from relief.engine.definitions.definition import Definition, Titles

_END = "[*]"


def mermaid(definition: Definition, word: Callable[[Titles], str]) -> str:
    """A state diagram in Mermaid's language; `word` chooses the reader's language."""
    return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in _lines(definition, word))])


def _lines(definition: Definition, word: Callable[[Titles], str]) -> Iterator[str]:
    for state in definition.states:
        yield f'state "{_plain(word(state.title))}" as {state.id}'
    for action in definition.actions:
        title = _plain(word(action.title))
        if action.opens:
            yield f"{_END} --> {action.opening_state} : {title}"
        for source, target in action.edges:
            yield f"{source} --> {target} : {title}"
    for state in definition.states:
        if state.final:
            yield f"{state.id} --> {_END}"


def _plain(title: str) -> str:
    """Without what ends a title in Mermaid's language."""
    return " ".join(title.replace('"', "'").replace(":", " ").replace(";", ",").split())
