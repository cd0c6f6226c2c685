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
        "notice": Entry(
            "relief.cli.households.life:notice", _("Show what is announced on public notice.")
        ),
        "waiting": Entry(
            "relief.cli.households.life:waiting", _("Show who waits for a place, by rank.")
        ),
        "rechecks": Entry(
            "relief.cli.households.life:rechecks", _("Show which yearly re-checks are due.")
        ),
        "dibao-line": Entry(
            "relief.cli.households.dibao:dibao_line",
            _("The minimum living line that surveys are judged by."),
        ),
    },
)
