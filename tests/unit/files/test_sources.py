"""From a path to its tables: workbooks and folders, their names, and their fingerprint."""

from __future__ import annotations

from pathlib import Path

import pytest
from brought import HOUSEHOLDS, MEMBERS, table, workbook

from relief.households.files.sources import fingerprint, read_register
from relief.kernel.errors import Invalid
from relief.kernel.files.sources import read_table


def folder(path: Path, **files: list[tuple[str, ...]]) -> Path:
    path.mkdir()
    for name, rows in files.items():
        table(path / f"{name}.csv", *rows)
    return path


@pytest.mark.parametrize(
    ("households", "members"),
    [
        ("households", "members"),
        ("Households ", "MEMBERS"),
        ("困难职工", "家庭成员"),
        ("档案", "成员"),
        ("户", "成员"),
    ],
)
def test_register_is_found_under_its_names(tmp_path: Path, households: str, members: str) -> None:
    sheets = {households: [HOUSEHOLDS, ["H1"]], members: [MEMBERS, ["H1"]], "说明": [["note"]]}
    source = read_register(workbook(tmp_path / "r.xlsx", **sheets))
    assert (source.households.name, source.members.name) == (households, members)


def test_register_is_read_from_a_folder(tmp_path: Path) -> None:
    source = read_register(folder(tmp_path / "r", households=[HOUSEHOLDS], members=[MEMBERS]))
    assert source.households.name == "households.csv"
    assert source.members.headers == MEMBERS


def test_register_without_its_tables_is_refused_for_both_at_once(tmp_path: Path) -> None:
    for source in (workbook(tmp_path / "r.xlsx", other=[["a"]]), folder(tmp_path / "r")):
        with pytest.raises(Invalid) as caught:
            read_register(source)
        assert [fault.code for fault in caught.value.problems] == ["file.sheets"] * 2
        assert "households.csv" in str(caught.value)


def test_register_with_a_table_twice_is_refused(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "r.xlsx", households=[HOUSEHOLDS], 档案=[HOUSEHOLDS], members=[MEMBERS]
    )
    with pytest.raises(Invalid, match="more than once"):
        read_register(path)


def test_one_table_is_read_from_csv_or_workbook_whatever_its_name(tmp_path: Path) -> None:
    plain = table(tmp_path / "t.xlsx", ("a",), ("1",))
    assert read_table(plain).headers == ("a",)
    book = workbook(tmp_path / "t.csv", one=[["a"], ["1"]], empty=[])
    assert read_table(book).name == "one"


def test_broken_workbook_is_refused_as_one_and_not_as_a_csv(tmp_path: Path) -> None:
    for name, said in (("t.xlsx", "no Excel workbook"), ("t.csv", "no CSV file")):
        (tmp_path / name).write_bytes(b"\x00\x01\xff broken")
        with pytest.raises(Invalid, match=said):
            read_table(tmp_path / name)


def test_workbook_with_two_tables_is_refused_where_one_is_asked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", one=[["a"]], two=[["b"]])
    with pytest.raises(Invalid, match="2 sheets"):
        read_table(path)


def test_fingerprint_changes_with_each_byte_and_with_the_file_it_stands_in(tmp_path: Path) -> None:
    first = folder(tmp_path / "a", households=[("a",)], members=[("b",)])
    same = folder(tmp_path / "b", households=[("a",)], members=[("b",)])
    swapped = folder(tmp_path / "c", households=[("b",)], members=[("a",)])
    assert fingerprint(first) == fingerprint(same)
    assert fingerprint(first) != fingerprint(swapped)
    moved = folder(tmp_path / "d", households=[("a",), ("b",)], members=[])
    assert fingerprint(first) != fingerprint(moved)
    table(same / "notes.csv", ("not of the register",))
    assert fingerprint(first) == fingerprint(same)
    one = table(tmp_path / "one.csv", ("a",))
    before = fingerprint(one)
    table(one, ("b",))
    assert fingerprint(one) != before
