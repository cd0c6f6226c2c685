"""A kind of case that an office adds by one file, on the pages of a program that runs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.matters import do, fields_of, state
from tests.office import CHEN, PING, Office
from tests.own_kind import KIND, looks_always, put
from tests.web.conftest import Visitor, text_of
from tests.web.markup import Form, Page

Visit = Callable[..., Visitor]
TITLES = {"en": "Education aid", "zh_Hans_CN": "助学救助"}


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    sqlite_office.at("2005-06-15T09:00")
    looks_always(sqlite_office.relief)
    return sqlite_office


@pytest.fixture
def chen(office: Office, visit: Visit) -> Visitor:
    """A clerk who works at the desk already when the file comes."""
    clerk = visit("chen")
    assert "Education aid" not in clerk.get("/desk").text
    put(office.relief.settings.data_dir)
    return clerk


def form_of(visitor: Visitor, page: str, action: str) -> Form:
    found = Page(visitor.get(page).text)
    assert found.faults == []
    return next(form for form in found.forms if form.action == action and form.method == "post")


def sent(visitor: Visitor, page: str, action: str, **typed: str) -> str:
    """A form as it stands with something typed into it, sent; gives what the next page says."""
    form = form_of(visitor, page, action)
    standing = {name: field.value for name, field in form.fields.items() if name != "csrf_token"}
    return text_of(visitor.send(action, **(standing | typed)))


def opened_by_hand(chen: Visitor) -> str:
    page = sent(
        chen, "/desk", "/desk", channel="visit", name="吴试甲", id_number="331002195406274937",
        matter="孩子上高中", outcome=KIND, heads="1",
    )  # fmt: skip
    found = re.search(r"opened (E2005-\d{4})", page)
    assert found, page
    return found[1]


@pytest.mark.parametrize("locale", TITLES)
def test_desk_and_queues_name_the_kind_in_the_readers_language(chen: Visitor, locale: str) -> None:
    chen.send("/language", locale=locale, next="/desk")
    title = TITLES[locale]
    assert title in text_of(chen.get("/desk"))
    assert f'<option value="{KIND}">{title}</option>' in chen.get("/cases").text


def test_case_is_opened_and_led_on_by_forms_drawn_from_the_file(
    chen: Visitor, office: Office, visit: Visit
) -> None:
    case = opened_by_hand(chen)
    listed = text_of(chen.get(f"/cases?kind={KIND}"))
    assert (case in listed, "Received" in listed) == (True, True)
    assert chen.post("/search", q=case).headers["Location"] == f"/cases/{case}"
    assert "Ask the school" in text_of(chen.get(f"/cases/{case}"))
    sent(chen, f"/cases/{case}/do/ask_school", f"/cases/{case}/do/ask_school", school="试用中学")
    assert "With the school" in text_of(chen.get(f"/cases/{case}"))
    do(office, case, "school_confirms", CHEN, {"school_says": "在读"})
    accept = f"/cases/{case}/do/accept"
    form = form_of(chen, accept, accept)
    assert {"student", "school", "stage", "requested_amount", "household_no"} <= form.fields.keys()
    sent(chen, accept, accept, **fields_of(office, case, "accept"))
    assert state(office, case) == "accepted"
    assert "Education aid" in text_of(visit("ping").get("/"))  # it waits for an approver
    do(office, case, "handle", PING, fields_of(office, case, "handle"))
    chen.send("/language", locale="zh_Hans_CN", next="/")
    page = text_of(chen.get(f"/cases/{case}"))
    assert all(word in page for word in ("助学救助", "请学校核实", "学校已答复", "高中、中职"))


def test_faulty_file_is_told_to_administrators_and_changes_nothing(
    chen: Visitor, office: Office, visit: Visit
) -> None:
    said = "education_aid.toml, letter"
    path = put(office.relief.settings.data_dir, ('letter = "E"', 'letter = "P"'))
    assert "Education aid" not in chen.get("/desk").text  # it was never sound
    admin = visit("an")
    page = text_of(admin.get("/"))
    assert said in page
    assert '"P" is the letter of petition.toml already' in page
    assert said not in text_of(chen.get("/"))
    path.unlink()
    assert said not in text_of(admin.get("/"))


def test_case_whose_file_is_gone_is_read_and_led_on(chen: Visitor, office: Office) -> None:
    case = opened_by_hand(chen)
    (office.relief.settings.data_dir / "workflows" / f"{KIND}.toml").unlink()
    assert "open a case: Education aid" not in text_of(chen.get("/desk"))
    assert case in text_of(chen.get(f"/cases?kind={KIND}"))
    sent(chen, f"/cases/{case}/do/ask_school", f"/cases/{case}/do/ask_school", school="试用中学")
    assert state(office, case) == "at_the_school"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", ("Education aid", "tuition bill")), ("zh", ("助学救助", "录取通知书、学费票据"))],
)
def test_receipt_names_the_kind_and_what_to_bring_in_its_own_language(
    chen: Visitor, language: str, said: tuple[str, ...]
) -> None:
    case = opened_by_hand(chen)
    page = f"/cases/{case}/letters"
    assert "Issued" in sent(chen, page, page, letter="receipt", language=language)
    receipt = text_of(chen.get(f"{page}/1/sheet"))
    for each in said:
        assert each in receipt


def test_kind_is_drawn_and_a_case_on_its_way(chen: Visitor) -> None:
    case = opened_by_hand(chen)
    drawn = chen.get(f"/workflows/{KIND}")
    assert "Education aid" in text_of(chen.get("/workflows"))
    assert "1 open, 0 overdue." in text_of(drawn)
    assert "With the school" in text_of(drawn)
    assert f"The way of {case}" in text_of(chen.get(f"/cases/{case}/path"))
