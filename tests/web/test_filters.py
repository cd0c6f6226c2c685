"""What is asked of a list of cases: the same from its address, and from the list that is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from urllib.parse import parse_qsl

import pytest

from relief.petitions.lists.queues import Asked
from relief.web.cases.filters import KEPT_NAMES, address_of, kept_pairs, read_asked
from relief.web.forms import Filled

# Each field with something that is not left out.
ASKED = {
    "queue": "overdue",
    "kind": "petition",
    "state": "handled",
    "case_worker": "ping",
    "from_on": dt.date(2005, 6, 1),
    "until_on": dt.date(2005, 6, 30),
    "urgent": True,
    "collective": True,
    "restricted": True,
    "person": "吴",
    "closed": True,
    "latest_first": False,
}
_NEVER_KEPT = "person"


def again(asked: Asked) -> Asked:
    """What the address of it asks for."""
    return read_asked(Filled(dict(parse_qsl(address_of(asked)))), ["petition"])


def test_every_field_is_told_here() -> None:
    assert list(ASKED) == [each.name for each in fields(Asked)]
    assert all(Asked(**{name: value}) != Asked() for name, value in ASKED.items())  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [name for name in ASKED if name != _NEVER_KEPT])
def test_an_address_asks_again_for_what_was_asked(name: str) -> None:
    asked = Asked(**{name: ASKED[name]})  # type: ignore[arg-type]
    assert again(asked) == asked


def test_an_address_asks_again_for_all_of_it_but_the_person() -> None:
    asked = Asked(**{**ASKED, _NEVER_KEPT: ""})  # type: ignore[arg-type]
    assert again(asked) == asked
    assert again(Asked(**ASKED)) == asked  # type: ignore[arg-type]
    assert again(Asked()) == Asked()
    assert again(Asked(latest_first=True)) == Asked(latest_first=True)


def test_what_is_kept_of_an_address_is_all_of_it_but_the_person() -> None:
    asked = Asked(**ASKED)  # type: ignore[arg-type]
    typed = dict(parse_qsl(address_of(asked)))
    assert dict(kept_pairs(Filled(typed | {_NEVER_KEPT: "吴", "rows": "50"}))) == typed
    assert set(typed) == set(KEPT_NAMES)
