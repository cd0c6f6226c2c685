"""The product: what somebody may do with the cases of a page, as a queue, a bulk and a letter ask.

`way` is how it is asked: `page` asks for all at once, `each` for one case after the other, as the
page of a case does. Twenty-five petitions on their way stand among all the cases of the office; to
lead them there is not timed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from relief.bootstrap import Relief
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.step import Choice
from relief.engine.steps.advance import available
from relief.engine.steps.standing import available_of_many
from relief.engine.work import Work
from tests.bench.offices.desk import TODAY
from tests.bench.offices.opened import office_in
from tests.bench.peer import answer
from tests.bench.stopwatch import Stopwatch
from tests.matters import opened, walk
from tests.office import CHEN, PING, Office

PAGE = 25
_STEPS = (("accept",), ("accept", "handle"), (), ("accept",))
_WARMING_UP = 5
Asking = Callable[[Work, list[int], Actor], dict[int, list[Choice]]]


def measure(folder: str, way: str, times: int) -> dict[str, Any]:
    """Ask for a page so many times, as a clerk and as an approver in turn."""
    relief = office_in(Path(folder), synchronous="OFF")
    office = Office(relief)
    office.at(TODAY)
    references = [_led(office, number) for number in range(PAGE)]
    found = _asked(relief, references, _WAYS[way], times)
    relief.database.dispose()
    return found


def _led(office: Office, number: int) -> str:
    reference = opened(office, id_number="", name=f"试页{number}")
    walk(office, reference, *_STEPS[number % len(_STEPS)])
    return reference


def _asked(relief: Relief, references: list[str], ask: Asking, times: int) -> dict[str, Any]:
    with relief.reading() as work:
        ids = [find_case(work, reference, CHEN).id for reference in references]
        for _time in range(_WARMING_UP):
            ask(work, ids, CHEN)
        with Stopwatch() as watch:
            for number in range(times):
                ask(work, ids, (CHEN, PING)[number % 2])
        result = [
            (number, choice.action.id, choice.allowed)
            for number, each in enumerate(ids)
            for choice in ask(work, ids, CHEN)[each]
        ]
    return {**watch.figures(times, "page"), "result": result}


def _each(work: Work, ids: list[int], actor: Actor) -> dict[int, list[Choice]]:
    return {each: available(work, "petition", each, actor) for each in ids}


def _page(work: Work, ids: list[int], actor: Actor) -> dict[int, list[Choice]]:
    return available_of_many(work, "petition", ids, actor)


_WAYS: dict[str, Asking] = {"page": _page, "each": _each}

if __name__ == "__main__":
    answer(measure)
