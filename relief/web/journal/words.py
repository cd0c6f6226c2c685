"""An entry of the journal in the words of its workflow."""

from __future__ import annotations

from collections.abc import Mapping

from relief.engine.definitions.definition import Definition
from relief.engine.journal import told
from relief.engine.journal.leafing import ListedEntry
from relief.engine.work import Work
from relief.kernel.text import Text, _

Words = Text | str | Mapping[str, str]
# What has a journal without being a case.
RECORDED = {
    "user": _("User"),
    "absence": _("Absence"),
    "phone_shown": _("Phone number shown"),
    "calendar_feed": _("Address of a calendar"),
    "mail_address": _("Address of mail"),
}
_OF_USERS = {
    "add": _("Add"),
    "change_roles": _("Change roles"),
    "change_full_name": _("Change the full name"),
    "disable": _("Disable"),
    "enable": _("Let work here again"),
    "set_password": _("Set a password"),
    "rehash_password": _("Keep the password in today's form"),
    "take_over": _("Take over from an earlier version"),
    "make": _("Record"),
    "end": _("End"),
    "standing": _("stands"),
    "ended": _("ended"),
    "active": _("works here"),
    "disabled": _("disabled"),
}


def words_of(work: Work, entry: ListedEntry) -> tuple[Words, Words, Words]:
    """The kind, the step, and where it led to; what the workflow of today does not name stands as
    it was written."""
    definition = work.workflows.definitions.get(entry.kind)
    if definition is None:
        return (
            RECORDED.get(entry.kind, entry.kind),
            _of_user(entry.action),
            _of_user(entry.to_state),
        )
    return definition.title, told.step(definition, entry), _state(definition, entry.to_state)


def _of_user(word: str) -> Words:
    return _OF_USERS.get(word, word)


def _state(definition: Definition, state: str) -> Words:
    known = definition.state_by_id.get(state)
    return known.title if known else state
