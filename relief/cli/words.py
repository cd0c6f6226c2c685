"""Words for what the tables of the command line show."""

from __future__ import annotations

from relief.kernel.text import _

RELATION_WORDS = {
    "self": _("applicant"),
    "spouse": _("spouse"),
    "child": _("child"),
    "parent": _("parent"),
    "other": _("other"),
}
CHANGE_WORDS = {
    "approve": _("approvals"),
    "exit": _("exits"),
    "suspend": _("suspensions"),
    "resume": _("resumptions"),
    "join": _("joinings"),
    "leave": _("leavings"),
    "grade": _("grade changes"),
    "account": _("account changes"),
}
RUN_KIND_WORDS = {
    "regular": _("regular run"),
    "supplementary": _("supplementary run"),
}
