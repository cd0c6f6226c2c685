"""The desk in a browser: entering contacts, reading them, keeping what was typed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, record_absence
from relief.accounts.queries import USER
from relief.accounts.service import add_user
from relief.auditing import verify_office
from relief.desk.queries import Sought, list_contacts
from relief.kernel.clock import RehearsalClock
from relief.petitions.seeing import readable_contacts
from tests.matters import do, opened
from tests.office import AN, CHEN, PASSWORD, Office
from tests.web.conftest import Visitor, text_of
from tests.web.markup import Page

Visit = Callable[..., Visitor]
VISIT = {
    "channel": "visit", "name": "王小明", "matter": "拖欠工资三个月", "answer": "已告知仲裁途径",
    "outcome": "answered", "heads": "1",
}  # fmt: skip


def key_of(page: Any) -> str:
    """The key of the form that is shown."""
    found = re.search(r'name="once" value="([0-9a-f]+)"', page.text)
    assert found
    return found[1]


def log(visitor: Visitor, **fields: str) -> Any:
    """Fill in the form of the desk, and send it."""
    page = visitor.get("/desk")
    return visitor.post("/desk", **(VISIT | {"once": key_of(page)} | fields))


def contacts_of(office: Office) -> list[str]:
    """The names of all contacts that chen may see."""
    with office.relief.reading() as work:
        return [each.name for each in list_contacts(work, Sought(), readable_contacts("chen"))]


def test_three_fields_and_enter_log_a_visit(visit: Visit, sqlite_office: Office) -> None:
    chen = visit("chen")
    answer = log(chen)
    assert answer.status_code == 303
    page = text_of(chen.get("/desk"))
    assert "C2005-0001: answered on the spot." in page
    assert "王小明" in page
    assert contacts_of(sqlite_office) == ["王小明"]


def test_a_visit_opens_a_petition_without_typing_anything_twice(visit: Visit) -> None:
    chen = visit("chen")
    log(chen, outcome="petition", answer="")
    assert "C2005-0001: opened P2005-0001." in text_of(chen.get("/desk"))
    case = text_of(chen.get("/cases/P2005-0001"))
    assert "王小明" in case
    assert "拖欠工资三个月" in case


@pytest.mark.parametrize(
    "shared",
    [{"name": "王小明"}, {"name": "王晓明", "phone": "138 0000 0001"}],
)
def test_a_second_case_of_the_same_person_is_told_when_it_is_saved(
    visit: Visit, shared: dict[str, str]
) -> None:
    chen, told = visit("chen"), "Open already, and maybe the same matter P2005-0001 2005-01-03 王小"
    log(chen, outcome="petition", answer="", phone="13800000001")
    log(chen, outcome="legal_aid", answer="", phone="13800000001")  # another kind is another matter
    answer = log(chen, outcome="petition", answer="", matter="又一件", **shared)
    assert answer.status_code == 303
    assert told in text_of(chen.get(answer.headers["Location"]))
    assert told in text_of(chen.get("/cases/P2005-0002"))
    assert "maybe the same matter P2005-0002" in text_of(visit("ping").get("/cases/P2005-0001"))
    assert "maybe the same" not in text_of(chen.get("/cases/L2005-0001"))


def test_what_was_answered_opens_a_case_later(visit: Visit) -> None:
    chen = visit("chen")
    log(chen)
    page = chen.get("/contacts/C2005-0001")
    assert "Open a case by it, or add it to one" in text_of(page)
    case = chen.send("/contacts/C2005-0001/open", kind="petition")
    assert case.request.path == "/cases/P2005-0001"
    assert "Open a case by it, or add it to one" not in text_of(chen.get("/contacts/C2005-0001"))
    assert chen.post("/contacts/C2005-0001/open", kind="petition").status_code == 409


def test_what_was_answered_is_added_to_an_open_case_later(
    visit: Visit, sqlite_office: Office
) -> None:
    chen = visit("chen")
    log(chen, outcome="petition", answer="")
    log(chen, urgent="yes")
    later = "/contacts/C2005-0002/open"
    for typed, field in (
        ({"kind": "to"}, "to"),
        ({"kind": "to", "to": "P2005-0009"}, ""),
        ({"kind": "petition", "to": "P2005-0001"}, "to"),
    ):
        refused = chen.post(later, **typed)
        assert refused.status_code in {404, 422}
        assert not field or f'id="e-{field}"' in refused.text
    case = chen.send(later, kind="to", to="p2005-1")
    assert case.request.path == "/cases/P2005-0001"
    assert "C2005-0002" in text_of(case)
    assert "urgent" in text_of(case)
    assert "added to a case" in text_of(chen.get("/contacts/C2005-0002"))
    assert chen.post(later, kind="to", to="P2005-0001").status_code == 409
    with sqlite_office.relief.reading() as work:
        assert verify_office(work, sqlite_office.relief.papers) == []


def test_what_was_open_to_all_is_not_added_to_a_restricted_case(
    visit: Visit, sqlite_office: Office
) -> None:
    secret, plain = opened(sqlite_office, restricted=True), opened(sqlite_office)
    chen = visit("chen")
    log(chen)
    answer = chen.post("/contacts/C2005-0002/open", kind="to", to=secret)
    assert answer.status_code == 409
    assert f"{secret} is restricted, this contact is not" in text_of(answer)
    assert chen.post("/contacts/C2005-0002/open", kind="to", to=plain).status_code == 303


@pytest.mark.parametrize("typed", ["P2005-0001", " p20050001", "p2005-1", "ｐ2005-0001"])
def test_a_second_visit_is_added_to_the_case(visit: Visit, typed: str) -> None:
    chen = visit("chen")
    log(chen, outcome="petition", answer="")
    log(chen, outcome="to", to=typed, chase_up="yes")
    assert "C2005-0002: added to P2005-0001." in text_of(chen.get("/desk"))
    assert "C2005-0002" in text_of(chen.get("/cases/P2005-0001"))


def test_every_fault_comes_back_at_its_field_with_what_was_typed(visit: Visit) -> None:
    chen = visit("chen")
    answer = log(chen, matter="", phone="12", heads="0", on="2005-13-01", answer="")
    assert answer.status_code == 422
    page = text_of(answer)
    for told in ("Write what it was about.", "Write what was answered", "Write a whole number"):
        assert told in page
    assert 'value="王小明"' in answer.text
    assert 'href="#f-matter"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert '<details class="more" open>' in answer.text


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"outcome": "to", "to": ""}, 422, "Write the number of the case."),
        ({"outcome": "to", "to": "P2005-0099"}, 404, "There is no case"),
        ({"outcome": "burned"}, 422, "Choose what became of it."),
    ],
)
def test_an_outcome_that_cannot_be_is_told(
    visit: Visit, sqlite_office: Office, fields: dict[str, str], status: int, told: str
) -> None:
    answer = log(visit("chen"), **fields)
    assert answer.status_code == status
    assert told in text_of(answer)
    assert contacts_of(sqlite_office) == []


def test_a_double_click_makes_one_record(visit: Visit, sqlite_office: Office) -> None:
    chen = visit("chen")
    key = key_of(chen.get("/desk"))
    first = chen.post("/desk", **VISIT, once=key)
    second = chen.post("/desk", **VISIT, once=key)
    assert (first.status_code, second.status_code) == (303, 303)
    assert "C2005-0001 was saved already." in text_of(chen.get("/desk"))
    assert contacts_of(sqlite_office) == ["王小明"]


def test_a_form_that_was_faulty_is_taken_when_it_is_right(
    visit: Visit, sqlite_office: Office
) -> None:
    chen = visit("chen")
    answer = log(chen, matter="")
    assert answer.status_code == 422
    assert chen.post("/desk", **VISIT, once=key_of(answer)).status_code == 303
    assert contacts_of(sqlite_office) == ["王小明"]


def test_what_is_typed_is_kept_until_it_is_saved(visit: Visit) -> None:
    chen = visit("chen")
    chen.get("/desk")
    chen.post("/desk/draft", channel="call", name="李四维", matter="办证")
    later = visit("chen").get("/desk")
    assert "typed and not saved" in text_of(later)
    assert 'value="李四维"' in later.text
    log(chen, name="李四维")
    assert "typed and not saved" not in text_of(chen.get("/desk"))


def test_what_is_typed_is_kept_for_its_owner_alone_and_can_be_thrown_away(
    visit: Visit, sqlite_office: Office
) -> None:
    chen = visit("chen")
    chen.get("/desk")
    chen.post("/desk/draft", name="李四维", matter="办证")
    raw = (sqlite_office.relief.settings.data_dir / "relief.db").read_bytes()
    assert "李四维".encode() not in raw
    chen.get("/desk")
    chen.send("/desk/draft", throw_away="yes")
    assert "李四维" not in chen.get("/desk").text


def test_a_wrong_entry_is_taken_out_with_a_reason(visit: Visit) -> None:
    chen = visit("chen")
    log(chen)
    answer = chen.post("/contacts/C2005-0001/void", reason=" ")
    assert answer.status_code == 422
    assert "Say what was wrong with the entry." in text_of(answer)
    page = chen.send("/contacts/C2005-0001/void", reason="重复登记")
    assert "重复登记" in text_of(page)
    assert "Void this entry" not in text_of(page)


def test_a_kind_is_chosen_before_a_contact_opens_a_case(visit: Visit) -> None:
    chen = visit("chen")
    log(chen)
    assert '<option value="" selected>choose…</option>' in chen.get("/contacts/C2005-0001").text
    answer = chen.post("/contacts/C2005-0001/open", kind="")
    assert answer.status_code == 422
    assert '<p class="field-error" id="e-kind">Choose what kind of case it is.' in answer.text
    assert "<summary>Void this entry" in answer.text
    assert '<details class="sheet" open>' not in answer.text


def test_enter_saves_the_form_of_the_desk_without_script(visit: Visit) -> None:
    entry = visit("chen").get("/desk").text.split("data-enter")[1].split("</form>")[0]
    buttons = re.findall(r"<button\b[^>]*>", entry)
    assert "formaction" not in buttons[0]
    assert "/desk/look" in buttons[-1]


def test_the_list_of_a_day_says_how_many_came(visit: Visit) -> None:
    chen = visit("chen")
    log(chen, heads="3")
    log(chen, channel="call")
    assert "visits 1, calls 1, letters 0; 4 person-times in all" in text_of(chen.get("/desk/day"))
    assert "in all" not in text_of(chen.get("/desk/day?on=2005-01-01"))


def test_a_restricted_contact_is_there_for_who_took_it_alone(visit: Visit) -> None:
    chen, ping = visit("chen"), visit("ping")
    log(chen, restricted="yes")
    number = re.findall(r"C2005-\d{6}", chen.get("/desk").text)[0]
    assert chen.get(f"/contacts/{number}").status_code == 200
    assert ping.get(f"/contacts/{number}").status_code == 404
    assert "王小明" not in text_of(ping.get("/contacts"))


def test_the_list_of_contacts_is_asked_by_channel_and_name(visit: Visit) -> None:
    chen = visit("chen")
    log(chen)
    log(chen, channel="call", name="李四维")
    assert "李四维" not in text_of(chen.get("/contacts?channel=visit"))
    assert "王小明" not in text_of(chen.get("/contacts?person=lsw"))
    assert "李四维" in text_of(chen.get("/contacts?person=lsw"))
    assert chen.get("/contacts?channel=smoke&outcome=x").status_code == 200


def test_the_list_goes_on_where_a_page_ends(visit: Visit, sqlite_office: Office) -> None:
    chen = visit("chen")
    for _number in range(27):
        log(chen)
    first = chen.get("/contacts")
    assert "C2005-0027" in first.text
    assert "C2005-0002" not in first.text
    found = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert found
    second = chen.get(found[1].replace("&amp;", "&"))
    assert "C2005-0002" in second.text
    assert "C2005-0001" in second.text
    assert chen.get("/contacts?after=nonsense").status_code == 422


@pytest.mark.parametrize("words", ["王小明", "wxm", "wangxiao", "0001"])
def test_the_search_shows_at_once_what_the_desk_needs(visit: Visit, words: str) -> None:
    chen = visit("chen")
    log(chen, outcome="petition", answer="", phone="13800000001")
    chen.get("/")
    page = text_of(chen.send("/search", q=words))
    assert "王小明" in page
    assert "P2005-0001" in page
    assert "C2005-0001" in page
    assert "138****0001" in page


def test_answer_of_a_search_has_an_address_for_who_asked_that_day(
    visit: Visit, sqlite_office: Office
) -> None:
    chen = visit("chen")
    log(chen, outcome="petition", answer="")
    chen.get("/")
    address = chen.post("/search", q="王小明").headers["Location"]
    assert "%E7%8E%8B" not in address
    assert "P2005-0001" in chen.get(address).text  # and again, by Back
    assert "P2005-0001" in chen.get(address).text
    for nobody in (visit("ping").get(address), chen.get(f"{address}A"), chen.get("/search/王")):
        assert nobody.headers["Location"] == "/search"
    assert chen.post("/search", q=" ").headers["Location"] == "/search"
    sqlite_office.at("2005-06-28T09:00")
    assert chen.get(address).headers["Location"] == "/search"


def test_a_search_for_nobody_says_so(visit: Visit) -> None:
    chen = visit("chen")
    chen.get("/search")
    assert "Nobody of that kind is known here." in text_of(chen.send("/search", q="赵无名"))


def test_today_counts_what_waits(visit: Visit) -> None:
    chen = visit("chen")
    assert "Nothing waits for you." in text_of(chen.get("/"))
    log(chen, outcome="petition", answer="")
    page = text_of(chen.get("/"))
    assert "1 visits today" in page
    assert "1 wait for you" in page
    assert "P2005-0001" in page


def test_who_was_here_before_is_shown_while_typing_and_without_script(visit: Visit) -> None:
    chen = visit("chen")
    log(chen, outcome="petition", answer="", phone="13800000001")
    page = chen.get("/desk")
    fragment = text_of(chen.post("/desk/likely", name="王晓明", phone="", id_number=""))
    assert "P2005-0001" in fragment
    assert "拖欠工资三个月" in fragment
    assert "C2005-0001" in text_of(chen.post("/desk/likely", phone="13800000001"))
    assert text_of(chen.post("/desk/likely", name="赵无名")) == ""
    looked = chen.post("/desk/look", **(VISIT | {"once": key_of(page)}))
    assert "P2005-0001" in text_of(looked)
    assert 'value="王小明"' in looked.text


def test_what_somebody_may_not_see_is_not_shown_while_typing(
    visit: Visit, sqlite_office: Office
) -> None:
    with sqlite_office.relief.work() as work:
        add_user(work, AN, "lan", ["clerk"], PASSWORD)
        work.connection.execute(sa.update(USER).values(password_is_lent=False))  # her own by now
        work.commit()
    log(visit("chen"), restricted="yes", phone="13800000001")
    lan = visit("lan")
    lan.get("/desk")
    assert text_of(lan.post("/desk/likely", phone="13800000001", name="王小明")) == ""


def test_a_deputy_acts_for_who_is_away(visit: Visit, sqlite_office: Office) -> None:
    with sqlite_office.relief.work() as work:
        add_user(work, AN, "lan", ["clerk"], PASSWORD)
        work.connection.execute(sa.update(USER).values(password_is_lent=False))  # her own by now
        today = work.today
        record_absence(work, AN, AbsenceForm("chen", today, today, "lan"))
        work.commit()
    lan = visit("lan")
    assert "Acting for" in text_of(lan.get("/desk"))
    log(lan, acting_for="chen")
    assert "chen" in text_of(lan.get("/contacts/C2005-0001"))
    answer = log(visit("chen"), acting_for="lan")
    assert answer.status_code == 403
    assert "Acting for" not in text_of(visit("chen").get("/desk"))


def test_the_day_list_and_the_hand_over_list_show_the_day(visit: Visit) -> None:
    chen = visit("chen")
    log(chen, outcome="petition", answer="")
    log(chen, outcome="to", to="P2005-0001", chase_up="yes")
    day = text_of(chen.get("/desk/day"))
    assert "C2005-0001" in day
    assert "拖欠工资三个月" in day
    over = text_of(chen.get("/hand-over"))
    assert "P2005-0001" in over
    assert "Chased up today" in over
    assert "Nothing is open." in text_of(visit("ping").get("/hand-over?of=ping"))
    assert "Nobody came." in text_of(chen.get("/desk/day?on=2005-01-01"))
    assert chen.get("/desk/day?on=1900-01-01").status_code == 200
    assert chen.get("/desk/day?on=2999-12-31").status_code == 200


@pytest.mark.parametrize("page", ["/desk/day?on=2005-02-30", "/desk/day-pack?on=abc",
                                  "/calendar?year=abc", "/calendar?year=1"])  # fmt: skip
def test_a_day_that_there_is_not_is_refused(visit: Visit, page: str) -> None:
    answer = visit("chen").get(page)
    assert answer.status_code == 422
    asked = page.partition("=")[2]
    assert f'"{asked}" is not' in text_of(answer) or "from 1900 to 2999" in text_of(answer)


def test_paper_is_printed_for_a_day_and_entered_afterwards(visit: Visit) -> None:
    chen = visit("chen")
    assert re.search(r'name="contacts"[^>]* value="20"', chen.get("/desk/day-pack").text)
    page = chen.send("/desk/day-pack", on="2005-01-04", contacts="3", cases="1")
    # The same numbers are not asked for again by sending what the page proposes.
    assert re.search(r'name="contacts"[^>]* value="0"', page.text)
    assert "Reserved for this day: 3." in text_of(page)
    text = text_of(page)
    for number in ("C2005-0001", "C2005-0003", "P2005-0001"):
        assert number in text
    answer = log(chen, reserved_number="C2005-0002", answer="已告知")
    assert answer.status_code == 303
    assert "C2005-0002: answered on the spot." in text_of(chen.get("/desk"))
    again = log(chen, reserved_number="C2005-0002")
    assert again.status_code == 409
    assert "C2005-0002" in again.text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"on": "then", "contacts": "1", "cases": "1"}, "is not a date of the calendar"),
        (
            {"on": "2005-01-04", "contacts": "many", "cases": "1"},
            "is not a whole number; write it in digits",
        ),
        ({"on": "2005-01-04", "contacts": "9999", "cases": "0"}, "from 0 to"),
        ({"on": "2004-01-04", "contacts": "1", "cases": "0"}, "Name a day from today"),
    ],
)
def test_numbers_that_cannot_be_reserved_are_told(
    visit: Visit, fields: dict[str, str], told: str
) -> None:
    chen = visit("chen")
    chen.get("/desk/day-pack")
    answer = chen.post("/desk/day-pack", **fields)
    assert answer.status_code == 422
    assert told in text_of(answer)


def test_a_day_may_be_typed_as_it_is_written_in_chinese(visit: Visit) -> None:
    chen = visit("chen")
    fields = {"on": "2005年1月4日", "contacts": "x", "cases": "1"}
    chen.get("/desk/day-pack")
    refused = chen.post("/desk/day-pack", **fields)
    assert "Day pack, 2005-01-04" in text_of(refused)
    page = chen.send("/desk/day-pack", **fields | {"contacts": "2", "cases": ""})
    assert page.request.args["on"] == "2005-01-04"
    assert page.text.count('class="blank-form"') == 2


def test_a_draft_that_comes_after_its_record_is_not_kept(visit: Visit) -> None:
    chen = visit("chen")
    key = key_of(chen.get("/desk"))
    chen.post("/desk", **VISIT, once=key)
    chen.post("/desk/draft", **VISIT, once=key)
    assert "typed and not saved" not in text_of(chen.get("/desk"))


def test_the_search_box_holds_what_was_searched_and_nothing_else(visit: Visit) -> None:
    chen = visit("chen")
    log(chen)
    box = re.compile(r'id="search"[^>]*value="([^"]*)"', re.DOTALL)
    for path in ("/", "/desk", "/contacts", "/contacts/C2005-0001", "/cases", "/desk/day"):
        found = box.search(chen.get(path).text)
        assert found
        assert found[1] == "", path
    found = box.search(chen.send("/search", q="wxm").text)
    assert found
    assert found[1] == "wxm"


@pytest.mark.parametrize("name", ["endpoint", "_method", "_external", "_scheme", "_anchor"])
def test_paging_takes_any_name_in_an_address(visit: Visit, name: str) -> None:
    answer = visit("chen").get(f"/contacts?{name}=x&after=20050101T000000000000.1")
    assert answer.status_code == 200


def test_a_key_used_again_with_other_words_loses_nothing(
    visit: Visit, sqlite_office: Office
) -> None:
    chen = visit("chen")
    key = key_of(chen.get("/desk"))
    chen.post("/desk", **VISIT, once=key)
    second = chen.post("/desk", **(VISIT | {"name": "李四维"}), once=key)
    assert second.status_code == 409
    assert "C2005-0001" in text_of(second)
    assert 'value="李四维"' in second.text
    again = chen.post("/desk", **(VISIT | {"name": "李四维"}), once=key_of(second))
    assert again.status_code == 303
    assert contacts_of(sqlite_office) == ["王小明", "李四维"]


def test_what_was_refused_is_kept(visit: Visit) -> None:
    chen = visit("chen")
    log(chen, matter="", name="李四维")
    assert 'value="李四维"' in chen.get("/desk").text


def test_a_number_that_would_not_be_used_is_told(visit: Visit) -> None:
    answer = log(visit("chen"), to="P2005-0014")
    assert answer.status_code == 422
    assert "take the number out" in text_of(answer)


def test_a_form_sent_after_signing_out_says_so(visit: Visit) -> None:
    answer = visit().post("/desk", **VISIT)
    assert answer.headers["Location"] == "/sign-in?ended=yes&next=/desk"
    assert "sent: it is not saved." in text_of(visit().get("/sign-in?ended=yes"))


def test_what_was_typed_comes_along_through_a_new_sign_in(
    visit: Visit, sqlite_office: Office
) -> None:
    chen = visit("chen")
    key = key_of(chen.get("/desk"))
    token = chen.token
    chen.post("/sign-out")  # in another window
    typed = VISIT | {"once": key, "typed_by": "chen", "matter": "<b>拖欠"}
    door = chen.post("/desk", **typed, token=token)
    assert door.status_code == 401
    assert "it is not saved yet. Sign in again as chen" in text_of(door)
    assert "拖欠" not in door.text
    closed = re.search(r'name="unsent" value="([^"]+)"', door.text)
    assert closed
    wrong = chen.post("/sign-in", username="chen", password="?", next="/desk", unsent=closed[1])
    assert f'value="{closed[1]}"' in wrong.text
    again = chen.post("/sign-in", username="Chen", password=PASSWORD, unsent=closed[1])
    [form] = [each for each in Page(again.text).forms if each.action == "/desk/draft"]
    fields = {name: field.value for name, field in form.fields.items()}
    assert chen.client.post("/desk/draft", data=fields).headers["Location"] == "/desk"
    page = chen.get("/desk").text
    assert "&lt;b&gt;拖欠" in page
    assert "typed and not saved" in page
    assert contacts_of(sqlite_office) == []


CARRIED = re.compile(r'name="unsent" value="([^"]+)"')


def test_what_was_typed_is_nobody_elses(visit: Visit, real_clock: RehearsalClock) -> None:
    chen = visit("chen")
    chen.get("/desk")
    token = chen.token
    real_clock.put_forward(real_clock.now() + dt.timedelta(minutes=31))
    chen.post("/desk/draft", token=token, matter="拖欠")  # by itself, while somebody types
    closed = CARRIED.search(chen.post("/desk", token=token, **VISIT, typed_by="chen").text)
    assert closed
    other = visit().post("/sign-in", username="ping", password=PASSWORD, next="/", unsent=closed[1])
    assert other.headers["Location"] == "/"
    broken = visit().post("/sign-in", username="chen", password=PASSWORD, unsent=closed[1] + "A")
    assert broken.headers["Location"] == "/"


def test_nothing_is_carried_for_somebody_whose_session_this_was_not(
    visit: Visit, real_clock: RehearsalClock
) -> None:
    chen, stranger = visit("chen"), visit()
    chen.get("/desk")
    token = chen.token
    real_clock.put_forward(real_clock.now() + dt.timedelta(minutes=31))
    for visitor, sent, name in (
        (stranger, None, "chen"),
        (stranger, token, "chen"),
        (chen, token, "ping"),
        (chen, "old", "chen"),
    ):
        door = visitor.post("/desk", token=sent, **VISIT, typed_by=name)
        assert (door.status_code, CARRIED.search(door.text)) == (303, None)
    chen.get("/sign-in")  # the token of this page is no token of that session
    assert chen.post("/desk", **VISIT, typed_by="chen").status_code == 303
    assert chen.post("/desk", token=token, **VISIT, typed_by="chen").status_code == 401


def test_form_from_before_a_new_sign_in_gives_back_what_was_typed(visit: Visit) -> None:
    chen = visit("chen")
    answer = chen.post("/desk", token="old", **VISIT, typed_by="chen")
    assert answer.status_code == 400
    assert "Back to the form" in text_of(answer)
    assert VISIT["matter"] in answer.text
    other = chen.post("/desk", token="old", **VISIT, typed_by="ping")
    assert "Back to the form" not in text_of(other)


@pytest.mark.parametrize(
    ("query", "field", "told"),
    [
        ("from=2005-13-40", "from", '"2005-13-40" is not a date of the calendar'),
        ("from=2005-06-30&until=2005-06-01", "until", "This lies before the first day"),
    ],
)
def test_the_list_is_not_asked_for_days_that_are_none(
    visit: Visit, query: str, field: str, told: str
) -> None:
    chen = visit("chen")
    log(chen)
    answer = chen.get(f"/contacts?{query}")
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert f'href="#f-{field}"' in answer.text
    assert "王小明" not in text_of(answer)


def test_the_summary_names_the_fields_in_the_order_of_the_form(visit: Visit) -> None:
    page = text_of(log(visit("chen"), heads="0", matter="", answer="x" * 5_000, on="then"))
    told = [page.index(each) for each in (
        "What it is about: Write what it was about.",
        "What was answered on the spot: This is 5000 characters long",
        "Number of people: Write a whole number from 1",
        "Day: Write the day as 2005-06-30.",
    )]  # fmt: skip
    assert told == sorted(told)


PHONE = "13800000017"


def test_a_number_is_shown_whole_once_and_that_is_told_to_who_inspects(visit: Visit) -> None:
    chen, wen = visit("chen"), visit("wen")
    log(chen, outcome="petition", answer="", phone=PHONE)
    for address in ("/cases/P2005-0001", "/contacts/C2005-0001"):
        page = chen.get(address)
        assert PHONE not in page.text
        assert "Show the number" in page.text
        answer = chen.post(f"{address}/phone")
        assert PHONE in answer.text
        assert answer.headers["Cache-Control"] == "no-store"
        assert PHONE not in chen.get(address).text
        assert wen.post(f"{address}/phone").status_code == 403
    assert PHONE not in chen.get("/desk/day-pack?on=2005-08-30").text
    assert PHONE in chen.post("/desk/day-pack/numbers", on="2005-08-30").text
    told = text_of(wen.get("/journal")).partition("Phone numbers that were shown whole")[2]
    assert told.count("P2005-0001") == 2
    assert told.count("C2005-0001") == 1
    assert told.count("chen") == 3


def test_the_number_of_a_restricted_case_is_for_its_readers(visit: Visit) -> None:
    chen = visit("chen")
    log(chen, outcome="petition", answer="", phone=PHONE, restricted="yes")
    [number] = set(re.findall(r"P2005-\d{6}", chen.get("/desk").text))
    assert PHONE in chen.post(f"/cases/{number}/phone").text
    assert visit("ping").post(f"/cases/{number}/phone").status_code == 404
    told = text_of(visit("wen").get("/journal")).partition("Phone numbers that were shown whole")[2]
    assert "chen" in told
    assert number not in told


def test_who_stands_aside_is_shown_no_number(visit: Visit, sqlite_office: Office) -> None:
    chen, ping = visit("chen"), visit("ping")
    log(chen, outcome="petition", answer="", phone=PHONE)
    do(sqlite_office, "P2005-0001", "recuse", CHEN, reason="亲属")
    assert "Show the number" not in chen.get("/cases/P2005-0001").text
    for address in ("/cases/P2005-0001", "/contacts/C2005-0001"):
        answer = chen.post(f"{address}/phone")
        assert (answer.status_code, PHONE in answer.text) == (403, False)
        assert "chen has stepped aside from P2005-0001" in text_of(answer)
        assert PHONE in ping.post(f"{address}/phone").text
    pack = "/desk/day-pack/numbers"
    assert PHONE not in chen.post(pack, on="2005-08-30").text
    assert PHONE in ping.post(pack, on="2005-08-30").text
    told = text_of(visit("wen").get("/journal")).partition("Phone numbers that were shown")[2]
    assert (told.count("chen"), told.count("ping")) == (0, 3)


def test_a_case_without_a_number_has_none_to_show(visit: Visit) -> None:
    chen = visit("chen")
    log(chen, outcome="petition", answer="")
    assert "Show the number" not in chen.get("/cases/P2005-0001").text
    assert chen.post("/cases/P2005-0001/phone").status_code == 404


def test_an_entry_that_was_refused_says_whose_it_is_and_goes_by_one_click(visit: Visit) -> None:
    chen = visit("chen")
    assert log(chen, answer="", matter="拖欠工资" * 20).status_code == 422
    page = chen.get("/desk")
    bar = text_of(page).partition("An earlier entry stands in this form")[2]
    assert bar.startswith(": of 王小明, typed and not saved, kept from 2005-")
    assert "拖欠工资" in bar
    assert "Throw it away and begin anew" in bar
    assert log(chen).status_code == 303
    after = chen.get("/desk")
    assert "An earlier entry" not in after.text
    assert 'value="王小明"' not in after.text


@pytest.mark.parametrize("now", ["fang", "lan"])
def test_a_form_that_is_sent_while_another_is_signed_in_says_who(
    visit: Visit, sqlite_office: Office, now: str
) -> None:
    with sqlite_office.relief.work() as work:
        add_user(work, AN, "lan", ["clerk"], PASSWORD)
        work.connection.execute(sa.update(USER).values(password_is_lent=False))  # her own by now
        work.commit()
    chen = visit("chen")
    key = key_of(chen.get("/desk"))
    token = chen.token
    chen.post("/sign-out")
    chen.sign_in(now)  # in another window of the same browser
    typed = VISIT | {"once": key, "typed_by": "chen", "matter": "<b>拖欠"}
    answer = chen.post("/desk", token=token, **typed)
    assert answer.status_code == 403
    page = text_of(answer)
    assert f"{now} is signed in in this browser now; the form was opened by chen" in page
    assert "&lt;b&gt;拖欠" in answer.text
    assert key not in answer.text
    assert "拖欠" not in visit(now).get("/desk").text
    assert contacts_of(sqlite_office) == []
