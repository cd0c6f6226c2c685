"""One hardship file with its months, and the list of all."""

from __future__ import annotations

import click

from relief.accounts.queries import find_actor
from relief.bootstrap import Relief
from relief.cli import options
from relief.cli.console import Column, tell_json, tell_table
from relief.cli.households.file_view import FileView, file_as_json, tell_file
from relief.cli.language import say
from relief.cli.office import opened, reading
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.households import queries
from relief.households.scheme import scheme_terms
from relief.kernel.months import month_of
from relief.kernel.text import _
from relief.payouts.explanation.household_months import household_months
from relief.payouts.household_life import life_of
from relief.payouts.words import GRADE_WORDS


@click.command(
    help=say(
        _(
            "Who belongs to it, its grades, account and holds; then each month from go-live on: "
            "who counted, at which rate, what is owed and paid, and why the two differ. Numbers "
            "of cards and accounts are masked; who objected to a notice is told to clerks and "
            "approvers, with --actor."
        )
    )
)
@options.household_no
@options.acting_for
@options.reader
@options.as_json
def show(household_no: str, username: str, acting_for: str, as_json: bool) -> None:
    """Show one file."""
    with opened() as relief, relief.reading() as work:
        reader = find_actor(work, username, acting_for) if username else None
        view = _view(relief, work, household_no, reader)
    if as_json:
        tell_json(file_as_json(view))
    else:
        tell_file(view)


def _view(relief: Relief, work: Work, household_no: str, reader: Actor | None) -> FileView:
    """Facts and money of one file, joined."""
    file = queries.find_household(work, household_no)
    terms = scheme_terms(work)
    return FileView(
        zone=relief.settings.zone,
        file=file,
        state_title=work.workflows.state_title("household", file.state),
        places_taken=queries.places_taken(work),
        places=terms.places_max,
        enrolments=queries.enrolments_of(work, file.id),
        members=queries.members_of(work, file.id),
        grades=queries.grades_of(work, file.id),
        hold=queries.standing_hold(work, file.id),
        account=queries.standing_account(work, file.id),
        months=household_months(work, file.id, file.household_no),
        life=life_of(work, file.id, reader),
    )


@click.command("list", help=say(_("Grade and counted members are those of this month.")))
@options.as_json
def list_all(as_json: bool) -> None:
    """List all files."""
    with reading() as work:
        found = list(queries.list_households(work, month_of(work.today)))
        titles = {h.state: work.workflows.state_title("household", h.state) for h in found}
    if as_json:
        tell_json(
            [
                {
                    "household_no": h.household_no,
                    "applicant_name": h.applicant_name,
                    "state": h.state,
                    "grade": h.grade or None,
                    "counted": h.counted,
                    "township": h.township,
                }
                for h in found
            ]
        )
        return
    tell_table(
        (
            Column(_("household")),
            Column(_("applicant")),
            Column(_("state")),
            Column(_("grade")),
            Column(_("counted"), right=True),
            Column(_("township")),
        ),
        [
            (
                h.household_no,
                h.applicant_name,
                titles[h.state],
                GRADE_WORDS.get(h.grade, ""),
                h.counted,
                h.township,
            )
            for h in found
        ],
    )
