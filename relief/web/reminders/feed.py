"""A calendar by its secret address: programs fetch it, without signing in."""

from __future__ import annotations

import hashlib

from flask import Response, request
from flask.typing import ResponseReturnValue

from relief.kernel.crypto import key_check
from relief.kernel.text import Translator
from relief.reminders.calendar_file import calendar_file
from relief.reminders.feeds import due_days, note_guess, owner_of
from relief.web.access import PUBLIC, Pages
from relief.web.request import office, reading, real_now, writing

pages = Pages("feeds", __name__)
_KEPT_SECONDS = 900
_MARK_CHARS = 12


@pages.page("/feeds/<key>.ics", PUBLIC)
def feed(key: str) -> ResponseReturnValue:
    """The deadlines of whose address it is, as they are now. Wrong ones are counted, and too many
    not answered any more; the right one always is: nobody guesses it, and an office sits behind
    one address."""
    work = reading()
    owner = owner_of(work, key)
    if owner is None:
        with writing() as counting:
            refusal = note_guess(counting, request.remote_addr or "", real_now())
            counting.commit()
        raise refusal
    say = Translator(owner.locale or office().settings.locale_unasked)
    mark = key_check(work.cipher)[:_MARK_CHARS]
    content = calendar_file(due_days(work, owner.username), say, mark)
    answer = Response(content, content_type="text/calendar; charset=utf-8")
    answer.set_etag(hashlib.sha256(content).hexdigest()[:32])
    answer.cache_control.private = True
    answer.cache_control.max_age = _KEPT_SECONDS
    return answer.make_conditional(request)
