"""Long lists a page at a time: where the next page is, and the first."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import request


def pages_beside(after: str) -> dict[str, str]:
    """The addresses of the first page and of the one that goes on from `after` ("" where there is
    none), with what was asked for."""
    asked = [(name, value) for name, value in request.args.items() if value and name != "after"]
    first = _address(asked) if request.args.get("after") else ""
    further = _address([*asked, ("after", after)]) if after else ""
    return {"first": first, "further": further}


def _address(asked: list[tuple[str, str]]) -> str:
    return request.path + (f"?{urlencode(asked)}" if asked else "")
