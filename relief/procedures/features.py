"""What the features bring for workflow files: kinds of cases, families of them, guards, effects."""

from __future__ import annotations

from relief.accounts import absences, user_journal
from relief.desk import rules as desk_rules
from relief.engine.definitions.lint import Names
from relief.engine.steps import recusal
from relief.households.life import steps as household_steps
from relief.kernel.text import Text, _
from relief.papers import steps as paper_steps
from relief.payouts.over_paid import steps as over_paid_steps
from relief.payouts.runs import steps as run_steps
from relief.petitions import phones_shown
from relief.petitions.life import steps as petition_steps
from relief.reminders import addresses, feeds

_FEATURES = (household_steps, petition_steps, run_steps, over_paid_steps)
_STEPS = (recusal, paper_steps, *_FEATURES)
GUARDS = {name: guard for steps in _STEPS for name, guard in steps.GUARDS.items()}
EFFECTS = {name: effect for steps in _STEPS for name, effect in steps.EFFECTS.items()}
KINDS = tuple(kind for steps in _FEATURES for kind in steps.KINDS)
# Those to which an office adds kinds of its own.
FAMILIES = {family.key: family for family in petition_steps.FAMILIES}
# What is no case and has a journal all the same.
KEPT_ROWS = (absences.KEPT, phones_shown.KEPT, feeds.KEPT, addresses.KEPT)
RECORDS = (user_journal.RECORD, *(kept.record for kept in KEPT_ROWS))
# What workflow files may name.
NAMES = Names(frozenset(GUARDS), frozenset(EFFECTS), frozenset(FAMILIES))
# What other numbers than those of cases begin with, as people say them. Files of households bring
# their own numbers from the office's books; most begin so, and a case is not to be taken for one.
LETTERS: dict[str, Text] = {desk_rules.LETTER: _("contacts"), "H": _("hardship files")}
