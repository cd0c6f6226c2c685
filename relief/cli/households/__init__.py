"""Hardship files."""

from __future__ import annotations

from relief.cli.lazy import Entry, LazyGroup
from relief.kernel.text import _

households = LazyGroup(
    "households",
    {
        "import": Entry(
            "relief.cli.households.bring:import_files",
            _("Open the files of a register workbook (clerk, approver)."),
        ),
        "changes": Entry(
            "relief.cli.households.bring:changes",
            _("Record a ledger of dated changes (clerk, approver)."),
        ),
        "show": Entry(
            "relief.cli.households.show:show", _("Show one file with its months, and why.")
        ),
        "list": Entry("relief.cli.households.show:list_all", _("List all files.")),
    },
)
