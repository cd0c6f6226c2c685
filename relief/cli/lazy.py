"""Groups that import a command when it is asked for: help and wrong usage answer at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click

from relief.cli.language import say
from relief.kernel.text import Text, _


@dataclass(frozen=True)
class Entry:
    """A command by its place (`module:name`), or as it is where it was made here, and the sentence
    that lists show."""

    place: str | click.Command
    about: Text


def load(place: str) -> Any:
    """What stands in a module: `relief.cli.setup:init`."""
    module, _colon, name = place.partition(":")
    return getattr(import_module(module), name)


class LazyGroup(click.Group):
    """A group of commands, listed in the order of the work."""

    def __init__(self, name: str, entries: Mapping[str, Entry], about: Text | None = None) -> None:
        super().__init__(name, help=say(about) if about else None)
        self._entries = entries
        self._loaded: dict[str, click.Command] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  (click's face)
        """The names, in the order in which they were given."""
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command; its help begins with the sentence of the list."""
        entry = self._entries.get(cmd_name)
        if entry is None:
            return None
        if cmd_name not in self._loaded:
            place = entry.place
            command: click.Command = load(place) if isinstance(place, str) else place
            command.help = "\n\n".join(filter(None, (say(entry.about), command.help)))
            self._loaded[cmd_name] = command
        return self._loaded[cmd_name]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list, without importing anything."""
        with formatter.section(say(_("Commands"))):
            formatter.write_dl([(name, say(e.about)) for name, e in self._entries.items()])
