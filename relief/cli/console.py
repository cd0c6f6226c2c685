"""What the command line says: answers on stdout, all else on stderr; tables that fit a terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from relief.cli.hints import hinted
from relief.cli.language import say
from relief.kernel.errors import Problem
from relief.kernel.text import Text, _

# Where there is no terminal nothing is gained by narrow columns.
_WIDTH_WITHOUT_TERMINAL = 160


@dataclass(frozen=True)
class Column:
    """A heading; amounts and counts stand at the right."""

    title: Text
    right: bool = False


def tell(text: object = "") -> None:
    """One line of the answer."""
    click.echo(say(text))


def tell_aside(text: object) -> None:
    """One dim line beside the answer."""
    click.secho(say(text), err=True, dim=True)


def warn(problems: Iterable[Problem]) -> None:
    """What is worth a look, and refuses nothing."""
    for problem in problems:
        click.echo(say(_("worth a look: {problem}", problem=problem.located())), err=True)


def tell_problems(problems: Iterable[Problem]) -> None:
    """Every reason, one a line, with its place."""
    for problem in problems:
        click.echo(hinted(problem), err=True)


def tell_json(value: object) -> None:
    """The whole answer, for programs."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def tell_facts(facts: Sequence[tuple[Text, object]]) -> None:
    """Names and values, one below the other."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts:
        grid.add_row(say(name), say(value))
    _print(grid)


def tell_table(columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> None:
    """A table; where room is short, all but its first column and its amounts are folded."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for place, column in enumerate(columns):
        table.add_column(
            say(column.title),
            justify="right" if column.right else "left",
            overflow="fold",
            no_wrap=column.right or place == 0,
        )
    for row in rows:
        table.add_row(*(say(cell) for cell in row))
    _print(table)


@contextmanager
def progress(what: Text, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr while something takes long; nothing where there is no terminal."""
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn() if total else TextColumn(""),
        console=_console(err=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    with bar:
        task = bar.add_task(say(what), total=total)
        yield lambda steps: bar.advance(task, steps)


def _print(table: Table) -> None:
    """Draw a table, without the blanks that fill its last column."""
    console = _console()
    with console.capture() as drawn:
        console.print(table)
    for line in drawn.get().splitlines():
        click.echo(line.rstrip())


def _console(*, err: bool = False) -> Console:
    stream = sys.stderr if err else sys.stdout
    return Console(
        file=stream,
        width=None if stream.isatty() else _WIDTH_WITHOUT_TERMINAL,
        markup=False,
        emoji=False,
        highlight=False,
    )
