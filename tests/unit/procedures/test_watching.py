"""A folder that is looked at now and then."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from relief.kernel import clock
from relief.procedures.watching import Watch, files_in

SECOND = 1_000_000_000


@pytest.fixture
def wait(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[float], None]]:
    """Time that runs only when the test lets it."""
    told = [7 * SECOND]
    monkeypatch.setattr(clock.time, "monotonic_ns", lambda: told[0])

    def pass_by(seconds: float) -> None:
        told[0] += int(seconds * SECOND)

    yield pass_by
    monkeypatch.undo()


class Taking:
    """Counts how often files are taken anew, and says whether that was enough."""

    def __init__(self) -> None:
        self.count, self.enough = 0, True

    def __call__(self) -> bool:
        self.count += 1
        return self.enough


def write(folder: Path, name: str, text: str = "x") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_folder_is_looked_at_once_a_second_however_often_it_is_asked(
    tmp_path: Path, wait: Callable[[float], None]
) -> None:
    watch, taking, looks = Watch(tmp_path), Taking(), []
    write(tmp_path, "a.toml")
    for _time in range(21):
        watch.take(taking)
        looks.append(taking.count)
        wait(0.1)
    assert looks == [0] * 10 + [1] * 11
    write(tmp_path, "b.toml")
    wait(1)
    watch.take(taking)
    watch.take(taking)
    assert taking.count == 2


def test_every_change_of_a_workflow_file_is_seen(tmp_path: Path) -> None:
    watch, taking, folder = Watch(tmp_path / "own", every_seconds=0), Taking(), tmp_path / "own"
    changes: list[Callable[[], object]] = [
        lambda: write(folder, "a.toml"),
        lambda: write(folder, "a.toml", "xy"),
        lambda: os.utime(folder / "a.toml", ns=(1, 1)),
        lambda: (folder / "a.toml").rename(folder / "b.toml"),
        lambda: (folder / "b.toml").unlink(),
    ]
    for number, change in enumerate(changes, start=1):
        change()
        for _again in range(2):
            watch.take(taking)
        assert taking.count == number
    write(folder, "notes.txt")
    watch.take(taking)
    assert taking.count == len(changes)


def test_what_was_not_enough_is_tried_again(tmp_path: Path) -> None:
    watch, taking = Watch(tmp_path, every_seconds=0), Taking()
    write(tmp_path, "a.toml")
    taking.enough = False
    for _time in range(3):
        watch.take(taking)
    taking.enough = True
    for _time in range(3):
        watch.take(taking)
    assert taking.count == 4


def test_one_takes_them_and_the_others_go_on(tmp_path: Path) -> None:
    watch, taking = Watch(tmp_path, every_seconds=0), Taking()

    def slowly() -> bool:
        watch.take(taking)  # somebody else asks meanwhile
        return True

    write(tmp_path, "a.toml")
    watch.take(slowly)
    assert taking.count == 0


def test_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert files_in(tmp_path / "none") == frozenset()
