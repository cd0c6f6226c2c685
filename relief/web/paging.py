"""Long lists a page at a time: where the next page is, and the first; and how they are sorted."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request

_OF_ORDER = {"after", "sort"}


def pages_beside(after: str, path: str = "") -> dict[str, str]:
    """The addresses of the first page and of the one that goes on from `after` ("" where there is
    none), with what was asked for. `path` is that of the list, where a form that was sent elsewhere
    is answered with it."""
    asked = [(name, value) for name, value in request.args.items() if value and name != "after"]
    first = _address(asked, path) if request.args.get("after") else ""
    further = _address([*asked, ("after", after)], path) if after else ""
    return {"first": first, "further": further}


def unsorted(path: str = "") -> str:
    """The address of a list's first page with what was asked for, but for how it is sorted."""
    return _address(
        [(name, value) for name, value in request.args.items() if value and name not in _OF_ORDER],
        path,
    )


def _address(asked: list[tuple[str, str]], path: str) -> str:
    return (path or request.path) + (f"?{urlencode(asked)}" if asked else "")
