"""CSV files in the encodings and separators that people save them in."""

from __future__ import annotations

from pathlib import Path

import pytest
from brought import table

from relief.kernel.errors import Invalid
from relief.kernel.files.delimited import read_csv

HEAD = ("档案编号", "姓名")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_table_is_the_same_in_every_encoding_and_separator(
    tmp_path: Path, encoding: str, separator: str
) -> None:
    rows = [HEAD, ("H1", "王\U0002cb4d禾"), ("H2", "阿依·古丽, 小")]
    path = table(tmp_path / "t.csv", *rows, encoding=encoding, separator=separator)
    sheet = read_csv(path)
    assert sheet.headers == HEAD
    assert [row.cells for row in sheet.rows] == rows[1:]


def test_rows_keep_their_numbers_when_empty_ones_stand_between(tmp_path: Path) -> None:
    path = table(tmp_path / "t.csv", HEAD, ("H1", "a"), ("", " "), (), ("H2", "b"))
    assert [row.number for row in read_csv(path).rows] == [2, 5]


def refusal(path: Path, content: bytes) -> Invalid:
    path.write_bytes(content)
    with pytest.raises(Invalid) as caught:
        read_csv(path)
    return caught.value


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"a,b\r\nx,\0y", "file.encoding"),
        ("a,b\r\nx,y".encode("utf-16"), "file.encoding"),
        (b"a,b\r\nx,\xff\xff", "file.encoding"),
        (b'a,b\r\n"x,y', "file.quoting"),
        (b'a,b\r\n"x"z,y', "file.quoting"),
        (b"a,b\r\n" + b"x" * 200_000, "file.quoting"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert refusal(tmp_path / "t.csv", content).problems[0].code == reason


def test_damaged_utf8_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    content = "name,address\r\n王小禾,玉城街道解放路\r\n李小苗,楚门镇中山路\r\n".encode()
    damaged = content.replace("苗".encode(), "苗".encode()[:2])
    fault = refusal(tmp_path / "t.csv", damaged)
    assert "line 3" in str(fault)


def test_too_large_a_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relief.kernel.files.sheets.FILE_BYTES_MAX", 10)
    assert refusal(tmp_path / "t.csv", b"a" * 11).problems[0].code == "file.too_large"
