"""An office of people with full names, and of two clerks: letters name who works on a case by that
name, and each clerk is told of their own cases alone."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from relief.accounts.queries import USER
from relief.accounts.service import add_user
from relief.engine.actors import Actor
from tests.letters import issued, offered, page
from tests.matters import do, opened, walk
from tests.office import AN, CAST, CHEN, PASSWORD, Office
from tests.reminders.readers import look, told

pytestmark = pytest.mark.postgresql_slow

LUO = Actor("luo", frozenset({"clerk"}))
NAMES = {
    "chen": "陈试一", "fang": "方试二", "gao": "高试三", "ping": "平试四", "an": "安试五",
    "wen": "文试六", "luo": "罗试七",
}  # fmt: skip


@pytest.fixture
def june(office: Office) -> Office:
    with office.relief.work() as work:
        add_user(work, AN, LUO.username, sorted(LUO.roles), PASSWORD)
        for name, full_name in NAMES.items():
            update = sa.update(USER).where(USER.c.username == name).values(full_name=full_name)
            work.connection.execute(update)
        work.commit()
    office.at("2005-06-15T09:00")
    return office


def test_names_are_those_of_the_whole_cast() -> None:
    assert NAMES.keys() == {*CAST, LUO.username}


def test_letters_name_people_by_their_full_names_or_not_at_all(june: Office) -> None:
    case = opened(june, actor=LUO)
    walk(june, case, "accept", "handle", "implement")
    assert offered(june, case) == ["receipt", "acceptance", "opinion", "feedback"]
    for number, letter in enumerate(offered(june, case), start=1):
        issued(june, case, letter, actor=LUO)
        assert usernames_in(page(june, case, number)) == [], letter


def test_letter_of_an_offices_own_names_who_works_on_the_case_by_their_full_name(
    june: Office,
) -> None:
    folder = june.relief.settings.data_dir / "letters"
    folder.mkdir()
    text = "<h1>{% block title %}回执{% endblock %}</h1>\n承办人：{{ case.worker }}"
    (folder / "receipt.zh.html").write_text(text, encoding="utf-8")
    case = opened(june, actor=LUO)
    issued(june, case)
    letter = page(june, case)
    assert "承办人：罗试七" in letter
    assert usernames_in(letter) == []


def usernames_in(letter: str) -> list[str]:
    text = re.sub(r"<style.*?</style>|<[^>]*>", " ", letter, flags=re.S)
    return [username for username in NAMES if re.search(rf"\b{username}\b", text)]


def test_each_clerk_is_reminded_of_their_own_cases(june: Office) -> None:
    hers, theirs = opened(june), opened(june, actor=LUO)
    june.at("2005-06-27T09:00")
    look(june)
    assert (told(june, "chen"), told(june, "luo")) == ([(hers, "due")], [(theirs, "due")])
    do(june, hers, "assign", CHEN, {"case_worker": "luo"})
    look(june)
    assert told(june, "chen") == []
    assert told(june, "luo") == [(hers, "due"), (theirs, "due")]
