"""Cases of every kind: petitions and their like, hardship files, runs, money outside them."""

from __future__ import annotations

from relief.cli.lazy import Entry, LazyGroup
from relief.kernel.text import _

_HERE = "relief.cli.cases"
cases = LazyGroup(
    "cases",
    {
        "list": Entry(f"{_HERE}.lists:list_all", _("List cases with their deadlines.")),
        "show": Entry(
            f"{_HERE}.lists:show", _("Show one case: its history, its deadline, what comes next.")
        ),
        "do": Entry(f"{_HERE}.steps:do", _("Take a step of a case (as its workflow says).")),
    },
)
