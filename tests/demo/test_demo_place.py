"""Where the demo is played, and what it leaves alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from relief.bootstrap import initialise
from relief.demo import play
from relief.kernel.errors import Conflict
from relief.kernel.text import Text
from tests.conftest import settings_for
from tests.demo.conftest import Played, files_of


def _refusal(folder: Path, **more: str) -> str:
    settings = settings_for(folder, clock=None).model_copy(update=more)
    said: list[Text] = []
    with pytest.raises(Conflict) as refused:
        play(settings, said.append)
    assert said == []
    return refused.value.problems[0].code


def test_demo_replaces_an_earlier_one_when_it_is_played_again(
    played: Played, tmp_path: Path
) -> None:
    folder = tmp_path / "again"
    shutil.copytree(played.story.folder, folder)
    (folder / "logs").mkdir()
    (folder / "logs" / "kept.txt").write_text("kept")
    before = files_of(folder / "files")
    said: list[Text] = []
    story = play(settings_for(folder, clock=None), said.append)
    assert "is replaced" in str(said[0])
    assert story.not_settled == played.story.not_settled
    assert story.amount_settled_fen == played.story.amount_settled_fen
    assert story.run.reference == "2005Q2-r1"
    assert files_of(folder / "files") == before
    assert (folder / "logs" / "kept.txt").read_text() == "kept"


def test_demo_is_refused_when_the_folder_holds_anything_else(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    assert _refusal(tmp_path) == "demo.folder_in_use"
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_demo_is_refused_when_something_was_put_beside_an_earlier_one(
    played: Played, tmp_path: Path
) -> None:
    shutil.copytree(played.story.folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "notes.txt").write_text("mine")
    before = (tmp_path / "relief.db").read_bytes()
    assert _refusal(tmp_path) == "demo.folder_in_use"
    assert (tmp_path / "relief.db").read_bytes() == before


@pytest.mark.parametrize("clock", [None, "2005-06-15T09:00"])
def test_demo_is_refused_when_a_database_of_others_stands_there(
    clock: str | None, sqlite_template: Path, tmp_path: Path
) -> None:
    if clock is None:
        initialise(settings_for(tmp_path, clock=None)).database.dispose()
    else:  # a rehearsal, in which people of no demo work
        shutil.copy(sqlite_template, tmp_path / "relief.db")
    before = (tmp_path / "relief.db").read_bytes()
    assert _refusal(tmp_path) == "demo.other_database"
    assert (tmp_path / "relief.db").read_bytes() == before


def test_demo_is_refused_when_the_file_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "relief.db").write_text("a letter that somebody saved under this name")
    assert _refusal(tmp_path) == "demo.other_database"


def test_demo_is_refused_in_production(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert _refusal(folder, env="production") == "demo.production"
    assert not folder.exists()


def test_demo_is_played_when_an_earlier_one_was_stopped_before_its_people_came(
    tmp_path: Path,
) -> None:
    initialise(settings_for(tmp_path, clock="2005-03-01T08:00")).database.dispose()
    said: list[Text] = []
    assert play(settings_for(tmp_path, clock=None), said.append).households_settled == 35
