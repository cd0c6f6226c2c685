"""How much a request may bring, said before any of it is looked at."""

from __future__ import annotations

from flask import Flask, request
from werkzeug.exceptions import RequestURITooLarge

# What pages ask in their address are words and numbers; texts are sent in forms.
ADDRESS_BYTES_MAX = 4096
# The whole of a form, however it is encoded; what a field may hold is said by its rule.
FORM_BYTES_MAX = 1024 * 1024
# The same with files.
REQUEST_BYTES_MAX = 16 * 1024 * 1024
_PLAIN_FORM = "application/x-www-form-urlencoded"


def prepare(app: Flask) -> None:
    """Refuse what is too large, before anything else is done."""
    app.config.update(MAX_CONTENT_LENGTH=REQUEST_BYTES_MAX, MAX_FORM_MEMORY_SIZE=FORM_BYTES_MAX)
    app.before_request(_refuse_too_much)


def is_short(address: str) -> bool:
    """True for an address that pages may lead to again."""
    return len(address) <= ADDRESS_BYTES_MAX


def _refuse_too_much() -> None:
    if request.mimetype == _PLAIN_FORM:
        # Flask's own limit for forms looks at those with files alone.
        request.max_content_length = FORM_BYTES_MAX
    if len(request.query_string) + len(request.path) > ADDRESS_BYTES_MAX:
        raise RequestURITooLarge
