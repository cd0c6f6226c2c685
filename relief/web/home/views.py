"""The first page of everybody who works here."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from relief.accounts.queries import absences_within, staff
from relief.accounts.rules import Away
from relief.desk.queries import contacts_by_day
from relief.engine.actors import CASE_ROLES
from relief.engine.work import Work
from relief.flows.waiting import waiting_for
from relief.households.life.rechecks import rechecks_due
from relief.kernel.text import _
from relief.payouts.rates import documents_waiting
from relief.payouts.runs.schedule import next_list
from relief.payouts.runs.staffing import staffing_warning
from relief.petitions.lists.pages import cases_page
from relief.petitions.lists.queues import ALL, MINE, QUEUES, Asked, cases_in
from relief.petitions.queries import kinds_of_cases
from relief.petitions.seeing import readable_contacts
from relief.reminders.queries import unread_count
from relief.scheduler.diary import unfinished
from relief.scheduler.jobs.backups import papers_missing
from relief.web.access import ANYBODY_HERE, Pages, may
from relief.web.request import office, person, reader, reading

pages = Pages("home", __name__, room="home.home")
_CASES_SHOWN = 10
_RECHECKS_SHOWN = 6
_OF_MONEY = frozenset({"finance", "approver", "admin"})


@pages.page("/", ANYBODY_HERE)
def home() -> ResponseReturnValue:
    """What waits for this person, what is overdue, what comes next, and the day's numbers."""
    work, roles = reading(), person().may_act_as
    of_cases = not roles.isdisjoint(CASE_ROLES)
    readable = readable_contacts(person().username)
    days = contacts_by_day(work, work.today, work.today, readable)
    waiting = waiting_for(work, person().identities)
    rechecks = rechecks_due(work) if of_cases else []
    return render_template(
        "home/home.html",
        today=work.today,
        page_keys=[("n", _("New contact"))] if may("desk.desk_page") else (),
        day=days[0] if days else None,
        away=_away_today(work),
        waiting=waiting,
        queues=[{"queue": each, "count": ""} for each in QUEUES.values()] if of_cases else [],
        overdue=sum(each.overdue for each in waiting),
        due=_due_first(work) if of_cases else (),
        kinds=kinds_of_cases(work),
        rechecks=rechecks[:_RECHECKS_SHOWN],
        rechecks_count=len(rechecks),
        unread=unread_count(work, person().username),
        next_list=next_list(work) if roles & _OF_MONEY else None,
        staffing=staffing_warning(work) if roles & _OF_MONEY else None,
        rates=documents_waiting(work) if "approver" in roles else (),
        failed=unfinished(work) if "admin" in roles else (),
        papers_missing=papers_missing(work) if "admin" in roles else None,
        alone="admin" in roles and len(staff(work)) == 1,
        file_faults=office().workflow_faults if "admin" in roles else (),
    )


def _due_first(work: Work) -> object:
    """The next due: one's own and those of each for whom one acts, an approver's of everybody."""
    everybody = "approver" in person().may_act_as
    asked = Asked(queue=ALL if everybody else MINE)
    sought = cases_in(work, person().identities, asked)
    return cases_page(work, reader(), sought, size=_CASES_SHOWN).rows


def _away_today(work: Work) -> list[Away]:
    """This person's own absence, and of each for whom they act."""
    return [
        away
        for away in absences_within(work, work.today, work.today)
        if away.username == person().username or away.deputy == person().username
    ]
