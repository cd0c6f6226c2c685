"""Users in the browser: an admin adds and changes them; everybody chooses their own password."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest

from relief.accounts.queries import ListedUser, list_users
from relief.kernel.clock import RehearsalClock
from tests.letters import issued
from tests.matters import do, opened
from tests.office import CHEN, PASSWORD, Office
from tests.web.conftest import Visitor, text_of
from tests.web.test_desk import log

Visit = Callable[..., Visitor]
OTHER = "seven quiet otters row"
NEW = {"username": "mei", "role_clerk": "yes", "password": OTHER, "again": OTHER}


def user(office: Office, name: str) -> ListedUser:
    """A user as the database has them."""
    with office.relief.reading() as work:
        return next(each for each in list_users(work) if each.username == name)


def seen(office: Office, name: str) -> str:
    """The version that a form of today bears."""
    return str(user(office, name).version)


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("", ["an", "chen", "fang", "gao", "ping", "wen"]),
        ("none-such", ["an", "chen", "fang", "gao", "ping", "wen"]),
        ("-username", ["wen", "ping", "gao", "fang", "chen", "an"]),
        ("-state", ["gao", "an", "chen", "fang", "ping", "wen"]),
        ("-signed_in", ["an", "wen", "chen", "fang", "gao", "ping"]),
    ],
)
def test_users_are_sorted_as_the_address_says(
    visit: Visit, sqlite_office: Office, real_clock: RehearsalClock, sort: str, names: list[str]
) -> None:
    visit("wen")
    real_clock.put_forward(real_clock.now() + dt.timedelta(minutes=1))
    an = visit("an")
    an.send("/users/gao/disable", version=seen(sqlite_office, "gao"))
    page = an.get(f"/users?sort={sort}")
    assert re.findall(r'<a href="/users/(\w+)">', page.text) == names
    [shown] = re.findall(r'aria-sort="(\w+)"', page.text)
    assert (shown == "descending") is sort.startswith("-")


def test_the_column_that_is_sorted_by_leads_to_the_other_way_round(visit: Visit) -> None:
    an = visit("an")
    assert 'href="/users?sort=-username"' in an.get("/users").text
    assert 'href="/users?sort=username"' in an.get("/users?sort=-username").text
    assert 'href="/users?sort=-signed_in"' in an.get("/users").text


def test_an_admin_adds_a_user_who_chooses_a_password_before_anything_else(
    visit: Visit, sqlite_office: Office
) -> None:
    page = visit("an").send("/users", **NEW)
    assert "mei was added: clerk." in text_of(page)
    mei = visit().sign_in("mei", OTHER)
    for path in ("/", "/desk", "/absences"):
        assert mei.get(path).headers["Location"] == "/password"
    assert "was given to you by somebody else" in text_of(mei.get("/password"))
    mei.post("/absences", **{"from": "2005-01-10", "until": "2005-01-11"})
    assert mei.get("/users").status_code == 403
    own = "nine loud geese swim"
    page = mei.send("/password", old=OTHER, password=own, again=own)
    assert "Your password was changed" in text_of(page)
    assert mei.get("/desk").status_code == 200
    assert not user(sqlite_office, "mei").password_is_lent
    assert visit().sign_in("mei", own).get("/").status_code == 200


def test_every_fault_of_a_new_user_is_told_and_no_password_shown_again(
    visit: Visit, sqlite_office: Office
) -> None:
    faulty = {"username": "王 小明<b>", "password": "short-pass", "again": "short-pass"}
    answer = visit("an").post("/users", **faulty)
    assert answer.status_code == 422
    text = text_of(answer)
    assert "cannot be a user name" in text
    assert "give at least one role: clerk, approver, finance, administrator, auditor" in text
    assert "a password needs 12 characters" in text
    assert "王 小明&lt;b&gt;" in answer.text
    assert "short-pass" not in answer.text
    differs = visit("an").post("/users", **{**NEW, "again": "another one"})
    assert "The two passwords differ" in text_of(differs)
    assert ' value="yes" checked' in differs.text
    nameless = visit("an").post("/users", **{**NEW, "username": ""})
    assert "write a user name: 2 to 32" in text_of(nameless)
    taken = visit("an").post("/users", **{**NEW, "username": "chen"})
    assert taken.status_code == 422


def test_changed_roles_end_the_sessions_at_once(visit: Visit, sqlite_office: Office) -> None:
    chen, an = visit("chen"), visit("an")
    page = an.send("/users/chen/roles", version=seen(sqlite_office, "chen"), role_auditor="yes")
    assert "chen now has the roles: auditor." in text_of(page)
    assert chen.get("/").headers["Location"].startswith("/sign-in")
    assert visit("chen").get("/desk").status_code == 403


def test_a_user_changed_meanwhile_shows_both_and_keeps_what_was_ticked(
    visit: Visit, sqlite_office: Office
) -> None:
    an, old = visit("an"), seen(sqlite_office, "chen")
    an.send("/users/chen/roles", version=old, role_auditor="yes")
    answer = an.post("/users/chen/roles", version=old, role_finance="yes")
    assert answer.status_code == 409
    text = text_of(answer)
    assert f"you saw version {old}, it now stands at version {int(old) + 1}" in text
    assert "Roles auditor" in text
    assert 'name="role_finance" value="yes" checked' in answer.text
    assert 'name="role_auditor" value="yes" checked' not in answer.text
    for path in ("password", "disable"):
        stale = an.post(f"/users/chen/{path}", version=old, password=OTHER, again=OTHER)
        assert stale.status_code == 409
    assert user(sqlite_office, "chen").roles == {"auditor"}


def test_a_disabled_user_is_out_at_once_and_may_come_back(
    visit: Visit, sqlite_office: Office
) -> None:
    chen, an = visit("chen"), visit("an")
    an.send("/users/chen/disable", version=seen(sqlite_office, "chen"))
    assert chen.get("/").headers["Location"].startswith("/sign-in")
    assert visit().post("/sign-in", username="chen", password=PASSWORD).status_code == 403
    assert "disabled" in text_of(an.get("/users"))
    an.send("/users/chen/enable", version=seen(sqlite_office, "chen"))
    assert visit("chen").get("/").status_code == 200


def test_who_alone_reads_restricted_matters_leaves_and_another_is_named(
    visit: Visit, sqlite_office: Office
) -> None:
    opened(sqlite_office)
    case, an = opened(sqlite_office, restricted=True), visit("an")
    page = an.get("/users/chen")
    assert "Open cases of theirs: 1" in text_of(page)
    assert "leaves_unread" not in page.text  # told where it is asked for, and not before
    refused = an.post("/users/chen/roles", version=seen(sqlite_office, "chen"), role_auditor="yes")
    assert 'href="#f-role"' in refused.text
    assert "leaves_unread" not in refused.text
    refused = an.post("/users/chen/disable", version=seen(sqlite_office, "chen"))
    assert refused.status_code == 409
    assert 'name="leaves_unread"' in refused.text
    assert "only reader of restricted matters: 1" in text_of(refused)
    an.send("/users/chen/disable", version=seen(sqlite_office, "chen"), leaves_unread="yes")
    assert "nobody can read any more: 1" in text_of(an.get("/users/chen"))
    assert "nobody can read any more: 1" in text_of(an.get("/users"))
    assert an.post("/unread-matters", reader="").status_code == 422
    assert "ping now reads restricted matters: 1" in text_of(
        an.send("/unread-matters", reader="ping")
    )
    assert "nobody can read any more" not in text_of(an.get("/users"))
    assert an.get(f"/cases/{case}").status_code == 404
    said = text_of(visit("ping").get(f"/cases/{case}"))
    assert "the program for an" in said
    assert "Restricted matters stand in this list" in text_of(
        visit("ping").get("/hand-over?of=chen")
    )


def test_an_admin_signs_somebody_out_and_lends_a_password(
    visit: Visit, sqlite_office: Office
) -> None:
    chen, an = visit("chen"), visit("an")
    assert "sessions ended: 1" in text_of(an.send("/users/chen/sign-out"))
    assert chen.get("/").headers["Location"].startswith("/sign-in")
    version = seen(sqlite_office, "chen")
    an.send("/users/chen/password", version=version, password=OTHER, again=OTHER)
    assert visit().sign_in("chen", OTHER).get("/").headers["Location"] == "/password"


def test_the_last_admin_stays_one(visit: Visit, sqlite_office: Office) -> None:
    an, version = visit("an"), seen(sqlite_office, "an")
    for path, fields in (("roles", {"role_clerk": "yes"}), ("disable", {})):
        answer = an.post(f"/users/an/{path}", version=version, **fields)
        assert answer.status_code == 409
        assert "the only admin" in text_of(answer)
    assert user(sqlite_office, "an").roles == {"admin"}


@pytest.mark.parametrize("name", ["nobody", "%00", "%3Cb%3E", "x" * 3000])
def test_a_user_that_there_is_not_is_not_found(visit: Visit, name: str) -> None:
    an = visit("an")
    assert an.get(f"/users/{name}").status_code == 404
    for path in ("roles", "password", "disable", "enable", "sign-out"):
        assert an.post(f"/users/{name}/{path}", version="1").status_code == 404


def test_the_own_password_is_changed_and_ends_every_other_window(
    visit: Visit, sqlite_office: Office
) -> None:
    chen, other = visit("chen"), visit("chen")
    page = chen.send("/password", old=PASSWORD, password=OTHER, again=OTHER)
    assert "everywhere else you are signed out" in text_of(page)
    assert other.get("/").headers["Location"].startswith("/sign-in")
    assert chen.get("/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"old": "wrong horse battery"}, 422, "not the password that you have now"),
        ({"again": "something else"}, 422, "The two passwords differ"),
        ({"password": "short", "again": "short"}, 422, "a password needs 12 characters"),
        ({"password": PASSWORD, "again": PASSWORD}, 422, "choose another"),
        ({"old": "\x00"}, 422, "not the password that you have now"),
    ],
)
def test_an_own_password_that_cannot_be_is_told(
    visit: Visit, fields: dict[str, str], status: int, told: str
) -> None:
    chen = visit("chen")
    wanted = {"old": PASSWORD, "password": OTHER, "again": OTHER} | fields
    answer = chen.post("/password", **wanted)
    assert answer.status_code == status
    assert told in text_of(answer)
    assert not any(word in answer.text for word in wanted.values() if len(word) > 5)
    assert visit("chen").get("/").status_code == 200


def test_guessing_the_own_password_has_to_wait(visit: Visit) -> None:
    chen = visit("chen")
    for _try in range(10):
        chen.post("/password", old="no", password=OTHER, again=OTHER)
    answer = chen.post("/password", old=PASSWORD, password=OTHER, again=OTHER)
    assert answer.status_code == 403
    assert "Too many sign-ins failed." in text_of(answer)


def test_the_journal_tells_what_was_changed_of_users(visit: Visit) -> None:
    visit("an").send("/users", **NEW)
    page = visit("wen").get("/journal")
    assert "User Add works here an" in text_of(page)
    assert "mei" in text_of(page)


def test_people_are_named_as_others_know_them(visit: Visit, sqlite_office: Office) -> None:
    an = visit("an")
    answer = an.send("/users/chen/name", version=seen(sqlite_office, "chen"), full_name="陈静")
    assert "chen has another full name." in text_of(answer)
    chen = visit("chen")
    log(chen, outcome="petition", answer="")
    assert '<span class="menu-name">陈静</span>' in chen.get("/").text
    for address in ("/contacts", "/desk/day", "/cases", "/cases/P2005-0001", "/hand-over"):
        page = chen.get(address)
        assert "陈静" in page.text.partition("<main")[2], address
    an.send("/users/chen/name", version=seen(sqlite_office, "chen"), full_name="程静")
    assert "程静" in visit("ping").get("/cases/P2005-0001").text
    assert "陈静" not in visit("ping").get("/cases/P2005-0001").text


def test_a_user_is_added_with_the_full_name(visit: Visit, sqlite_office: Office) -> None:
    visit("an").send("/users", **NEW, full_name="梅丽")
    assert user(sqlite_office, "mei").full_name == "梅丽"


def test_past_letters_and_overtaken_steps_of_a_case_name_people_as_others_know_them(
    visit: Visit, sqlite_office: Office
) -> None:
    an = visit("an")
    an.send("/users/chen/name", version=seen(sqlite_office, "chen"), full_name="陈静")
    chen = visit("chen")
    case = opened(sqlite_office)
    issued(sqlite_office, case)
    do(sqlite_office, case, "accept", CHEN, {"matter_class": "appeal"})
    for page in (f"/cases/{case}/at/1", f"/cases/{case}/letters/1", f"/cases/{case}/do/accept"):
        told = text_of(chen.get(page))
        assert "by 陈静" in told, page
        assert "by chen" not in told, page


def test_readers_and_who_stands_aside_are_named_too(visit: Visit, sqlite_office: Office) -> None:
    an = visit("an")
    an.send("/users/chen/name", version=seen(sqlite_office, "chen"), full_name="陈静")
    case = opened(sqlite_office, restricted="yes")
    do(sqlite_office, case, "name_readers", CHEN, {"readers": "chen, ping"})
    assert "Who may see it 陈静, ping" in text_of(visit("ping").get(f"/cases/{case}"))
    do(sqlite_office, case, "recuse", CHEN, reason="亲属")
    assert "Standing aside 陈静" in text_of(visit("ping").get(f"/cases/{case}"))


def test_faults_above_the_form_name_their_fields(visit: Callable[..., Visitor]) -> None:
    an = visit("an")
    an.get("/users")
    answer = an.post("/users", username="Ä", full_name="", password=PASSWORD, again=PASSWORD)
    assert answer.status_code == 422
    assert "User name: " in text_of(answer)
