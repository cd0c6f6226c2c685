"""From a refusal or a fault to a page: what is wrong, what would be right, a number to quote."""

from __future__ import annotations

import logging

from flask import Flask, Response, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from relief.accounts.guesses import TooManyGuesses
from relief.kernel.database_faults import problem_of
from relief.kernel.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    NotInitialised,
    Problem,
    ReliefError,
    TransitionRefused,
)
from relief.kernel.fault_log import keep_fault, new_fault_id
from relief.kernel.text import Text, Username, _
from relief.web.access import form_page
from relief.web.names import known_names
from relief.web.request import close_reading, office, signed_in
from relief.web.unsent import TYPED_BY, unsent

# The one table from refusals to HTTP.
STATUS: dict[type[ReliefError], int] = {
    TooManyGuesses: 429,
    NotInitialised: 503,
    NotFound: 404,
    NotAllowed: 403,
    Invalid: 422,
    Conflict: 409,
    TransitionRefused: 409,
}
_RETRY_SECONDS = "5"
# What a form carries that nobody typed.
_NO_WORDS = frozenset({"once", "version", "acting_for", "card", "channel", "outcome", "collective"})
_TITLES: dict[int, Text] = {
    400: _("This form cannot be taken"),
    403: _("This is not for you"),
    404: _("There is nothing here"),
    405: _("This page does not work like that"),
    409: _("Something else stands against it"),
    413: _("This is too large"),
    414: _("This is too large"),
    422: _("Something is not right yet"),
    429: _("Too many tries failed"),
    500: _("Something went wrong that should not"),
    503: _("The program cannot work just now"),
}
_HELP: dict[int, Text] = {
    400: _("Go back, load the page again, and send it once more."),
    403: _("Your roles do not include this. An administrator can give you another one."),
    404: _("The address may be mistyped, or what stood here is not for you."),
    405: _("Go back, and use the buttons of the page."),
    413: _("Send less at once: a text of at most 20,000 characters, a file of at most 16 MB."),
    414: _("Go to the first page, and ask again with fewer words."),
    # After a commit a page can still fail: whether anything was written cannot be known here.
    500: _(
        "What was being done was rolled back, unless it had just been finished: look before you do "
        "it again. Tell whoever looks after the program the number below."
    ),
    503: _("Nothing was written. Try again in a moment."),
}


def status_of(refusal: ReliefError) -> int:
    """The status that a refusal is answered with."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def prepare(app: Flask) -> None:
    """Answer every fault with a page."""
    app.register_error_handler(ReliefError, _refused)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _failed)


def _refused(refusal: ReliefError) -> Response:
    return _page(status_of(refusal), refusal.problems)


def _form_too_old(_fault: CSRFError) -> Response:
    """What somebody typed before they signed out and in again is theirs to be put back."""
    found, person = unsent(), signed_in()
    if found and person and request.form.get(TYPED_BY) == person.username:
        return make_response(render_template("signing_in/unsent.html", unsent=found), 400)
    if theirs := _of_somebody_else():
        return theirs
    text = _(
        "The form is from before you signed in, or from another window. What was kept while you "
        "typed is still there: open the form anew."
    )
    return _page(400, [Problem("form.token", text)], back=form_page())


def _of_somebody_else() -> Response | None:
    """The answer to a form that was opened by one and sent while another is signed in, in the same
    browser: who that is, and what was typed, to be copied. It is kept for neither: not for who is
    signed in, whose it is not, nor for who opened it, because nothing proves that they sent it."""
    found, person = unsent(), signed_in()
    opened_by = request.form.get(TYPED_BY, "")
    if not (found and person) or opened_by == person.username:
        return None
    text = _(
        "{now} is signed in in this browser now; the form was opened by {then}, and it is not "
        "saved. What {then} typed up to some seconds before is kept: it is there again when {then} "
        "signs in and opens the form. What was typed last is not kept, and stands below, to be "
        "copied.",
        now=Username(person.username),
        then=Username(opened_by[:40]),
    )
    typed = [value for name, value in found.fields if name not in _NO_WORDS and value.strip()]
    return _page(403, [Problem("form.of_another", text)], typed="\n".join(typed))


def _http(fault: HTTPException) -> Response:
    if fault.response is not None:
        return make_response(fault.response)
    status = fault.code or 500
    if status == 403 and (theirs := _of_somebody_else()):
        return theirs
    answer = _page(status if status in _TITLES else 400, (), status)
    for name, value in fault.get_headers():
        if name == "Allow":
            answer.headers[name] = value
    return answer


def _failed(fault: Exception) -> Response:
    """A fault of the database has its own words; another is ours, and its traceback is kept."""
    known = problem_of(fault)
    if known is not None:
        _forget_reader()
        answer = _page(503, [known])
        answer.headers["Retry-After"] = _RETRY_SECONDS
        return answer
    fault_id = new_fault_id()
    try:
        keep_fault(office().settings.data_dir, fault, fault_id)
    except OSError:
        logging.getLogger("relief").exception("error %s", fault_id)
    _forget_reader()
    return _page(500, (), fault_id=fault_id)


def _forget_reader() -> None:
    """The page of a fault asks the database nothing more."""
    g.work_failed = True
    close_reading()
    g.signed_in = g.get("signed_in")


def _look_who_reads() -> None:
    """The page says who signed in; where the database cannot tell that now, it does without."""
    try:
        if signed_in():
            known_names()
    except Exception as fault:
        if problem_of(fault) is None:
            raise
        _forget_reader()


def _page(
    kind: int,
    problems: object,
    status: int | None = None,
    *,
    fault_id: str = "",
    back: str | None = None,
    typed: str = "",
) -> Response:
    _look_who_reads()
    page = render_template(
        "errors/error.html",
        title=_TITLES[kind],
        help=_HELP.get(kind),
        problems=problems,
        fault_id=fault_id or new_fault_id(),
        status=status or kind,
        back=back,
        typed=typed,
    )
    return make_response(page, status or kind)
