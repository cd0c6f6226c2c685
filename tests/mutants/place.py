"""A copy of the project to mutate, one for each area, so that the checkout stays as it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.mutants.areas import Area

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".mutants"
_COPIED = ("relief", "workflows", "templates", "tests")
# Exit codes: a test failed, could not be run, or the types refuse it.
NOTICED = (1, 3, 37)
# Texts for people: they are held by the catalogue and by whoever reads them.
_TEXTS = [r"\b_\(", r'^\s*f?"[^"]* [^"]*"']


def prepare(name: str, area: Area) -> Path:
    """A fresh copy; of unchanged functions it stays known which mutants were noticed."""
    place = PLACE / name
    for folder in _COPIED:
        for old in (place / folder, place / "mutants" / folder):
            if folder != "relief" or old.parent == place:
                shutil.rmtree(old, ignore_errors=True)
        shutil.copytree(ROOT / folder, place / folder)
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (place / "pyproject.toml").write_text(project + _settings(area), encoding="utf-8")
    _forget_the_unnoticed(place)
    return place


def _forget_the_unnoticed(place: Path) -> None:
    """mutmut lets results stand; but the tests may have become better since: ask survivors anew."""
    for path in (place / "mutants").rglob("*.meta"):
        known = json.loads(path.read_text(encoding="utf-8"))
        codes = known["exit_code_by_key"]
        known["exit_code_by_key"] = {
            name: code if code in NOTICED else None for name, code in codes.items()
        }
        path.write_text(json.dumps(known), encoding="utf-8")


def _settings(area: Area) -> str:
    """The types are part of the gate: what mypy refuses is no survivor, and costs no test."""
    settings = {
        "source_paths": ["relief"],
        "only_mutate": list(area.modules),
        "also_copy": ["workflows", "templates"],
        "do_not_mutate_patterns": _TEXTS,
        "type_check_command": ["mypy", "--output", "json", "--disable-error-code", "unused-ignore"],
        "pytest_add_cli_args_test_selection": [
            tests for tests in area.tests if (ROOT / tests).exists()
        ],
        "pytest_add_cli_args": ["-k", "not postgresql", "--hypothesis-seed=1"],
        "timeout_multiplier": 3.0,
        "timeout_constant": 60.0,
    }
    lines = (f"{key} = {json.dumps(value)}" for key, value in settings.items())
    return "\n".join(("\n[tool.mutmut]", *lines, ""))


def run_mutmut(place: Path, processes: int) -> int:
    """`mutmut run` in the copy."""
    tools = str(Path(sys.executable).parent)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((tools, os.environ["PATH"])),
        "RELIEF_TEST_OFFICE": str(PLACE / "office"),
    }
    environment.pop("PYTHONPATH", None)
    command = [f"{tools}/mutmut", "run", "--max-children", str(processes)]
    return subprocess.run(command, cwd=place, env=environment, check=False).returncode
