"""The people of the demo: invented, well-formed, and nowhere in plain."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher

from relief.accounts.queries import USER, find_actor
from relief.demo.brought import FAMILIES, newborn
from relief.demo.desk.matters import id_number_of
from relief.demo.families import OLD_CARDS
from relief.demo.people import account_number
from relief.households.files.register import parse_register
from relief.kernel.text import LOCALES, Translator
from relief.people.rules import account_warning, normalise_identity
from tests.demo.conftest import Played

PEOPLE = [newborn(), *(person for family in FAMILIES.values() for person in family.members)]
AT_THE_DESK = [id_number_of(number) for number in (41, 42)]
ACCOUNTS = [*(account_number(number) for number in (*range(1, 51), 107, 113))]


def test_identity_numbers_are_valid_and_of_one_person_each() -> None:
    today = dt.date(2005, 6, 30)
    assert [normalise_identity(p.id_number, today) for p in PEOPLE] == [p.id_number for p in PEOPLE]
    assert len({person.id_number for person in PEOPLE}) == len(PEOPLE)
    assert {person.id_number[:6] for person in PEOPLE} == {"332627", "331021"}
    assert {person.id_number[14] for person in PEOPLE} == {"9"}  # nobody real has these
    assert [normalise_identity(number, today) for number in AT_THE_DESK] == AT_THE_DESK
    assert {number[14] for number in AT_THE_DESK} == {"9"}
    assert not set(AT_THE_DESK) & {person.id_number for person in PEOPLE}


def test_accounts_are_card_numbers_of_no_bank() -> None:
    assert {len(account) for account in ACCOUNTS} == {19}
    assert [account_warning(account) for account in ACCOUNTS] == [None] * len(ACCOUNTS)
    assert {account[:2] for account in ACCOUNTS} == {"99"}
    assert len(set(ACCOUNTS)) == len(ACCOUNTS)


def test_old_cards_of_fifteen_digits_stand_in_the_register(played: Played) -> None:
    register, problems = parse_register(
        played.story.folder / "files" / "register.xlsx", dt.date(2005, 3, 28)
    )
    assert problems == []
    assert {row.household_no for row in register.households if row.id_original} == OLD_CARDS
    assert {len(row.id_original) for row in register.households if row.id_original} == {15}


def test_no_identity_or_account_number_stands_in_plain_in_the_database(played: Played) -> None:
    numbers = [*ACCOUNTS, *(person.id_number for person in PEOPLE), *AT_THE_DESK]
    numbers += [FAMILIES[no].applicant.old_id_number for no in OLD_CARDS]
    content = b"".join(path.read_bytes() for path in played.story.folder.glob("relief.db*"))
    assert FAMILIES["H001"].applicant.name.encode() in content  # names are plain; this looks right
    assert [number for number in numbers if number.encode() in content] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_tale_names_no_number_in_any_language(played: Played, locale: str) -> None:
    tale = "\n".join(map(Translator(locale), played.said))
    assert [p.id_number for p in PEOPLE if p.id_number in tale] == []
    assert [account for account in ACCOUNTS if account in tale] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_tale_is_short_and_holds_the_figures_in_every_language(played: Played, locale: str) -> None:
    lines = [Translator(locale)(text) for text in played.said]
    assert 60 <= len(lines) <= 110
    assert [line for line in lines if "{" in line or "\n" in line] == []
    figures = ("52", "20/22", "90.9%", "42,000.00", "24,000.00", "18,000.00", "2005-06-15")
    for figure in (*figures, played.story.password):
        assert any(figure in line for line in lines)
    for household_nos in played.story.not_settled.values():
        assert any(" ".join(household_nos) in line for line in lines)


def test_everybody_may_sign_in_with_the_password_that_is_told(played: Played) -> None:
    story = played.story
    with played.relief.reading() as work:
        users = work.rows(sa.select(USER))
        roles = {name: find_actor(work, name).roles for name in story.usernames}
    assert {user.username for user in users} == set(story.usernames)
    assert all(user.is_demo for user in users)
    for user in users:
        assert PasswordHasher().verify(user.password_hash, story.password)
    assert roles == {
        "admin": {"admin"},
        "approver": {"approver"},
        "auditor": {"auditor"},
        "cashier": {"finance"},
        "clerk": {"clerk"},
        "finance": {"finance"},
    }
