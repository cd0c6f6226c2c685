"""Finding somebody while they wait.

The words go in the body of a request; the address of what was found has them sealed: an identity
number has no place in a browser's history or a server's log, and Back leads to the answer again.
"""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.desk.rules import CHANNELS, OUTCOMES
from relief.engine.work import Work
from relief.finding.search import HITS, NOTHING, WORDS_CHARS_MAX, find, meant
from relief.payouts.bank.answers import line_state_title
from relief.petitions.queries import kinds_of_cases
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.cards import carried_card
from relief.web.request import person, reader, reading
from relief.web.sealed import opened, sealed

pages = Pages("search", __name__)


@pages.page("/search", ANYBODY_HERE)
def search() -> ResponseReturnValue:
    """The box, before anything was typed."""
    return render_template(
        "search/search.html", search_words="", found=NOTHING, **_words(reading())
    )


@pages.page("/search", ANYBODY_HERE, post=True)
def look() -> ResponseReturnValue:
    """On to what is found by the words (nothing is longer than what is looked for at all); the
    whole number of a case, a contact or a hardship file leads there."""
    words = request.form.get("q", "").strip()[: WORDS_CHARS_MAX + 1]
    if not words:
        return redirect(url_for("search.search"), 303)
    if found_it := meant(reading(), reader(), words):
        page = "desk.contact" if found_it.is_contact else "one_case.case"
        return redirect(url_for(page, reference=found_it.reference), 303)
    return redirect(url_for("search.found", sought=sealed({"q": words}, _context())), 303)


@pages.page("/search/<sought>", ANYBODY_HERE)
def found(sought: str) -> ResponseReturnValue:
    """Whoever is meant by the words, with what the desk needs to see at once. The address is good
    for who typed them, on that day; else the box is shown."""
    typed = opened(sought, _context())
    if typed is None:
        return redirect(url_for("search.search"), 303)
    work, words = reading(), typed["q"]
    return render_template(
        "search/search.html",
        search_words=words[:WORDS_CHARS_MAX],
        found=find(work, reader(), words),
        most=HITS,
        carried_card=carried_card,
        **_words(work),
    )


def _context() -> str:
    return f"search.words:{person().username}:{reading().today}"


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
