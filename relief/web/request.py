"""What a request stands on: the office, its unit of work, and who signed in.

A page reads in one unit of work, from who signed in to the last row it shows. What changes
something opens another (`writing`), after the first is closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from flask import Flask, current_app, g, request, session
from flask_wtf.csrf import validate_csrf

from relief.accounts import sessions
from relief.accounts.queries import find_actor
from relief.accounts.sessions import SignedIn
from relief.bootstrap import Relief
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.clock import Clock

OFFICE, REAL_CLOCK = "relief.office", "relief.real_clock"
SESSION_KEY = "key"
# The token of forms as flask_wtf keeps it; what is left in the cookie of a session that ended.
_FORMS = "csrf_token"
ENDED_KEY, ENDED_TOKEN = "ended_key", "ended_token"
_SEEN_EVERY = dt.timedelta(minutes=1)


def office() -> Relief:
    """The program, put together for this office."""
    found: Relief = current_app.extensions[OFFICE]
    return found


def office_of(app: Flask) -> Relief:
    """The same, outside of any request."""
    found: Relief = app.extensions[OFFICE]
    return found


def real_now() -> dt.datetime:
    """Real time, which sessions and throttles go by, in a rehearsal too."""
    clock: Clock = current_app.extensions[REAL_CLOCK]
    return clock.now()


def reading() -> Work:
    """The unit of work that this request reads in."""
    work: Work | None = g.get("work")
    if work is None:
        g.opened = ExitStack()
        work = g.work = g.opened.enter_context(office().reading())
    return work


@contextmanager
def writing() -> Iterator[Work]:
    """A unit of work that may write; the view commits it. What was read before is closed: it is
    as it was before the lock was taken."""
    close_reading()
    with office().work() as work:
        yield work


def close_reading(_fault: BaseException | None = None) -> None:
    """End what this request reads in."""
    opened: ExitStack | None = g.pop("opened", None)
    g.pop("work", None)
    if opened is not None:
        opened.close()


def signed_in() -> SignedIn | None:
    """Who signed in, as the database knows it now; asked once a request."""
    if "signed_in" not in g:
        g.signed_in = _signed_in()
    found: SignedIn | None = g.signed_in
    return found


def person() -> SignedIn:
    """The same, on a page that asks for it."""
    found = signed_in()
    assert found is not None, "a page that nobody signed in to"
    return found


def actor(work: Work) -> Actor:
    """Who acts, with the roles held now, as this unit of work knows it: oneself, or for who is away
    where the form says so; refused where no absence does."""
    return find_actor(work, person().username, request.form.get("acting_for", ""))


def reader() -> Actor:
    """Who reads this page, as themself."""
    return Actor(person().username, person().roles)


def leave() -> None:
    """Nobody is signed in here any more: what was said to them is not for who comes next. The key
    that opens nothing now, and the token of its forms, stay until the next sign-in: by them what is
    still typed in an open window is known as theirs."""
    key, token = session.get(SESSION_KEY), session.get(_FORMS)
    session.clear()
    if isinstance(key, str) and isinstance(token, str):
        session.update({ENDED_KEY: key, ENDED_TOKEN: token})


def ended_here() -> str:
    """Whose ended session the form that was sent stood in, by this browser's cookie and by the
    form's token; "" where either says nothing of the kind."""
    key = session.get(ENDED_KEY)
    if not isinstance(key, str):
        return ""
    try:
        validate_csrf(request.form.get(_FORMS), token_key=ENDED_TOKEN)
    except ValueError:
        return ""
    return sessions.whose(reading(), key)


def _signed_in() -> SignedIn | None:
    key = session.get(SESSION_KEY)
    if not isinstance(key, str):
        return None
    now = real_now()
    found = sessions.signed_in(reading(), key, now)
    if found is None:
        leave()
    if found is not None and now - found.seen_at >= _SEEN_EVERY:
        with writing() as work:
            sessions.touch(work, found.session_id, now)
            work.commit()
    return found


def prepare(app: Flask, relief: Relief, real_clock: Clock) -> None:
    """Let requests find their office, and close what they read in."""
    app.extensions[OFFICE] = relief
    app.extensions[REAL_CLOCK] = real_clock
    app.before_request(relief.take_changed_files)
    app.teardown_request(close_reading)
