"""Making and reading lists."""

from __future__ import annotations

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import Column, progress, tell, tell_facts, tell_json, tell_table, warn
from relief.cli.language import say
from relief.cli.office import iso, opened
from relief.cli.payouts.list_tables import ListedRun, tell_exceptions, tell_runs, what_for
from relief.cli.payouts.run_view import (
    exceptions_as_json,
    items_as_json,
    listed_run_as_json,
    overrides_of,
    run_as_json,
    view_run,
)
from relief.cli.payouts.telling import amount_of, tell_prepared, tell_run
from relief.cli.words import RUN_KIND_WORDS
from relief.kernel.errors import Problem
from relief.kernel.money import format_yuan
from relief.kernel.months import Quarter
from relief.kernel.text import _
from relief.payouts import queries, rules
from relief.payouts.runs.preparation import prepare_run
from relief.payouts.runs.preview import Preview, preview_run
from relief.payouts.runs.staffing import staffing_warning
from relief.payouts.words import yuan


@click.command(
    help=say(
        _(
            "From the first day of the quarter's last month on. A draft is made anew; past its "
            "draft a list stays as it is, and --supplementary makes one of what changed since."
        )
    )
)
@options.quarter
@click.option("--supplementary", is_flag=True, help=say(_("What changed since the regular run.")))
@options.actor
@options.acting_for
@options.as_json
def prepare(quarter: str, supplementary: bool, as_json: bool, **who: str) -> None:
    """Make a quarter's list."""
    kind = rules.SUPPLEMENTARY if supplementary else rules.REGULAR
    with opened() as relief, relief.work() as work:
        actor = find_actor(work, **who)
        with progress(_("preparing the list")):
            run = prepare_run(work, actor, Quarter.parse(quarter), kind)
        view = view_run(work, run, relief.settings.zone) if as_json else None
        exceptions = queries.exceptions_of(work, run.id)
        work.commit()
        if view is not None:
            tell_json(run_as_json(view))
        else:
            tell_prepared(work, run, exceptions)


@click.command(
    help=say(
        _(
            "The regular list, or, once that is past its draft, what a supplementary one would "
            "add. May be asked at any time."
        )
    )
)
@options.quarter
@options.as_json
def preview(quarter: str, as_json: bool) -> None:
    """Show what the list would be."""
    with opened() as relief, relief.reading() as work, progress(_("computing the list")):
        seen = preview_run(work, Quarter.parse(quarter))
    if as_json:
        tell_json(_preview_as_json(seen, iso(seen.as_of, relief.settings.zone)))
    else:
        _tell_preview(seen)


def _tell_preview(seen: Preview) -> None:
    kind = RUN_KIND_WORDS[seen.kind]
    tell_facts(
        [
            (_("preview of"), _("{quarter}, {kind}", quarter=seen.quarter, kind=kind)),
            (_("total"), amount_of(len(seen.lines), seen.total_fen)),
            (_("hash of the list"), seen.sha256),
        ]
    )
    tell()
    tell_table(
        (Column(_("household")), Column(_("yuan"), right=True), Column(_("what for"))),
        [(line.household_no, yuan(line.amount_fen), what_for(line.items)) for line in seen.lines],
    )
    tell_exceptions(seen.exceptions)
    tell(_("Nothing was written."))


def _preview_as_json(seen: Preview, as_of: str | None) -> dict[str, object]:
    return {
        "run": None,
        "state": None,
        "quarter": str(seen.quarter),
        "kind": seen.kind,
        "as_of": as_of,
        "total": format_yuan(seen.total_fen),
        "sha256": seen.sha256,
        "lines": [
            {
                "household_no": line.household_no,
                "reference": None,
                "state": None,
                "amount": format_yuan(line.amount_fen),
                "items": items_as_json(line.items),
            }
            for line in seen.lines
        ],
        "exceptions": exceptions_as_json(seen.exceptions),
    }


@click.command(help=say(options.ABOUT_RUN))
@options.run
@options.as_json
def show(run: str, as_json: bool) -> None:
    """Show one run."""
    with opened() as relief, relief.reading() as work:
        view = view_run(work, queries.find_run(work, run), relief.settings.zone)
    if as_json:
        tell_json(run_as_json(view))
    else:
        tell_run(view)


@click.command("list")
@options.as_json
def list_all(as_json: bool) -> None:
    """List all runs."""
    with opened() as relief, relief.reading() as work:
        runs = queries.all_runs(work)
        overrides = {run.id: len(overrides_of(work, run)) for run in runs}
        titles = {run.state: work.workflows.state_title("payout_run", run.state) for run in runs}
        warning = staffing_warning(work)
    zone = relief.settings.zone
    if as_json:
        tell_json([listed_run_as_json(run, overrides[run.id], zone) for run in runs])
    elif runs:
        tell_runs([ListedRun(run, titles[run.state], overrides[run.id]) for run in runs], zone)
    else:
        tell(_('There are no runs yet; "relief payouts prepare QUARTER" makes one.'))
    if warning is not None:
        warn([Problem("run.staffing", warning.text)])
