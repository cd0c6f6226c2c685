"""The queues and the lists that are kept, as links beside a list of cases; and how many stand in
each, asked for apart: nobody waits with the list for thousands of cases to be counted."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from relief.engine.work import Work
from relief.petitions.lists.kept_lists import NamedList, lists_of
from relief.petitions.lists.pages import cases_count
from relief.petitions.lists.queues import COUNTED_MAX, QUEUES, cases_in, queue_counts
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.cases.filters import list_address
from relief.web.request import person, reader, reading

pages = Pages("counts", __name__, room="cases.cases")
# More of the lists that are kept stand on the page of theirs.
LISTS_SHOWN = 12


@pages.page("/cases/counts", ANYBODY_HERE)
def counts() -> ResponseReturnValue:
    """How many stand in each queue and in each list that is kept, for the script."""
    work = reading()
    found = {key: _told(count) for key, count in queue_counts(work, person().identities).items()}
    for kept in _kept(work):
        sought = cases_in(work, person().identities, kept.asked)
        found[f"view-{kept.id}"] = _told(cases_count(work, reader(), sought, COUNTED_MAX))
    answer = jsonify(found)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def queue_links(work: Work) -> list[dict[str, object]]:
    """The queues as links; their counts where the address asks for them (without script)."""
    counted = queue_counts(work, person().identities) if request.args.get("counts") == "yes" else {}
    return [
        {"queue": queue, "count": _told(counted[key]) if key in counted else ""}
        for key, queue in QUEUES.items()
    ]


def kept_links(work: Work) -> list[tuple[NamedList, str]]:
    """The first of the lists that somebody keeps or sees, each with its address."""
    return [(kept, list_address(kept.asked, view=str(kept.id))) for kept in _kept(work)]


def _kept(work: Work) -> list[NamedList]:
    return lists_of(work, person().username)[:LISTS_SHOWN]


def _told(count: int) -> str:
    """A count as it stands beside a queue: 12, or 99+."""
    return f"{COUNTED_MAX}+" if count > COUNTED_MAX else str(count)
