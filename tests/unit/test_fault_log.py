"""The details of faults: each in a file of its own, the newest of them."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from relief.kernel import fault_log
from relief.kernel.fault_log import keep_fault


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault_log, "FILES_MAX", 3)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "logs").iterdir())


def test_newest_stay_and_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    for name in ("proxy.log", "error.txt"):
        (tmp_path / "logs" / name).touch()
        os.utime(tmp_path / "logs" / name, (0, 0))
    for number in range(6):
        path = keep_fault(tmp_path, ValueError(f"fault {number}"), f"{9 - number}")
        os.utime(path, (number, number))
    assert kept(tmp_path) == ["error-4.txt", "error-5.txt", "error-6.txt", "error.txt", "proxy.log"]


def test_one_that_was_just_kept_stays_when_the_clock_was_ahead(tmp_path: Path) -> None:
    for number in range(4):
        os.utime(keep_fault(tmp_path, ValueError("x"), f"{number}"), (2**32, 2**32 + number))
    keep_fault(tmp_path, ValueError("x"), "now")
    assert "error-now.txt" in kept(tmp_path)
    assert len(kept(tmp_path)) == 3


def test_many_at_once_take_nothing_from_each_other(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        each = [pool.submit(keep_fault, tmp_path, ValueError("x"), str(n)) for n in range(60)]
    assert [future.exception() for future in each] == [None] * 60
    assert 0 < len(kept(tmp_path)) <= 3


def test_of_a_long_one_the_end_is_kept(tmp_path: Path) -> None:
    path = keep_fault(tmp_path, ValueError("x" * 200_000 + " what failed"), "long")
    assert path.stat().st_size == fault_log.FILE_BYTES_MAX
    assert path.read_text().rstrip().endswith("what failed")
