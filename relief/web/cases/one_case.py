"""One case to read."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from relief.engine.cases import find_case
from relief.kernel.looking import looking
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.cases.page import case_page
from relief.web.request import reader, reading

pages = Pages("one_case", __name__, room="cases.cases")


@pages.page("/cases/<reference>", ANYBODY_HERE)
def case(reference: str) -> ResponseReturnValue:
    """One case: what it is, by when, what came to it, and what was done."""
    work = reading()
    with looking(work):
        return case_page(work, find_case(work, reference, reader()))
