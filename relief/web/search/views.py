"""Finding somebody while they wait.

The words go in the body of a request, not in its address: an identity number has no place in a
browser's history or a server's log.
"""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from relief.desk.rules import CHANNELS, OUTCOMES
from relief.engine.work import Work
from relief.finding.search import HITS, NOTHING, find
from relief.payouts.bank.answers import line_state_title
from relief.petitions.queries import kinds_of_cases
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.request import reader, reading

pages = Pages("search", __name__)


@pages.page("/search", ANYBODY_HERE)
def search() -> ResponseReturnValue:
    """The box, before anything was typed."""
    return render_template(
        "search/search.html", search_words="", found=NOTHING, **_words(reading())
    )


@pages.page("/search", ANYBODY_HERE, post=True)
def look() -> ResponseReturnValue:
    """Whoever is meant by the words, with what the desk needs to see at once."""
    work, words = reading(), request.form.get("q", "").strip()
    found = find(work, reader(), words)
    return render_template(
        "search/search.html", search_words=words[:100], found=found, most=HITS, **_words(work)
    )


def _words(work: Work) -> dict[str, object]:
    """What the hits are told in."""
    workflows = work.workflows
    return {
        "kinds": kinds_of_cases(work),
        "state_title": workflows.state_title,
        "line_state_title": line_state_title,
        "channels": CHANNELS,
        "outcomes": OUTCOMES,
        "today": work.today,
    }
