"""The scheduler's diary and the journal in the browser; the office with its doors."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from relief.accounts.queries import USER
from relief.engine.journal.chain import JOURNAL
from relief.scheduler.diary import note_done, note_failure
from relief.scheduler.job import Due
from relief.scheduler.jobs import JOBS, do_job
from relief.web.diary.words import JOB_WORDS
from relief.web.journal import views
from tests.matters import opened
from tests.office import Office
from tests.service.test_audited_money import by_hand
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]


def test_every_job_has_its_words() -> None:
    assert JOB_WORDS.keys() == {job.key for job in JOBS}


def test_the_diary_tells_what_was_done_what_failed_and_what_comes_next(
    visit: Visit, sqlite_office: Office
) -> None:
    sqlite_office.scheme(go_live="2005-04")
    with sqlite_office.relief.work() as work:
        note_done(work, "seal_journal", "2005-01-02", "The journal is sealed.")
        note_failure(work, "mark_overdue", "2005-01-03", "<b>broken</b>")
        work.commit()
    text = text_of(visit("wen").get("/diary"))
    assert '"Mark what is overdue" failed for 2005-01-03 and was not done since' in text
    assert "The journal is sealed." in text
    assert "<b>broken</b>" in text  # as text
    assert "2005Q2 on 2005-06-15" in text
    assert "at the next look" in text


def test_the_diary_is_told_in_the_language_of_who_reads_it(
    visit: Visit, sqlite_office: Office
) -> None:
    with sqlite_office.relief.work() as work:
        work.instant()
        text = do_job(work, Due("seal_journal", "2005-01-02"))
        note_done(work, "seal_journal", "2005-01-02", text)
        note_failure(work, "back_up", "2005-01-02", "Traceback")
        work.commit()
    wen = visit("wen")
    assert "<span>The journal is sealed for 2005-01-02: entries " in wen.get("/diary").text
    wen.send("/language", locale="zh_Hans_CN", next="/diary")
    page = wen.get("/diary").text
    assert "<span>2005-01-02 的操作日志已封存" in page
    assert '<span lang="en">Traceback</span>' in page


def test_the_diary_goes_on_page_by_page(visit: Visit, sqlite_office: Office) -> None:
    with sqlite_office.relief.work() as work:
        for number in range(30):
            note_done(work, "seal_journal", f"period-{number:02}", "")
        work.commit()
    an = visit("an")
    first = an.get("/diary")
    assert "period-29" in first.text
    assert "period-04" not in first.text
    second = an.get("/diary?after=6")
    assert "period-04" in second.text
    assert "period-05" not in second.text
    assert 'rel="next"' in first.text
    assert 'rel="next"' not in second.text
    assert an.get("/diary?after=x").status_code == 422


def test_the_journal_is_leafed_through_by_page_and_by_case(
    visit: Visit, sqlite_office: Office
) -> None:
    for _number in range(27):
        opened(sqlite_office, id_number="")
    wen = visit("wen")
    first = wen.get("/journal")
    assert "P2005-0027" in first.text
    last = wen.get("/journal?after=2")
    assert "P2005-0001" in last.text
    assert "P2005-0002" not in last.text
    one = wen.get("/journal?case=P2005-0003")
    assert "P2005-0003" in one.text
    assert "P2005-0004" not in one.text
    for wrong in ("case=P1999-0001", "case=%00", "case=<b>"):
        answer = wen.get(f"/journal?{wrong}")
        assert answer.status_code == 404
        assert "<b>" not in answer.text
    assert wen.get("/journal?after=-1").status_code == 422


def test_a_restricted_case_is_told_to_nobody_who_was_not_named(
    visit: Visit, sqlite_office: Office
) -> None:
    opened(sqlite_office, restricted=True)
    page = visit("wen").get("/journal")
    assert "restricted" in text_of(page)
    assert "/journal?case=" not in page.text
    assert "P2005-0001" not in text_of(page)
    assert visit("wen").get("/journal?case=P2005-0001").status_code == 404


def test_who_does_not_inspect_may_ask_whether_it_stands_and_sees_no_entry(
    visit: Visit, sqlite_office: Office
) -> None:
    chen = visit("chen")
    opened(sqlite_office)
    page = chen.get("/journal")
    assert "/journal?case=" not in page.text
    assert "/journal/export" not in page.text
    answer = chen.post("/journal/verify")
    assert answer.status_code == 200
    assert ">as it was written<" in answer.text
    assert "daily seals" not in page.text + answer.text


def test_journal_is_verified_for_one_at_a_time_and_the_second_is_told(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    chen, wen, meanwhile = visit("chen"), visit("wen"), []
    for visitor in (chen, wen):
        visitor.get("/journal")

    def slowly(_work: object, _papers: object) -> list[object]:
        with ThreadPoolExecutor(1) as another:  # a thread of the same process
            meanwhile.append(another.submit(wen.post, "/journal/verify").result())
        return []

    monkeypatch.setattr(views, "verify_office", slowly)
    assert chen.post("/journal/verify").status_code == 200
    (second,) = meanwhile
    assert second.status_code == 409
    assert "is being verified for somebody else just now" in text_of(second)

    def breaks_down(_work: object, _papers: object) -> list[object]:
        raise ZeroDivisionError

    monkeypatch.setattr(views, "verify_office", breaks_down)
    assert chen.post("/journal/verify").status_code == 500
    monkeypatch.undo()
    assert wen.post("/journal/verify").status_code == 200


def test_what_was_changed_by_hand_is_named(visit: Visit, sqlite_office: Office) -> None:
    opened(sqlite_office)
    with sqlite_office.relief.work() as work:
        for name in work.rows(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")):
            work.connection.execute(sa.text(f'DROP TRIGGER "{name[0]}"'))
        work.connection.execute(sa.update(JOURNAL).values(actor="thief"))
        work.commit()
    answer = visit("an").post("/journal/verify")
    assert "NOT as they were written" in text_of(answer)
    assert "P2005-0001" in answer.text


@pytest.mark.parametrize("name", ["wen", "an"])
def test_the_journal_is_taken_out_as_a_file(visit: Visit, sqlite_office: Office, name: str) -> None:
    opened(sqlite_office)
    opened(sqlite_office)
    answer = visit(name).get("/journal/export")
    assert answer.headers["Content-Disposition"] == "attachment; filename=journal-2005-01-03.jsonl"
    assert answer.headers["Cache-Control"] == "no-store"
    entries = [json.loads(line) for line in answer.text.splitlines()]
    answer.close()
    assert {"P2005-0001", "P2005-0002"} <= {each["reference"] for each in entries}


@pytest.mark.parametrize(
    ("name", "seen", "unseen"),
    [
        ("chen", {"/absences", "/scheme", "/rates", "/calendar", "/journal"}, {"/diary"}),
        ("wen", {"/diary", "/journal"}, set()),
        ("an", {"/diary", "/scheme"}, set()),
    ],
)
def test_the_office_shows_the_doors_that_are_open(
    visit: Visit, name: str, seen: set[str], unseen: set[str]
) -> None:
    visitor = visit(name)
    page = visitor.get("/office").text
    assert all(f'href="{path}"' in page for path in seen)
    assert not any(f'href="{path}"' in page for path in unseen)
    for path in seen:
        page = visitor.get(path)
        assert page.status_code == 200
        assert 'href="/office" data-go="o" aria-current="page"' in page.text


def test_an_entry_of_a_kind_that_the_program_lost_is_told_by_its_hash_alone(
    visit: Visit, sqlite_office: Office
) -> None:
    opened(sqlite_office)
    kind = JOURNAL.c.subject_kind == "petition"
    by_hand(sqlite_office, sa.update(JOURNAL).where(kind).values(subject_kind="pension"))
    page = visit("wen").get("/journal")
    assert page.status_code == 200
    assert "pension" in page.text
    assert "/journal?case=P2005-0001" not in page.text


def test_the_journal_names_people_as_other_pages_do(visit: Visit, sqlite_office: Office) -> None:
    opened(sqlite_office)
    with sqlite_office.relief.work() as work:
        called = sa.update(USER).where(USER.c.username == "chen")
        work.connection.execute(called.values(full_name="陈静", version=USER.c.version + 1))
        work.commit()
    page = visit("wen").get("/journal").text
    assert '<td data-head="By">陈静</td>' in page
