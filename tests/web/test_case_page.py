"""The page of a case: all that somebody decides by, the line of its steps told truthfully, as it
stood at any entry; in as many statements however long its history is."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from relief.accounts.absences import AbsenceForm, record_absence
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance
from relief.petitions.rules import LEGAL_AID, SHIPPED
from relief.petitions.service import void_contact
from tests.letters import issued
from tests.life import id_number
from tests.matters import WU, added, do, opened, walk
from tests.office import CHEN, PING, Office
from tests.papers import attached
from tests.web.conftest import Visitor, text_of
from tests.web.statements import statements

Visit = Callable[..., Visitor]
STATEMENTS_MAX = 16


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """The office on a working day."""
    sqlite_office.at("2005-06-28T09:00")
    return sqlite_office


def line(page: str) -> list[tuple[str, str, str]]:
    """The steps of the line: how each stands, its title, and what is said of it."""
    found = re.findall(
        r'<li class="way-(\w+)[^>]*>\s*<span class="way-title">([^<]*)</span>(.*?)</li>', page, re.S
    )
    plain = (
        (standing, title, re.sub(r"<[^>]+>|\s+", " ", rest)) for standing, title, rest in found
    )
    return [(standing, title, " ".join(rest.split())) for standing, title, rest in plain]


@pytest.mark.parametrize("kind", list(SHIPPED))
def test_the_five_steps_are_a_line_with_days_and_names(
    office: Office, visit: Visit, kind: str
) -> None:
    reference = opened(office, kind)
    walk(office, reference, "accept")
    office.at("2005-06-29T09:00")
    walk(office, reference, "handle")
    found = line(visit("chen").get(f"/cases/{reference}").text)
    assert [standing for standing, _title, _rest in found] == [
        "done", "done", "done", "current", "to_come",
    ]  # fmt: skip
    assert [rest for _standing, _title, rest in found[:3]] == [
        "2005-06-28 chen", "2005-06-28 chen", "2005-06-29 ping",
    ]  # fmt: skip
    # How long a court takes is for no term of ours.
    assert found[3][2].startswith("comes next" if kind == LEGAL_AID else "by 2005-")
    walk(office, reference, "implement", "feedback")
    found = line(visit("chen").get(f"/cases/{reference}").text)
    assert {standing for standing, _title, _rest in found} == {"done"}
    assert len(found) == 5


def test_what_was_taken_back_says_so_and_is_done_again(office: Office, visit: Visit) -> None:
    reference = opened(office)
    walk(office, reference, "accept", "handle")
    do(office, reference, "return", PING, reason="依据不足")
    found = line(visit("chen").get(f"/cases/{reference}").text)
    assert [each[0] for each in found] == ["done", "done", "current", "to_come", "to_come"]
    assert found[1][2] == "2005-06-28 chen"  # it was accepted by chen, not by who sent it back
    assert "taken back 2005-06-28 by ping" in found[2][2]
    said = text_of(visit("chen").get(f"/cases/{reference}"))
    assert "Opinion (taken back) 补发工资" in said
    assert "Class of the matter appeal" in said
    walk(office, reference, "handle")
    page = visit("chen").get(f"/cases/{reference}")
    assert "taken back" not in line(page.text)[2][2]
    assert "Opinion 补发工资" in text_of(page)


def test_another_end_and_a_pause_lie_beside_the_line(office: Office, visit: Visit) -> None:
    reference = opened(office)
    do(office, reference, "withdraw", CHEN, reason="本人不再要求")
    page = visit("chen").get(f"/cases/{reference}").text
    assert [each[0] for each in line(page)] == ["done", *["left_out"] * 4]
    assert 'class="way-beside"' in page
    assert "本人不再要求" in page
    waiting = opened(office, "relief")
    do(office, waiting, "await_papers", CHEN, {"papers_missing": "户口簿"})
    page = visit("chen").get(f"/cases/{waiting}")
    assert [each[0] for each in line(page.text)] == ["done", "current", *["to_come"] * 3]
    assert "Waiting for papers" in text_of(page)
    assert "The clock stands still." in text_of(page)


def test_a_review_lies_beside_what_was_done(office: Office, visit: Visit) -> None:
    reference = opened(office)
    walk(office, reference, "accept", "handle")
    do(office, reference, "request_review", CHEN)
    page = visit("chen").get(f"/cases/{reference}")
    found = line(page.text)
    assert [each[0] for each in found] == ["done", "done", "done", "current", "to_come"]
    assert found[3][2] == "on hold meanwhile"
    assert "Under review" in text_of(page)


def test_the_case_is_seen_as_it_was_known_at_any_entry(office: Office, visit: Visit) -> None:
    reference = opened(office)
    office.at("2005-06-29T09:00")
    walk(office, reference, "accept")
    office.at("2005-07-04T09:00")
    walk(office, reference, "handle")
    chen = visit("chen")
    assert f'href="/cases/{reference}/at/2"' in chen.get(f"/cases/{reference}").text
    page = chen.get(f"/cases/{reference}/at/2")
    words = text_of(page)
    assert "This is the past." in words
    assert "after entry 2 of 3, recorded 2005-06-29 09:00 by chen" in words
    assert [each[0] for each in line(page.text)] == ["done", "done", "current", *["to_come"] * 2]
    assert "2005-08-29" in words  # sixty days from the acceptance, rolled on; not the thirty of now
    assert "Class of the matter appeal" in words
    assert "补发工资" not in words
    assert "/do/" not in page.text
    first = text_of(chen.get(f"/cases/{reference}/at/1"))
    assert "2005-07-13" in first
    assert "Class of the matter" not in first
    for number in ("0", "4", "00x", "9" * 40, "-1"):
        assert chen.get(f"/cases/{reference}/at/{number}").status_code == 404


def test_what_an_entry_names_is_a_link_that_opens_it(office: Office, visit: Visit) -> None:
    reference, other = opened(office), opened(office)
    wrong = added(office, reference).contact.reference
    issued(office, reference)
    attached(office, reference)
    do(office, other, "merge", CHEN, {"merge_into": reference})
    with office.relief.work() as work:
        void_contact(work, CHEN, wrong, "记错了")
        work.commit()
    chen = visit("chen")
    page = chen.get(f"/cases/{reference}").text
    timeline = page[page.index('<ol class="timeline">') :]
    links = re.findall(r'<p class="timeline-words"><a href="([^"]+)">([^<]+)</a>', timeline)
    assert set(links) == {
        ("/contacts/C2005-0001", "C2005-0001"),  # it was received by this one
        (f"/contacts/{wrong}", wrong),
        (f"/contacts/{wrong}", f"{wrong} was taken out"),
        (f"/cases/{reference}/letters/1", "letter 1: 收件回执"),
        (f"/cases/{reference}/papers/1", "paper 1"),
        (f"/cases/{other}", other),
    }
    assert {chen.get(to).status_code for to, _text in links} == {200}


def test_the_household_that_was_named_is_shown_with_what_it_was_paid(
    office: Office, visit: Visit
) -> None:
    _enrolled(office)
    stranger = opened(office, "relief", name="吴试甲", id_number=WU)
    assert "H7" not in visit("chen").get(f"/cases/{stranger}").text
    named = opened(office, "relief", name="试户", id_number=id_number(7))
    fields = {"cause": "illness", "requested_amount": "100", "household_no": "H7"}
    do(office, named, "accept", CHEN, fields)
    page = text_of(visit("chen").get(f"/cases/{named}"))
    assert "Hardship file named H7 试户" in page
    own = opened(office, "relief", name="试户", id_number=id_number(7))
    page = text_of(visit("chen").get(f"/cases/{own}"))
    assert "The petitioner's hardship file H7 试户" in page
    assert "since 2005-04" in page
    assert "2005Q2 600.00" in page


def _enrolled(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    office.register([
        {
            "household_no": "H7",
            "applicant_name": "试户",
            "applicant_id": id_number(7),
            "township": "城关镇",
            "grade": "deep",
            "approved_on": "2005-03-24",
            "account_no": "6228480000000000007",
        }
    ])  # fmt: skip
    office.prepare("2005Q2")
    office.release("2005Q2")


def test_who_decides_is_told_what_the_person_and_the_household_were_granted(
    office: Office, visit: Visit
) -> None:
    _enrolled(office)
    ours = {"name": "试户", "id_number": id_number(7)}
    first, returned, now = (opened(office, "relief", **ours) for _number in range(3))
    walk(office, first, "accept", "handle", "implement")
    walk(office, returned, "accept", "handle")
    do(office, returned, "return", PING, reason="再查")
    walk(office, now, "accept")
    ping = visit("ping")
    for path in (f"/cases/{now}", f"/cases/{now}/do/handle"):
        page = ping.get(path)
        assert f"{first} 试户: 1,500.00 yuan on 2005-06-28" in text_of(page)
        assert f"{returned} 试户: 1,500.00" not in text_of(page)
    for path in (f"/cases/{first}", f"/cases/{now}/do/note"):
        assert "household before" not in ping.get(path).text
    with statements(office) as said:
        ping.get(f"/cases/{now}")
    read = [plan_of(office, each) for each in said]
    assert not [each for each in read if "SCAN journal_entry" in each]
    assert not [each for each in read if "INDEX ix_petition_case_kind" in each]
    do(office, first, "withdraw", CHEN, reason="不要了")
    assert "on 2005-06-28 (given, then taken back)" in text_of(ping.get(f"/cases/{now}"))


def plan_of(office: Office, statement: str) -> str:
    """By which indexes SQLite answers, or that it reads a whole table."""
    with office.relief.reading() as work:
        values = (None,) * statement.count("?")
        plan = work.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return " ".join(str(row) for row in plan)


def test_numbers_of_persons_are_masked(office: Office, visit: Visit) -> None:
    reference = opened(office, name="", id_number="")
    typed = {"petitioner_name": "吴试甲", "id_number": WU, "phone": "13800001234"}
    do(office, reference, "identify", CHEN, typed)
    for path in (f"/cases/{reference}", f"/cases/{reference}/at/2", f"/cases/{reference}/do/note"):
        page = visit("chen").get(path).text
        assert WU not in page, path
        assert "13800001234" not in page, path


def test_that_somebody_stands_aside_is_ended_only_where_somebody_does(
    office: Office, visit: Visit
) -> None:
    reference, ping = opened(office), visit("ping")
    path = f'href="/cases/{reference}/do/end_recusal"'
    assert path not in ping.get(f"/cases/{reference}").text
    do(office, reference, "recuse", CHEN, reason="亲属")
    page = ping.get(f"/cases/{reference}")
    assert path in page.text
    assert "Standing aside chen" in text_of(page)


def test_merged_cases_lead_to_each_other(office: Office, visit: Visit) -> None:
    stays, goes = opened(office), opened(office)
    do(office, goes, "merge", CHEN, {"merge_into": stays})
    chen = visit("chen")
    assert f'href="/cases/{goes}"' in chen.get(f"/cases/{stays}").text
    assert f'href="/cases/{stays}"' in chen.get(f"/cases/{goes}").text


def test_a_household_and_a_run_have_such_a_page_too(office: Office, visit: Visit) -> None:
    _enrolled(office)
    for reference in ("H7", "2005Q2-r1"):
        page = visit("ping").get(f"/cases/{reference}")
        assert page.status_code == 200
        assert "What was done" in text_of(page)


def test_a_case_with_five_hundred_entries_takes_few_statements(
    office: Office, visit: Visit
) -> None:
    _enrolled(office)  # with a household and readers, which are looked up as well
    reference = opened(office, "relief", name="试户", id_number=id_number(7), restricted=True)
    fields = {"cause": "illness", "requested_amount": "100", "household_no": "H7"}
    do(office, reference, "accept", CHEN, fields)
    added(office, reference)
    with office.relief.work() as work:
        case = find_case(work, reference, CHEN)
        for number in range(497):
            advance(work, "relief", case.id, "note", CHEN, fields={"note": f"第{number}条"})
        work.commit()
    chen = visit("chen")
    chen.get("/")
    with statements(office) as said:
        page = chen.get(f"/cases/{reference}")
    assert page.status_code == 200
    assert "470 earlier entries" in text_of(page)
    assert len(said) <= STATEMENTS_MAX, "\n".join(said)
    assert "第0条" not in page.text
    assert "第0条" in chen.get(f"/cases/{reference}?entries=all").text


def test_whoever_acts_for_others_costs_no_more_statements(office: Office, visit: Visit) -> None:
    reference = opened(office)
    ping = visit("ping")
    ping.get("/")
    with statements(office) as alone:
        ping.get(f"/cases/{reference}")
    with office.relief.work() as work:
        record_absence(work, CHEN, AbsenceForm("chen", work.today, work.today, "ping"))
        work.commit()
    with statements(office) as for_another:
        ping.get(f"/cases/{reference}")
    assert len(for_another) <= len(alone) + 1


def test_where_nobody_left_may_see_it_the_page_leads_to_the_readers(
    office: Office, visit: Visit
) -> None:
    reference = opened(office, restricted="yes")
    walk(office, reference, "accept")
    page = visit("chen").get(f"/cases/{reference}").text
    assert "may not see this case yet" in page
    assert f'href="/cases/{reference}/do/name_readers">Name the readers' in page
    do(office, reference, "name_readers", CHEN, {"readers": "chen, ping"})
    page = visit("chen").get(f"/cases/{reference}").text
    assert "may not see this case yet" not in page
    assert "It can be done by: ping" in page


def test_who_stands_aside_is_told_so_once_and_offered_nothing_that_is_refused(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    chen, papers = visit("chen"), f"/cases/{reference}/papers"
    assert f'href="{papers}"' in chen.get(f"/cases/{reference}").text
    do(office, reference, "recuse", CHEN, reason="亲属")
    page = chen.get(f"/cases/{reference}").text
    assert page.count("chen has stepped aside") == 1
    assert f'href="{papers}"' not in page
    assert f'href="/cases/{reference}/letters"' not in page
    for address in (papers, f"/cases/{reference}/letters"):
        form = chen.get(address).text
        assert "You stand aside in this case" in form
        assert 'name="file"' not in form
        assert 'name="letter"' not in form


def test_who_came_again_and_what_they_said_stands_beside_the_contact(
    office: Office, visit: Visit
) -> None:
    reference = opened(office)
    added(office, reference, name="李试乙", matter="还没有发\n第二行", chase_up=True)
    page = visit("chen").get(f"/cases/{reference}").text
    assert "李试乙" in page
    assert "chased it up: 还没有发<" in page
    assert "第二行" not in page


def test_the_past_tells_whose_matter_it_was_and_what_it_was_about(
    office: Office, visit: Visit
) -> None:
    reference = opened(office, name="", id_number="", matter="工资没有发", urgent="yes")
    walk(office, reference, "accept")
    do(office, reference, "identify", CHEN, {"petitioner_name": "吴试甲", "id_number": WU})
    chen = visit("chen")
    first, last = (chen.get(f"/cases/{reference}/at/{number}").text for number in (1, 3))
    for page in (first, last):
        assert "工资没有发" in page
        assert "urgent" in page
        assert "2005-06-28 09:00" in page
    assert "吴试甲" not in first
    assert "anonymous" in first
    assert "吴试甲" in last


def test_a_note_that_was_begun_is_told_where_one_was(office: Office, visit: Visit) -> None:
    reference, chen = opened(office), visit("chen")
    hint = re.compile(r'<p class="hint no-print draft-hint"( hidden)?>')
    assert hint.findall(chen.get(f"/cases/{reference}").text) == [" hidden"]
    chen.post(f"/cases/{reference}/draft/note", note=" ", once="a" * 32)
    assert hint.findall(chen.get(f"/cases/{reference}").text) == [" hidden"]
    chen.post(f"/cases/{reference}/draft/note", note="写到一半", once="a" * 32)
    assert hint.findall(chen.get(f"/cases/{reference}").text) == [""]
    assert hint.findall(visit("ping").get(f"/cases/{reference}").text) == [" hidden"]


def test_what_is_not_open_is_folded_where_something_is(office: Office, visit: Visit) -> None:
    reference = opened(office)
    folded = re.compile(r'<details class="more closed-ones"( open)?>')
    assert folded.findall(visit("chen").get(f"/cases/{reference}").text) == [""]
    assert folded.findall(visit("wen").get(f"/cases/{reference}").text) == [" open"]


def test_amounts_are_shown_in_one_form_however_they_were_typed(
    office: Office, visit: Visit
) -> None:
    case = opened(office, "relief")
    asked = {"cause": "illness", "requested_amount": "￥1,000"}
    do(office, case, "accept", CHEN, asked)
    granted = {"decision": "granted", "opinion": "属实", "fund_source": "union"}
    do(office, case, "handle", PING, granted | {"granted_amount": "60000"}, reason="大病")
    page = text_of(visit("chen").get(f"/cases/{case}"))
    assert page.count("1,000.00") == page.count("60,000.00") == 2  # the facts, and the timeline
    assert not re.search("￥1,000|60000", page)


def test_a_day_that_several_steps_ask_for_says_of_which_it_is(office: Office, visit: Visit) -> None:
    case = opened(office)
    accepted = {"matter_class": "appeal", "notice_on": "2005-06-28"}
    do(office, case, "accept", CHEN, accepted)
    do(office, case, "extend", PING, {"notice_on": "2005-06-28"}, reason="等待鉴定结论")
    page = visit("chen").get(f"/cases/{case}").text
    facts = re.findall(r"<dt>([^<]*notice[^<]*)</dt><dd>([^<]*)</dd>", page)
    assert facts == [
        ("Accept: Day of the written notice", "2005-06-28"),
        ("Extend by 30 days: Day of the written notice", "2005-06-28"),
    ]


def test_page_of_a_hardship_file_says_whose_it_is(office: Office, visit: Visit) -> None:
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    person = {"applicant_name": "试户", "applicant_id": id_number(7), "township": "城关镇"}
    file = {"household_no": "H7", "grade": "deep", "approved_on": "2005-03-24"}
    child = {"household_no": "H7", "name": "试子", "id_number": id_number(8), "relation": "child",
             "counted": "yes"}  # fmt: skip
    office.register([file | person | {"account_no": "6228480000000000007"}], [child])
    office.prepare("2005Q2")
    office.release("2005Q2")
    chen = visit("chen")
    assert 'href="/cases/H7"' in chen.send("/search", q="试户").text
    for path in ("/cases/H7", "/cases/H7/do/suspend", "/cases/H7/do/exit"):
        said = text_of(chen.get(path))
        for each in ("试户", "城关镇", "Persons: 2", "Grade: deep", "2005-04", "1,200.00"):
            assert each in said, (path, each)
    assert "Reason (optional)" not in text_of(chen.get("/cases/H7/do/suspend"))
    assert "Reason (required where" in text_of(chen.get("/cases/H7/do/exit"))


def test_refused_request_goes_on_to_telling_it_and_not_to_carrying_it_out(
    office: Office, visit: Visit
) -> None:
    case = opened(office, "relief")
    walk(office, case, "accept")
    asked = text_of(visit("ping").get(f"/cases/{case}/do/handle"))
    assert "Reason (required where nothing is granted, or more than was asked for)" in asked
    do(office, case, "handle", PING, {"decision": "refused", "opinion": "超标"}, reason="超标")
    page = visit("chen").get(f"/cases/{case}").text
    assert [each[0] for each in line(page)] == ["done", "done", "done", "left_out", "current"]
    assert f'<a class="btn btn-primary" href="/cases/{case}/do/feedback">' in page
    decided = visit("ping").get(f"/cases/{case}").text
    (lead,) = re.findall(r'<span class="step-closed">([^<]*)</span>', decided)
    assert lead == "Tell the refusal"
    do(office, case, "return", PING, reason="再议")
    assert [each[0] for each in line(visit("chen").get(f"/cases/{case}").text)] == [
        "done", "done", "current", "to_come", "to_come",
    ]  # fmt: skip
