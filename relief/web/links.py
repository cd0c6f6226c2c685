"""Where links lead: to pages, and to our own style sheet and script."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Flask, url_for

_STATIC = Path(__file__).with_name("static")
_PATHS_KEPT = 10_000


def prepare(app: Flask) -> None:
    """Give templates `path`, `asset` and `bootstrap_css`."""
    app.jinja_env.globals.update(path=path, asset=asset, bootstrap_css=bootstrap_css)


def path(endpoint: str, **values: str | int) -> str:
    """Where a page is: `url_for`, worked out once for each address, for lists have many."""
    return _kept(endpoint, tuple(sorted(values.items())))


@lru_cache(maxsize=_PATHS_KEPT)
def _kept(endpoint: str, values: tuple[tuple[str, Any], ...]) -> str:
    return url_for(endpoint, **dict(values))


@cache
def asset(name: str) -> str:
    """Where a file of ours is, under an address that changes with it: browsers keep it."""
    print_of = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={print_of}"


@cache
def bootstrap_css() -> str:
    """Where Bootstrap's style sheet is, under an address that changes with its package."""
    return f"/bootstrap/static/css/bootstrap.min.css?v={version('bootstrap-flask')}"
