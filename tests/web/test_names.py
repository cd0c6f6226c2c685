"""People are named on pages as others know them, never by what they sign in with."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import sqlalchemy as sa
from werkzeug.test import TestResponse

from relief.accounts.absences import AbsenceForm, record_absence
from relief.accounts.queries import USER
from tests.matters import do, opened
from tests.office import AN, CAST, CHEN, PING, Office
from tests.web.conftest import Visitor, text_of
from tests.web.furnished import OF_ROLE, furnish, pages

Visit = Callable[..., Visitor]
NAMES = {"chen": "陈静", "fang": "方敏", "gao": "高洁", "ping": "平安", "an": "安宁", "wen": "文秀"}
_SIGNS_IN_AS = re.compile(rf"(?<![\w-])({'|'.join(CAST)})(?![\w-])")
# Where what people sign in with is looked after, and asked for.
_OF_ACCOUNTS = ("/users",)


def named(office: Office) -> None:
    """Give everybody a full name, and the Chinese pages, on which no word is spelt like one."""
    with office.relief.work() as work:
        for username, name in NAMES.items():
            values = {"full_name": name, "locale": "zh_Hans_CN"}
            work.connection.execute(
                sa.update(USER).where(USER.c.username == username).values(values)
            )
        work.commit()


def signs_in_as(answer: TestResponse) -> list[str]:
    """What a page says by sign-in names, with the words around."""
    said = text_of(answer) if answer.mimetype == "text/html" else ""
    return [said[max(0, m.start() - 30) : m.end() + 30] for m in _SIGNS_IN_AS.finditer(said)]


def told(visitor: Visitor, address: str) -> list[str]:
    """The same of the page at an address."""
    with visitor.get(address) as answer:
        return signs_in_as(answer)


def test_no_page_says_what_somebody_signs_in_with(visit: Visit, sqlite_office: Office) -> None:
    furnish(sqlite_office)
    restricted = opened(sqlite_office, restricted="yes")
    do(sqlite_office, restricted, "name_readers", CHEN, {"readers": "chen, ping"})
    do(sqlite_office, restricted, "recuse", CHEN, reason="亲属")
    do(sqlite_office, "P2005-0001", "assign", CHEN, {"case_worker": "chen"})
    named(sqlite_office)
    with sqlite_office.relief.work() as work:
        today = work.today
        record_absence(work, AN, AbsenceForm("ping", today, today + dt.timedelta(3), "chen"))
        work.commit()
    here = {who: visit(who) for who in OF_ROLE.values()}
    addresses = [(who, page) for page, who in pages() if who and not page.startswith(_OF_ACCOUNTS)]
    seen_by_all = ("/", "/cases", "/cases/P2005-0001", f"/cases/{restricted}")
    addresses += [(who, page) for who in here for page in seen_by_all]
    found = {(who, page): told(here[who], page) for who, page in addresses}
    assert not {where: said for where, said in found.items() if said}


def test_what_is_refused_or_done_names_people_too(visit: Visit, sqlite_office: Office) -> None:
    case = opened(sqlite_office)
    named(sqlite_office)
    chen, ping = visit("chen"), visit("ping")
    for who, absence in (
        (ping, {"deputy": "ping"}),  # nobody is their own deputy
        (ping, {"username": "chen"}),  # another's is not recorded
        (visit("an"), {"username": "chen", "deputy": "an"}),
    ):
        days = {"from": "2005-06-20", "until": "2005-06-24"}
        assert signs_in_as(who.post("/absences", **days, **absence)) == []
    answer = ping.send("/absences", **{"from": "2005-01-04", "until": "2005-12-24"}, deputy="chen")
    assert "平安" in text_of(answer)
    assert signs_in_as(answer) == []
    do(sqlite_office, case, "note", PING, {"note": "问过"})
    stale = chen.post(f"/cases/{case}/do/note", note="也问过", version="1", once="a" * 32)
    assert "平安" in text_of(stale)
    assert signs_in_as(stale) == []
