"""Long lists a page at a time: where the next page is, and the first."""

from __future__ import annotations

from flask import request, url_for


def pages_beside(endpoint: str, after: str) -> dict[str, str]:
    """The addresses of the first page and of the one that goes on from `after` ("" where there is
    none), with what was asked for."""
    asked = {name: value for name, value in request.args.items() if value and name != "after"}
    first = url_for(endpoint, **asked) if request.args.get("after") else ""  # type: ignore[arg-type]
    further = url_for(endpoint, **asked, after=after) if after else ""  # type: ignore[arg-type]
    return {"first": first, "further": further}
