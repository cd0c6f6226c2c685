"""The board of public notices, the waiting list, and the re-checks that are due."""

from __future__ import annotations

from collections.abc import Sequence

import click

from relief.cli import options
from relief.cli.console import Column, tell, tell_facts, tell_json, tell_table
from relief.cli.households.life_view import announcement_as_json, announcement_facts
from relief.cli.language import say
from relief.cli.office import reading
from relief.households.life.rechecks import Recheck, rechecks_due
from relief.households.life.waiting import Waiting, waiting_list
from relief.households.words import GRADE_WORDS
from relief.kernel.money import format_yuan
from relief.kernel.text import _
from relief.payouts.announced import Announcement, board, last_announcement
from relief.payouts.words import yuan


@click.command(
    help=say(
        _(
            "What hangs on the board: name, employer, township, category, counted members, monthly "
            "amount, phone for objections and days, and nothing else. Without a number: everything "
            "that is on notice now."
        )
    )
)
@click.argument("household_no", metavar="[HOUSEHOLD_NO]", default="")
@options.as_json
def notice(household_no: str, as_json: bool) -> None:
    """Show what is announced."""
    with reading() as work:
        shown = [last_announcement(work, household_no)] if household_no else board(work)
    if as_json:
        told = [announcement_as_json(each) for each in shown]
        tell_json(told[0] if household_no else told)
    elif household_no:
        tell_facts(announcement_facts(shown[0]))
    elif shown:
        _tell_board(shown)
    else:
        tell(_("Nothing is on public notice now."))


def _tell_board(shown: Sequence[Announcement]) -> None:
    headings = [name for name, _value in announcement_facts(shown[0])]
    rows = [[value for _name, value in announcement_facts(each)] for each in shown]
    tell_table([Column(heading) for heading in headings], rows)


@click.command(
    help=say(
        _(
            "Deep before accidental before relative hardship, then the lower net income per "
            "person, then the earlier application, then the number."
        )
    )
)
@options.as_json
def waiting(as_json: bool) -> None:
    """Show who waits for a place, the first in rank first."""
    with reading() as work:
        found = waiting_list(work)
    if as_json:
        tell_json([_waiting_json(each) for each in found])
        return
    tell_table(
        (
            Column(_("rank"), right=True),
            Column(_("household")),
            Column(_("applicant")),
            Column(_("grade")),
            Column(_("net income per person"), right=True),
            Column(_("applied on")),
            Column(_("township")),
        ),
        [
            (
                each.rank,
                each.household_no,
                each.applicant_name,
                GRADE_WORDS.get(each.grade, ""),
                yuan(each.net_fen) if each.net_fen is not None else "",
                each.applied_on,
                each.township,
            )
            for each in found
        ],
    )


def _waiting_json(each: Waiting) -> dict[str, object]:
    return {
        "rank": each.rank,
        "household_no": each.household_no,
        "applicant_name": each.applicant_name,
        "grade": each.grade or None,
        "net_income_per_person": format_yuan(each.net_fen) if each.net_fen is not None else None,
        "applied_on": each.applied_on.isoformat(),
        "township": each.township,
    }


@click.command(
    help=say(
        _(
            "Every enrolled household is looked at again twelve months after its approval or its "
            "last re-check; it stands here from sixty days before. Where the last one found that "
            "it is no longer entitled, it stands here until it exits."
        )
    )
)
@options.as_json
def rechecks(as_json: bool) -> None:
    """Show which re-checks are due, the longest due first."""
    with reading() as work:
        found, today = rechecks_due(work), work.today
    if as_json:
        tell_json([_recheck_json(each, overdue=each.due_on < today) for each in found])
        return
    if not found:
        tell(_("No re-check is due within sixty days."))
        return
    tell_table(
        (
            Column(_("household")),
            Column(_("applicant")),
            Column(_("due on")),
            Column(_("overdue")),
            Column(_("to exit")),
            Column(_("approved on")),
            Column(_("last re-check")),
            Column(_("township")),
        ),
        [
            (
                each.household_no,
                each.applicant_name,
                each.due_on,
                _("yes") if each.due_on < today else "",
                _("yes") if each.to_exit else "",
                each.approved_on,
                each.rechecked_on or "",
                each.township,
            )
            for each in found
        ],
    )


def _recheck_json(each: Recheck, *, overdue: bool) -> dict[str, object]:
    return {
        "household_no": each.household_no,
        "applicant_name": each.applicant_name,
        "state": each.state,
        "approved_on": each.approved_on.isoformat(),
        "rechecked_on": each.rechecked_on.isoformat() if each.rechecked_on else None,
        "due_on": each.due_on.isoformat(),
        "overdue": overdue,
        "to_exit": each.to_exit,
        "township": each.township,
    }
