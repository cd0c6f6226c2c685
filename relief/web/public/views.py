"""The public page: how a matter stands, for who has its receipt. What is typed is sent in a form,
and stands sealed in the address of the answer: neither number nor code is read in a history or a
log, and Back leads to the answer again, in this browser and for a quarter of an hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import (
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from relief.accounts.guesses import TooManyGuesses
from relief.engine.work import Work
from relief.kernel.crypto import new_token
from relief.kernel.errors import ReliefError
from relief.kernel.text import _
from relief.petitions.rules import RATINGS
from relief.public import service
from relief.public.rules import NUMBER_CHARS_MAX
from relief.public.service import Receipt, Told
from relief.web.access import PUBLIC, Pages
from relief.web.errors import status_of
from relief.web.forms import Filled, typed
from relief.web.language import say
from relief.web.request import office, reading, real_now, writing
from relief.web.sealed import opened, sealed

pages = Pages("public", __name__)
_ANSWER_OPEN = dt.timedelta(minutes=15)
_BROWSER = "browser"
_Made = TypeVar("_Made")


@pages.page("/status", PUBLIC)
def status() -> ResponseReturnValue:
    """Ask for the number and the check code of a receipt; the number may come with the address."""
    _check_on()
    number = request.args.get("number", "")[:NUMBER_CHARS_MAX]
    return render_template("public/ask.html", form=Filled({"number": number}))


@pages.page("/status", PUBLIC, post=True)
def look() -> ResponseReturnValue:
    """On to how the matter stands."""
    _check_on()
    try:
        number = _with_receipt(lambda _work, row: str(row["reference"]))
    except ReliefError as refusal:
        return _again(refusal)
    return _onward(number)


@pages.page("/status/of/<receipt>", PUBLIC)
def told(receipt: str) -> ResponseReturnValue:
    """How the matter stands whose receipt was typed in this browser just now."""
    _check_on()
    typed = opened(receipt, _context())
    if typed is None or real_now() - dt.datetime.fromisoformat(typed["at"]) > _ANSWER_OPEN:
        return redirect(url_for("public.status"), 303)
    row = service.matter_of(reading(), typed["number"], typed["code"])
    if row is None:
        return redirect(url_for("public.status"), 303)
    return _told_page(service.tell(reading(), row), typed["code"])


@pages.page("/status/rating", PUBLIC, post=True)
def rate() -> ResponseReturnValue:
    """Take how satisfied the petitioner is, and go on to how the matter stands."""
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
        found = _with_receipt(take)
    except ReliefError as refusal:
        return _again(refusal)
    if refused:
        form = Filled({"rating": rating}).refused(refused[0])
        return _told_page(found, request.form.get("code", ""), form), status_of(refused[0])
    flash(say(_("Thank you. Your rating was taken.")))
    return _onward(found.number)


def _onward(number: str) -> ResponseReturnValue:
    """To the answer, at an address that this browser alone can open."""
    session.setdefault(_BROWSER, new_token())
    code = "".join(request.form.get("code", "").split())[:NUMBER_CHARS_MAX]
    receipt = {"number": number, "code": code, "at": real_now().isoformat()}
    return redirect(url_for("public.told", receipt=sealed(receipt, _context())), 303)


def _context() -> str:
    return f"public.receipt:{session.get(_BROWSER, '')}"


def _with_receipt(then: Callable[[Work, Mapping[str, Any]], _Made]) -> _Made:
    """What is done for who has the receipt; a wrong code is written down before it is refused."""
    receipt = Receipt(**typed("number", "code"), address=request.remote_addr or "")
    receipt.check()
    with writing() as work:
        found = service.find_matter(work, receipt, real_now())
        if isinstance(found, ReliefError):
            work.commit()
            raise found
        made = then(work, found)
        work.commit()
    return made


def _told_page(told: Told, code: str, form: Filled | None = None) -> str:
    return render_template(
        "public/told.html",
        told=told,
        code=code,
        form=form or Filled({"rating": told.rating}),
        ratings=tuple(RATINGS.items()),
        rating_words=RATINGS,
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
