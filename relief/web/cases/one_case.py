"""One case to read."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from relief.engine.cases import find_case
from relief.kernel.looking import looking
from relief.petitions.phones_shown import show_case_phone
from relief.web.access import ANYBODY_HERE, CASE_WORKERS, Pages
from relief.web.cases.page import case_page
from relief.web.request import actor, reader, reading, writing

pages = Pages("one_case", __name__, room="cases.cases")


@pages.page("/cases/<reference>", ANYBODY_HERE)
def case(reference: str) -> ResponseReturnValue:
    """One case: what it is, by when, what came to it, and what was done."""
    work = reading()
    with looking(work):
        return case_page(work, find_case(work, reference, reader()))


@pages.page("/cases/<reference>/phone", CASE_WORKERS, post=True)
def phone(reference: str) -> ResponseReturnValue:
    """The case with the petitioner's number on it, this once; that it was shown is kept."""
    with writing() as work:
        shown = show_case_phone(work, actor(work), reference)
        work.commit()
    work = reading()
    with looking(work):
        return case_page(work, find_case(work, reference, reader()), shown)
