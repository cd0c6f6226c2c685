"""The example's stages on a shelf: each is played once for each database, tests take copies."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from relief.bootstrap import open_relief
from relief.kernel.clock import RehearsalClock
from tests.conftest import FIELD_KEY, settings_for
from tests.databases import copy_of, drop, with_name
from tests.faults.example import STAGES
from tests.faults.launcher import Launcher
from tests.office import Office


class StoppedClock(RehearsalClock):
    """A clock that stands still, so that what is done twice is the same to the byte."""

    def now(self) -> Any:
        """The instant that it was put to."""
        return self._start


@contextmanager
def same_chance(begin: int = 1) -> Iterator[None]:
    """Chance begun anew: what is sealed twice is the same to the byte. Another beginning is another
    chance."""
    thrown = count(begin)

    def throw(size: int) -> bytes:
        return hashlib.shake_128(str(next(thrown)).encode()).digest(size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", throw)
        for name in ("token_hex", "token_urlsafe"):
            patch.setattr(secrets, name, lambda size: throw(size).hex())
        yield


class Shelf:
    """Copies of offices at a stage of the example."""

    def __init__(self, folder: Path, server: str, template: Path | str) -> None:
        self.folder = folder
        self.server = server
        self.stages: dict[str, Path | str] = {"": template}
        self._papers: dict[str, Path] = {}
        self._made: list[Office] = []
        self._number = count(1)

    def take(self, stage: str) -> Office:
        """An office of its own that stands at a stage."""
        if stage not in self.stages:
            self._play(stage)
        return self._copy_of(self.stages[stage], self._papers.get(stage))

    def _play(self, stage: str) -> None:
        before, part = STAGES[stage]
        office = self.take(before)
        part(office)
        self.give_back(office, keep=stage)

    def _copy_of(self, kept: Path | str, papers: Path | None) -> Office:
        name = f"office{next(self._number)}"
        folder = self.folder / name
        folder.mkdir()
        if papers and papers.exists():
            shutil.copytree(papers, folder / papers.name)
        url = ""
        if isinstance(kept, Path):
            shutil.copy(kept, folder / "relief.db")
        else:
            name = copy_of(self.server, kept)
            url = with_name(self.server, name)
        office = Office(open_relief(settings_for(folder, url, clock=None)))
        clock = office.relief.clock
        office.relief.clock = StoppedClock(clock._start, clock.zone)
        self._made.append(office)
        return office

    def give_back(self, office: Office, keep: str = "") -> None:
        """Close an office; `keep` puts it on the shelf as a stage."""
        office.relief.database.dispose()
        self._made.remove(office)
        url = office.relief.database.url
        if keep:
            database = Path(str(url.database))
            self.stages[keep] = str(url.database) if self.server else database
            self._papers[keep] = office.relief.papers.folder
        elif self.server:
            drop(self.server, str(url.database))

    def close(self) -> None:
        """Close what is still open, and clear the server."""
        for office in list(self._made):
            self.give_back(office)
        for name in [*self.stages.values()][1:] if self.server else ():
            drop(self.server, str(name))


@pytest.fixture(scope="module")
def shelves(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Shelf]]:
    """Filled as it is asked."""
    made: dict[str, Shelf] = {}
    yield made
    for shelf in made.values():
        shelf.close()


@pytest.fixture
def shelf(
    shelves: dict[str, Shelf],
    database_kind: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Shelf:
    """The shelf of each database in turn."""
    if database_kind not in shelves:
        on_server = database_kind == "postgresql"
        server = request.getfixturevalue("postgres_url") if on_server else ""
        template = request.getfixturevalue("postgres_template" if on_server else "sqlite_template")
        shelves[database_kind] = Shelf(tmp_path_factory.mktemp("shelf"), server, template)
    return shelves[database_kind]


@pytest.fixture(scope="module")
def launcher() -> Iterator[Launcher]:
    """Starts processes of their own."""
    started = Launcher(
        {"RELIEF_FIELD_KEYS": FIELD_KEY, "RELIEF_SECRET_KEY": "secret", "RELIEF_LOCALE": "en"}
    )
    yield started
    started.close()
