"""Quarterly lists."""

from __future__ import annotations

from relief.cli.lazy import Entry, LazyGroup
from relief.kernel.text import _

_HERE = "relief.cli.payouts"
payouts = LazyGroup(
    "payouts",
    {
        "preview": Entry(
            f"{_HERE}.lists:preview", _("Show what the list would be now; write nothing.")
        ),
        "prepare": Entry(f"{_HERE}.lists:prepare", _("Make a quarter's list (finance).")),
        "list": Entry(f"{_HERE}.lists:list_all", _("List all runs.")),
        "show": Entry(f"{_HERE}.lists:show", _("Show one run with its lines and exceptions.")),
        "explain": Entry(f"{_HERE}.checks:explain", _("Say why a household gets this amount.")),
        "verify": Entry(
            f"{_HERE}.checks:verify", _("Recompute a run from what was known when it was made.")
        ),
        "submit": Entry(f"{_HERE}.steps:submit", _("Hand a draft in for approval (finance).")),
        "approve": Entry(f"{_HERE}.steps:approve", _("Approve a list (approver).")),
        "return": Entry(
            f"{_HERE}.steps:return_list",
            _("Send a list back to draft (approver, or who prepared)."),
        ),
        "withdraw": Entry(f"{_HERE}.steps:withdraw", _("Take one line out (approver).")),
        "release": Entry(
            f"{_HERE}.steps:release", _("Release an approved list to the bank (a third person).")
        ),
        "cancel": Entry(f"{_HERE}.steps:cancel", _("Cancel a run that was not released.")),
        "export": Entry(f"{_HERE}.bank:export", _("Write a released list to a file (finance).")),
        "results": Entry(f"{_HERE}.bank:results", _("Record the bank's answer (finance).")),
        "recovery": Entry(
            f"{_HERE}.steps:recovery", _("Choose how over-payments are recovered (approver).")
        ),
        "repayment": Entry(
            f"{_HERE}.over_paid:repayment", _("Money that a household brought back itself.")
        ),
        "write-off": Entry(
            f"{_HERE}.over_paid:write_off", _("Over-payments that the office gives up.")
        ),
    },
    _("A list pays every household what is owed as known now, minus what has been paid already."),
)
