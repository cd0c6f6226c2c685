"""One step for many cases, in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

import pytest

from relief.accounts.absences import AbsenceForm, record_absence
from tests.matters import do, entries, opened, row, state
from tests.office import CHEN, PING, Office
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]
OPINION = {"opinion": "补发", "legal_basis": "第五十条", "outcome": "support"}
_ONCE = re.compile(r'name="once" value="(\w+)"')
_ROWS = re.compile(r'name="cases" value="([\w-]+@\d+)"')


@pytest.fixture
def four(sqlite_office: Office) -> list[str]:
    """Four petitions that were accepted; the last is urgent."""
    sqlite_office.at("2005-06-28T09:00")
    cases = [opened(sqlite_office, id_number="", urgent=(n == 3)) for n in range(4)]
    for no in cases:
        do(sqlite_office, no, "accept", CHEN, {"matter_class": "appeal"})
    return cases


def form(visitor: Visitor, action: str, cases: Sequence[str], **more: str) -> dict[str, Any]:
    """The form of a step for these cases, as it is sent with everything ticked."""
    asked = "&".join([f"action={action}", *(f"cases={no}" for no in cases)])
    page = visitor.get(
        f"/cases/bulk?{asked}" + "".join(f"&{k}={quote(v)}" for k, v in more.items())
    )
    rows = _ROWS.findall(page.text)
    (once,) = _ONCE.findall(page.text)
    return {"action": action, "once": once, "cases": rows, "listed": rows, **more}


def results(answer: Any) -> dict[str, str]:
    """What came of each case."""
    found = re.findall(r"<tr>(.*?)</tr>", answer.text, re.DOTALL)
    told = {}
    for each in found:
        number = re.search(r'href="/cases/([\w-]+)"', each)
        if number:
            told[number[1]] = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", each))
    return told


def test_outliers_stand_apart_with_their_reasons_and_are_opened_singly(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    new = opened(sqlite_office, "relief", id_number="")
    asked = "&".join(f"cases={no}" for no in [*four, new, "P2005-0999"])
    page = visit("ping").get(f"/cases/bulk?action=handle&{asked}")
    assert [each.split("@")[0] for each in _ROWS.findall(page.text)] == four[:3]
    assert "It is urgent." in text_of(page)
    assert "It is of another kind" in text_of(page)
    assert 'There is no case "P2005-0999".' in text_of(page)
    assert f'href="/cases/{four[3]}/do/handle"' in page.text
    assert 'name="opinion"' in page.text


def all_told(told: dict[str, str], cases: Sequence[str], words: str) -> bool:
    """True where these cases have a row each, nothing else has, and each row says so."""
    return list(told) == list(cases) and all(words in each for each in told.values())


def test_each_case_is_taken_and_a_reload_repeats_nothing(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    ping = visit("ping")
    sent = form(ping, "handle", four) | OPINION
    told = results(ping.post("/cases/bulk", **sent))
    assert all_told(told, four[:3], " done ")
    again = ping.post("/cases/bulk", **sent)
    assert again.status_code == 200
    assert all_told(results(again), four[:3], "when it was sent before")
    for no in four[:3]:
        assert [entry.action for entry in entries(sqlite_office, no)][2:] == ["handle"]
    assert state(sqlite_office, four[3]) == "accepted"


@pytest.mark.parametrize("beside", [False, True])
def test_a_reload_tells_what_was_done_where_the_step_starts_in_none_of_them_any_more(
    visit: Visit, sqlite_office: Office, four: list[str], beside: bool
) -> None:
    """Neither where no other case was listed, nor where one was that asks for other fields."""
    ping, others = visit("ping"), []
    if beside:
        others = [opened(sqlite_office, "relief")]
        do(sqlite_office, others[0], "accept", CHEN, {"cause": "illness",
                                                      "requested_amount": "100"})  # fmt: skip
    sent = form(ping, "handle", [*four[:3], *others]) | OPINION | {"singly": others}
    assert all_told(results(ping.post("/cases/bulk", **sent)), four[:3], " done ")
    again = ping.post("/cases/bulk", **sent)
    assert again.status_code == 200
    assert all_told(results(again), four[:3], "when it was sent before")
    assert "Serve the written opinion" in text_of(again)


def test_what_is_not_ticked_is_left_alone(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    ping = visit("ping")
    sent = form(ping, "handle", four) | OPINION
    sent["cases"] = sent["cases"][:1]
    assert list(results(ping.post("/cases/bulk", **sent))) == four[:1]
    assert [state(sqlite_office, no) for no in four[:2]] == ["handled", "accepted"]


def test_one_bad_row_stops_only_itself(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    ping = visit("ping")
    sent = form(ping, "handle", four) | OPINION
    do(sqlite_office, four[0], "note", CHEN, {"note": "又来电"})
    do(sqlite_office, four[1], "recuse", PING, reason="亲戚")
    told = results(ping.post("/cases/bulk", **sent))
    assert "has changed since you looked at it" in told[four[0]]
    assert "refused" in told[four[1]]
    assert " done " in told[four[2]]
    again = results(ping.post("/cases/bulk", **sent))
    assert "It was refused when this form was sent before" in again[four[0]]
    assert "when it was sent before" in again[four[2]]


def test_refused_ones_are_taken_up_again_and_one_comes_back_to_the_list(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    ping, back = visit("ping"), {"back": "queue=second&kind=petition"}
    sent = form(ping, "handle", four) | OPINION | back
    for no in four[:2]:
        do(sqlite_office, no, "note", CHEN, {"note": "又来电"})
    page = ping.post("/cases/bulk", **sent).text
    assert 'href="/cases?queue=second&amp;kind=petition"' in page
    assert re.findall(r'type="hidden" name="cases" value="([^"]+)"', page) == four[:2]
    again = form(ping, "handle", four[:2], **back) | OPINION
    assert all_told(results(ping.post("/cases/bulk", **again)), four[:2], " done ")


def test_faults_of_the_form_are_told_once_and_nothing_is_done(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    ping = visit("ping")
    sent = form(ping, "handle", four) | OPINION | {"legal_basis": ""}
    sent["cases"] = sent["cases"][1:]
    answer = ping.post("/cases/bulk", **sent)
    assert answer.status_code == 422
    assert "Legal basis is missing." in text_of(answer)
    assert "补发" in answer.text
    assert sent["once"] in answer.text
    assert answer.text.count('type="checkbox" name="cases"') == 3
    assert answer.text.count(' checked><input type="hidden" name="listed"') == 2
    assert state(sqlite_office, four[1]) == "accepted"
    assert {row(sqlite_office, no)["version"] for no in four} == {2}


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"cases": []}, 422),
        ({"action": "no-such-step"}, 422),
        ({"action": ""}, 422),
        ({"listed": [], "cases": []}, 422),
        ({"acting_for": "wen"}, 403),
    ],
)
def test_what_cannot_be_sent_is_told(
    visit: Visit, four: list[str], changed: dict[str, Any], status: int
) -> None:
    ping = visit("ping")
    sent = form(ping, "handle", four) | OPINION | changed
    assert ping.post("/cases/bulk", **sent).status_code == status


def test_a_form_without_a_key_takes_nothing(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    ping = visit("ping")
    sent = form(ping, "handle", four) | OPINION | {"once": ""}
    told = results(ping.post("/cases/bulk", **sent))
    assert all_told(told, four[:3], "This form has no key")
    assert state(sqlite_office, four[0]) == "accepted"


def test_cases_are_given_to_somebody_and_stepped_aside_from(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    ping = visit("ping")
    ping.post("/cases/bulk", **form(ping, "assign", four), case_worker="ping")
    assert [row(sqlite_office, no)["case_worker"] for no in four] == ["ping"] * 4
    ping.post("/cases/bulk", **form(ping, "recuse", four[:2]), reason="同村")
    page = ping.get(f"/cases/bulk?action=handle&cases={four[0]}&cases={four[2]}")
    assert "has stepped aside" in text_of(page)


def test_a_deputy_takes_the_step_for_who_is_away(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    with sqlite_office.relief.work() as work:
        record_absence(work, PING, AbsenceForm("ping", work.today, work.today, "fang"))
        work.commit()
    fang = visit("fang")
    sent = form(fang, "handle", four[:2], acting_for="ping") | OPINION
    assert all_told(results(fang.post("/cases/bulk", **sent)), four[:2], " done ")
    assert entries(sqlite_office, four[0])[-1].on_behalf_of == "ping"


def test_too_many_cases_are_told(visit: Visit) -> None:
    asked = "&".join(f"cases=P{number}" for number in range(101))
    answer = visit("ping").get(f"/cases/bulk?action=note&{asked}")
    assert answer.status_code == 422
    assert "At most 100 cases at once; these are 101." in text_of(answer)


def test_outlier_that_is_ticked_all_the_same_is_left_with_its_reasons(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    """Whoever wrote the form: what the page shows apart is not taken with the others."""
    ping = visit("ping")
    sent = form(ping, "handle", four) | OPINION
    urgent = f"{four[3]}@{row(sqlite_office, four[3])['version']}"
    rows = [*sent["cases"], urgent]
    told = results(ping.post("/cases/bulk", **(sent | {"cases": rows, "listed": rows})))
    assert set(told) == set(four)
    assert "It is urgent." in told[four[3]]
    assert state(sqlite_office, four[3]) == "accepted"
    assert {state(sqlite_office, no) for no in four[:3]} == {"handled"}


def test_case_that_is_ticked_and_not_listed_is_looked_at_as_well(
    visit: Visit, sqlite_office: Office, four: list[str]
) -> None:
    ping = visit("ping")
    sent = form(ping, "handle", four) | OPINION
    urgent = f"{four[3]}@{row(sqlite_office, four[3])['version']}"
    told = results(ping.post("/cases/bulk", **(sent | {"cases": [*sent["cases"], urgent]})))
    assert "It is urgent." in told[four[3]]
    assert state(sqlite_office, four[3]) == "accepted"


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("merge", {"merge_into": "P2005-0004"}),
        ("identify", {"petitioner_name": "吴试乙"}),
    ],
)
def test_step_that_is_said_of_one_case_alone_is_taken_for_none_of_many(
    visit: Visit, sqlite_office: Office, four: list[str], action: str, fields: dict[str, str]
) -> None:
    ping = visit("ping")
    sent = form(ping, "note", four[:3]) | {"action": action} | fields
    told = results(ping.post("/cases/bulk", **sent))
    assert all_told(told, four[:3], "This step is said of one case alone")
    assert {state(sqlite_office, no) for no in four} == {"accepted"}
    assert {len(entries(sqlite_office, no)) for no in four} == {2}


def test_what_a_step_is_offered_for_goes_together_or_is_told_as_the_most(
    visit: Visit, sqlite_office: Office
) -> None:
    cases = [
        opened(sqlite_office, "relief"),
        opened(sqlite_office, "relief", id_number=""),
        opened(sqlite_office, "relief", id_number="", restricted="yes"),
        opened(sqlite_office, "relief", id_number=""),
    ]
    do(sqlite_office, cases[3], "recuse", CHEN, reason="亲属")
    chen = visit("chen")
    accept = re.compile(r'<option value="accept"[^>]*>([^<]*)<')
    # The list knows who is restricted, and from which case its reader stands aside.
    assert accept.findall(chen.get("/cases").text) == ["Accept (at most 2)"]
    asked = "&".join(f"cases={no}" for no in cases)
    page = chen.get(f"/cases/bulk?action=accept&{asked}")
    assert [each.split("@")[0] for each in _ROWS.findall(page.text)] == cases[:1]
    assert accept.findall(page.text) == ["Accept (1 of 4 go together)"]


def test_the_day_of_the_notice_stands_in_the_form_for_many_as_in_that_of_one(
    visit: Visit, sqlite_office: Office
) -> None:
    cases = [opened(sqlite_office, id_number="") for _number in range(2)]
    today = sqlite_office.relief.clock.today().isoformat()
    asked = "&".join(f"cases={no}" for no in cases)
    page = visit("chen").get(f"/cases/bulk?action=decline&{asked}")
    assert 'name="notice_on" type="date" value=""' in page.text  # nobody has given it yet
    assert f'data-fill="f-notice_on" value="{today}"' in page.text


def test_each_case_leads_to_the_letters_of_the_step(visit: Visit, sqlite_office: Office) -> None:
    cases = [opened(sqlite_office, id_number="") for _number in range(2)]
    chen = visit("chen")
    sent = form(chen, "accept", cases) | {"matter_class": "appeal"}
    done = chen.post("/cases/bulk", **sent)
    for no in cases:
        assert f'href="/cases/{no}/letters?letter=acceptance"' in done.text
    page = chen.get(f"/cases/{cases[0]}/letters?letter=acceptance")
    assert '<option value="acceptance" selected>' in page.text
    noted = chen.post("/cases/bulk", **form(chen, "note", cases), note="问过")
    assert "/letters?letter=" not in noted.text
