"""The command `relief`: one group a feature. Commands parse, call a use case, and answer."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

import click

from relief import __version__
from relief.cli.language import say, speak_for_click
from relief.cli.lazy import Entry, LazyGroup, load
from relief.cli.termination import TERMINATED, Terminated, heard
from relief.kernel.text import _

INTERRUPTED, BROKEN_PIPE = 130, 141

ENTRIES = {
    "init": Entry("relief.cli.setup:init", _("Make or upgrade the database; safe to run again.")),
    "demo": Entry(
        "relief.cli.setup:demo", _("Play the demo half-year into a database of its own.")
    ),
    "serve": Entry(
        "relief.cli.setup:serve", _("The pages in a browser, and the scheduler beside them.")
    ),
    "user": Entry("relief.cli.users:user", _("Who works here.")),
    "scheme": Entry("relief.cli.scheme:scheme", _("Places, go-live month, band and rules.")),
    "rates": Entry("relief.cli.rates:rates", _("What a person is paid a month, by grade.")),
    "households": Entry(
        "relief.cli.households:households", _("Hardship files: register, changes, one file.")
    ),
    "contacts": Entry("relief.cli.contacts:contacts", _("Visits, calls and letters.")),
    "cases": Entry(
        "relief.cli.cases:cases", _("Any case of any kind: what is to be done, and done.")
    ),
    "payouts": Entry(
        "relief.cli.payouts:payouts", _("Quarterly lists, from the draft to the bank's answer.")
    ),
    "calendar": Entry("relief.cli.calendar:calendar", _("The office's working days and hours.")),
    "report": Entry("relief.cli.report:report", _("The figures of a half-year.")),
    "tick": Entry("relief.cli.setup:tick", _("Do what is due now, once, and say what was done.")),
    "scheduler": Entry(
        "relief.cli.setup:scheduler", _("Do what is due, again and again, until stopped.")
    ),
    "backup": Entry("relief.cli.backup:backup", _("Everything but the keys into one file.")),
    "restore": Entry("relief.cli.backup:restore", _("A backup back into an empty place.")),
    "workflows": Entry(
        "relief.cli.workflows:workflows", _("Check and draw the workflow definitions.")
    ),
    "letters": Entry("relief.cli.letters:letters", _("Check the templates of letters.")),
    "audit": Entry("relief.cli.audit:audit", _("Verify the journal, or hand it out.")),
}


class Root(LazyGroup):
    """The outermost edge: whatever happens becomes words on stderr and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command: 0 done, 1 refused or failed, 2 wrong usage, 130 and more interrupted."""
        try:
            with heard():
                answer = super().invoke(ctx)
            sys.stdout.flush()
        except (click.exceptions.Exit, click.ClickException):
            raise
        except Terminated:
            text = _(
                "Stopped. What was being done was rolled back, unless it had just been finished: "
                "look before you do it again."
            )
            click.echo(say(text), err=True)
            ctx.exit(TERMINATED)
        except (KeyboardInterrupt, click.Abort):
            click.echo(err=True)
            ctx.exit(INTERRUPTED)
        except BrokenPipeError:  # whoever read us has gone; what is left to say goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(BROKEN_PIPE)
        except Exception as fault:  # the outermost edge
            load("relief.cli.faults:tell")(fault)
            ctx.exit(1)
        return answer


cli = click.version_option(
    __version__, prog_name="relief", help=say(_("Show the version and exit."))
)(Root("relief", ENTRIES, _("Help for workers in hardship: files, and the quarterly list.")))


def main() -> None:
    """The entry point."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding="utf-8")
    speak_for_click()
    cli(prog_name="relief")
