"""A backup a night, in two places, kept 14 days; a missing stick is told and tried again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from relief.backup import nightly
from relief.bootstrap import open_relief
from relief.scheduler.jobs import BACK_UP, due_jobs, jobs_of, unfinished_jobs
from relief.scheduler.jobs.backups import papers_missing
from relief.scheduler.runner import Done, tick
from tests.conftest import settings_for
from tests.matters import opened
from tests.office import Office
from tests.papers import attached


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A second place, that is there."""
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


@pytest.fixture
def kept(sqlite_template: Path, tmp_path: Path, stick: Path) -> Iterator[Office]:
    """An office whose nights are backed up."""
    folder = tmp_path / "office"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "relief.db")
    wanted = {"nightly_backup": True, "backup_dir": stick}
    office = Office(open_relief(settings_for(folder).model_copy(update=wanted)))
    yield office
    office.relief.database.dispose()


def night(office: Office, day: str) -> Done | None:
    """The look of a night, and what it says of the backup."""
    office.at(f"{day}T00:01")
    return next((done for done in tick(office.relief) if done.job == BACK_UP.key), None)


def names(folder: Path) -> list[str]:
    """What stands in a folder."""
    return sorted(path.name for path in folder.iterdir())


def first(office: Office) -> Path:
    """Where the first copies stand."""
    return office.relief.settings.data_dir / "backups"


def test_night_is_backed_up_once_into_both_places(kept: Office, stick: Path) -> None:
    done = night(kept, "2005-06-01")
    assert done is not None
    assert "Backed up to" in str(done.text)
    assert night(kept, "2005-06-01") is None
    assert names(first(kept)) == names(stick) == ["relief-2005-06-01.zip"]
    copies = [folder / "relief-2005-06-01.zip" for folder in (first(kept), stick)]
    assert copies[0].read_bytes() == copies[1].read_bytes()


def test_missed_nights_are_not_made_up_one_by_one(kept: Office) -> None:
    night(kept, "2005-06-01")
    night(kept, "2005-06-05")
    assert names(first(kept)) == ["relief-2005-06-01.zip", "relief-2005-06-05.zip"]


def test_backups_are_kept_fourteen_days_in_both_places(kept: Office, stick: Path) -> None:
    for day in ("2005-06-01", "2005-06-02", "2005-06-15"):
        night(kept, day)
    assert "relief-2005-06-01.zip" in names(stick)
    done = night(kept, "2005-06-16")
    assert done is not None
    assert str(done.text).endswith("removed, older than 14 days: 2.")
    days = ["relief-2005-06-02.zip", "relief-2005-06-15.zip", "relief-2005-06-16.zip"]
    assert names(first(kept)) == names(stick) == days


def test_clock_a_year_ahead_does_not_take_the_good_ones(kept: Office, stick: Path) -> None:
    for day in ("2005-06-01", "2005-06-02", "2005-06-03"):
        night(kept, day)
    night(kept, "2006-06-03")
    days = ["relief-2005-06-02.zip", "relief-2005-06-03.zip", "relief-2006-06-03.zip"]
    assert names(first(kept)) == names(stick) == days


def test_old_one_stays_as_long_as_no_newer_one_is_good(
    kept: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(kept, "2005-06-01")

    def broken(*_anything: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(nightly, "make_backup", broken)
    done = night(kept, "2005-09-01")
    assert done is not None
    assert done.failed
    assert names(first(kept)) == ["relief-2005-06-01.zip"]


def test_what_is_not_ours_is_never_removed(kept: Office, stick: Path) -> None:
    others = ("relief-2005-01-01.zip", "photos.zip", "relief-2004-99-99.zip", "relief.db")
    for folder in (first(kept), stick):
        folder.mkdir(exist_ok=True)
        for name in others:
            (folder / name).write_text("somebody's", encoding="utf-8")
    night(kept, "2005-06-01")
    assert set(others) < set(names(stick))
    assert set(others) < set(names(first(kept)))


def test_missing_stick_is_told_and_tried_again_while_the_first_copy_stands(
    kept: Office, stick: Path
) -> None:
    stick.rmdir()
    done = night(kept, "2005-06-01")
    assert done is not None
    assert done.failed
    assert f"the second place, {stick}, is not there" in str(done.text)
    assert names(first(kept)) == ["relief-2005-06-01.zip"]
    with kept.relief.reading() as work:
        told = unfinished_jobs(work, kept.relief.settings)
        assert [each.job for each in told] == [BACK_UP.key]
    stick.mkdir()
    again = night(kept, "2005-06-01")
    assert again is not None
    assert not again.failed
    assert names(stick) == ["relief-2005-06-01.zip"]
    with kept.relief.reading() as work:
        assert unfinished_jobs(work, kept.relief.settings) == []


def test_what_was_switched_off_is_told_no_more_and_told_again_once_it_is_on(
    kept: Office, stick: Path
) -> None:
    stick.rmdir()
    night(kept, "2005-06-01")
    off = kept.relief.settings.model_copy(update={"nightly_backup": False})
    with kept.relief.reading() as work:
        assert unfinished_jobs(work, off) == []
        assert due_jobs(work, off) == []
        assert [each.job for each in unfinished_jobs(work, kept.relief.settings)] == [BACK_UP.key]
        assert [each.job for each in due_jobs(work, kept.relief.settings)] == [BACK_UP.key]


def test_job_of_a_file_is_none_where_a_server_holds_the_database(tmp_path: Path) -> None:
    wanted = settings_for(tmp_path).model_copy(update={"nightly_backup": True})
    server = wanted.model_copy(update={"database_url": "postgresql+psycopg://host/name"})
    assert BACK_UP in jobs_of(wanted)
    assert BACK_UP not in jobs_of(server)


def test_spoilt_copy_of_the_day_is_made_anew(kept: Office, stick: Path) -> None:
    path = first(kept) / "relief-2005-06-01.zip"
    path.parent.mkdir()
    path.write_text("half", encoding="utf-8")
    night(kept, "2005-06-01")
    assert nightly.is_whole(path, kept.relief.cipher)
    assert nightly.is_whole(stick / path.name, kept.relief.cipher)


def test_copy_of_another_office_is_not_written_over(
    kept: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    night(kept, "2005-06-01")
    other = kept.relief.cipher.__class__([b"x" * 32])
    copy = (stick / "relief-2005-06-01.zip").read_bytes()
    (stick / "relief-2005-06-02.zip").write_bytes(copy)
    monkeypatch.setattr(kept.relief, "cipher", other)
    done = night(kept, "2005-06-02")
    assert done is not None
    assert done.failed
    assert (stick / "relief-2005-06-02.zip").read_bytes() == copy


def test_half_files_of_a_killed_backup_are_taken_away(kept: Office) -> None:
    first(kept).mkdir()
    for name in ("relief-2005-05-30.zip.0a1b2c3d.new", "relief-2005-05-30.zip.0a1b2c3d.db.new"):
        (first(kept) / name).write_text("half", encoding="utf-8")
    night(kept, "2005-06-01")
    assert names(first(kept)) == ["relief-2005-06-01.zip"]


def test_no_backup_where_it_is_switched_off(sqlite_office: Office) -> None:
    assert night(sqlite_office, "2005-06-01") is None


def test_copy_with_one_flipped_byte_is_not_whole_and_is_made_anew(
    kept: Office, stick: Path
) -> None:
    night(kept, "2005-06-01")
    copy = stick / "relief-2005-06-01.zip"
    spoilt = bytearray(whole := copy.read_bytes())
    spoilt[len(spoilt) // 2] ^= 1
    copy.write_bytes(spoilt)
    assert not nightly.is_whole(copy, kept.relief.cipher)
    nightly.back_up_night(kept.relief, kept.relief.clock.today())
    assert copy.read_bytes() == whole


def test_night_says_which_papers_are_not_in_it_until_they_are_back(kept: Office) -> None:
    kept.at("2005-05-31T09:00")
    paper = attached(kept, opened(kept))
    path = kept.relief.papers.path_of(paper.sha256)
    content = path.read_bytes()
    path.write_bytes(b"something else")
    done = night(kept, "2005-06-01")
    assert done is not None
    assert not done.failed
    assert "Backed up to" in str(done.text)
    assert "NOT in it as they were attached: 1" in str(done.text)
    assert "Paper 1 of P2005-0001" in str(done.text)
    with kept.relief.reading() as work:
        assert str(papers_missing(work)) == str(done.text)
    path.write_bytes(content)
    night(kept, "2005-06-02")
    with kept.relief.reading() as work:
        assert papers_missing(work) is None
