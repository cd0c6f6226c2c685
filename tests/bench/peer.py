"""How a peer is started: as a module, in a process of its own, with its options as JSON.

It writes one line of JSON, the last of its output. Imports nothing but the standard library.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any


def answer(measure: Callable[..., dict[str, Any]]) -> None:
    """Measure with the options of the command line, and write what was found."""
    options = json.loads(sys.argv[1]) if len(sys.argv) > 1 else {}
    sys.stdout.write(json.dumps(measure(**options)) + "\n")
