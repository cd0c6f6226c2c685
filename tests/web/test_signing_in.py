"""Signing in and out in a browser: the key, the cookie, the door, and what ends a session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask

from relief.accounts import sessions
from relief.accounts.first_admin import code_of
from relief.accounts.queries import any_user
from relief.kernel.clock import RehearsalClock
from relief.web.app import create_app
from tests.office import PASSWORD, Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]


def is_inside(visitor: Visitor) -> bool:
    """True where the first page opens."""
    return visitor.get("/").status_code == 200


def test_who_signs_in_comes_to_the_page_that_was_asked_for(visit: Visit) -> None:
    chen = visit()
    door = chen.get("/?day=2")
    assert door.headers["Location"] == "/sign-in?next=/?day%3D2"
    chen.get(door.headers["Location"])
    answer = chen.post("/sign-in", username="chen", password=PASSWORD, next="/?day=2")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?day=2")


@pytest.mark.parametrize(
    "wanted",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:1",
     "http:/elsewhere", " //elsewhere.example", "/\t/elsewhere.example", "//[", "http://[",
     "/a\r\nX: y"],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(visit: Visit, wanted: str) -> None:
    answer = visit().post("/sign-in", username="chen", password=PASSWORD, next=wanted)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("username", "password"), [("chen", "wrong horse battery"), ("nobody", PASSWORD), ("", "")]
)
def test_a_wrong_password_and_an_unknown_name_are_answered_alike(
    visit: Visit, username: str, password: str
) -> None:
    answer = visit().post("/sign-in", username=username, password=password)
    assert answer.status_code == 403
    assert "The user name or the password is not right." in text_of(answer)
    assert password not in answer.text or not password


def test_the_key_is_a_new_one_after_signing_in(app: Flask, visit: Visit) -> None:
    visitor = visit()
    visitor.get("/sign-in")
    with visitor.client.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
    planted = visitor.client.get_cookie("relief")
    visitor.post("/sign-in", username="chen", password=PASSWORD)
    own = visitor.client.get_cookie("relief")
    assert planted is not None
    assert own is not None
    assert own.value != planted.value
    with visitor.client.session_transaction() as cookie:
        assert "planted" not in cookie
    stranger = Visitor(app)
    stranger.client.set_cookie("relief", planted.value)
    assert not is_inside(stranger)


def test_signing_out_in_one_window_ends_the_other(app: Flask, visit: Visit) -> None:
    chen = visit("chen")
    cookie = chen.client.get_cookie("relief")
    assert cookie is not None
    other = Visitor(app)
    other.client.set_cookie("relief", cookie.value)
    assert is_inside(other)
    chen.get("/")
    chen.post("/sign-out")
    assert not is_inside(other)
    assert not is_inside(chen)


@pytest.mark.parametrize(
    ("gap", "still_in"),
    [(dt.timedelta(minutes=29), True), (dt.timedelta(minutes=31), False)],
)
def test_a_session_that_rests_ends_after_half_an_hour(
    visit: Visit, real_clock: RehearsalClock, gap: dt.timedelta, still_in: bool
) -> None:
    chen = visit("chen")
    real_clock.put_forward(real_clock.now() + gap)
    assert is_inside(chen) is still_in


def test_a_session_ends_after_twelve_hours_however_busy(
    visit: Visit, real_clock: RehearsalClock
) -> None:
    chen = visit("chen")
    for _hour in range(24):
        assert is_inside(chen)
        real_clock.put_forward(real_clock.now() + dt.timedelta(minutes=29))
    assert is_inside(chen)
    real_clock.put_forward(real_clock.now() + dt.timedelta(minutes=29))
    assert not is_inside(chen)


def test_too_many_wrong_passwords_have_to_wait(visit: Visit, real_clock: RehearsalClock) -> None:
    stranger = visit(address="10.9.9.9")
    for _try in range(10):
        assert stranger.post("/sign-in", username="chen", password="no").status_code == 403
    answer = stranger.post("/sign-in", username="chen", password=PASSWORD)
    assert answer.status_code == 403
    assert "Too many sign-ins failed." in text_of(answer)
    assert is_inside(visit("chen"))  # from where she always signs in
    real_clock.put_forward(real_clock.now() + dt.timedelta(minutes=16))
    assert stranger.post("/sign-in", username="chen", password=PASSWORD).status_code == 303


def test_a_session_ended_elsewhere_is_refused_at_the_next_request(
    sqlite_office: Office, visit: Visit, real_clock: RehearsalClock
) -> None:
    chen = visit("chen")
    with sqlite_office.relief.work() as work:
        sessions.end_sessions(work, "chen", real_clock.now())
        work.commit()
    assert not is_inside(chen)


def test_a_cookie_of_nonsense_signs_nobody_in(app: Flask) -> None:
    for value in ("", "x", "\\x00", "eyJrZXkiOiAxfQ.aaaa.bbbb", "a" * 4000):
        stranger = Visitor(app)
        stranger.client.set_cookie("relief", value)
        assert not is_inside(stranger)


def test_production_sends_its_cookie_over_https_alone(sqlite_office: Office) -> None:
    sqlite_office.relief.settings = sqlite_office.relief.settings.model_copy(
        update={"env": "production"}
    )
    answer = create_app(sqlite_office.relief).test_client().get("/sign-in")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-relief=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_production_remembers_a_language_for_this_host_alone(sqlite_office: Office) -> None:
    sqlite_office.relief.settings = sqlite_office.relief.settings.model_copy(
        update={"env": "production", "locale": None}
    )
    client, here = create_app(sqlite_office.relief).test_client(), "https://localhost"
    client.set_cookie("relief-language", "zh_Hans_CN", secure=True)
    page = client.get("/sign-in", base_url=here).text
    assert '<html lang="en">' in page  # whoever planted that is not believed
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    chosen = {"csrf_token": token, "locale": "zh_Hans_CN", "next": "/sign-in"}
    answer = client.post("/language", data=chosen, base_url=here, headers={"Referer": here})
    (cookie,) = (each for each in answer.headers.getlist("Set-Cookie") if "language" in each)
    assert cookie.startswith("__Host-relief-language=zh_Hans_CN; ")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert '<html lang="zh-Hans-CN">' in client.get("/sign-in", base_url=here).text


def test_the_style_page_is_not_there_in_production(sqlite_office: Office) -> None:
    sqlite_office.relief.settings = sqlite_office.relief.settings.model_copy(
        update={"env": "production"}
    )
    assert create_app(sqlite_office.relief).test_client().get("/style").status_code == 404


def test_the_first_admin_is_made_in_the_browser_and_only_once(empty_app: Flask) -> None:
    visitor = Visitor(empty_app)
    assert visitor.get("/sign-in").headers["Location"] == "/first-run"
    code = code_of(empty_app.extensions["relief.office"].cipher)
    assert f'value="{code}"' in visitor.get(f"/first-run?code={code}").text
    boss = {"code": code, "username": "boss", "password": PASSWORD, "again": PASSWORD}
    boss |= {"full_name": "头一位"}
    wrong = visitor.post("/first-run", **{**boss, "password": "short", "again": "short"})
    assert wrong.status_code == 422
    assert 'value="boss"' in wrong.text
    differs = visitor.post("/first-run", **{**boss, "again": "other"})
    assert "The two passwords differ" in text_of(differs)
    page = visitor.send("/first-run", **boss)
    assert "头一位" in text_of(page)
    assert "What to set up first" in text_of(page)
    for room in ("/users", "/scheme", "/rates", "/calendar"):
        assert f'<li><a href="{room}">' in page.text
        assert visitor.get(room).status_code == 200
    second = Visitor(empty_app)
    assert second.get("/first-run").headers["Location"] == "/sign-in"
    answer = second.post("/first-run", **{**boss, "username": "thief"})
    assert answer.headers["Location"] == "/sign-in"


@pytest.mark.parametrize("typed", ["", "0000-0000-0000", "é"])
def test_who_has_not_seen_the_code_makes_no_first_admin(empty_app: Flask, typed: str) -> None:
    visitor = Visitor(empty_app)
    visitor.get("/first-run")
    answer = visitor.post(
        "/first-run", code=typed, username="thief", password=PASSWORD, again=PASSWORD
    )
    assert answer.status_code == 403
    assert "This is not the code of this office." in text_of(answer)
    with empty_app.extensions["relief.office"].reading() as work:
        assert not any_user(work)


def test_the_code_may_be_typed_as_it_was_read(empty_app: Flask) -> None:
    visitor = Visitor(empty_app)
    visitor.get("/first-run")
    code = code_of(empty_app.extensions["relief.office"].cipher)
    typed = code.replace("-", " ").upper() + " "
    page = visitor.send(
        "/first-run", code=typed, username="boss", password=PASSWORD, again=PASSWORD
    )
    assert "boss" in text_of(page)


def test_the_language_is_the_browsers_until_somebody_chooses(visit: Visit, app: Flask) -> None:
    settings = app.extensions["relief.office"].settings
    app.extensions["relief.office"].settings = settings.model_copy(update={"locale": None})
    visitor = visit()
    page = visitor.get("/sign-in", **{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert '<html lang="zh-Hans-CN">' in page.text
    page = visitor.send("/language", locale="en", next="/sign-in")
    assert '<html lang="en">' in page.text


def test_the_language_stays_with_the_person(visit: Visit) -> None:
    chen = visit("chen")
    chen.get("/")
    page = chen.send("/language", locale="zh_Hans_CN", next="/?day=2")
    assert '<html lang="zh-Hans-CN">' in page.text
    assert page.request.full_path == "/?day=2"
    again = visit("chen")
    assert '<html lang="zh-Hans-CN">' in again.get("/").text


def test_shortcuts_can_be_switched_off_and_on(visit: Visit) -> None:
    chen = visit("chen")
    assert 'data-keys="off"' not in chen.get("/").text
    assert 'data-keys="off"' in chen.send("/keys", off="yes", next="/").text
    assert 'data-keys="off"' not in chen.send("/keys", off="", next="/").text


@pytest.mark.parametrize("origin", ["http://[", "null", "", "https://elsewhere.example", "x"])
def test_a_strange_origin_is_refused_and_breaks_nothing(visit: Visit, origin: str) -> None:
    answer = visit().client.post("/sign-in", headers={"Origin": origin})
    assert answer.status_code == 403


def test_what_was_said_to_one_is_not_shown_to_the_next(
    visit: Visit, real_clock: RehearsalClock
) -> None:
    chen = visit("chen")
    chen.get("/")
    chen.post("/keys", off="yes", next="/")
    with chen.client.session_transaction() as cookie:
        cookie["_flashes"] = [("message", "C2005-0001: opened P2005-0001.")]
    real_clock.put_forward(real_clock.now() + dt.timedelta(hours=1))
    assert "P2005-0001" not in chen.get("/sign-in").text
    assert "P2005-0001" not in visit("ping").get("/").text


def test_who_signs_in_over_another_ends_that_session(visit: Visit, app: Flask) -> None:
    chen = visit("chen")
    old = chen.client.get_cookie("relief")
    assert old is not None
    chen.sign_in("ping")
    other = Visitor(app)
    other.client.set_cookie("relief", old.value)
    assert not is_inside(other)


def test_who_was_signed_out_while_typing_comes_back_to_the_form(visit: Visit) -> None:
    chen = visit()
    door = chen.post("/desk", matter="wages").headers["Location"]
    assert chen.get(door).status_code == 200
    answer = chen.post("/sign-in", username="chen", password=PASSWORD, next="/desk")
    assert answer.headers["Location"] == "/desk"
    assert "next=/desk" in door
    assert "next" not in visit().post("/keys").headers["Location"]  # there is no such page


def test_a_form_of_before_leads_to_itself_anew(visit: Visit) -> None:
    answer = visit("chen").post("/desk", token="of another session", matter="wages")
    assert answer.status_code == 400
    assert 'href="/desk">Open the form anew' in answer.text
