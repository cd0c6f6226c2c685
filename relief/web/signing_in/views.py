"""Signing in and out, and the first admin of all."""

from __future__ import annotations

import re

from flask import (
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from relief.accounts import sessions
from relief.accounts.first_admin import check_code
from relief.accounts.passwords import NewPassword
from relief.accounts.queries import any_user
from relief.accounts.service import add_user, change_own_password
from relief.kernel.errors import Invalid, Problem, ReliefError
from relief.kernel.text import LOCALES, _
from relief.web.access import ANYBODY_HERE, PUBLIC, Pages, SignedOut
from relief.web.errors import status_of
from relief.web.forms import Filled, filled, typed_twice
from relief.web.headers import secure_cookies
from relief.web.language import cookie, say
from relief.web.limits import is_short
from relief.web.request import (
    SESSION_KEY,
    actor,
    close_reading,
    ended_here,
    leave,
    person,
    reading,
    real_now,
    signed_in,
    writing,
)
from relief.web.unsent import TYPED_BY, brought, carried, unsent

pages = Pages("signing_in", __name__)
# One slash, then neither a second one nor what browsers take for one; nothing that cannot be seen.
_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
_LANGUAGE_KEPT_SECONDS = 365 * 24 * 60 * 60


@pages.page("/sign-in", PUBLIC)
def sign_in() -> ResponseReturnValue:
    """Ask for name and password; where nobody works here yet, for the first admin."""
    if not any_user(reading()):
        return redirect(url_for("signing_in.first_run"))
    if signed_in() is not None:
        return redirect(_own_page(request.args.get("next")))
    return _sign_in_page(Filled())


@pages.page("/sign-in", PUBLIC, post=True)
def enter() -> ResponseReturnValue:
    """Sign in: the session gets a new key, and the page that was asked for is opened."""
    form = filled(("username", "next", "unsent"))
    password = request.form.get("password", "")
    try:
        key = _new_session(form["username"].strip().lower(), password)
    except ReliefError as refusal:
        return _sign_in_page(form.refused(refusal), status_of(refusal))
    _enter_with(key)
    if found := brought(form["unsent"], form["username"].strip().lower()):
        return render_template("signing_in/unsent.html", unsent=found)
    return redirect(_own_page(form["next"]), 303)


@pages.app_errorhandler(SignedOut)
def carry_along(fault: SignedOut) -> ResponseReturnValue:
    """Sign in first; what was typed into the form comes along for who typed it: whose session this
    was. Of what anybody else sends under a name, nothing does."""
    username, found = request.form.get(TYPED_BY, ""), unsent()
    is_theirs = found is not None and ended_here() == username
    closed = carried(found, username) if found and is_theirs else ""
    if not closed:
        return redirect(url_for("signing_in.sign_in", ended="yes", next=fault.form), 303)
    values = {"username": username, "next": fault.form or "", "unsent": closed}
    return _sign_in_page(Filled(values), 401)


@pages.page("/sign-out", PUBLIC, post=True)
def sign_out() -> ResponseReturnValue:
    """End the session here and in every other window."""
    key = session.get(SESSION_KEY)
    if isinstance(key, str):
        with writing() as work:
            sessions.sign_out(work, key, real_now())
            work.commit()
    leave()
    return redirect(url_for("signing_in.sign_in"), 303)


@pages.page("/first-run", PUBLIC)
def first_run() -> ResponseReturnValue:
    """Ask for the first admin; closed once somebody works here."""
    if any_user(reading()):
        return redirect(url_for("signing_in.sign_in"))
    form = Filled({"code": request.args.get("code", "")})
    return render_template("signing_in/first_run.html", form=form)


@pages.page("/first-run", PUBLIC, post=True)
def make_first_admin() -> ResponseReturnValue:
    """Make the first admin, who is signed in at once."""
    form = filled(("code", "username", "full_name"))
    password = request.form.get("password", "")
    try:
        typed_twice("password")
        check_code(reading().cipher, form["code"])  # before anything that takes its time
        chosen = NewPassword.of(password)
        with writing() as work:
            if any_user(work):
                return redirect(url_for("signing_in.sign_in"), 303)
            name, called = form["username"].strip(), form["full_name"]
            add_user(work, None, name, ["admin"], chosen, full_name=called)
            work.commit()
        key = _new_session(form["username"].strip(), password)
    except ReliefError as refusal:
        page = render_template("signing_in/first_run.html", form=form.refused(refusal))
        return page, status_of(refusal)
    _enter_with(key)
    return redirect(url_for("home.home"), 303)


@pages.page("/password", ANYBODY_HERE)
def own_password() -> ResponseReturnValue:
    """Ask for the password that somebody has and for the one that they want."""
    return render_template("signing_in/own_password.html", form=Filled())


@pages.page("/password", ANYBODY_HERE, post=True)
def choose_password() -> ResponseReturnValue:
    """Change one's own password: every session ends, and this window goes on with a new one."""
    try:
        key = _with_new_password(request.form.get("old", ""), typed_twice("password"))
    except ReliefError as refusal:
        form = Filled().refused(refusal)
        return render_template("signing_in/own_password.html", form=form), status_of(refusal)
    _enter_with(key)
    flash(say(_("Your password was changed; everywhere else you are signed out.")))
    return redirect(url_for("home.home"), 303)


@pages.page("/language", PUBLIC, post=True)
def choose_language() -> ResponseReturnValue:
    """Show the pages in another language, from now on."""
    locale = request.form.get("locale", "")
    answer = make_response(redirect(_own_page(request.form.get("next")), 303))
    if locale not in LOCALES:
        return answer
    if signed_in() is not None:
        with writing() as work:
            sessions.choose_locale(work, person().username, locale)
            work.commit()
    return _remember(answer, locale)


@pages.page("/keys", ANYBODY_HERE, post=True)
def switch_keys() -> ResponseReturnValue:
    """Switch the keyboard's shortcuts off, or on again."""
    with writing() as work:
        sessions.switch_keys(work, person().username, off=request.form.get("off") == "yes")
        work.commit()
    return redirect(_own_page(request.form.get("next")), 303)


def _new_session(username: str, password: str) -> str:
    """The password is looked at outside of any transaction: that takes a fifth of a second, and
    others want to write."""
    address, now = request.remote_addr or "", real_now()
    candidate = sessions.candidate(reading(), username, address, now)
    close_reading()
    matches = candidate.matches(password)
    with writing() as work:
        if not matches:
            refusal = sessions.record_failure(work, candidate, address, now)
            work.commit()
            raise refusal
        key = sessions.open_session(work, candidate, address, now, str(request.user_agent))
        work.commit()
    return key


def _with_new_password(old: str, new: str) -> str:
    """The old one is looked at outside of any transaction, and a wrong one counts as a failed
    sign-in: nobody guesses here either."""
    address, now = request.remote_addr or "", real_now()
    candidate = sessions.candidate(reading(), person().username, address, now)
    close_reading()
    matches = candidate.matches(old)
    chosen = NewPassword.of(new)
    with writing() as work:
        if not matches:
            sessions.record_failure(work, candidate, address, now)
            work.commit()
            text = _("This is not the password that you have now.")
            raise Invalid(Problem("password.old", text, "old"))
        fresh = change_own_password(work, actor(work), candidate, chosen)
        key = sessions.open_session(work, fresh, address, now, str(request.user_agent))
        work.commit()
    return key


def _enter_with(key: str) -> None:
    """Whatever was planted in the cookie before is gone; whoever was signed in here is no more."""
    before = session.get(SESSION_KEY)
    if isinstance(before, str):
        with writing() as work:
            sessions.sign_out(work, before, real_now())
            work.commit()
    session.clear()
    session[SESSION_KEY] = key


def _sign_in_page(form: Filled, status: int = 200) -> tuple[str, int]:
    wanted = form["next"] or request.args.get("next", "")
    return render_template(
        "signing_in/sign_in.html", form=form, next=wanted, ended=request.args.get("ended") == "yes"
    ), status


def _own_page(wanted: str | None) -> str:
    """A page of ours; whatever leads elsewhere, or is no address, leads home."""
    if wanted and is_short(wanted) and _PATH.fullmatch(wanted):
        return wanted
    return url_for("home.home")


def _remember(answer: Response, locale: str) -> Response:
    answer.set_cookie(
        cookie(),
        locale,
        max_age=_LANGUAGE_KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=secure_cookies(),
    )
    return answer
