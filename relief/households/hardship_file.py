"""A hardship file in the hand: what is known of it, and what an event would change. Pure.

Events are applied to this copy one after the other; each answers with its problems. Only when a
whole file or form is free of them is anything written (service). Facts are never edited: an event
that changes one marks it superseded and adds another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from relief.households import refusals, rules
from relief.households.drafts import (
    AccountDraft,
    Draft,
    EnrolmentDraft,
    GradeDraft,
    HoldDraft,
    MembershipDraft,
    PersonKey,
    known,
)
from relief.kernel.errors import Problem
from relief.kernel.months import ALWAYS, format_month


@dataclass(frozen=True)
class Step:
    """What the journal will say of one event, with the workflow's action for it. `fields` are
    handed on as far as the workflow that the file follows asks for them."""

    action: str
    facts: dict[str, Any]
    reason: str = ""
    fields: dict[str, str] = field(default_factory=dict)


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

    def approve(
        self,
        day: dt.date,
        grade: str,
        facts: dict[str, Any],
        reason: str = "",
        *,
        action: str = "take_over",
    ) -> list[Problem]:
        """Enrol from the month after the approval; a hold that stands goes on standing. `action`
        is the step that approves: the taking over of a decision on paper, or one taken here."""
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
        self._note(action, facts, reason, months=enrolment, grade=decided)
        if self.is_held:
            self.state = "suspended"
            self._note("keep_suspended", facts)
        return []

    def _why_not_approve(self, enrolment: EnrolmentDraft, grade: str) -> list[Problem]:
        no, spells, problems = self.household_no, known(self.enrolments), []
        covered = [spell for spell in spells if rules.overlap(enrolment, spell)]
        if self.is_enrolled:
            problems.append(refusals.enrolled_already(no, _latest(spells).approved_on))
        elif covered:
            last = _latest(covered)
            problems.append(refusals.enrolled_then(no, (last.until_month or last.from_month) - 1))
        if self.state == "refused":
            problems.append(refusals.was_refused(no))
        if not (grade or self.grades or self.proposed_grade):
            problems.append(refusals.grade_needed())
        return problems

    def exit(
        self, day: dt.date, facts: dict[str, Any], reason: str = "", *, by_death: bool = False
    ) -> list[Problem]:
        """End the enrolment that the day means; on one that has ended, correct its end. `by_death`:
        the applicant died on that day, is a member no longer, and is paid no more."""
        spells = known(self.enrolments)
        if not spells:
            return [refusals.never_approved(self.household_no)]
        meant = rules.spell_meant(spells, day)
        until = max(meant.from_month, rules.stop_month(day, self.stop_rule))
        ended = replace(meant, id=None, until_month=until, exited_on=day)
        if clash := _overlapping(ended, spells, meant):
            return [refusals.runs_into_next("household.overlap", clash.from_month)]
        _supersede(self.enrolments, meant, ended)
        if meant.until_month is None:
            self.state = "exited"
            self._note("exit", facts, reason, months=ended)
        else:
            self._note("correct", facts, reason, months=ended)
        return self._applicant_died(day, facts, reason) if by_death else []

    def _applicant_died(self, day: dt.date, facts: dict[str, Any], reason: str) -> list[Problem]:
        """A death that the ledger told before is not told again. Who had moved out earlier stays so
        from that day."""
        spells = self.spells_of(self.applicant)
        if any(spell.left_by_death for spell in spells):
            return []
        if any(spell.until_month is None for spell in spells):
            return self.leave(self.applicant, day, facts, reason, by_death=True)
        self._end_account_of(self.applicant, day)
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
                return [refusals.member_already(self.household_no, other.until_month)]
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
            return [refusals.never_joined(self.household_no)]
        meant = rules.spell_meant(spells, day)
        until = max(meant.from_month, rules.stop_month(day, self.stop_rule))
        ended = replace(meant, id=None, until_month=until, left_on=day, left_by_death=by_death)
        if clash := _overlapping(ended, spells, meant):
            return [refusals.runs_into_next("membership.overlap", clash.from_month)]
        _supersede(self.memberships, meant, ended)
        if meant.until_month is None or by_death:
            self._end_account_of(person, day)
        self._note("correct", facts, reason, person=person, months=ended)
        return []

    def regrade(self, day: dt.date, grade: str, facts: dict[str, Any]) -> list[Problem]:
        """A new grade from the month after the decision."""
        if not known(self.grades):
            return [refusals.no_grade_yet(self.household_no)]
        start = rules.start_month(day, self.start_rule)
        self.grades.append(GradeDraft(grade=grade, from_month=start, decided_on=day))
        self._note("correct", facts, grade=grade, from_month=format_month(start))
        return []

    def suspend(self, day: dt.date, facts: dict[str, Any], reason: str = "") -> list[Problem]:
        """Stop paying; what is owed goes on. The hold outlives an exit and a return."""
        if not known(self.enrolments):
            return [refusals.never_approved(self.household_no)]
        if self.is_held:
            return [refusals.held_already(self.household_no)]
        _supersede_all(self.holds, HoldDraft(held=True, event_on=day))
        self.state = "suspended" if self.state == "active" else self.state
        self._note("suspend", facts, reason)
        return []

    def resume(self, day: dt.date, facts: dict[str, Any], reason: str = "") -> list[Problem]:
        """Pay again; taken wherever a hold stands."""
        if not self.is_held:
            return [refusals.not_held(self.household_no)]
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
            return [refusals.payee_died(account.payee_name)]
        self._set_account(account)
        self._note("correct", facts, reason, account=account.kind)
        return []

    def _end_account_of(self, person: PersonKey, day: dt.date) -> None:
        """Who is gone receives nothing; the money waits until a payee is recorded."""
        if self.account and self.account.payee == person:
            self._set_account(
                AccountDraft(
                    kind="none", payee=None, payee_name="", number="", bank_name="", event_on=day
                )
            )

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


def _latest(spells: list[EnrolmentDraft]) -> EnrolmentDraft:
    return max(spells, key=lambda spell: spell.from_month)
