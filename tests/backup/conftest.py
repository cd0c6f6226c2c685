"""A busy office, a backup of it, and an empty place for it."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from relief.backup import archive
from relief.backup.making import make_backup
from relief.backup.restoring import restore_backup
from relief.bootstrap import Relief
from relief.kernel.errors import ReliefError
from relief.kernel.settings import Settings
from tests.cli.conftest import WU
from tests.conftest import settings_for
from tests.office import Office

OTHER_KEY = SecretStr("b3RoZXJvdGhlcm90aGVyb3RoZXJvdGhlcm90aGVyb3Q=")


@pytest.fixture
def busy_office(sqlite_office: Office) -> Office:
    """An office with a household, a list, and something of its own in every folder."""
    office = sqlite_office
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 200_00))
    office.at("2005-03-25T09:00")
    household = {"household_no": "H1", "applicant_name": "吴试甲", "applicant_id": WU,
                 "township": "城关镇", "grade": "deep", "approved_on": "2005-03-24",
                 "account_name": "吴试甲", "account_no": "6228480000000000001",
                 "bank_name": "信用社"}  # fmt: skip
    office.register([household], [])
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    folder = office.relief.settings.data_dir
    shutil.copytree(CHECKOUT / "workflows", folder / "workflows")
    for name in OWN_FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(f"the office's own {name}", encoding="utf-8")
    return office


CHECKOUT = Path(__file__).parent.parent.parent
# Beside its workflow files: a page of its own, a letter's template, a paper.
OWN_FILES = ("templates/home/home.html", "letters/own.html", "attachments/00/paper")
OWN_FOLDERS = ("workflows", "templates", "letters", "attachments")


@pytest.fixture
def backup(busy_office: Office, tmp_path: Path) -> Path:
    """A backup of it."""
    return make_backup(busy_office.relief, tmp_path / "kept.zip").path


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    """A new machine, with the keys."""
    return settings_for(tmp_path / "new", clock=None)


def everything(path: Path) -> str:
    """A database as text."""
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(sorted(connection.iterdump()))  # triggers stand in any order


def refused(settings: Settings, path: Path, username: str = "an") -> str:
    """The code of the refusal; nothing was touched by it."""
    before = sorted(settings.data_dir.rglob("*"))
    with pytest.raises(ReliefError) as caught:
        restore_backup(settings, path, username)
    assert sorted(settings.data_dir.rglob("*")) == before
    return caught.value.problems[0].code


def made_by_hand(office: Relief, path: Path, **changed: Any) -> Path:
    """A backup whose manifest says something else, sealed all the same by the office's keys."""
    whole = make_backup(office, path.with_name("whole.zip")).path
    with zipfile.ZipFile(whole) as source, archive.writing(path) as target:
        said = json.loads(source.read("manifest.json"))
        extra = changed.pop("extra", {})
        said["members"] += [
            {"name": n, "size_bytes": len(b), "sha256": hashlib.sha256(b).hexdigest()}
            for n, b in extra.items()
        ]
        if "size" in changed:
            said["members"][0]["size_bytes"] = changed.pop("size")
        target.writestr("relief.db", changed.pop("database", None) or source.read("relief.db"))
        for name, content in extra.items():
            target.writestr(name, content)
        target.writestr("manifest.json", json.dumps(said | changed))
    archive.seal(path, office.cipher)
    return path
