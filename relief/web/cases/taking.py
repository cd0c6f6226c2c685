"""Becoming the case worker of a case, by one click in a list."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import request, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.kernel.errors import Invalid, ReliefError
from relief.kernel.text import _
from relief.petitions.lists.queues import Asked
from relief.petitions.queries import kinds_of_cases
from relief.web.access import CASE_WORKERS, Pages
from relief.web.cases.filters import asked_for, read_asked
from relief.web.cases.lists import list_page
from relief.web.forms import Filled, read_number
from relief.web.posting import Done, posted
from relief.web.request import reading

pages = Pages("taking", __name__, room="cases.cases")


@pages.page("/queues/take", CASE_WORKERS, post=True)
def take() -> ResponseReturnValue:
    """Become the case worker of a case. Whoever is it already (a second click) is told so, and
    takes no step."""
    reference, _at, version = request.form.get("case", "").partition("@")

    def assign(work: Work, by: Actor) -> Done:
        seen = read_number(version, "case")
        case = find_case(work, reference, by)
        if case.row["case_worker"] != by.username:
            advance(
                work, case.kind.key, case.id, "assign", by,
                fields={"case_worker": by.username}, seen_version=seen,
            )  # fmt: skip
        told = _("{no} is with you now.", no=case.reference)
        return Done(_back(), (told,))

    return posted(assign, _again)


def _again(refusal: ReliefError) -> str:
    """The list that it was asked for in, with what stands against it."""
    work, form = reading(), asked_for()
    try:
        return list_page(work, form.refused(refusal), read_asked(form, kinds_of_cases(work)))
    except Invalid:  # nobody was shown such a list
        return list_page(work, Filled().refused(refusal), Asked())


def _back() -> str:
    """The list that the case was taken in. What a form brings goes into no header as it stands."""
    query = urlencode(parse_qsl(request.form.get("back", "")))
    return url_for("cases.cases") + (f"?{query}" if query else "")
