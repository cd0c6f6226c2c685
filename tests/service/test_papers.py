"""Papers of a case: attached by a step with their bytes on the disk, taken back with a reason,
and found out where somebody alters them."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.work import Work
from relief.kernel import private_files
from relief.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, TransitionRefused
from relief.papers import service
from relief.papers.queries import PAPER
from relief.papers.reading import view_papers
from relief.papers.service import SentFile, attach
from relief.papers.store import PaperStore
from relief.papers.sweeping import remove_unnamed
from relief.papers.verification import verify_papers
from relief.scheduler.runner import tick
from tests.matters import MEI, do, entries, opened, walk
from tests.office import AN, CHEN, FANG, PING, Office
from tests.papers import JPEG, PDF, PNG, attached, papers

pytestmark = pytest.mark.postgresql_slow


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def files(office: Office) -> list[Path]:
    return sorted(path for path in office.relief.papers.folder.rglob("*") if path.is_file())


def faults(office: Office) -> list[str]:
    with office.relief.reading() as work:
        return [problem.code for problem in verify_papers(work, office.relief.papers)]


def test_paper_stands_beside_its_step_and_its_bytes_under_their_hash(june: Office) -> None:
    case = opened(june)
    paper = attached(june, case, "C:\\扫描\\身份证.pdf", kind="identity_card")
    assert (paper.number, paper.name, paper.kind) == (1, "身份证.pdf", "identity_card")
    sha256 = hashlib.sha256(PDF).hexdigest()
    step = entries(june, case)[-1]
    assert (step.action, step.actor, step.fields["paper_name"]) == ("attach", "chen", "身份证.pdf")
    assert step.facts == {
        "paper": 1, "sha256": sha256, "size_bytes": len(PDF), "file_type": "pdf",
    }  # fmt: skip
    [path] = files(june)
    assert path == june.relief.settings.data_dir / "attachments" / sha256[:2] / sha256
    assert PDF not in path.read_bytes()  # sealed
    assert june.relief.papers.read(sha256) == PDF


def test_name_is_in_no_column_of_the_database_as_it_was_typed(june: Office) -> None:
    attached(june, opened(june), "诊断书吴试甲.pdf")
    with june.relief.reading() as work:
        row = work.connection.execute(sa.select(PAPER)).one()
    assert not any("吴试甲" in str(value) for value in row)


def test_same_bytes_lie_once(june: Office) -> None:
    first, second = opened(june), opened(june, name="何试乙", id_number=MEI)
    attached(june, first, "一.pdf")
    attached(june, first, "二.pdf")
    attached(june, second, "三.pdf")
    assert len(files(june)) == 1
    assert [paper.number for paper in papers(june, first)] == [1, 2]


def test_papers_are_attached_in_every_state(june: Office) -> None:
    case = opened(june)
    for step in ("accept", "handle", "implement", "feedback"):
        walk(june, case, step)
        attached(june, case, f"{step}.pdf")
    assert len(papers(june, case)) == 4


@pytest.mark.parametrize("actor", [AN, FANG])
def test_only_who_works_on_cases_attaches(june: Office, actor: Actor) -> None:
    case = opened(june)
    with pytest.raises(NotAllowed):
        attached(june, case, actor=actor)
    assert papers(june, case) == []


def test_restricted_case_takes_nothing_from_who_may_not_see_it(june: Office) -> None:
    case = opened(june, restricted=True)
    attached(june, case)
    with pytest.raises(NotFound):
        attached(june, case, actor=PING)


def test_step_cannot_be_taken_without_the_file(june: Office) -> None:
    case = opened(june)
    with pytest.raises(TransitionRefused, match="This comes with a file"):
        do(june, case, "attach", CHEN, {"paper_name": "没有文件.pdf"})


def test_every_fault_is_told_at_once_and_nothing_is_kept(june: Office) -> None:
    case = opened(june)
    with pytest.raises(Invalid) as refused:
        attached(june, case, "假\u202efdp.pdf", PNG)
    codes = [problem.code for problem in refused.value.problems]
    assert codes == ["paper.name_characters", "paper.lies"]
    assert files(june) == []


def test_paper_is_taken_back_with_a_reason_and_stays_for_the_record(june: Office) -> None:
    case = opened(june)
    attached(june, case, "别人的.pdf")
    attached(june, case, "照片.jpg", JPEG)
    with pytest.raises(TransitionRefused):
        do(june, case, "detach", CHEN, {"paper_no": "1"})
    with pytest.raises(TransitionRefused, match="by its number: 1, 2"):
        do(june, case, "detach", CHEN, {"paper_no": "3"}, reason="错")
    do(june, case, "detach", PING, {"paper_no": "1"}, reason="是别人的")
    first, second = papers(june, case)
    assert (first.stands, first.detached_by, second.stands) == (False, "ping", True)
    assert june.relief.papers.read(first.sha256) == PDF
    with pytest.raises(TransitionRefused, match="by its number: 2"):
        do(june, case, "detach", CHEN, {"paper_no": "1"}, reason="再来")
    assert faults(june) == []
    with june.relief.reading() as work:
        assert view_papers(work, find_case(work, case, CHEN)).kinds == {""}


def test_killed_between_file_and_commit_leaves_a_file_that_the_night_takes(june: Office) -> None:
    case = opened(june)
    attached(june, case, "留.pdf")
    with june.relief.work() as work:  # never committed, as if the power had failed
        found = find_case(work, case, CHEN)
        attach(work, june.relief.papers, CHEN, found, SentFile("丢.jpg", JPEG))
    half = june.relief.papers.folder / "ab" / "abc.0000.new"
    half.parent.mkdir(exist_ok=True)
    half.write_bytes(b"half")
    strange = june.relief.papers.folder / "ab" / "说明.txt"
    strange.write_text("somebody's own")
    assert len(files(june)) == 4
    assert [paper.name for paper in papers(june, case)] == ["留.pdf"]
    texts = [str(each.text) for each in tick(june.relief) if each.job == "remove_unnamed_files"]
    assert texts == ["Files of papers that no case names, removed: 2."]
    assert strange in files(june)
    assert len(files(june)) == 2
    assert faults(june) == []
    assert not [each for each in tick(june.relief) if each.job == "remove_unnamed_files"]


def test_files_are_swept_under_the_lock_that_attaching_takes(
    june: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a file would go that lies there already, and whose row is about to be committed."""
    deeds: list[str] = []
    take_turn, listed = Work.take_turn, PaperStore.files
    monkeypatch.setattr(Work, "take_turn", lambda work: (deeds.append("lock"), take_turn(work)))
    monkeypatch.setattr(PaperStore, "files", lambda store: deeds.append("look") or listed(store))
    with june.relief.work() as work:
        remove_unnamed(work, june.relief.papers)
    assert deeds == ["lock", "look"]


def test_the_last_paper_of_a_case_is_taken_and_one_more_is_refused(
    june: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "PAPERS_MAX", 2)
    case = opened(june)
    attached(june, case, "一.pdf")
    attached(june, case, "二.pdf")
    with pytest.raises(Invalid, match="2 papers are the most of one case"):
        attached(june, case, "三.pdf")
    assert [paper.name for paper in papers(june, case)] == ["一.pdf", "二.pdf"]


def test_paper_taken_back_keeps_its_file_by_night(june: Office) -> None:
    case = opened(june)
    attached(june, case)
    do(june, case, "detach", CHEN, {"paper_no": "1"}, reason="重复")
    with june.relief.work() as work:
        assert remove_unnamed(work, june.relief.papers) == 0


def test_full_disk_is_told_and_nothing_is_left(
    june: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = opened(june)

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(private_files.os, "fsync", full)
    with pytest.raises(Conflict, match="The disk of the data folder is full"):
        attached(june, case)
    monkeypatch.undo()
    assert files(june) == []
    assert papers(june, case) == []
    attached(june, case)
    assert faults(june) == []


def test_file_altered_missing_or_of_other_bytes_is_found(june: Office) -> None:
    case = opened(june)
    attached(june, case, "一.pdf")
    attached(june, case, "二.jpg", JPEG)
    first, second = (june.relief.papers.path_of(each.sha256) for each in papers(june, case))
    first.write_bytes(second.read_bytes())
    second.unlink()
    assert faults(june) == ["paper.file_altered", "paper.file_gone"]
    with pytest.raises(Conflict, match="is not what was attached"):
        june.relief.papers.read(first.name)
    with pytest.raises(NotFound, match="missing from the data folder"):
        june.relief.papers.read(second.name)
    attached(june, case, "一.pdf")  # brought again, it is written whole again
    attached(june, case, "二.jpg", JPEG)
    assert faults(june) == []


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        (
            "UPDATE paper SET sha256 = '{other}' WHERE number = 1",
            ["paper.altered", "paper.file_gone"],
        ),
        ("UPDATE paper SET recorded_by = 'ping' WHERE number = 1", ["paper.altered"]),
        ("UPDATE paper SET detached_at = recorded_at WHERE number = 2", ["paper.altered"]),
        ("UPDATE paper SET detached_at = NULL WHERE number = 1",
         ["paper.altered", "paper.not_taken_back"]),
        ("UPDATE paper SET kind = 'identity_card' WHERE number = 2", ["paper.altered"]),
        ("UPDATE paper SET sealed_name = {blob} WHERE number = 2", ["paper.altered"]),
        ("UPDATE paper SET sealed_name = (SELECT sealed_name FROM paper WHERE number = 1), token = "
         "(SELECT token FROM paper WHERE number = 1) WHERE number = 2", ["paper.altered"]),
        ("UPDATE paper SET detached_at = CASE number WHEN 2 THEN (SELECT detached_at FROM paper "
         "WHERE number = 1) END, detached_by = CASE number WHEN 2 THEN 'chen' ELSE '' END",
         ["paper.altered", "paper.not_taken_back"]),
        ("UPDATE paper SET sha256 = '00' WHERE number = 1",
         ["paper.altered", "paper.file_altered"]),
        ("UPDATE paper SET subject_id = 9999 WHERE number = 2", ["paper.altered", "paper.gone"]),
        ("UPDATE paper SET subject_kind = 'gone' WHERE number = 2",
         ["paper.altered", "paper.gone"]),
        ("DELETE FROM paper WHERE number = 2", ["paper.gone"]),
    ],
)  # fmt: skip
def test_row_that_is_not_what_the_journal_says_is_found(
    june: Office, tampering: str, found: list[str]
) -> None:
    case = opened(june)
    attached(june, case)
    attached(june, case, "二.jpg", JPEG)
    do(june, case, "detach", CHEN, {"paper_no": "1"}, reason="错")
    assert faults(june) == []
    with june.relief.work() as work:  # somebody who takes the triggers away
        on, blob = ("", "x'00'") if work.is_sqlite else (" ON paper", "'\\x00'::bytea")
        for rule in ("stays", "is_final", "is_set_once"):
            work.connection.execute(sa.text(f"DROP TRIGGER paper_{rule}{on}"))
        work.connection.exec_driver_sql(tampering.format(other="ab" * 32, blob=blob))
        work.commit()
    assert faults(june) == found


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE paper SET sha256 = 'x'",
        "UPDATE paper SET recorded_by = 'ping'",
        "UPDATE paper SET detached_at = NULL",
        "DELETE FROM paper",
    ],
)
def test_database_refuses_to_change_or_forget_a_paper(june: Office, change: str) -> None:
    case = opened(june)
    attached(june, case)
    do(june, case, "detach", CHEN, {"paper_no": "1"}, reason="错")
    with june.relief.work() as work, pytest.raises(sa.exc.DBAPIError, match="rows of paper"):
        work.connection.execute(sa.text(change))


def test_sweep_takes_nothing_where_a_link_leads(june: Office, tmp_path: Path) -> None:
    attached(june, opened(june))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "keep.new").write_bytes(b"x")
    (june.relief.papers.folder / "zz").symlink_to(elsewhere)
    with june.relief.work() as work:
        assert remove_unnamed(work, june.relief.papers) == 0
    assert (elsewhere / "keep.new").exists()


def test_file_that_bears_its_name_is_the_one_that_was_brought_to_the_disk(
    june: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a power cut leaves a name with half a paper behind."""
    brought: set[int] = set()
    sync = os.fsync

    def watched(descriptor: int) -> None:
        brought.add(os.fstat(descriptor).st_ino)
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    attached(june, opened(june))
    files = [path for path in june.relief.papers.folder.rglob("*") if path.is_file()]
    assert len(files) == 1
    assert files[0].stat().st_ino in brought
