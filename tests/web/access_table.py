"""The table role x route: `python -m tests.web.access_table` writes it as the program has it; look
at what changed before it is committed."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from relief.bootstrap import initialise
from relief.web.access import access_of
from relief.web.app import create_app
from tests.conftest import settings_for

TABLE = Path(__file__).with_name("access.csv")
ROLES = ("clerk", "approver", "finance", "admin", "auditor")
# Whoever acts for somebody who is away may open it, too.
DEPUTIES = "deputies"


def table() -> list[dict[str, str]]:
    """The table that is kept: a row a route, a column a role."""
    with TABLE.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def drawn(app: Flask) -> list[dict[str, str]]:
    """The same, as the program has it."""
    return sorted((_row(app, rule) for rule in app.url_map.iter_rules()), key=lambda r: r["route"])


def _row(app: Flask, rule: Rule) -> dict[str, str]:
    access = access_of(app, rule.endpoint)
    method = "POST" if "POST" in (rule.methods or ()) else "GET"
    row = {"route": f"{rule.rule} {method}", "anybody": ""}
    row[DEPUTIES] = "yes" if access and access.deputies else ""
    if access is None:
        return row | dict.fromkeys(ROLES, "undeclared")
    row["anybody"] = "yes" if access.is_public else ""
    return row | {role: "yes" if access.allows(frozenset({role})) else "" for role in ROLES}


def write() -> None:
    """Write the table anew."""
    with tempfile.TemporaryDirectory() as folder:
        relief = initialise(settings_for(Path(folder)))
        rows = drawn(create_app(relief))
        relief.database.dispose()
    with TABLE.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, ("route", "anybody", *ROLES, DEPUTIES), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    write()
