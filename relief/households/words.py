"""The words that hardship files are told in: grades, causes, criteria, results. Pure."""

from __future__ import annotations

from relief.kernel.text import _

GRADE_WORDS = {
    "deep": _("deep"),
    "relative": _("relative"),
    "accidental": _("accidental"),
}
EXCLUSION_WORDS = {
    "none": _("none"),
    "second_home": _("a second home"),
    "company": _("a company or a shop of its own"),
    "private_school": _("a fee-charging private school"),
    "car": _("a car that is not for work"),
    "refuses_work": _("refuses work though able to"),
}
CAUSE_WORDS = {
    "major_illness": _("own major illness"),
    "dependant_illness": _("major illness of a dependant"),
    "disability": _("disability"),
    "schooling_cost": _("child's schooling"),
    "laid_off_unemployed": _("laid off or unemployed"),
    "accident_disaster": _("accident or disaster"),
    "low_income": _("low income"),
    "other": _("other"),
}
RECHECK_WORDS = {
    "unchanged": _("entitled as before"),
    "regraded": _("another grade"),
    "no_longer_entitled": _("no longer entitled"),
}
