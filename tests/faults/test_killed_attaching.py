"""A process that is killed while it attaches a paper: the case names a whole file, or none, and the
night takes what nobody names."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from relief.bootstrap import open_relief
from relief.engine.cases import find_case
from relief.engine.work import Work
from relief.papers import store
from relief.papers.service import SentFile, attach
from relief.papers.sweeping import remove_unnamed
from relief.papers.verification import verify_papers
from tests.conftest import settings_for
from tests.matters import opened
from tests.office import CHEN, Office
from tests.papers import JPEG, attached, papers

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="Windows has no SIGKILL"),
]
WRITING, NAMED, COMMITTING, DONE = "while it is written", "when it has its name", "before", "after"
# What of a second paper is there afterwards: files, whole or not, and rows.
LEFT = {WRITING: (2, 1), NAMED: (2, 1), COMMITTING: (2, 1), DONE: (2, 2)}


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def attach_and_die(folder: Path, reference: str, place: str) -> None:
    """What the other process does."""
    relief = open_relief(settings_for(folder))
    if place == WRITING:
        os.fsync = lambda _descriptor: kill()
    if place == NAMED:
        store.sync_folder = lambda _folder: kill()
    with relief.work() as work:
        case = find_case(work, reference, CHEN)
        attach(work, relief.papers, CHEN, case, SentFile("二.jpg", JPEG))
        _commit(work, place)


def _commit(work: Work, place: str) -> None:
    if place == COMMITTING:
        kill()
    work.commit()
    kill()


@pytest.mark.parametrize("place", LEFT)
def test_case_names_a_whole_file_or_none(sqlite_office: Office, place: str) -> None:
    office = sqlite_office
    office.at("2005-06-15T09:00")
    case = opened(office)
    attached(office, case, "一.pdf")
    folder = office.relief.settings.data_dir
    other = multiprocessing.get_context("spawn").Process(
        target=attach_and_die, args=(folder, case, place)
    )
    other.start()
    other.join()
    assert other.exitcode == -signal.SIGKILL
    files, rows = LEFT[place]
    assert len([path for path in (folder / "attachments").rglob("*") if path.is_file()]) == files
    assert len(papers(office, case)) == rows
    with office.relief.work() as work:
        assert verify_papers(work, office.relief.papers) == []
        assert remove_unnamed(work, office.relief.papers) == files - rows
    attached(office, case, "二.jpg", JPEG)
    with office.relief.reading() as work:
        assert verify_papers(work, office.relief.papers) == []
