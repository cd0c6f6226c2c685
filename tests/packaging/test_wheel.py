"""The wheel holds everything that the program needs, and runs away from the checkout."""

from __future__ import annotations

import gettext
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
PARTS = ("relief", "workflows", "templates")
FILES = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
CATALOGUE = "relief/locale/zh_Hans_CN/LC_MESSAGES/relief.mo"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, as from a fresh clone; nothing is fetched."""
    source, out = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for part in PARTS:
        ignored = shutil.ignore_patterns("__pycache__", "*.mo")
        shutil.copytree(ROOT / part, source / part, ignore=ignored)
    for name in FILES:
        shutil.copy(ROOT / name, source / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.mark.parametrize("name", ["workflows", "templates"])
def test_wheel_holds_the_folders_beside_the_package(unpacked: Path, name: str) -> None:
    beside, bundled = ROOT / name, unpacked / "relief" / "_bundled" / name
    assert _contents(bundled) == _contents(beside)


def test_wheel_holds_every_file_of_the_package(unpacked: Path) -> None:
    package = _contents(ROOT / "relief")
    bundled = _contents(unpacked / "relief")
    expected = {path for path in package if not path.endswith((".po", ".mo"))}
    assert expected <= bundled.keys()
    assert {path for path in bundled if path.endswith(".po")} == set()


def test_wheel_holds_the_catalogue_as_its_source_has_it(unpacked: Path) -> None:
    with (ROOT / CATALOGUE).with_suffix(".po").open("rb") as stream:
        source = {str(m.id): str(m.string) for m in read_po(stream) if m.id and not m.fuzzy}
    compiled = gettext.GNUTranslations(BytesIO((unpacked / CATALOGUE).read_bytes()))
    assert source
    assert {message: compiled.gettext(message) for message in source} == source


def test_wheel_holds_the_licence_and_nothing_of_the_tests(unpacked: Path) -> None:
    names = _contents(unpacked)
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "hatch_build"))]


def test_unpacked_wheel_sets_up_an_office_away_from_the_checkout(
    unpacked: Path, tmp_path: Path
) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "RELIEF_DATA_DIR": "office"}

    def run(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout

    assert run("-c", "import relief; print(relief.__file__)").startswith(str(unpacked))
    run("-m", "relief", "init")
    assert (tmp_path / "office" / "relief.db").exists()
    run("-m", "relief", "tick")


@pytest.mark.deep
def test_installed_wheel_plays_the_demo_in_an_empty_environment(
    wheel: Path, tmp_path: Path
) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    environment = {**os.environ, "RELIEF_DATA_DIR": "office", "RELIEF_LOCALE": "en"}
    environment.pop("PYTHONPATH", None)

    def run(program: str, *arguments: str) -> str:
        return subprocess.run(
            [str(programs / program), *arguments],
            cwd=tmp_path,
            env=environment,
            check=True,
            capture_output=True,
            encoding="utf-8",
        ).stdout

    run("python", "-m", "pip", "install", "--quiet", str(wheel))
    assert "42,000.00" in run("relief", "demo", "--no-serve")


def _contents(folder: Path) -> dict[str, bytes]:
    """Every file by its place, but for what Python made of it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
