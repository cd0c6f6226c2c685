"""Somebody who was found comes again: what is entered from their card stands on it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from relief.accounts.queries import USER
from relief.accounts.service import add_user
from tests.matters import MEI, WU, answered, do, opened
from tests.office import AN, CHEN, PASSWORD, Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]
PHONE = "13800000017"


def card_of(visitor: Visitor, words: str) -> str:
    """Where "New contact" leads to from the one card that is found."""
    visitor.get("/")
    page = visitor.send("/search", q=words)
    (address,) = re.findall(r'href="(/desk\?card=[^"]+)"', page.text)
    return str(address)


def come_again(visitor: Visitor, words: str, **fields: str) -> tuple[int, str]:
    """Enter a contact from the card that is found; what was answered."""
    page = visitor.get(card_of(visitor, words))
    shown = re.findall(r'name="(card|once|name)"[^>]* value="([^"]*)"', page.text)
    typed = {"channel": "visit", "matter": "又来问", "answer": "已答复", "outcome": "answered"}
    answer = visitor.post("/desk", **(dict(shown) | typed | fields))
    return answer.status_code, text_of(answer)


def cards(visitor: Visitor, words: str) -> list[str]:
    """The cards that are found."""
    visitor.get("/")
    page = visitor.send("/search", q=words)
    return re.findall(r'<article class="hit">(.*?)</article>', page.text, re.DOTALL)


def test_no_name_stands_in_the_address(visit: Visit, sqlite_office: Office) -> None:
    opened(sqlite_office)
    address = card_of(visit("chen"), "吴试甲")
    assert "吴" not in address
    assert "%E5%90%B4" not in address
    assert 'value="吴试甲"' in visit("chen").get(address).text


def test_contact_from_the_card_of_a_person_is_theirs(visit: Visit, sqlite_office: Office) -> None:
    opened(sqlite_office, phone=PHONE)
    chen = visit("chen")
    page = chen.get(card_of(chen, "吴试甲"))
    assert "Stands on the card of 吴试甲" in text_of(page)
    assert WU not in page.text
    assert re.findall(r'name="(\w+)"[^>]*autofocus', page.text) == ["matter"]
    assert "P2005-0001" in page.text  # what is open of theirs, at once
    assert come_again(chen, "吴试甲")[0] == 303
    (card,) = cards(chen, "吴试甲")
    assert "C2005-0002" in card
    assert "C2005-0002" in cards(chen, WU)[0]


def test_contact_from_a_card_without_a_number_keeps_its_phone(
    visit: Visit, sqlite_office: Office
) -> None:
    opened(sqlite_office, name="李试乙", id_number="", phone=PHONE)
    answered(sqlite_office, name="孙试丙", id_number="")
    chen = visit("chen")
    page = chen.get(card_of(chen, "李试乙"))
    assert PHONE not in page.text
    assert "138****0017" in text_of(page)
    assert come_again(chen, "李试乙")[0] == 303
    assert come_again(chen, "孙试丙")[0] == 303
    (li,), (sun,) = cards(chen, "李试乙"), cards(chen, "孙试丙")
    assert "C2005-0003" in li
    assert "C2005-0004" in sun


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"name": "梅试丁"}, "The card is of 吴试甲; write that name, or take the tick out."),
        ({"id_number": MEI}, "The card has another number; leave this empty"),
    ],
)
def test_somebody_else_is_not_put_on_the_card(
    visit: Visit, sqlite_office: Office, typed: dict[str, str], told: str
) -> None:
    opened(sqlite_office)
    chen = visit("chen")
    status, page = come_again(chen, "吴试甲", **typed)
    assert status == 422
    assert told in page
    assert "Stands on the card of 吴试甲" in page
    assert come_again(chen, "吴试甲", card="", **typed)[0] == 303


def test_card_of_one_is_nothing_in_the_hands_of_another(
    visit: Visit, sqlite_office: Office
) -> None:
    with sqlite_office.relief.work() as work:
        add_user(work, AN, "lan", ["clerk"], PASSWORD)
        work.connection.execute(sa.update(USER).values(password_is_lent=False))  # her own by now
        work.commit()
    opened(sqlite_office)
    chen, lan = visit("chen"), visit("lan")
    address = card_of(chen, "吴试甲")
    assert "吴试甲" not in lan.get(address).text.split("today-title")[0]
    lan.get("/desk")
    taken = come_again(lan, "吴试甲", card=address.partition("=")[2])
    assert taken[0] == 422
    assert "is not there for you any more" in taken[1]


@pytest.mark.parametrize("card", ["x", "吴", "", "A" * 200])
def test_what_is_no_card_opens_an_empty_form(visit: Visit, card: str) -> None:
    page = visit("chen").get(f"/desk?card={card}")
    assert page.status_code == 200
    assert 'name="card"' not in page.text


def test_whom_restricted_matters_alone_know_has_a_card_for_who_sees_them(
    visit: Visit, sqlite_office: Office
) -> None:
    opened(sqlite_office, restricted=True, name="梅试丁", id_number=MEI)
    chen = visit("chen")
    address = card_of(chen, MEI)
    assert "Stands on the card of 梅试丁" in text_of(chen.get(address))
    assert come_again(chen, MEI, restricted="yes")[0] == 303
    assert len(cards(chen, MEI)) == 1
    assert cards(visit("ping"), MEI) == []


def test_who_may_see_somebody_no_more_has_no_card_of_them(
    visit: Visit, sqlite_office: Office
) -> None:
    case = opened(sqlite_office, restricted=True, name="梅试丁", id_number=MEI)
    chen = visit("chen")
    address = card_of(chen, MEI)
    assert "梅试丁" in chen.get(address).text
    do(sqlite_office, case, "name_readers", CHEN, {"readers": "ping"})
    do(sqlite_office, case, "recuse", CHEN, reason="亲属")
    assert "梅试丁" not in chen.get(address).text


def test_card_stands_when_what_was_typed_before_is_thrown_away(
    visit: Visit, sqlite_office: Office
) -> None:
    opened(sqlite_office)
    chen = visit("chen")
    chen.post("/desk/draft", name="王小明", matter="拖欠工资三个月")
    address = card_of(chen, "吴试甲")
    page = chen.get(address)
    assert "An earlier entry stands in this form" in text_of(page)
    assert "Stands on the card" not in text_of(page)
    assert not re.findall(r'name="\w+"[^>]*autofocus', page.text)
    card = address.partition("=")[2]
    assert f'name="card" value="{card}"' in page.text
    page = chen.send("/desk/draft", throw_away="yes", card=card)
    assert "Stands on the card of 吴试甲" in text_of(page)
