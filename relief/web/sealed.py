"""What somebody typed, carried along by their browser and readable by this office alone: in an
address, so that Back leads to an answer again and no name stands in a history or a log; in a form,
until who typed it is known again."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping

from relief.kernel.errors import Invalid
from relief.web.request import office


def sealed(typed: Mapping[str, str], context: str) -> str:
    """What was typed, as letters for an address; it opens in this context alone: whose it is, and
    for how long."""
    closed = office().cipher.seal(json.dumps(dict(typed)), context)
    return urlsafe_b64encode(closed).decode().rstrip("=")


def opened(carried: str, context: str) -> dict[str, str] | None:
    """What was sealed in this context; None of anything else."""
    try:
        closed = urlsafe_b64decode(carried.encode("ascii") + b"=" * (-len(carried) % 4))
        found: dict[str, str] = json.loads(office().cipher.open(closed, context))
    except (Invalid, UnicodeEncodeError, binascii.Error):
        return None
    return found
