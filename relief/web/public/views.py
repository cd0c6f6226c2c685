"""The public page: how a matter stands, for who has its receipt. What is typed is sent in a form,
so that neither number nor code stands in an address, a history or a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from relief.accounts.guesses import TooManyGuesses
from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.petitions.rules import RATINGS
from relief.public import service
from relief.public.rules import NUMBER_CHARS_MAX
from relief.public.service import Receipt, Told
from relief.web.access import PUBLIC, Pages
from relief.web.errors import status_of
from relief.web.forms import Filled, typed
from relief.web.request import office, real_now, writing

pages = Pages("public", __name__)


@pages.page("/status", PUBLIC)
def status() -> ResponseReturnValue:
    """Ask for the number and the check code of a receipt; the number may come with the address."""
    _check_on()
    number = request.args.get("number", "")[:NUMBER_CHARS_MAX]
    return render_template("public/ask.html", form=Filled({"number": number}))


@pages.page("/status", PUBLIC, post=True)
def look() -> ResponseReturnValue:
    """Tell how the matter stands."""
    _check_on()
    try:
        told = _with_receipt(service.tell)
    except ReliefError as refusal:
        return _again(refusal)
    return _told_page(told)


@pages.page("/status/rating", PUBLIC, post=True)
def rate() -> ResponseReturnValue:
    """Take how satisfied the petitioner is, and tell again how the matter stands."""
    _check_on()
    rating = request.form.get("rating", "")
    refused: list[ReliefError] = []

    def take(work: Work, row: Mapping[str, Any]) -> Told:
        try:
            service.rate(work, row, rating)
        except ReliefError as refusal:
            refused.append(refusal)  # nothing was written: the page says it beside the state
        return service.tell(work, service.as_it_stands(work, row))

    try:
        told = _with_receipt(take)
    except ReliefError as refusal:
        return _again(refusal)
    if refused:
        form = Filled({"rating": rating}).refused(refused[0])
        return _told_page(told, form), status_of(refused[0])
    return _told_page(told, thanks=True)


def _with_receipt(then: Callable[[Work, Mapping[str, Any]], Told]) -> Told:
    """What is told to who has the receipt; a wrong code is written down before it is refused."""
    receipt = Receipt(**typed("number", "code"), address=request.remote_addr or "")
    with writing() as work:
        found = service.find_matter(work, receipt, real_now())
        if isinstance(found, ReliefError):
            work.commit()
            raise found
        told = then(work, found)
        work.commit()
    return told


def _told_page(told: Told, form: Filled | None = None, *, thanks: bool = False) -> str:
    return render_template(
        "public/told.html",
        told=told,
        code=request.form.get("code", ""),
        form=form or Filled({"rating": told.rating}),
        ratings=tuple(RATINGS.items()),
        rating_words=RATINGS,
        thanks=thanks,
    )


def _again(refusal: ReliefError) -> Response:
    """The form with the number that was typed, and never the code."""
    form = Filled(typed("number")).refused(refusal)
    answer = make_response(render_template("public/ask.html", form=form), status_of(refusal))
    if isinstance(refusal, TooManyGuesses):
        answer.headers["Retry-After"] = str(refusal.minutes * 60)
    return answer


def _check_on() -> None:
    if not office().settings.public_page:
        abort(404)
