"""A hardship file in the hand: what is known of it, and what an event would change. Pure.

Events are applied to this copy one after the other; each answers with its problems. Only when a
whole file or form is free of them is anything written (service). Facts are never edited: an event
that changes one marks it superseded and adds another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from relief.households import rules
from relief.kernel.errors import Problem
from relief.kernel.months import ALWAYS, Month, format_month
from relief.kernel.text import Text, _

# A person by id, or by identity number while not recorded yet.
PersonKey = int | str


@dataclass(kw_only=True)
class Draft:
    """A fact as it stands (`id`) or as it is about to be recorded (no id yet)."""

    id: int | None = None
    superseded: bool = False


@dataclass(kw_only=True)
class EnrolmentDraft(Draft):
    """Approved for these months."""

    from_month: Month
    until_month: Month | None = None
    approved_on: dt.date
    exited_on: dt.date | None = None


@dataclass(kw_only=True)
class MembershipDraft(Draft):
    """A person in the household for these months."""

    person: PersonKey
    relation: str
    counted: bool
    reason: str = ""
    sealed_reason: bytes | None = None
    from_month: Month
    until_month: Month | None = None
    joined_on: dt.date | None = None
    left_on: dt.date | None = None
    left_by_death: bool = False


@dataclass(kw_only=True)
class GradeDraft(Draft):
    """A grade from a month on."""

    grade: str
    from_month: Month
    decided_on: dt.date


@dataclass(kw_only=True)
class HoldDraft(Draft):
    """Payment suspended, or resumed."""

    held: bool
    event_on: dt.date


@dataclass(kw_only=True)
class AccountDraft(Draft):
    """Where the money goes."""

    kind: str
    payee: PersonKey | None
    payee_name: str
    number: str
    bank_name: str
    event_on: dt.date


@dataclass(frozen=True)
class Step:
    """What the journal will say of one event, with the workflow's action for it."""

    action: str
    facts: dict[str, Any]
    reason: str = ""


SomeDraft = TypeVar("SomeDraft", bound=Draft)


@dataclass
class HardshipFile:
    """One file in the hand. `state` is the workflow's; empty while the file is being opened."""

    household_no: str
    applicant: PersonKey
    start_rule: str
    stop_rule: str
    id: int | None = None
    state: str = ""
    proposed_grade: str = ""
    enrolments: list[EnrolmentDraft] = field(default_factory=list)
    memberships: list[MembershipDraft] = field(default_factory=list)
    grades: list[GradeDraft] = field(default_factory=list)
    holds: list[HoldDraft] = field(default_factory=list)
    accounts: list[AccountDraft] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        """True while payment is suspended."""
        return any(hold.held for hold in known(self.holds))

    @property
    def is_enrolled(self) -> bool:
        """True while the household takes up a place."""
        return self.state in rules.ENROLLED_STATES

    @property
    def account(self) -> AccountDraft | None:
        """The account that stands, if any."""
        return next((a for a in known(self.accounts) if a.kind != "none"), None)

    def spells_of(self, person: PersonKey) -> list[MembershipDraft]:
        """The known memberships of one person."""
        return [m for m in known(self.memberships) if m.person == person]

    def approve(self, day: dt.date, grade: str, facts: dict[str, Any]) -> list[Problem]:
        """Enrol from the month after the approval; a hold that stands goes on standing."""
        start = rules.start_month(day, self.start_rule)
        enrolment = EnrolmentDraft(from_month=start, approved_on=day)
        problems = self._why_not_approve(enrolment, grade)
        if problems:
            return problems
        self.enrolments.append(enrolment)
        decided = grade or ("" if self.grades else self.proposed_grade)
        if decided:
            self.grades.append(GradeDraft(grade=decided, from_month=start, decided_on=day))
        self.state = "active"
        self._note("take_over", facts, months=enrolment, grade=decided)
        if self.is_held:
            self.state = "suspended"
            self._note("keep_suspended", facts)
        return []

    def _why_not_approve(self, enrolment: EnrolmentDraft, grade: str) -> list[Problem]:
        problems = []
        if self.is_enrolled:
            since = max(known(self.enrolments), key=lambda e: e.from_month).approved_on
            problems.append(
                _problem(
                    "change",
                    "household.active",
                    _(
                        "household {no} is approved already, since {day}; record its exit first",
                        no=self.household_no,
                        day=since,
                    ),
                )
            )
        elif any(rules.overlap(enrolment, other) for other in known(self.enrolments)):
            last = max(known(self.enrolments), key=lambda e: e.until_month or e.from_month)
            problems.append(
                _problem(
                    "effective_on",
                    "household.overlap",
                    _(
                        "household {no} is enrolled for months that a new approval would cover again "
                        "(up to {month}); a later day would be right",
                        no=self.household_no,
                        month=format_month((last.until_month or 1) - 1),
                    ),
                )
            )
        if self.state == "refused":
            problems.append(
                _problem(
                    "change",
                    "household.refused",
                    _(
                        "household {no} was refused; it needs a new application",
                        no=self.household_no,
                    ),
                )
            )
        if not (grade or self.grades or self.proposed_grade):
            problems.append(
                _problem(
                    "grade",
                    "grade.missing",
                    _("a first approval needs the hardship grade: deep, relative or accidental"),
                )
            )
        return problems

    def exit(self, day: dt.date, facts: dict[str, Any], reason: str = "") -> list[Problem]:
        """End the enrolment that the day means; on one that has ended, correct its end."""
        spells = known(self.enrolments)
        if not spells:
            return [
                _problem(
                    "change",
                    "household.never_approved",
                    _("household {no} was never approved, so it cannot exit", no=self.household_no),
                )
            ]
        meant = rules.spell_meant(spells, day)
        until = max(meant.from_month, rules.stop_month(day, self.stop_rule))
        ended = replace(meant, id=None, until_month=until, exited_on=day)
        if clash := _overlapping(ended, spells, meant):
            return [
                _problem(
                    "effective_on",
                    "household.overlap",
                    _(
                        "this exit would make the enrolment run into the one from {month}; "
                        "an earlier day would be right",
                        month=format_month(clash.from_month),
                    ),
                )
            ]
        _supersede(self.enrolments, meant, ended)
        if meant.until_month is None:
            self.state = "exited"
            self._note("exit", facts, reason, months=ended)
        else:
            self._note("correct", facts, reason, months=ended)
        return []

    def join(
        self, membership: MembershipDraft, facts: dict[str, Any], elsewhere: Iterable[Any] = ()
    ) -> list[Problem]:
        """Add a person, from the month after the day (without a day: always been a member).

        Where a move within a month would count the person twice, the new membership starts a
        month later; `elsewhere` are the person's memberships in other households.
        """
        day = membership.joined_on
        membership.from_month = ALWAYS if day is None else rules.start_month(day, self.start_rule)
        if day and membership.counted and _moved_within_month(membership, day, elsewhere):
            membership.from_month += 1
        for other in self.spells_of(membership.person):
            if rules.overlap(membership, other):
                return [
                    _problem(
                        "id_number",
                        "membership.overlap",
                        _(
                            "this person is a member of household {no} already{until}; "
                            "record the leaving first",
                            no=self.household_no,
                            until=_until(other),
                        ),
                    )
                ]
        self.memberships.append(membership)
        self._note(
            "correct",
            facts,
            person=membership.person,
            counted=membership.counted,
            months=membership,
        )
        return []

    def leave(
        self,
        person: PersonKey,
        day: dt.date,
        facts: dict[str, Any],
        reason: str = "",
        *,
        by_death: bool = False,
    ) -> list[Problem]:
        """End the membership that the day means; who was the payee is the payee no longer."""
        spells = self.spells_of(person)
        if not spells:
            return [
                _problem(
                    "id_number",
                    "membership.none",
                    _("this person never joined household {no}", no=self.household_no),
                )
            ]
        meant = rules.spell_meant(spells, day)
        until = max(meant.from_month, rules.stop_month(day, self.stop_rule))
        ended = replace(meant, id=None, until_month=until, left_on=day, left_by_death=by_death)
        if clash := _overlapping(ended, spells, meant):
            return [
                _problem(
                    "effective_on",
                    "membership.overlap",
                    _(
                        "this leaving would make the membership run into the one from {month}; "
                        "an earlier day would be right",
                        month=format_month(clash.from_month),
                    ),
                )
            ]
        _supersede(self.memberships, meant, ended)
        payee = self.account.payee if self.account else None
        if meant.until_month is None and payee == person:
            self._set_account(
                AccountDraft(
                    kind="none", payee=None, payee_name="", number="", bank_name="", event_on=day
                )
            )
        self._note("correct", facts, reason, person=person, months=ended)
        return []

    def regrade(self, day: dt.date, grade: str, facts: dict[str, Any]) -> list[Problem]:
        """A new grade from the month after the decision."""
        if not known(self.grades):
            return [
                _problem(
                    "change",
                    "grade.before_approval",
                    _(
                        "household {no} has no grade to change; its approval gives it the first",
                        no=self.household_no,
                    ),
                )
            ]
        start = rules.start_month(day, self.start_rule)
        self.grades.append(GradeDraft(grade=grade, from_month=start, decided_on=day))
        self._note("correct", facts, grade=grade, from_month=format_month(start))
        return []

    def suspend(self, day: dt.date, facts: dict[str, Any], reason: str = "") -> list[Problem]:
        """Stop paying; what is owed goes on. The hold outlives an exit and a return."""
        if not known(self.enrolments):
            return [
                _problem(
                    "change",
                    "household.never_approved",
                    _(
                        "household {no} was never approved, so there is no payment to suspend",
                        no=self.household_no,
                    ),
                )
            ]
        if self.is_held:
            return [
                _problem(
                    "change",
                    "hold.stands",
                    _("payment to household {no} is suspended already", no=self.household_no),
                )
            ]
        _supersede_all(self.holds, HoldDraft(held=True, event_on=day))
        self.state = "suspended" if self.state == "active" else self.state
        self._note("suspend", facts, reason)
        return []

    def resume(self, day: dt.date, facts: dict[str, Any], reason: str = "") -> list[Problem]:
        """Pay again; taken wherever a hold stands."""
        if not self.is_held:
            return [
                _problem(
                    "change",
                    "hold.none",
                    _(
                        "payment to household {no} is not suspended, so it cannot be resumed",
                        no=self.household_no,
                    ),
                )
            ]
        _supersede_all(self.holds, HoldDraft(held=False, event_on=day))
        self.state = "active" if self.state == "suspended" else self.state
        self._note("resume", facts, reason)
        return []

    def use_account(
        self, account: AccountDraft, facts: dict[str, Any], reason: str = ""
    ) -> list[Problem]:
        """Pay into this account from now on; not to somebody recorded as dead."""
        payee = account.payee
        if payee is not None and any(m.left_by_death for m in self.spells_of(payee)):
            return [
                _problem(
                    "account_name",
                    "account.payee_died",
                    _(
                        "{name} is recorded as having died; record who receives the money now",
                        name=account.payee_name,
                    ),
                )
            ]
        self._set_account(account)
        self._note("correct", facts, reason, account=account.kind)
        return []

    def _set_account(self, account: AccountDraft) -> None:
        _supersede_all(self.accounts, account)

    def _note(
        self,
        action: str,
        facts: dict[str, Any],
        reason: str = "",
        months: EnrolmentDraft | MembershipDraft | None = None,
        **more: object,
    ) -> None:
        said = {key: value for key, value in more.items() if value != ""}
        if months is not None:
            said["from_month"] = format_month(months.from_month) if months.from_month else "always"
            if months.until_month is not None:
                said["until_month"] = format_month(months.until_month)
        self.steps.append(Step(action, {**facts, **said}, reason))


def known(drafts: Iterable[SomeDraft]) -> list[SomeDraft]:
    """Those that stand."""
    return [draft for draft in drafts if not draft.superseded]


def _supersede(drafts: list[Any], old: Draft, new: Draft) -> None:
    old.superseded = True
    drafts.append(new)


def _supersede_all(drafts: list[Any], new: Draft) -> None:
    for draft in drafts:
        draft.superseded = True
    drafts.append(new)


def _overlapping(spell: Any, others: Iterable[Any], but: Any) -> Any:
    return next((o for o in others if o is not but and rules.overlap(spell, o)), None)


def _moved_within_month(
    membership: MembershipDraft, day: dt.date, elsewhere: Iterable[MembershipDraft]
) -> bool:
    return any(
        other.counted
        and other.left_on is not None
        and (other.left_on.year, other.left_on.month) == (day.year, day.month)
        and other.until_month == membership.from_month + 1
        and rules.has_months(other)
        for other in elsewhere
    )


def _until(spell: MembershipDraft) -> Text:
    if spell.until_month is None:
        return Text("")
    return _(" (up to {month})", month=format_month(spell.until_month - 1))


def _problem(column: str, code: str, text: Text) -> Problem:
    return Problem(code, text, column)
