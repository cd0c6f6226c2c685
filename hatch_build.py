"""Compiles the message catalogues (.po to .mo) whenever the program is built or installed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueBuildHook(BuildHookInterface[Any]):
    """Runs for wheels, source archives and editable installs alike."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        for source in self._catalogues():
            with source.open("rb") as stream:
                catalogue = read_po(stream)
            with source.with_suffix(".mo").open("wb") as stream:
                write_mo(stream, catalogue)

    def clean(self, versions: list[str]) -> None:
        for source in self._catalogues():
            source.with_suffix(".mo").unlink(missing_ok=True)

    def _catalogues(self) -> list[Path]:
        return sorted(Path(self.root).glob("relief/locale/*/LC_MESSAGES/*.po"))
