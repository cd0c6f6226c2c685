"""What a form that changes something does: one change in one unit of work, then on to a page; or
the form again, with what was typed and all that stands against it. What is only kept so far is
answered as whoever sent it can use it: a script stays on its page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.kernel.text import Text
from relief.web.errors import status_of
from relief.web.language import say
from relief.web.request import actor, writing


@dataclass(frozen=True)
class Done:
    """Where somebody goes on after a change (an address), and what they are told there."""

    to: str
    told: tuple[Text, ...] = ()


def posted(
    change: Callable[[Work, Actor], Done], again: Callable[[ReliefError], str]
) -> ResponseReturnValue:
    """Do a change as who signed in, or as whom they act for, and commit it; nothing is told before
    it is. Refused, nothing is kept: `again` draws the page anew, answered with the refusal's
    status. What has to be read before (a file, a number) is read within `change` as well, so that
    its faults are told the same way."""
    try:
        with writing() as work:
            done = change(work, actor(work))
            work.commit()
    except ReliefError as refusal:
        return again(refusal), status_of(refusal)
    for text in done.told:
        flash(say(text))
    return redirect(done.to, 303)


def kept(to: str) -> ResponseReturnValue:
    """The answer to a draft that was kept: back to its form (an address), or nothing where a script
    sent it, which stays on the page."""
    if request.headers.get("Accept") == "application/json":
        return "", 204
    return redirect(to, 303)
