"""How one hardship file reads: as facts and tables, and as JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from relief.cli.console import Column, tell, tell_facts, tell_table
from relief.cli.households.life_view import life_as_json, life_facts
from relief.cli.language import say
from relief.cli.office import iso
from relief.cli.words import RELATION_WORDS
from relief.households.queries import (
    EnrolmentSpell,
    GradeSpell,
    HouseholdFile,
    Member,
    StandingAccount,
    StandingHold,
)
from relief.kernel.money import format_yuan
from relief.kernel.months import ALWAYS, Month, format_month
from relief.kernel.text import Text, _
from relief.payouts.explanation.household_months import HouseholdMonth
from relief.payouts.household_life import LifeView
from relief.payouts.words import GRADE_WORDS, yuan


@dataclass(frozen=True)
class FileView:
    """All that is shown of one file."""

    zone: dt.tzinfo
    file: HouseholdFile
    state_title: Mapping[str, str]
    places_taken: int
    places: int
    enrolments: Sequence[EnrolmentSpell]
    members: Sequence[Member]
    grades: Sequence[GradeSpell]
    hold: StandingHold | None
    account: StandingAccount | None
    months: Sequence[HouseholdMonth]
    life: LifeView

    def names(self, month: HouseholdMonth) -> list[str]:
        """Who counted in a month, in the order of the members."""
        names = {member.person_id: member.name for member in self.members}
        return [name for person_id, name in names.items() if person_id in month.person_ids]


def tell_file(view: FileView) -> None:
    """The file for people to read."""
    tell_facts(_facts(view))
    tell()
    tell_table(_MEMBER_COLUMNS, [_member_row(member) for member in view.members])
    tell()
    if view.months:
        tell_table(_MONTH_COLUMNS, [_month_row(view, month) for month in view.months])
    else:
        tell(_("No month is looked at before the scheme's go-live month."))


def _facts(view: FileView) -> list[tuple[Text, object]]:
    file = view.file
    facts: list[tuple[Text, object]] = [
        (_("household"), file.household_no),
        (_("applicant"), file.applicant_name),
        (_("state"), view.state_title),
        (_("township"), file.township),
        (_("employer"), file.employer),
        (_("main cause"), file.main_cause),
        (_("phone"), file.phone_masked),
        *((_("enrolled"), _enrolment(spell)) for spell in view.enrolments),
        *((_("grade"), _grade(spell)) for spell in view.grades),
        (_("account"), _account(view.account)),
    ]
    if view.hold:
        facts.append((_("on hold"), _("since {day}", day=view.hold.event_on)))
    facts += life_facts(view.life)
    places = _("{taken} of {places} taken", taken=view.places_taken, places=view.places)
    return [*((name, value) for name, value in facts if value), (_("places"), places)]


def _enrolment(spell: EnrolmentSpell) -> Text:
    months = _span(spell.from_month, spell.until_month)
    if spell.exited_on is None:
        return _("{months}, approved on {day}", months=months, day=spell.approved_on)
    return _(
        "{months}, approved on {day}, exited on {exited}",
        months=months,
        day=spell.approved_on,
        exited=spell.exited_on,
    )


def _grade(spell: GradeSpell) -> Text:
    return _(
        "{grade} from {month}, decided on {day}",
        grade=GRADE_WORDS[spell.grade],
        month=format_month(spell.from_month),
        day=spell.decided_on,
    )


def _account(account: StandingAccount | None) -> Text:
    if account is None:
        return _("none: nothing can be paid")
    if account.kind == "cash":
        return _("paid in cash to {name}", name=account.payee_name)
    said = {"number": account.number_masked, "name": account.payee_name}
    if not account.bank_name:
        return _("{number} of {name}", **said)
    return _("{number} of {name}, {bank}", **said, bank=account.bank_name)


def _span(from_month: Month, until_month: Month | None) -> Text:
    """A spell by its first and its last month."""
    if until_month is not None and until_month <= from_month:
        return _("no month")
    if until_month is None:
        shown = format_month(from_month)
        return _("{first} on", first=shown) if from_month != ALWAYS else _("always")
    last = format_month(until_month - 1)
    if from_month == ALWAYS:
        return _("to {last}", last=last)
    return _("{first} to {last}", first=format_month(from_month), last=last)


_MEMBER_COLUMNS = (
    Column(_("member")),
    Column(_("relation")),
    Column(_("identity number")),
    Column(_("counts")),
    Column(_("belongs to the household")),
)


def _member_row(member: Member) -> tuple[object, ...]:
    return (
        member.name,
        RELATION_WORDS[member.relation],
        member.identity_masked,
        _("yes") if member.counted else _("no"),
        _membership(member),
    )


def _membership(member: Member) -> Text:
    months = _span(member.from_month, member.until_month)
    if member.left_on is None:
        return months
    if member.left_by_death:
        return _("{months} (died on {day})", months=months, day=member.left_on)
    return _("{months} (left on {day})", months=months, day=member.left_on)


_MONTH_COLUMNS = (
    Column(_("month")),
    Column(_("who counted")),
    Column(_("grade")),
    Column(_("rate"), right=True),
    Column(_("owed"), right=True),
    Column(_("paid"), right=True),
    Column(_("remarks")),
)


def _month_row(view: FileView, month: HouseholdMonth) -> tuple[object, ...]:
    return (
        format_month(month.month),
        view.names(month),
        GRADE_WORDS.get(month.grade, ""),
        yuan(month.rate_fen) if month.rate_fen else "",
        yuan(month.owed_fen),
        yuan(month.paid_fen),
        "\n".join(say(note.text) for note in month.notes),
    )


def file_as_json(view: FileView) -> dict[str, object]:
    """The file for programs."""
    file = view.file
    return {
        "household_no": file.household_no,
        "state": file.state,
        "applicant_name": file.applicant_name,
        "township": file.township,
        "employer": file.employer,
        "main_cause": file.main_cause,
        "phone": file.phone_masked or None,
        "recorded_at": iso(file.recorded_at, view.zone),
        "recorded_by": file.recorded_by,
        "places": view.places,
        "places_taken": view.places_taken,
        "enrolments": [_enrolment_json(spell) for spell in view.enrolments],
        "members": [_member_json(member) for member in view.members],
        "grades": [_grade_json(spell) for spell in view.grades],
        "account": _account_json(view.account),
        "on_hold_since": view.hold.event_on.isoformat() if view.hold else None,
        **life_as_json(view.life),
        "months": [_month_json(view, month) for month in view.months],
    }


def _enrolment_json(spell: EnrolmentSpell) -> dict[str, object]:
    return {
        "from_month": format_month(spell.from_month),
        "until_month": _month_or_none(spell.until_month),
        "approved_on": spell.approved_on.isoformat(),
        "exited_on": _day_or_none(spell.exited_on),
    }


def _member_json(member: Member) -> dict[str, object]:
    return {
        "name": member.name,
        "id_number": member.identity_masked or None,
        "relation": member.relation,
        "counted": member.counted,
        "from_month": _month_or_none(member.from_month or None),
        "until_month": _month_or_none(member.until_month),
        "joined_on": _day_or_none(member.joined_on),
        "left_on": _day_or_none(member.left_on),
    }


def _grade_json(spell: GradeSpell) -> dict[str, object]:
    return {
        "grade": spell.grade,
        "from_month": format_month(spell.from_month),
        "decided_on": spell.decided_on.isoformat(),
    }


def _account_json(account: StandingAccount | None) -> dict[str, object] | None:
    if account is None:
        return None
    return {
        "kind": account.kind,
        "payee_name": account.payee_name,
        "account_no": account.number_masked or None,
        "bank_name": account.bank_name,
    }


def _month_json(view: FileView, month: HouseholdMonth) -> dict[str, object]:
    return {
        "month": format_month(month.month),
        "counted": view.names(month),
        "persons": len(month.person_ids),
        "grade": month.grade or None,
        "rate": format_yuan(month.rate_fen),
        "owed": format_yuan(month.owed_fen),
        "paid": format_yuan(month.paid_fen),
        "written_off": format_yuan(month.written_off_fen),
        "why": [{"code": note.code, "text": say(note.text)} for note in month.notes],
    }


def _month_or_none(month: Month | None) -> str | None:
    return format_month(month) if month is not None else None


def _day_or_none(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
