"""Whose card somebody came from, carried to the desk: sealed for who looked at it, so that neither
a name nor a number stands in the address, and what another copies of it opens nothing."""

from __future__ import annotations

from relief.finding.hits import Hit, Who
from relief.web.request import person
from relief.web.sealed import opened, sealed


def carried_card(hit: Hit) -> str:
    """Whose card this is, as letters for an address."""
    if hit.person_id is not None:
        return sealed({"person": str(hit.person_id)}, _context())
    return sealed({"name": hit.name, "phone_hash": hit.phone_hash}, _context())


def brought_card(carried: str) -> Who | None:
    """Whose card was carried; None of what was carried for another user, and of anything else."""
    found = opened(carried, _context()) if carried else None
    if found is None:
        return None
    if "person" in found:
        return Who(int(found["person"]))
    return Who(None, found["name"], found["phone_hash"])


def _context() -> str:
    return f"desk.card:{person().username}"
