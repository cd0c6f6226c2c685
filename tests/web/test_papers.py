"""The papers of a case in a browser: brought by a form, handed out as downloads, struck out."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from relief.kernel.errors import Problem
from relief.papers import names, service
from relief.papers.contents import TYPES, FileType, type_of
from tests.matters import MEI, do, opened
from tests.office import CHEN, Office
from tests.papers import JPEG, PDF, attached, papers
from tests.web.conftest import Visitor, text_of

Visit = Callable[..., Visitor]


@pytest.fixture
def june(sqlite_office: Office) -> Office:
    sqlite_office.at("2005-06-15T09:00")
    return sqlite_office


def send(visitor: Visitor, case: str, name: str, content: bytes, **fields: Any) -> TestResponse:
    page = visitor.get(f"/cases/{case}/papers")
    once = page.text.partition('name="once" value="')[2].partition('"')[0]
    file = (io.BytesIO(content), name)
    return visitor.post(f"/cases/{case}/papers", file=file, **({"once": once} | fields))


def test_clerk_attaches_a_paper_and_goes_back_to_the_case(june: Office, visit: Visit) -> None:
    case = opened(june)
    answer = send(visit("chen"), case, "身份证.pdf", PDF, paper_kind="identity_card")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/cases/{case}#papers"
    page = text_of(visit("wen").get(f"/cases/{case}/papers"))
    assert "身份证.pdf" in page
    assert "identity card" in page
    assert "a PDF document, 1 KB" in page


def test_file_that_lies_is_told_at_the_field_and_kept_nowhere(june: Office, visit: Visit) -> None:
    case = opened(june)
    answer = send(visit("chen"), case, "证明.pdf", JPEG, paper_kind="medical")
    assert answer.status_code == 422
    assert 'The name ends in ".pdf", but the file is a JPEG picture.' in text_of(answer)
    assert 'value="medical" selected' in answer.text
    assert papers(june, case) == []


def test_others_write_while_a_file_is_looked_at(
    june: Office, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, chen = opened(june), visit("chen")
    looked: list[str] = []

    def look(content: bytes) -> FileType | None:
        looked.append(opened(june, name="何试乙", id_number=MEI) if not looked else "")
        return type_of(content)

    def problems(_name: str, content: bytes) -> list[Problem]:
        look(content)
        return []

    monkeypatch.setattr(service, "type_of", look)
    monkeypatch.setattr(service, "file_problems", problems)
    assert send(chen, case, "身份证.pdf", PDF).status_code == 303
    assert looked[0] != case
    assert [paper.name for paper in papers(june, case)] == ["身份证.pdf"]


def test_form_says_which_files_are_taken_as_the_rule_has_it(
    june: Office, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(june)
    page = text_of(visit("chen").get(f"/cases/{case}/papers"))
    assert "One of: a PDF document, a JPEG picture," in page
    assert all(str(each.title) in page for each in TYPES.values())
    assert "at most 10 MB." in page
    monkeypatch.setattr(names, "FILE_BYTES_MAX", 7 * 1024 * 1024)
    assert "at most 7 MB." in text_of(visit("chen").get(f"/cases/{case}/papers"))


def test_form_sent_twice_attaches_once(june: Office, visit: Visit) -> None:
    case, chen = opened(june), visit("chen")
    once = {"once": "0" * 32}
    for _time in range(2):
        assert send(chen, case, "一.pdf", PDF, **once).status_code == 303
    assert len(papers(june, case)) == 1
    assert send(chen, case, "二.pdf", PDF, **once).status_code == 409


def test_no_file_is_told(june: Office, visit: Visit) -> None:
    case, chen = opened(june), visit("chen")
    answer = chen.post(f"/cases/{case}/papers", once="0" * 32)
    assert answer.status_code == 422
    assert "Choose a file first." in text_of(answer)


def test_paper_is_handed_out_as_a_download_that_runs_nothing(june: Office, visit: Visit) -> None:
    case = opened(june)
    attached(june, case, '吴 "甲"; 证.pdf'.replace('"', ""))
    answer = visit("wen").get(f"/cases/{case}/papers/1")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="paper-1.pdf"; '
        "filename*=UTF-8''%E5%90%B4%20%E7%94%B2%3B%20%E8%AF%81.pdf"
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")


def test_paper_of_a_hidden_matter_is_not_there_for_others(june: Office, visit: Visit) -> None:
    case = opened(june, restricted=True)
    attached(june, case)
    assert visit("chen").get(f"/cases/{case}/papers/1").status_code == 200
    for name in ("ping", "wen", "an"):
        assert visit(name).get(f"/cases/{case}/papers/1").status_code == 404
        assert visit(name).get(f"/cases/{case}/papers").status_code == 404
    ping = visit("ping")
    assert ping.post(f"/cases/{case}/papers", file=(io.BytesIO(PDF), "a.pdf"), once="0" * 32
                     ).status_code == 404  # fmt: skip
    assert ping.post(f"/cases/{case}/detach", paper_no="1", reason="x").status_code == 404
    assert len(papers(june, case)) == 1


@pytest.mark.parametrize(
    "damaged", ["file_type = 'exe'", "sealed_name = X'00'", "sealed_name = 'text'"]
)
def test_damaged_paper_is_told_as_such_and_the_rest_of_the_page_stands(
    june: Office, visit: Visit, damaged: str
) -> None:
    case = opened(june)
    attached(june, case, "一.pdf")
    attached(june, case, "二.jpg", JPEG)
    with june.relief.work() as work:
        for rule in ("stays", "is_final", "is_set_once"):
            work.connection.execute(sa.text(f"DROP TRIGGER paper_{rule}"))
        work.connection.execute(sa.text(f"UPDATE paper SET {damaged} WHERE number = 1"))
        work.commit()
    chen = visit("chen")
    for path in (f"/cases/{case}", f"/cases/{case}/papers", f"/cases/{case}/letters"):
        page = chen.get(path)
        assert page.status_code == 200
        if not path.endswith("letters"):
            assert "damaged in the database" in text_of(page)
            assert "二.jpg" in page.text
    assert chen.get(f"/cases/{case}/papers/1").status_code == 409
    assert chen.get(f"/cases/{case}/papers/2").status_code == 200


def test_missing_or_altered_file_is_told_as_such(june: Office, visit: Visit) -> None:
    case = opened(june)
    path = june.relief.papers.path_of(attached(june, case).sha256)
    sealed = path.read_bytes()
    path.write_bytes(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    answer = visit("chen").get(f"/cases/{case}/papers/1")
    assert answer.status_code == 409
    assert "is not what was attached" in text_of(answer)
    path.unlink()
    answer = visit("chen").get(f"/cases/{case}/papers/1")
    assert answer.status_code == 404
    assert "missing from the data folder" in text_of(answer)
    assert "missing from the data folder" in text_of(visit("wen").post("/journal/verify"))


def test_paper_is_taken_back_by_the_form_and_shown_struck_out(june: Office, visit: Visit) -> None:
    case, ping = opened(june), visit("ping")
    attached(june, case, "别人的.pdf")
    page = ping.post(f"/cases/{case}/detach", paper_no="1", reason="")
    assert page.status_code == 409
    assert "needs a reason" in text_of(page)
    ping.get(f"/cases/{case}/papers")
    assert "was taken back" in text_of(
        ping.send(f"/cases/{case}/detach", paper_no="1", reason="是别人的")
    )
    shown = ping.get(f"/cases/{case}/papers")
    assert '<li class="is-void" value="1">' in shown.text
    assert "taken back" in text_of(shown)


def test_journal_of_the_case_tells_of_papers(june: Office, visit: Visit) -> None:
    case = opened(june)
    attached(june, case, "身份证.pdf", kind="identity_card")
    do(june, case, "detach", CHEN, {"paper_no": "1"}, reason="重复")
    page = text_of(visit("wen").get(f"/cases/{case}"))
    assert "Attach a paper" in page
    assert "身份证.pdf" in page
    assert "Take a paper back" in page
