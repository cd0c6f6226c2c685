"""Two offices, of which one took an accusation today: for who is not named every page of theirs is
the same, byte by byte, but for tokens and the numbers of faults."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from relief.accounts.service import add_user
from relief.bootstrap import open_relief
from relief.kernel.clock import RehearsalClock
from relief.web.app import create_app
from tests.conftest import settings_for
from tests.matters import MEI, added, answered, do, opened
from tests.office import AN, CHEN, PASSWORD, ZONE, Office
from tests.web.access_table import table
from tests.web.conftest import BEGINS, Visitor
from tests.web.furnished import OF_ROLE, furnish, office_in

Pair = tuple[dict[str, Visitor], dict[str, Visitor]]
# The clerk is another than the one who took it.
NOT_NAMED = OF_ROLE | {"clerk": "liu"}
HIDDEN, PHONE = "梅试丁", "13900000009"
# The journal's inspectors see that there are entries of restricted cases: it is theirs to prove.
INSPECTED = {("/journal", "admin"), ("/journal", "auditor"), ("/journal/export", "admin"),
             ("/journal/export", "auditor")}  # fmt: skip
# What differs in any two answers: tokens, keys of forms, sealed words, numbers of faults; and when
# somebody signed in, as a minute may pass between the two.
CHANCE = re.compile(
    rb'(name="(?:csrf_token|once)" value|data-once)="[^"]*"|(?:/search/|card=)[\w-]+'
    rb"|\b[0-9a-f]{8}\b|\b\d\d:\d\d\b"
)


@pytest.fixture(scope="module")
def offices(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Pair, list[str]]]:
    """Everybody who is not named, at work in both; and the numbers that the accusation bears."""
    folders = [tmp_path_factory.mktemp("office") / name for name in ("never", "knows")]
    folders[0].mkdir()
    shutil.copy(sqlite_template, folders[0] / "relief.db")
    office = Office(open_relief(settings_for(folders[0])))
    with office.relief.work() as work:
        add_user(work, AN, "liu", ["clerk"], PASSWORD)
        work.commit()
    furnish(office)
    office.relief.database.dispose()
    shutil.copytree(*folders)
    reliefs = [office_in(folder) for folder in folders]
    numbers = accuse(Office(reliefs[1]))
    for each in map(Office, reliefs):  # whoever comes next gets the next number in both
        assert answered(each) == "C2005-0037"
        assert opened(each, id_number="", name="") == "P2005-0002"
    clock = RehearsalClock(BEGINS, ZONE)
    apps = [create_app(relief, clock) for relief in reliefs]
    never, knows = (
        {role: Visitor(app).sign_in(name) for role, name in NOT_NAMED.items()} for app in apps
    )
    yield (never, knows), numbers
    for relief in reliefs:
        relief.database.dispose()


def accuse(office: Office) -> list[str]:
    """A restricted visit that was answered, and a case with two more contacts and a step."""
    mei = {"restricted": True, "name": HIDDEN, "id_number": MEI, "phone": PHONE, "heads": 3}
    contact = answered(office, CHEN, **mei)
    case = opened(office, **mei)
    more = added(office, case, chase_up=True).contact.reference
    do(office, case, "accept", CHEN, {"matter_class": "accusation"})
    return [contact, case, more]


def same(never: TestResponse, knows: TestResponse) -> bool:
    assert never.status_code == knows.status_code
    return CHANCE.sub(b"", never.data) == CHANCE.sub(b"", knows.data)


PAGES = [
    row | {"path": row["route"].split()[0]}
    for row in table()
    if row["route"].endswith(" GET") and "static" not in row["route"]
]


@pytest.mark.parametrize("row", PAGES, ids=lambda row: row["path"])
def test_page_is_the_same_in_both_offices(
    offices: tuple[Pair, list[str]], row: dict[str, str]
) -> None:
    (never, knows), numbers = offices
    places = ["P2005-0001", "C2005-0007", "liu", "chen", *numbers]
    path = row["path"]
    addresses = [re.sub("<[^>]*>", place, path) for place in places] if "<" in path else [path]
    for role in NOT_NAMED:
        if row[role] and (path, role) not in INSPECTED:
            for address in addresses:
                assert same(never[role].get(address), knows[role].get(address)), (role, address)


ASKED = [
    "/contacts?person=" + HIDDEN, "/contacts?from=2005-06-28", "/contacts?outcome=opened",
    "/contacts?person=" + PHONE, "/contacts?channel=visit", "/cases?due=all", "/cases?of=me",
    "/cases?kind=petition&state=accepted", "/desk/day?on=2005-06-28", "/hand-over?of=chen",
    "/cases?queue=mine", "/cases?queue=unassigned", "/cases?queue=soon&counts=yes",
    "/cases?queue=overdue", "/cases?queue=second&counts=yes", "/cases?restricted=yes",
    "/cases?person=" + HIDDEN, "/cases?queue=all&person=msd&due=all", "/cases/counts",
    "/desk?card=" + HIDDEN, "/desk/day-pack?on=2005-06-29",
]  # fmt: skip


@pytest.mark.parametrize("address", ASKED)
def test_list_is_the_same_in_both_offices_whatever_is_asked_for(
    offices: tuple[Pair, list[str]], address: str
) -> None:
    (never, knows), _numbers = offices
    for role in NOT_NAMED:
        assert same(never[role].get(address), knows[role].get(address)), role


def test_a_step_for_many_is_the_same_in_both_offices_whatever_is_ticked(
    offices: tuple[Pair, list[str]],
) -> None:
    (never, knows), numbers = offices
    for role in ("clerk", "approver"):
        for number in [*numbers, "P2005-0001"]:
            address = f"/cases/bulk?action=note&cases=P2005-0001&cases={number}"
            assert same(never[role].get(address), knows[role].get(address)), (role, number)
    typed = {"action": "note", "cases": f"{numbers[1]}@1", "note": "问", "once": "no-key"}
    for role in ("clerk", "approver"):
        answers = (each[role].post("/cases/bulk", **typed) for each in (never, knows))
        assert same(*answers), role
    taken = (each["clerk"].post("/queues/take", case=f"{numbers[1]}@2") for each in (never, knows))
    assert same(*taken)


@pytest.mark.parametrize("words", [HIDDEN, "梅", "msd", "mei", MEI, MEI[-4:], PHONE, PHONE[-4:],
                                   "P2005-0003", "吴", "wu", ""])  # fmt: skip
def test_search_and_likely_duplicates_are_the_same_in_both_offices(
    offices: tuple[Pair, list[str]], words: str
) -> None:
    (never, knows), numbers = offices
    for role in NOT_NAMED:
        for asked in (words, *numbers):
            assert same(never[role].send("/search", q=asked), knows[role].send("/search", q=asked))
    typed = {"name": words, "phone": words, "id_number": words, "channel": "visit", "matter": "问"}
    clerks = never["clerk"], knows["clerk"]
    for path in ("/desk/likely", "/desk/look"):
        assert same(*(clerk.post(path, **typed) for clerk in clerks)), path


@pytest.mark.parametrize("typed", [{"id_number": MEI}, {"id_number": MEI, "name": "王试戊"}])
def test_contact_is_judged_alike_in_both_offices(
    offices: tuple[Pair, list[str]], typed: dict[str, str]
) -> None:
    """Refused for another reason in the end, so that both stay as they are."""
    (never, knows), _numbers = offices
    form = {"channel": "visit", "matter": "问", "outcome": "answered", "answer": "好"}
    more = {"reserved_number": "C2005-9999", "once": "x" * 32}
    clerks = never["clerk"], knows["clerk"]
    assert same(*(clerk.post("/desk", **form, **more, **typed) for clerk in clerks))


def test_who_took_it_sees_other_pages(offices: tuple[Pair, list[str]]) -> None:
    """Else the pages above could be the same because nothing was entered."""
    (_never, knows), numbers = offices
    taker = Visitor(knows["clerk"].client.application).sign_in("chen")
    for number in numbers:
        assert number in taker.send("/search", q=number).text
    assert HIDDEN in taker.get("/desk").text
