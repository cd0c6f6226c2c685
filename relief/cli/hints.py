"""Which command helps after a refusal. Features say what is wrong and what would be right, on a
page as here; how that is typed is known here alone."""

from __future__ import annotations

from dataclasses import replace

from relief.cli.language import say
from relief.kernel.errors import Problem
from relief.kernel.text import Text, _

_USE = _('Use "{command}".')
_RUN_FIRST = _('Run "{command}" first.')
_SHOWS = _('"{command}" shows those there are.')
_SHOWS_ANYWAY = _('"{command}" shows it at any time.')
_NAMES = _('"{command}" names the difference.')

# By the code of the problem; a command may take up the values that the problem's sentence has.
HINTS: dict[str, tuple[Text, str]] = {
    "case.state_unknown": (_USE, "relief audit verify"),
    "contact.unknown": (_SHOWS, "relief contacts list"),
    "database.empty_file": (_USE, "relief restore"),
    "database.not_initialised": (_RUN_FIRST, "relief init"),
    "database.half_upgraded": (_RUN_FIRST, "relief init"),
    "database.older": (_RUN_FIRST, "relief init"),
    "explain.altered": (_NAMES, "relief payouts verify {run}"),
    "household.own_command": (_USE, "relief payouts recovery"),
    "household.unknown": (_SHOWS, "relief households list"),
    "over_paid.altered": (_USE, "relief audit verify"),
    "over_paid.own_command": (
        _(
            'The commands are "relief payouts repayment record" and "relief payouts write-off '
            'record".'
        ),
        "",
    ),
    "over_paid.unknown": (
        _('"relief payouts repayment list" and "relief payouts write-off list" show them.'),
        "",
    ),
    "petition.contact_missing": (_USE, "relief contacts add"),
    "rates.unknown": (_SHOWS, "relief rates list"),
    "reserved.unknown": (_USE, "relief contacts reserve"),
    "run.altered": (_NAMES, "relief payouts verify {run}"),
    "run.own_command": (
        _('The commands are "relief payouts prepare" and "relief payouts results".'),
        "",
    ),
    "run.too_early": (_SHOWS_ANYWAY, "relief payouts preview {quarter}"),
    "run.unknown": (_SHOWS, "relief payouts list"),
    "scheme.no_go_live": (_USE, "relief scheme set --go-live 2005-04"),
    "survey.no_line": (_USE, "relief households dibao-line set"),
    "user.no_deputy": (_USE, "relief user away"),
    "user.no_such": (_SHOWS, "relief user list"),
    "user.role": (_("Name one with --actor."), ""),
    "user.unknown": (_USE, "relief user add"),
}

# Fields that an option fills which is called something else.
_OPTIONS = {"acting_for": "for"}


def hinted(problem: Problem, *, located: bool = True) -> str:
    """A problem in the reader's language, with its place and the command that helps."""
    named = replace(problem, field=_OPTIONS.get(problem.field, problem.field))
    sentence = say(named.located() if located else problem.text)
    hint = HINTS.get(problem.code)
    if hint is None or problem.row:  # what stands in a row of a file is put right in the file
        return sentence
    text, command = hint
    helps = say(Text(text.msgid, {"command": command.format_map(problem.text.values)}))
    return f"{sentence}{'' if sentence.endswith('。') else ' '}{helps}"
