"""An office with something on every page, and where each page is found in it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from relief.bootstrap import Relief, open_relief
from relief.desk.service import log_contact, read_form
from relief.engine.journal.kept_rows import write_made
from relief.petitions.lists.kept_lists import keep_list
from relief.petitions.lists.queues import Asked
from relief.reminders.addresses import user_id_of
from relief.reminders.feeds import KEPT, owner_seal
from relief.reminders.making import make_reminders
from relief.reminders.tables import CalendarFeed
from tests.conftest import settings_for
from tests.letters import issued
from tests.life import id_number
from tests.matters import answered, do, opened, walk
from tests.office import CHEN, FANG, Office
from tests.papers import attached
from tests.web.access_table import ROLES, table

# Who holds each role alone.
OF_ROLE = {"clerk": "chen", "approver": "ping", "finance": "fang", "admin": "an", "auditor": "wen"}
TODAY = "2005-06-28T09:00"
# What stands in the places of an address, by how the address begins; else by the place's name.
_FEED_KEY = "the-key-of-a-calendar"
_BY_ADDRESS = {
    "/feeds/<key>.ics": f"/feeds/{_FEED_KEY}.ics",
    "/cases/<reference>": "P2005-0001",
    "/cases/bulk": "/cases/bulk?action=note&cases=P2005-0001&cases=R2005-0002",
    "/contacts/<reference>": "C2005-0007",
    "/rates/document": "/rates/document?no=2005-22",
    "/bootstrap/static/<path:filename>": "css/bootstrap.min.css",
    "/static/<path:filename>": "relief.css",
}
_BY_NAME = {
    "username": "chen",
    "household_no": "H1",
    "year": "2005",
    "key": "petition",
    "kind": "petition",
    "day": "2005-06-28",
    "action": "note",
}
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")


def furnish(office: Office) -> None:
    """Fill a new office: households, a list, contacts, cases of all kinds, one of them overdue."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.propose(("deep", "2005-07", 19_500), document_no="2005-22")
    office.at("2005-03-25T09:00")
    office.register([_household(number) for number in (1, 2, 3)])
    office.at("2005-04-06T09:00")
    opened(office, phone="13800000017")  # P2005-0001, overdue by now
    do(office, "P2005-0001", "accept", CHEN, {"matter_class": "appeal"})
    attached(office, "P2005-0001", "身份证.pdf", kind="identity_card")
    issued(office, "P2005-0001")
    office.at("2005-06-27T09:00")
    for kind, name in (("relief", "吴试乙"), ("legal_aid", "古丽试名阿依"), ("job_referral", "")):
        opened(office, kind, name=name, id_number="")
    opened(office, restricted=True, name="吴试丙", id_number="")
    relief = opened(office, "relief", name="吴试丁", id_number=id_number(6), urgent=True)
    walk(office, relief, "accept")
    office.prepare("2005Q2", actor=FANG)
    office.at(TODAY)
    with office.relief.work() as work:
        for number in range(30):  # C2005-0007 and on
            called = {"channel": "call", "name": f"来电{number}", "phone": "13800000000"}
            log_contact(
                work, CHEN, read_form(work, called | {"matter": "问政策", "answer": "已答"})
            )
        chen, digest = user_id_of(work, "chen"), hashlib.sha256(_FEED_KEY.encode()).hexdigest()
        feed_id = work.insert(
            CalendarFeed,
            user_id=chen,
            key_sha256=digest,
            owner_seal=owner_seal(work, chen, digest),
            made_at=work.instant(),
            ended_at=None,
        )
        write_made(work, CHEN, KEPT, feed_id)
        make_reminders(work)
        work.commit()
    with office.relief.work() as work:
        keep_list(work, CHEN, "试视图", Asked(queue="overdue", kind="petition"), shared=True)
        work.commit()
    answered(office, heads="12", name="集体代表", matter="一行\n二行 " + "长" * 400)


def _household(number: int) -> dict[str, str]:
    return {
        "household_no": f"H{number}",
        "applicant_name": f"试户{number}",
        "applicant_id": id_number(number),
        "township": "城关镇",
        "grade": "deep",
        "approved_on": "2005-03-24",
        "account_no": f"622848000000000000{number}",
    }


def office_in(folder: Path) -> Relief:
    """An office that was furnished there, a little later on its day."""
    return open_relief(settings_for(folder, clock="2005-06-28T10:00"))


def address_of(route: str) -> str:
    """A route of the table with what is there in its places."""
    path = route.rsplit(" ", 1)[0]
    for begins, value in _BY_ADDRESS.items():
        if path.startswith(begins):
            path = path.replace(begins, _filled(begins, value), 1)
    return _PLACE.sub(lambda place: _BY_NAME.get(place[1], "1"), path)


def nowhere(route: str) -> str:
    """A route of the table with a name in its places that nothing has."""
    return _PLACE.sub("none-such", route.split()[0])


def _filled(begins: str, value: str) -> str:
    return value if value.startswith("/") else begins.partition("<")[0] + value


def pages() -> list[tuple[str, str]]:
    """Every page that is opened by its address, and somebody who may open it ("": whoever
    comes); style sheets aside."""
    return [
        (address_of(row["route"]), _who(row))
        for row in table()
        if row["route"].endswith(" GET") and "static" not in row["route"]
    ]


def _who(row: dict[str, str]) -> str:
    """Whoever sees most of a page."""
    if row["anybody"]:
        return ""
    return next(OF_ROLE[role] for role in ROLES if row[role])
