"""An office that is worked from the command line, in process."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import relief
from relief.cli import cli
from relief.people.rules import check_character
from tests.conftest import FIELD_KEY
from tests.office import LEDGER

CHECKOUT = Path(relief.__file__).parent.parent
WU, WIFE, CHILD = "331002195406274937", "33102119940822085X", "33102120031101203X"
SISTER = "331021197101175709"
# Somebody whom nobody knows yet.
STRANGER = "33102119790115090" + check_character("33102119790115090")
ACCOUNT_NO = "6228480000000000001"
HOUSEHOLDS = (
    "household_no", "applicant_name", "applicant_id", "township", "phone", "grade", "approved_on",
    "account_name", "account_no", "bank_name",
)  # fmt: skip
MEMBERS = ("household_no", "name", "id_number", "relation", "counted", "joined_on")
RATES = ("grade", "from_month", "amount", "document_no")
RESULTS = ("reference", "amount", "status", "reason", "settled_on")


class Shell:
    """Types commands; the rehearsal clock is set by `at`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self._environment = monkeypatch

    def at(self, instant: str) -> None:
        """Put the rehearsal clock forward."""
        self._environment.setenv("RELIEF_CLOCK", instant)

    def set(self, name: str, value: str) -> None:
        """A setting of the environment."""
        self._environment.setenv(name, value)

    def run(self, *words: str, typed: str | None = None) -> Result:
        """One command, whatever comes of it."""
        return CliRunner().invoke(cli, words, input=typed, prog_name="relief")

    def process(self, *words: str, **how: Any) -> subprocess.CompletedProcess[str]:
        """A process of its own: `python` with these words."""
        how |= {"env": self._process_environment(), "encoding": "utf-8"}
        return subprocess.run([sys.executable, *words], check=False, **how)

    def start(self, *words: str, **how: Any) -> subprocess.Popen[str]:
        """The same, to be talked with."""
        how |= {"env": self._process_environment(), "encoding": "utf-8"}
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([sys.executable, *words], **pipes, **how)

    @staticmethod
    def _process_environment() -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONIOENCODING": "utf-8"}

    def ok(self, *words: str, typed: str | None = None) -> str:
        """A command that has to be done; gives what it answers."""
        result = self.run(*words, typed=typed)
        assert result.exit_code == 0, (words, result.output)
        return result.stdout

    def json(self, *words: str) -> Any:
        """A command that answers in JSON, and in nothing else."""
        return json.loads(self.ok(*words, "--json"))

    def refused(self, *words: str, typed: str | None = None) -> list[str]:
        """A command that has to be refused; gives every reason."""
        result = self.run(*words, typed=typed)
        assert result.exit_code == 1, (words, result.output)
        return [line for line in result.stderr.splitlines() if "This is a rehearsal;" not in line]

    def misused(self, *words: str) -> str:
        """A command that was wrongly typed; gives what is said about it."""
        result = self.run(*words)
        assert result.exit_code == 2, (words, result.output)
        return result.stderr

    def file(self, name: str, columns: Sequence[str], *rows: Mapping[str, str]) -> str:
        """Write a file to bring."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
        return str(path)

    def register(
        self, name: str, households: Sequence[Mapping[str, str]], members: Sequence[Any] = ()
    ) -> str:
        """Write a register, as a folder of two files."""
        self.file(f"{name}/households.csv", HOUSEHOLDS, *households)
        self.file(f"{name}/members.csv", MEMBERS, *members)
        return str(self.folder / name)

    def changes(self, name: str, *rows: Mapping[str, str]) -> str:
        """Write a ledger of changes."""
        return self.file(name, LEDGER, *rows)

    def answers(self, name: str, **statuses: str) -> str:
        """Write the bank's answer to the lines of 2005Q2, by household."""
        lines = self.json("payouts", "show", "2005Q2")["lines"]
        rows = [
            {
                "reference": line["reference"],
                "amount": line["amount"],
                "status": statuses[line["household_no"]],
                "settled_on": "2005-06-20",
            }
            for line in lines
            if line["household_no"] in statuses
        ]
        return self.file(name, RESULTS, *rows)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A machine where nothing was set up."""
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RELIEF_LOCALE", "en")
    monkeypatch.setenv("RELIEF_DATA_DIR", str(tmp_path / "office"))
    monkeypatch.setenv("RELIEF_FIELD_KEYS", FIELD_KEY)
    monkeypatch.setenv("RELIEF_SECRET_KEY", "secret")
    monkeypatch.setenv("RELIEF_NIGHTLY_BACKUP", "no")  # whoever tests it asks for it
    return Shell(tmp_path, monkeypatch)


@pytest.fixture
def shell(bare: Shell, sqlite_template: Path) -> Shell:
    """An office with its cast: an (admin), chen (clerk), ping (approver), fang and gao (finance),
    wen (auditor)."""
    office = bare.folder / "office"
    office.mkdir()
    shutil.copy(sqlite_template, office / "relief.db")
    bare.at("2005-01-03T08:00")
    return bare


def family(household_no: str = "H1", **more: str) -> dict[str, str]:
    """Wu's household, as a register has it."""
    row = {
        "household_no": household_no,
        "applicant_name": "吴试甲",
        "applicant_id": WU,
        "township": "城关镇",
        "phone": "13800000017",
        "grade": "deep",
        "approved_on": "2005-03-24",
        "account_no": ACCOUNT_NO,
        "bank_name": "信用社",
    }
    return row | more


def member(name: str, id_number: str, relation: str, household_no: str = "H1") -> dict[str, str]:
    """A member, as a register has it."""
    return {
        "household_no": household_no,
        "name": name,
        "id_number": id_number,
        "relation": relation,
    }


@pytest.fixture
def working(shell: Shell) -> Shell:
    """The office with scheme, rates, and two households: H1 (Wu, his wife, a child) and H2 (Wu's
    sister, in cash); the clock stands at 2005-06-15."""
    shell.at("2005-01-04T09:00")
    shell.ok("scheme", "set", "--go-live", "2005-04", "--actor", "an")
    rates = shell.file(
        "rates.csv",
        RATES,
        {"grade": "deep", "from_month": "2005-01", "amount": "200.00", "document_no": "2005-11"},
        {"grade": "relative", "from_month": "2005-01", "amount": "150", "document_no": "2005-11"},
    )
    shell.ok("rates", "import", rates, "--actor", "an")
    shell.ok("rates", "confirm", "2005-11", "--actor", "ping")
    shell.at("2005-03-25T09:00")
    register = shell.register(
        "register",
        [
            family(),
            family(
                "H2",
                applicant_name="吴试丁",
                applicant_id=SISTER,
                grade="relative",
                phone="",
                account_no="6228480000000000019",
            ),
        ],
        [
            member("吴试甲", WU, "self"),
            member("吴试乙", WIFE, "spouse"),
            member("吴试丙", CHILD, "child"),
        ],
    )
    shell.ok("households", "import", register, "--actor", "chen")
    shell.at("2005-06-15T09:00")
    return shell


@pytest.fixture
def released(working: Shell) -> Shell:
    """The same, with 2005Q2 prepared, approved and released."""
    working.ok("payouts", "prepare", "2005Q2", "--actor", "fang")
    working.ok("payouts", "submit", "2005Q2", "--actor", "fang")
    working.ok("payouts", "approve", "2005Q2", "--actor", "ping")
    working.ok("payouts", "release", "2005Q2", "--actor", "gao")
    return working
