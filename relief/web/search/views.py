"""Finding somebody while they wait.

The words go in the body of a request, not in its address: an identity number has no place in a
browser's history or a server's log.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.desk.rules import CHANNELS, OUTCOMES
from relief.engine.work import Work
from relief.finding.search import HITS, NOTHING, find, meant
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
    """Whoever is meant by the words, with what the desk needs to see at once; the whole number of
    a case, a contact or a hardship file leads there."""
    work, words = reading(), request.form.get("q", "").strip()
    if found_it := meant(work, reader(), words):
        page = "desk.contact" if found_it.is_contact else "one_case.case"
        return redirect(url_for(page, reference=found_it.reference), 303)
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
