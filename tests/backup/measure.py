"""How long a backup and a restore of many hardship files take, and in how much memory:

    python -m tests.backup.measure FOLDER [HOUSEHOLDS]

The office is made by the register's own import, so that every file has its journal; that takes the
most of the time (100,000 households: some minutes). Each of the two is a process of its own.
"""

from __future__ import annotations

import hashlib
import resource
import subprocess
import sys
import time
from pathlib import Path

from relief.backup.making import make_backup
from relief.backup.restoring import restore_backup
from relief.bootstrap import open_relief
from relief.households.files.register import parse_register
from relief.households.service import import_register
from tests.bench.offices import register
from tests.bench.offices.opened import settings_for
from tests.office import PING, Office


def make(folder: Path, households: int) -> str:
    """An office with its journal."""
    office_folder = folder / "office"
    office_folder.mkdir(parents=True)
    register.measure(str(office_folder), households)
    office = Office(open_relief(settings_for(office_folder)))
    office.at("2005-06-15T09:00")
    workbook = office_folder / register.NAME
    with office.relief.work() as work:
        rows, problems = parse_register(workbook, work.today)
        sha256 = hashlib.sha256(workbook.read_bytes()).hexdigest()
        import_register(work, PING, rows, problems, sha256, workbook.name, dry_run=False)
        work.commit()
    return f"{(office_folder / 'relief.db').stat().st_size // 10**6} MB of database"


def backup(folder: Path) -> str:
    """Back it up."""
    made = make_backup(open_relief(settings_for(folder / "office")), folder / "kept.zip")
    return f"{made.size_bytes // 10**6} MB, {made.manifest.counts}"


def restore(folder: Path) -> str:
    """Restore it beside."""
    restored = restore_backup(settings_for(folder / "new"), folder / "kept.zip", "an")
    return f"faults of the journal: {len(restored.problems)}"


def main(folder: str, households: str = "100000", step: str = "") -> None:
    """All three, or one of them in a process of its own."""
    if not step:
        for each in ("make", "backup", "restore"):
            words = [sys.executable, "-m", __spec__.name, folder, households, each]
            subprocess.run(words, check=True)
        return
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    place = Path(folder)
    told = {"make": lambda: make(place, int(households)), "backup": lambda: backup(place)}
    said = told.get(step, lambda: restore(place))()
    seconds, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sys.stdout.write(f"{step}: {seconds:.1f} s, {before // 1024} to {after // 1024} MB: {said}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
