"""A copy of the project to mutate, one for each area, so that the checkout stays as it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.mutants.areas import Area

ROOT = Path(__file__).parents[2]
PLACE = ROOT / ".mutants"
_COPIED = ("relief", "workflows", "templates", "tests")
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
    return place


def _settings(area: Area) -> str:
    """The types are part of the gate: what mypy refuses is no survivor, and costs no test."""
    settings = {
        "source_paths": ["relief"],
        "only_mutate": list(area.modules),
        "also_copy": ["workflows", "templates"],
        "do_not_mutate_patterns": _TEXTS,
        "type_check_command": ["mypy", "--output", "json", "--disable-error-code", "unused-ignore"],
    }
    lines = (f"{key} = {json.dumps(value)}" for key, value in settings.items())
    return "\n".join(("\n[tool.mutmut]", *lines, ""))


def make(place: Path) -> None:
    """Write the mutants, and ask the types about them (`making.py`)."""
    _run("tests.mutants.making", [], place)


def ask(place: Path, tests: Sequence[str], options: Sequence[str]) -> None:
    """Ask the tests about those that the types let pass (`asking.py`)."""
    there = [each for each in tests if (ROOT / each).exists()]
    plugin = ["-q", "-s", "-p", "tests.mutants.asking", "-p", "no:cacheprovider", "-W", "ignore"]
    chosen = ["--rootdir=.", "-k", "not postgresql", "--hypothesis-seed=1"]
    _run("pytest", [*plugin, *chosen, *options, *there], place / "mutants")


def _run(module: str, arguments: Sequence[str], folder: Path) -> None:
    tools = str(Path(sys.executable).parent)
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((tools, os.environ["PATH"])),
        "RELIEF_TEST_OFFICE": str(PLACE / "office"),
    }
    environment.pop("PYTHONPATH", None)
    command = [sys.executable, "-m", module, *arguments]
    subprocess.run(command, cwd=folder, env=environment, check=True)
