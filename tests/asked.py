"""What may be asked of a list of cases: each filter with something that is not left out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from relief.petitions.lists.queues import Asked

ASKED: dict[str, Any] = {
    "queue": "overdue",
    "kind": "petition",
    "state": "handled",
    "case_worker": "ping",
    "from_on": dt.date(2005, 6, 1),
    "until_on": dt.date(2005, 6, 30),
    "urgent": True,
    "collective": True,
    "restricted": True,
    "person": "吴",
    "closed": True,
    "latest_first": False,
}
# What is said of a petitioner is asked for, and never kept.
NEVER_KEPT = "person"
KEPT = [name for name in ASKED if name != NEVER_KEPT]


def asked_for(*names: str) -> Asked:
    """These filters asked for together, and nothing else."""
    return Asked(**{name: ASKED[name] for name in names})
