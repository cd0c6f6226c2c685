"""Workbooks that are damaged, foreign, protected, or made to do harm are refused, each plainly."""

from __future__ import annotations

import datetime as dt
import random
import zipfile
from pathlib import Path

import pytest
from brought import workbook

from relief.kernel.errors import Invalid
from relief.kernel.files import sheets as sheets_module
from relief.kernel.files.sheets import Odd
from relief.kernel.files.workbook import UNPACKED_BYTES_MAX, read_workbook

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return workbook(tmp_path / "good.xlsx", one=[["a", "b"], ["x", 1], [None, None], ["y", 2.5]])


def refusal(path: Path) -> str:
    with pytest.raises(Invalid) as caught:
        read_workbook(path)
    assert path.name in str(caught.value)
    return caught.value.problems[0].code


def repacked(source: Path, target: Path, **replaced: bytes) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, replaced.get(name, old.read(name)))
    return target


def test_sheet_is_read_with_the_row_numbers_that_people_see(good: Path) -> None:
    sheet = read_workbook(good)["one"]
    assert sheet.headers == ("a", "b")
    assert [(row.number, row.cells) for row in sheet.rows] == [(2, ("x", 1)), (4, ("y", 2.5))]


def test_empty_rows_above_the_headings_are_passed_over(tmp_path: Path) -> None:
    sheet = read_workbook(workbook(tmp_path / "w.xlsx", one=[[], ["a"], ["x"]]))["one"]
    assert (sheet.headers, sheet.header_row, sheet.rows[0].number) == (("a",), 2, 3)


def test_cells_keep_what_they_are(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "w.xlsx",
        one=[["h"] * 6, ["=1+1", True, "#N/A", dt.date(2005, 6, 30), dt.time(9), " x "]],
    )
    assert read_workbook(path)["one"].rows[0].cells == (
        Odd("formula"), Odd("boolean"), Odd("error"), dt.date(2005, 6, 30), Odd("time"), "x",
    )  # fmt: skip


def test_missing_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.xlsx") == "file.missing"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "file.not_a_workbook"),
        (b"household_no,applicant_name", "file.not_a_workbook"),
        (b"PK\x03\x04 and no more", "file.damaged"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "file.old_format"),
        (
            bytes.fromhex("D0CF11E0A1B11AE1") + "EncryptedPackage".encode("utf-16-le"),
            "file.protected",
        ),
    ],
)
def test_what_is_no_workbook_is_refused_for_what_it_is(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "brought.xlsx"
    path.write_bytes(content)
    assert refusal(path) == reason


def test_archive_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(path) == "file.not_a_workbook"


def test_cut_off_workbook_is_refused(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.xlsx"
    path.write_bytes(good.read_bytes()[:-200])
    assert refusal(path) == "file.damaged"


def test_workbook_without_its_parts_is_refused(good: Path, tmp_path: Path) -> None:
    path = repacked(good, tmp_path / "odd.xlsx", **{SHEET: b"<worksheet><sheetData><row"})
    assert refusal(path) == "file.damaged"


def test_entities_are_not_expanded(good: Path, tmp_path: Path) -> None:
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa">'
        b'<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row></sheetData></worksheet>'
    )
    assert refusal(repacked(good, tmp_path / "bomb.xlsx", **{SHEET: bomb})) == "file.damaged"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml"])
def test_names_that_grow_when_they_are_read_are_not_read(
    good: Path, tmp_path: Path, part: str
) -> None:
    names = "".join(f"<u:a{number}/>" for number in range(900))
    with zipfile.ZipFile(good) as archive:
        begins, _end, last = archive.read(part).decode().rpartition("</")
    bomb = f'{begins}<x xmlns:u="{"u" * 300}">{names}</x></{last}'
    assert (
        refusal(repacked(good, tmp_path / "bomb.xlsx", **{part: bomb.encode()})) == "file.damaged"
    )


@pytest.mark.parametrize(
    "bomb",
    [
        "".join(f"<a{number}/>" for number in range(1_100)),
        "".join(f'<a xmlns="u{number}"/>' for number in range(110)),
        "<a " + " ".join(f'a{number}=""' for number in range(1_100)) + "/>",
    ],
    ids=["names", "addresses", "attributes"],
)
def test_more_names_than_any_workbook_has_are_not_read(
    good: Path, tmp_path: Path, bomb: str
) -> None:
    sheet = f"<worksheet>{bomb}<sheetData/></worksheet>".encode()
    assert refusal(repacked(good, tmp_path / "bomb.xlsx", **{SHEET: sheet})) == "file.damaged"


def test_defaults_of_a_workbooks_own_are_not_taken(good: Path, tmp_path: Path) -> None:
    """One default that is long stands at each of ten thousand cells."""
    sheet = b'<!DOCTYPE w [<!ATTLIST c x CDATA "long">]><worksheet><sheetData/></worksheet>'
    assert refusal(repacked(good, tmp_path / "bomb.xlsx", **{SHEET: sheet})) == "file.damaged"


def test_zip_bomb_is_refused_before_it_is_unpacked(good: Path, tmp_path: Path) -> None:
    path = repacked(good, tmp_path / "bomb.xlsx", **{SHEET: bytes(20_000_000)})
    assert path.stat().st_size < 100_000
    assert refusal(path) == "file.too_large"


def test_workbook_over_the_limit_is_refused_with_the_limit(
    good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("relief.kernel.files.workbook.UNPACKED_BYTES_MAX", 1_000)
    with pytest.raises(Invalid, match=r"unpacks to more than 0 MB"):
        read_workbook(good)
    assert UNPACKED_BYTES_MAX == 300_000_000


def test_sheet_with_too_many_rows_is_refused_with_the_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets_module, "ROWS_MAX", 3)
    path = workbook(tmp_path / "w.xlsx", one=[["a"], *([["x"]] * 3)])
    assert len(read_workbook(path)["one"].rows) == 3
    workbook(path, one=[["a"], *([["x"]] * 4)])
    with pytest.raises(Invalid, match="more than 3 rows"):
        read_workbook(path)


def test_sheet_is_read_whole_when_the_size_it_states_is_too_small(
    good: Path, tmp_path: Path
) -> None:
    with zipfile.ZipFile(good) as archive:
        content = archive.read(SHEET)
    assert b'ref="A1:B4"' in content
    short = content.replace(b'ref="A1:B4"', b'ref="A1:A2"')
    sheet = read_workbook(repacked(good, tmp_path / "short.xlsx", **{SHEET: short}))["one"]
    assert (sheet.headers, len(sheet.rows)) == (("a", "b"), 2)


def test_row_beyond_the_grid_is_refused_at_once(good: Path, tmp_path: Path) -> None:
    far = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="999999999999"><c r="A999999999999"><v>1</v></c></row></sheetData></worksheet>'
    )
    path = repacked(good, tmp_path / "far.xlsx", **{SHEET: far})
    with pytest.raises(Invalid) as caught:
        read_workbook(path)
    assert caught.value.problems[0].code in {"file.too_many_rows", "file.damaged"}


def test_any_damaged_byte_gives_a_table_or_a_refusal(good: Path, tmp_path: Path) -> None:
    content = good.read_bytes()
    chance = random.Random(5)
    path = tmp_path / "damaged.xlsx"
    for _round in range(300):
        changed = bytearray(content)
        for _byte in range(chance.randrange(1, 6)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        path.write_bytes(bytes(changed))
        try:
            read_workbook(path)
        except Invalid:
            continue


def test_any_damaged_part_gives_a_table_or_a_refusal(good: Path, tmp_path: Path) -> None:
    chance = random.Random(6)
    path = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(good) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _round in range(300):
        name = chance.choice(sorted(parts))
        changed = bytearray(parts[name])
        changed[chance.randrange(len(changed))] = chance.choice(b'<>/"=0 9A\xff')
        repacked(good, path, **{name: bytes(changed)})
        try:
            read_workbook(path)
        except Invalid:
            continue
