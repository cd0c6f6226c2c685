"""Who the petitioner is: what stands against a step that says it. Whoever decided on a grant
decided who gets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from relief.engine.step import Step
from relief.engine.work import Work
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.people.queries import find_all_by_identity, known_name, name_meant
from relief.people.rules import normalise_identity, normalise_name, normalise_phone
from relief.petitions.life.granting import grant_stands
from relief.petitions.seeing import known_elsewhere

NAME, NUMBER, PHONE = "petitioner_name", "id_number", "phone"


def identity_is_sound(work: Work, step: Step) -> list[Problem]:
    """Something is said, in its right form, it does not contradict what is known, and a grant that
    was decided stays with whom it was decided for."""
    if not step.attempted:
        return []
    if not step.fields:
        text = _("Say something of the petitioner: the name, the identity number or the phone.")
        return [Problem("petition.identity_missing", text)]
    faults = [
        Problem(found.code, found.text, name)
        for name, found in (
            (NAME, _normal_name(step)),
            (NUMBER, _normal_number(work, step)),
            (PHONE, _normal_phone(step)),
        )
        if isinstance(found, Problem)
    ]
    return faults or list(_against_the_grant(work, step)) or _name_problems(work, step)


def names_anew(work: Work, step: Step) -> bool:
    """Whether the name is put right of who stands in the case already: the number that is recorded
    stays, and whose it is bears another name."""
    said, person_id = str(_normal_name(step)), step.row["petitioner_id"]
    if not said or person_id is None or _person_said(work, step) not in (None, person_id):
        return False
    return known_name(work, person_id) not in ("", said)


def _normal_name(step: Step) -> str | Problem:
    typed = step.fields.get(NAME, "")
    return normalise_name(typed) if typed else ""


def _normal_number(work: Work, step: Step) -> str | Problem:
    typed = step.fields.get(NUMBER, "")
    return normalise_identity(typed, work.today) if typed else ""


def _normal_phone(step: Step) -> str | Problem:
    typed = step.fields.get(PHONE, "")
    return normalise_phone(typed) if typed else ""


def _person_said(work: Work, step: Step) -> int | None:
    """Whose number is typed: None where none is, 0 for somebody who is not recorded yet."""
    number = str(_normal_number(work, step))
    if not number:
        return None
    found = find_all_by_identity(work, [number]).get(number)
    return found.person_id if found else 0


def _against_the_grant(work: Work, step: Step) -> Iterator[Problem]:
    """Who gets what was granted changes only where it is decided anew, by another person."""
    changed = []
    if _normal_name(step) not in ("", step.row["petitioner_name"]):
        changed.append(NAME)
    if _person_said(work, step) not in (None, step.row["petitioner_id"]):
        changed.append(NUMBER)
    if not changed or not grant_stands(work, step):
        return
    text = _(
        "The grant was decided for {name}. Who gets it changes only where it is decided anew: an "
        "approver returns the case first.",
        name=step.row["petitioner_name"] or _("somebody whose name was not said"),
    )
    for name in changed:
        yield Problem("petition.grant_decided", text, name)


def _name_problems(work: Work, step: Step) -> list[Problem]:
    if names_anew(work, step):
        return _against_another_name(work, step)
    if _renames_unknown(work, step):
        return [_number_wanted(step)]
    said = str(_normal_name(step) or step.row[NAME])
    found = name_meant(work, said, str(_normal_number(work, step)))
    if not isinstance(found, Problem):
        return []
    return [replace(found, field=NAME) if found.field == "name" else found]


def _renames_unknown(work: Work, step: Step) -> bool:
    """Whether another name alone is said of somebody whom restricted matters alone know: with the
    number no name is kept that would show whether the same person is meant."""
    said, was, person_id = _normal_name(step), step.row[NAME], step.row["petitioner_id"]
    if person_id is None or not was or said in ("", was):
        return False
    return _person_said(work, step) is None and not known_name(work, person_id)


def _number_wanted(step: Step) -> Problem:
    text = _(
        "The identity number that is recorded here stands for {name}. Where the name is put right, "
        "or somebody else is meant, write the number as well.",
        name=step.row[NAME],
    )
    return Problem("petition.name_without_number", text, NUMBER)


def _against_another_name(work: Work, step: Step) -> list[Problem]:
    """A slip in a name is put right where this case alone knows the person; else the name would say
    another person than the number."""
    person_id = step.row["petitioner_id"]
    if not known_elsewhere(work, person_id, step.subject_id):
        return []
    text = _(
        "The identity number that is recorded here belongs to {name}, who is known by other "
        "records, too. Where somebody else is meant, write their number as well.",
        name=known_name(work, person_id),
    )
    return [Problem("petition.name_of_another", text, NAME)]
