"""What is asked of a list of cases: the same from its address, from the list that is kept and from
the form of its page, and told in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from urllib.parse import parse_qsl

import pytest

from relief.petitions.lists.queues import Asked
from relief.web.cases.filters import FILTERS, KEPT_NAMES, address_of, kept_pairs, read_asked
from relief.web.forms import Filled
from tests.asked import ASKED, KEPT, NEVER_KEPT, asked_for
from tests.web.conftest import Visitor


def again(asked: Asked) -> Asked:
    """What the address of it asks for."""
    return read_asked(Filled(dict(parse_qsl(address_of(asked)))), ["petition"])


def test_every_field_is_told_here() -> None:
    assert list(ASKED) == [each.name for each in fields(Asked)]
    assert all(asked_for(name) != Asked() for name in ASKED)


@pytest.mark.parametrize("name", KEPT)
def test_an_address_asks_again_for_what_was_asked(name: str) -> None:
    assert again(asked_for(name)) == asked_for(name)


def test_an_address_asks_again_for_all_of_it_but_the_person() -> None:
    assert again(asked_for(*KEPT)) == asked_for(*KEPT)
    assert again(asked_for(*ASKED)) == asked_for(*KEPT)
    assert again(Asked()) == Asked()
    assert again(Asked(latest_first=True)) == Asked(latest_first=True)


def test_what_is_kept_of_an_address_is_all_of_it_but_the_person() -> None:
    typed = dict(parse_qsl(address_of(asked_for(*ASKED))))
    assert dict(kept_pairs(Filled(typed | {NEVER_KEPT: "吴", "rows": "50"}))) == typed
    assert set(typed) == set(KEPT_NAMES)


def test_each_filter_of_a_view_is_told_in_a_word_of_its_own(visit: Callable[..., Visitor]) -> None:
    chen, none = visit("chen"), "nothing"
    for name in [none, *KEPT]:
        asked = Asked() if name == none else asked_for(name)
        chen.send("/cases/views", **dict(parse_qsl(address_of(asked))), name=name)
    page = chen.get("/cases/views").text
    found = re.findall(r"<strong>(\w+)</strong></a> <span class=\"quiet\">([^<]*)<", page)
    told = {name: set(words.split(" · ")) for name, words in found}
    words = [told[name] - told[none] for name in KEPT]
    assert {len(each) for each in words} == {1}, told
    assert len(set[str]().union(*words)) == len(KEPT), told


def test_each_filter_has_its_field_in_the_form(visit: Callable[..., Visitor]) -> None:
    page = visit("chen").get("/cases").text
    (form,) = re.findall(
        r'<form class="filter" method="get" action="/cases">.*?</form>', page, re.S
    )
    named = set(re.findall(r'<(?:input|select)[^>]* name="([a-z_]+)"', form))
    assert named == {"queue", "rows", *FILTERS}
