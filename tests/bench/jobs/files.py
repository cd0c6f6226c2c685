"""Files: taking over a register, taking out a list."""

from __future__ import annotations

from tests.bench.plan import Goal, Job, Peer, Place, Scale, ratio, reading

RELIEF = "relief"
_MINUTES = 20_000
_COLUMNS = {
    "seconds": "s",
    "cpu_seconds": "CPU s",
    "peak_mb": "peak MB",
    "above_start_mb": "above start MB",
}
# What the product may take of the time of the other way, and what that is called.
_WRITERS = {
    "csv": ("csv, the same decryptions", 1.5),
    "xlsx": ("xlsxwriter, constant memory, the same rows", 1.2),
}


def imports(scale: Scale) -> list[Job]:
    """A register of many households beside reading its workbook."""
    floor, place = "openpyxl, reading", Place("register", {"households": scale.imported})
    peers = (
        Peer(RELIEF, "import_relief", {}, place),
        Peer(floor, "import_floor", {}, place),
    )
    goals = (Goal("times reading it", ratio(RELIEF, floor, "seconds"), 3, unit="×"),)
    title = f"An import of {scale.imported:,} households"
    columns = {"household_per_second": "households/s", **_COLUMNS}
    return [Job("import", title, peers, goals, columns, _rounds(scale.imported))]


def exports(scale: Scale) -> list[Job]:
    """A released list of many lines as a file, in each format."""
    return [_export(scale.exported, file_format) for file_format in _WRITERS]


def _export(lines: int, file_format: str) -> Job:
    floor, times = _WRITERS[file_format]
    place, options = Place("released", {"households": lines}), {"file_format": file_format}
    peers = (
        Peer(RELIEF, "export_relief", options, place),
        Peer(floor, "export_floor", options, place),
    )
    goals = (
        Goal(f"times {floor}", ratio(RELIEF, floor, "seconds"), times, unit="×"),
        Goal("above the start", reading(RELIEF, "above_start_mb"), 60, unit=" MB"),
    )
    title = f"{lines:,} lines as {file_format}"
    columns = {"line_per_second": "lines/s", **_COLUMNS}
    return Job("export", title, peers, goals, columns, _rounds(lines))


def _rounds(size: int) -> int:
    return 3 if size > _MINUTES else 99
