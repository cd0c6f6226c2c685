"""Long lists a page at a time: where the next page is, and the first; and how they are sorted."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from flask import request
from werkzeug.datastructures import MultiDict

_OF_ORDER = {"after", "sort"}


def list_args() -> MultiDict[str, str]:
    """What a list is asked for: by its address, or by what a form that was sent from it brought of
    the address (`back`), where that form is answered with the list."""
    return request.args or MultiDict(parse_qsl(request.form.get("back", "")))


def pages_beside(after: str, path: str = "") -> dict[str, str]:
    """The addresses of the first page and of the one that goes on from `after` ("" where there is
    none), with what was asked for. `path` is that of the list, where a form that was sent elsewhere
    is answered with it."""
    asked = [(name, value) for name, value in list_args().items() if value and name != "after"]
    first = _address(asked, path) if request.args.get("after") else ""
    further = _address([*asked, ("after", after)], path) if after else ""
    return {"first": first, "further": further}


def unsorted(path: str = "") -> str:
    """The address of a list's first page with what was asked for, but for how it is sorted."""
    return _address(
        [(name, value) for name, value in list_args().items() if value and name not in _OF_ORDER],
        path,
    )


def _address(asked: list[tuple[str, str]], path: str) -> str:
    return (path or request.path) + (f"?{urlencode(asked)}" if asked else "")
