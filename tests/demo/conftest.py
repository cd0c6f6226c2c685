"""The demo, played once for the tests that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from relief.bootstrap import Relief, open_relief
from relief.demo import DemoStory, play
from relief.kernel.text import Text
from tests.conftest import settings_for


@dataclass
class Played:
    """A demo that was played, its words, and its database opened again."""

    story: DemoStory
    said: list[Text]
    relief: Relief


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """One demo; to be looked at only."""
    settings = settings_for(tmp_path_factory.mktemp("demo") / "demo-data", clock=None)
    said: list[Text] = []
    story = play(settings, said.append)
    relief = open_relief(settings)
    yield Played(story, said, relief)
    relief.database.dispose()


def files_of(folder: Path) -> dict[str, bytes]:
    """The small files of a folder, by name."""
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}
