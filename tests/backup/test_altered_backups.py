"""What was damaged, altered or never ours is refused before anything is touched."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.backup import archive
from relief.backup.manifest import is_safe
from relief.kernel.settings import Settings
from tests.backup.conftest import made_by_hand, refused
from tests.office import Office


@given(data=st.data())
def test_any_flipped_byte_is_refused(backup: Path, empty: Settings, data: st.DataObject) -> None:
    whole = backup.read_bytes()
    spoilt = backup.with_name("spoilt.zip")
    at = data.draw(st.integers(0, len(whole) - 1))
    mask = data.draw(st.integers(1, 255))
    spoilt.write_bytes(whole[:at] + bytes([whole[at] ^ mask]) + whole[at + 1 :])
    assert refused(empty, spoilt) in {"backup.damaged", "backup.not_ours"}


@pytest.mark.parametrize("kept", [0, 1, 100, 5_000, -1])
def test_file_that_was_cut_off_is_refused(backup: Path, empty: Settings, kept: int) -> None:
    backup.write_bytes(backup.read_bytes()[:kept])
    assert refused(empty, backup) in {"backup.damaged", "backup.not_ours"}


def test_zip_of_somebody_else_is_refused(tmp_path: Path, empty: Settings) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("relief.db", b"x" * 1000)
    assert refused(empty, tmp_path / "other.zip") in {"backup.damaged", "backup.not_ours"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"format": 2}, "backup.newer"),
        ({"revision": "9999"}, "database.newer"),
        ({"size": 10}, "backup.damaged"),
        ({"counts": {"households": 9, "cases": 0, "payout_lines": 0, "journal_entries": 0,
                     "last_journal_hash": ""}}, "backup.damaged"),
        ({"extra": {"../outside": b"x"}}, "backup.unsafe_name"),
        ({"extra": {"keys.json": b"x"}}, "backup.unsafe_name"),
        ({"members": []}, "backup.not_ours"),
    ],
)  # fmt: skip
def test_backup_that_says_what_cannot_be_is_refused(
    sqlite_office: Office, tmp_path: Path, empty: Settings, changed: dict[str, Any], code: str
) -> None:
    path = made_by_hand(sqlite_office.relief, tmp_path / "by_hand.zip", **changed)
    assert refused(empty, path) == code
    assert not (tmp_path / "outside").exists()


@pytest.mark.parametrize(
    "name",
    ["/etc/x", "..", "workflows", "workflows/", "workflows/../../x", "workflows//x", "C:/x",
     "workflows/C:x", "workflows\\x", "workflows/..", "workflows/ .", "other/x", "relief.db/x",
     "workflows/a\x00b", "keys.json", ""],
)  # fmt: skip
def test_no_name_leads_out_of_our_folders(name: str) -> None:
    assert not is_safe(name)


@pytest.mark.parametrize("name", ["relief.db", "workflows/a.toml", "attachments/2005/批准.pdf"])
def test_names_below_our_folders_are_taken(name: str) -> None:
    assert is_safe(name)


def test_alteration_with_a_new_hash_is_refused_without_the_keys_that_vouch(
    backup: Path, empty: Settings, tmp_path: Path
) -> None:
    """Whoever alters a byte can put the right SHA-256 there, but not what only the keys can say."""
    content = bytearray(backup.read_bytes())
    kept = bytes(content)
    where = kept.index(b"relief.db")  # the time at which it was packed stands before the name
    content[where - 20] ^= 1
    vouch = 64
    content[-2 * vouch : -vouch] = hashlib.sha256(content[: -2 * vouch]).hexdigest().encode()
    altered = tmp_path / "altered.zip"
    altered.write_bytes(content)
    archive.read_outside(altered)  # by its own hash it is whole
    assert refused(empty, altered) == "backup.damaged"
