"""A notice binds: nobody is approved as another than who was announced."""

from __future__ import annotations

from collections.abc import Iterator

from relief.engine.step import Step
from relief.engine.work import Work
from relief.households.life.notices import Notice, last_notice
from relief.households.queries import Member, members_of
from relief.households.rules import start_month
from relief.households.scheme import scheme_terms
from relief.households.words import GRADE_WORDS
from relief.kernel.errors import Problem
from relief.kernel.months import Month
from relief.kernel.text import _


def as_announced(work: Work, step: Step) -> list[Problem]:
    """The grade is the one on the last notice, and no more members would count than were on it,
    in the first month that is paid or later."""
    notice = last_notice(work, step.subject_id)
    if notice is None:  # an older workflow knows none
        return []
    first_month = start_month(step.happened_on, scheme_terms(work).start_rule)
    counted = _most_counted(members_of(work, step.subject_id), first_month)
    return list(_differences(notice, step.fields.get("grade", ""), counted))


def _differences(notice: Notice, grade: str, counted: int) -> Iterator[Problem]:
    if grade and grade != notice.grade:
        text = _(
            "announced on {day} was: {announced}; put a corrected notice up first, or approve "
            "that grade",
            day=notice.published_on,
            announced=GRADE_WORDS[notice.grade],
        )
        yield Problem("notice.other_grade", text, "grade")
    if counted > notice.counted_members:
        text = _(
            "on the notice of {day} were {announced} counted members, and {counted} would count; "
            "put a corrected notice up first",
            day=notice.published_on,
            announced=notice.counted_members,
            counted=counted,
        )
        yield Problem("notice.more_members", text)


def _most_counted(members: list[Member], first_month: Month) -> int:
    """How many count at most in any one month from the first on. The number grows only where
    somebody joins."""
    spells = [member for member in members if member.counted]
    months = {first_month, *(spell.from_month for spell in spells)}
    return max(
        sum(_covers(spell, month) for spell in spells) for month in months if month >= first_month
    )


def _covers(spell: Member, month: Month) -> bool:
    return spell.from_month <= month and (spell.until_month is None or month < spell.until_month)
