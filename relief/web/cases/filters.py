"""What is asked of a list of cases in its address, and the address of what is asked."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import urlencode

from flask import url_for

from relief.kernel.text import is_plain
from relief.petitions.lists.queues import ALL, MARKS, OVERDUE, QUEUES, Asked
from relief.web.forms import Filled, read_days
from relief.web.paging import list_args
from relief.web.request import person

# What is said of a petitioner: no list is kept with it.
_PERSON = "person"
# What is asked beside the queue: the form of the list.
FILTERS = ("kind", "state", "of", "from", "until", _PERSON, *MARKS, "due")
_NAMES = ("queue", *FILTERS, "sort", "rows")
# What is kept of a list: its queue, and what was asked beside.
KEPT_NAMES = ("queue", *(name for name in FILTERS if name != _PERSON), "sort")
# How a list may be sorted: the next due first, or the latest received first.
DUE, LATEST = "due", "-received"
ROWS = ("25", "50", "100")


def asked_for() -> Filled:
    """What the address asks for, as it stands there."""
    args = list_args()
    return Filled({name: args.get(name, "") for name in _NAMES})


def read_asked(form: Filled, kinds: Collection[str]) -> Asked:
    """The same, read; refused (`Invalid`) with every day that is none. A kind, state or queue that
    there is not is not asked for."""
    from_on, until_on = read_days(form)
    queue = form["queue"] if form["queue"] in QUEUES else ALL
    if form["due"] == "over" and not form["queue"]:
        queue = OVERDUE  # how it was asked for before there were queues
    return Asked(
        queue=queue,
        kind=form["kind"] if form["kind"] in kinds else "",
        state=_plain(form["state"]),
        case_worker=person().username if form["of"] == "me" else _plain(form["of"]),
        from_on=from_on,
        until_on=until_on,
        **{mark: form[mark] == "yes" for mark in MARKS},
        person=form[_PERSON].strip(),
        closed=form["due"] == "all",
        latest_first=_order(form["sort"]),
    )


def address_of(asked: Asked, **more: str) -> str:
    """The query of a list's address that asks for this, without words about a person."""
    said = {
        "queue": asked.queue,
        "kind": asked.kind,
        "state": asked.state,
        "of": asked.case_worker,
        "from": asked.from_on.isoformat() if asked.from_on else "",
        "until": asked.until_on.isoformat() if asked.until_on else "",
        **{mark: "yes" if getattr(asked, mark) else "" for mark in MARKS},
        "due": "all" if asked.closed else "",
        "sort": {None: "", True: LATEST, False: DUE}[asked.latest_first],
        **more,
    }
    return urlencode({name: value for name, value in said.items() if value})


def list_address(asked: Asked, **more: str) -> str:
    """The address of the list that asks for this."""
    return url_for("cases.cases") + "?" + address_of(asked, **more)


def kept_pairs(form: Filled) -> list[tuple[str, str]]:
    """What of a list's address is kept under a name, each with its value."""
    return [(name, form[name]) for name in KEPT_NAMES if form[name]]


def _order(sort: str) -> bool | None:
    return {LATEST: True, DUE: False}.get(sort)


def _plain(words: str) -> str:
    return words if is_plain(words) else ""
