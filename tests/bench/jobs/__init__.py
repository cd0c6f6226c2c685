"""The jobs by their names on the command line; each gives the tables of a scale."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench.jobs import files, lists, pages, standing, steps
from tests.bench.plan import Job, Scale

JOBS: dict[str, Callable[[Scale], list[Job]]] = {
    "advance": steps.advance,
    "postgresql": steps.postgresql,
    "bulk": steps.bulk,
    "prepare": lists.prepare,
    "history": lists.history,
    "import": files.imports,
    "export": files.exports,
    "http": pages.http,
    "standing": standing.standing,
}
