"""The language of the command line: RELIEF_LOCALE, else the system's; click's own words, too."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import click
from dotenv import dotenv_values

from relief.cli.wrapping import WideFormatter
from relief.kernel.text import Text, Translator, _, system_locale

_ENV_FILE = Path(".env")

# What click says by itself, as its source has it.
OF_CLICK = (
    _("Usage:"),
    _("Options"),
    _("Commands"),
    _("Positional arguments"),
    _("Show this message and exit."),
    _("Try '{command} {option}' for help."),
    _("Error: {message}"),
    _("Aborted!"),
    _("Missing command."),
    _("Missing argument"),
    _("Missing option"),
    _("Missing parameter"),
    _("No such command {name!r}."),
    _("No such option {name!r}."),
    _("Did you mean {possibility}?"),
    _("(Did you mean one of: {possibilities}?)"),
    _("Got unexpected extra argument ({args})"),
    _("Got unexpected extra arguments ({args})"),
    _("Invalid value: {message}"),
    _("Invalid value for {param_hint}: {message}"),
    _("Option {name!r} does not take a value."),
    _("Option {name!r} requires an argument."),
    _("Option {name!r} requires {nargs} arguments."),
    _("Argument {name!r} takes {nargs} values."),
    _("Choose from:\n\t{choices}"),
    _("{value!r} is not {choice}."),
    _("{value!r} is not one of {choices}."),
    _("{value!r} is not a valid {number_type}."),
    _("{value} is not in the range {range}."),
    _("default: {default}"),
    _("required"),
    _("Repeat for confirmation"),
    _("Error: The two entered values do not match."),
)


def translator() -> Translator:
    """What turns texts into the reader's language."""
    return Translator(reader_locale())


def say(text: object) -> str:
    """A text in the reader's language."""
    return translator()(text)


def reader_locale() -> str:
    """The language: the setting (environment, then `.env`), else the system's."""
    configured = os.environ.get("RELIEF_LOCALE") or _in_env_file(_ENV_FILE.absolute())
    return system_locale(configured)


@cache
def _in_env_file(path: Path) -> str | None:
    try:
        return dotenv_values(path).get("RELIEF_LOCALE") if path.is_file() else None
    except UnicodeDecodeError:
        return None  # the command itself says what is wrong with the file


def speak_for_click() -> None:
    """Let click speak the reader's language: it brings no catalogue, and asks the `_` and the
    `ngettext` of each of its modules."""
    for module in (
        click.core,
        click.decorators,
        click.exceptions,
        click.formatting,
        click.parser,
        click.termui,
        click.types,
    ):
        vars(module)["_"] = _said_by_click
        vars(module)["ngettext"] = _counted_by_click
    click.Context.formatter_class = WideFormatter


def _said_by_click(message: str) -> str:
    return say(Text(message))


def _counted_by_click(one: str, several: str, count: int) -> str:
    return _said_by_click(one if count == 1 else several)
