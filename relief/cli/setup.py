"""Setting up, playing the demo, and doing what is due."""

from __future__ import annotations

import click

from relief.accounts.first_admin import code_of
from relief.accounts.queries import any_user
from relief.bootstrap import Relief, initialise
from relief.cli.console import tell, warn
from relief.cli.language import say
from relief.cli.lazy import load
from relief.cli.office import opened, tell_rehearsal
from relief.kernel.errors import Problem
from relief.kernel.settings import load_settings
from relief.kernel.text import _

_PORTS = click.IntRange(1, 65_535)
_HOST, _PORT, _WORKERS = "127.0.0.1", 8000, 2
_SECONDS_DEFAULT = 60


@click.command(
    help=say(
        _(
            "Makes the database and the keys in RELIEF_DATA_DIR. With RELIEF_CLOCK set, a new "
            "database is a rehearsal for good."
        )
    )
)
def init() -> None:
    """Make or upgrade the database."""
    settings = load_settings()
    relief = initialise(settings)
    tell_rehearsal(relief)
    tell(_("The database is ready: {url}", url=relief.database.url.render_as_string()))
    with relief.reading() as work:
        if not any_user(work):
            tell(
                _(
                    'Next: "relief serve" prints the address where the first administrator is '
                    'made; or "relief user add NAME --role admin" adds one here.'
                )
            )
    relief.database.dispose()


@click.command(
    help=say(
        _(
            "Everything happens in RELIEF_DATA_DIR, through the same checks as real work; a demo "
            "played there before is replaced, anything else is left alone."
        )
    )
)
@click.option("--no-serve", is_flag=True, help=say(_("End after printing what happened.")))
@click.option("--port", type=_PORTS, default=_PORT, help=say(_("The port of the pages.")))
def demo(no_serve: bool, port: int) -> None:
    """Play the demo half-year, then open its pages."""
    load("relief.demo:play")(load_settings(), tell)
    if not no_serve:
        tell()
        _serve(_HOST, port, workers=1)


@click.command(
    help=say(
        _(
            "Ctrl-C stops it. Only this machine reaches the pages unless --host says otherwise; "
            "a network of offices wants HTTPS in front of it."
        )
    )
)
@click.option("--host", default=_HOST, show_default=True, help=say(_("Where it listens.")))
@click.option("--port", type=_PORTS, default=_PORT, show_default=True, help=say(_("The port.")))
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=_WORKERS,
    show_default=True,
    help=say(_("Processes that answer; one for each core is enough.")),
)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages."""
    _serve(host, port, workers)


def _serve(host: str, port: int, workers: int) -> None:
    serving = "relief.web.serving"
    load(f"{serving}:check_port")(host, port)
    address = load(f"{serving}:address_of")(host, port)
    with opened() as relief:
        tell(_("The pages: {address}  (Ctrl-C stops them)", address=address))
        _tell_first_run(relief, address)
        with load("relief.scheduler.runner:looking")(relief, _SECONDS_DEFAULT, tell):
            load(f"{serving}:serve")(host, port, workers)


def _tell_first_run(relief: Relief, address: str) -> None:
    """Where nobody works yet: who reads this may make the first administrator."""
    with relief.reading() as work:
        if any_user(work):
            return
        code = code_of(work.cipher)
    tell(
        _("Add the first administrator: {address}first-run?code={code}", address=address, code=code)
    )


@click.command(
    help=say(
        _(
            "Prepares the lists whose day has come, marks what is overdue, seals the journal, and "
            "warns where nobody is left who could take a list on."
        )
    )
)
@click.pass_context
def tick(ctx: click.Context) -> None:
    """Do what is due now."""
    with opened() as relief:
        done = load("relief.scheduler.runner:tick")(relief)
        with relief.reading() as work:
            unfinished = load("relief.scheduler.jobs:unfinished_jobs")(work, relief.settings)
            coming = load("relief.payouts.runs.schedule:next_list")(work)
            warning = load("relief.payouts.runs.staffing:staffing_warning")(work)
    for each in done:
        click.echo(say(each.text), err=each.failed)
    if not done:
        tell(_("Nothing is due."))
    if coming is None:
        tell(_("No list will come due: the scheme has no go-live month yet."))
    else:
        quarter, day = coming
        tell(_("Next: the list of {quarter}, on {day}.", quarter=quarter, day=day))
    if warning is not None and warning.text not in [each.text for each in done]:
        warn([Problem("run.staffing", warning.text)])
    tried = {(each.job, each.period) for each in done}
    warn(
        Problem(
            "job.unfinished",
            _(
                'The job "{job}" failed for {period} and was not done since (attempts: '
                "{attempts}).",
                **each._asdict(),
            ),
        )
        for each in unfinished
        if (each.job, each.period) not in tried
    )
    if any(each.failed for each in done):
        ctx.exit(1)


@click.command(help=say(_("Stop it with Ctrl-C; what is under way is brought to its end.")))
@click.option(
    "--interval",
    type=click.IntRange(min=1),
    default=_SECONDS_DEFAULT,
    show_default=True,
    metavar="SECONDS",
    help=say(_("Seconds between two looks.")),
)
def scheduler(interval: int) -> None:
    """Do what is due, again and again."""
    with opened() as relief:
        tell(_("The scheduler looks every {seconds} seconds; Ctrl-C stops it.", seconds=interval))
        load("relief.scheduler.runner:run_scheduler")(relief, interval, tell)
