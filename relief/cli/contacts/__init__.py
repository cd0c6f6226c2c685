"""Visits, calls and letters."""

from __future__ import annotations

from relief.cli.lazy import Entry, LazyGroup
from relief.kernel.text import _

_HERE = "relief.cli.contacts"
contacts = LazyGroup(
    "contacts",
    {
        "add": Entry(f"{_HERE}.bring:add", _("Log a visit, a call or a letter (clerk).")),
        "open": Entry(
            f"{_HERE}.bring:open_later",
            _("Open a case by a contact that was only answered at first (clerk)."),
        ),
        "reserve": Entry(
            f"{_HERE}.paper:reserve",
            _("Reserve numbers for paper forms, for a day without power (clerk)."),
        ),
        "list": Entry(f"{_HERE}.lists:list_all", _("List the contacts of a time.")),
        "show": Entry(f"{_HERE}.lists:show", _("Show one contact with its words.")),
        "void": Entry(f"{_HERE}.bring:void", _("Take a wrong entry out (clerk, approver).")),
    },
)
