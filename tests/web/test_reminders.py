"""The inbox, the day's mail and the calendar in the pages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from icalendar import Calendar

from relief.accounts.service import disable_user
from relief.reminders.addresses import OwnMail, mail_of
from relief.reminders.making import make_reminders
from tests.matters import do, opened
from tests.office import AN, CHEN, Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]


@pytest.fixture
def soon(sqlite_office: Office) -> Office:
    """Two cases of chen's that are due in three days."""
    sqlite_office.at("2005-06-15T09:00")
    opened(sqlite_office)
    opened(sqlite_office, restricted=True)
    sqlite_office.at("2005-06-27T09:00")
    with sqlite_office.relief.work() as work:
        make_reminders(work)
        work.commit()
    return sqlite_office


def feed_path(visitor: Visitor) -> str:
    visitor.get("/reminders/own")
    answer = visitor.post("/reminders/own/calendar")
    assert answer.status_code == 200
    found = re.search(r'id="calendar-address">http://localhost(/feeds/[^<]+)<', answer.text)
    assert found
    return found[1]


def test_inbox_shows_ones_own_and_leads_to_the_case(soon: Office, visit: Visit) -> None:
    page = visit("chen").get("/reminders")
    assert page.text.count('class="unread"') == 2
    assert 'href="/cases/P2005-0001"' in page.text
    other = visit("ping").get("/reminders")
    assert "P2005-0001" not in other.text
    assert "Nothing is due" in text_of(other)


def test_first_page_says_how_many_are_unread(soon: Office, visit: Visit) -> None:
    visitor = visit("chen")
    assert "2 reminders not read yet" in text_of(visitor.get("/"))
    visitor.send("/reminders/read")
    assert "not read yet" not in text_of(visitor.get("/"))


def test_one_is_marked_as_read_and_then_all(soon: Office, visit: Visit) -> None:
    visitor = visit("chen")
    page = visitor.get("/reminders")
    number = re.search(r'name="reminder" value="(\d+)"', page.text)
    assert number
    page = visitor.send("/reminders/read", reminder=number[1])
    assert page.text.count('class="unread"') == 1
    page = visitor.send("/reminders/read")
    assert 'class="unread"' not in page.text
    assert visitor.post("/reminders/read", reminder="x").status_code == 422


def test_own_mail_is_set_and_what_is_no_address_is_refused(soon: Office, visit: Visit) -> None:
    visitor = visit("chen")
    assert "no mail server is set" in text_of(visitor.get("/reminders/own"))
    refused = visitor.post("/reminders/own/mail", address="chen", digest="yes")
    assert refused.status_code == 422
    assert "no e-mail address" in text_of(refused)
    assert 'value="chen"' in refused.text
    visitor.send("/reminders/own/mail", address=" chen@example.org ", digest="yes")
    with soon.relief.reading() as work:
        assert mail_of(work, "chen") == OwnMail("chen@example.org", digest=True)
    visitor.send("/reminders/own/mail", address="chen@example.org")
    with soon.relief.reading() as work:
        assert not mail_of(work, "chen").digest


def test_admin_sets_the_mail_of_others(soon: Office, visit: Visit) -> None:
    visitor = visit("an")
    visitor.get("/users/chen")
    visitor.send("/users/chen/mail", address="chen@example.org", digest="yes")
    assert 'value="chen@example.org"' in visitor.get("/users/chen").text
    refused = visitor.post("/users/chen/mail", address="x", digest="yes")
    assert refused.status_code == 422
    assert re.search(r'name="role_clerk" value="yes" checked', refused.text)


def test_calendar_is_read_by_its_address_without_signing_in(soon: Office, visit: Visit) -> None:
    path = feed_path(visit("chen"))
    stranger = visit()
    answer = stranger.get(path)
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    summaries = [str(e["SUMMARY"]) for e in Calendar.from_ical(answer.text).walk("VEVENT")]
    assert summaries == ["P2005-0001 Petition, Received: due", "restricted matter: due"]
    assert "Set-Cookie" not in answer.headers
    again = stranger.get(path, **{"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    do(soon, "P2005-0001", "withdraw", CHEN, reason="撤回")
    changed = stranger.get(path, **{"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200
    assert "P2005-0001" not in changed.text


def test_address_is_shown_once_renewed_and_ended(soon: Office, visit: Visit) -> None:
    visitor = visit("chen")
    first = feed_path(visitor)
    assert "/feeds/" not in visitor.get("/reminders/own").text
    second = feed_path(visitor)
    assert [visit().get(path).status_code for path in (first, second)] == [404, 200]
    visitor.send("/reminders/own/calendar/end")
    assert visit().get(second).status_code == 404


def test_calendar_ends_with_its_owner(soon: Office, visit: Visit) -> None:
    path = feed_path(visit("chen"))
    with soon.relief.work() as work:
        disable_user(work, AN, "chen", 1)
        work.commit()
    assert visit().get(path).status_code == 404


def test_addresses_are_not_guessed(soon: Office, visit: Visit) -> None:
    path = feed_path(visit("chen"))
    guesser = visit(address="10.0.0.9")
    for number in range(30):
        assert guesser.get(f"/feeds/{number}.ics").status_code == 404
    assert guesser.get("/feeds/x.ics").status_code == 429
    assert guesser.get(path).status_code == 200  # the right one, though others there guess
