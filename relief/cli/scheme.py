"""The office's scheme."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import tell, tell_facts, tell_json
from relief.cli.language import say
from relief.cli.lazy import Entry, LazyGroup
from relief.cli.office import reading, writing
from relief.households.queries import places_taken
from relief.households.rules import START_RULES, STOP_RULES
from relief.households.scheme import SchemeTerms, scheme_terms
from relief.households.scheme_words import scheme_in_words
from relief.kernel.errors import Invalid, Problem
from relief.kernel.money import format_yuan, parse_yuan
from relief.kernel.months import format_month, parse_month
from relief.kernel.text import Text, _
from relief.payouts.scheme import change_scheme

scheme = LazyGroup(
    "scheme",
    {
        "show": Entry("relief.cli.scheme:show", _("Show the terms that hold.")),
        "set": Entry("relief.cli.scheme:set_terms", _("Change terms (admin).")),
    },
)


@click.command("show")
@options.as_json
def show(as_json: bool) -> None:
    """Show the terms."""
    with reading() as work:
        terms, taken = scheme_terms(work), places_taken(work)
    if as_json:
        tell_json(_as_json(terms, taken))
    else:
        tell_facts(_facts(terms, taken))


@click.command("set", help=say(_("What is not named stays as it is.")))
@click.option("--places", type=int, metavar="N", help=say(_("How many households there may be.")))
@click.option("--go-live", metavar="MONTH", help=say(_("The first month that is paid: 2005-04.")))
@click.option(
    "--band", nargs=2, metavar="LOW HIGH", help=say(_("What rates lie in, in yuan: 150.00 200.00."))
)
@click.option(
    "--start-rule",
    type=click.Choice(START_RULES),
    help=say(_("From when an approval, a joining or a grade counts.")),
)
@click.option(
    "--stop-rule",
    type=click.Choice(STOP_RULES),
    help=say(_("Whether the month of a leaving or an exit is paid.")),
)
@click.option("--below-taken", is_flag=True, help=say(_("Fewer places than are taken are meant.")))
@options.actor
def set_terms(username: str, below_taken: bool, **given: Any) -> None:
    """Change terms."""
    if all(value is None for value in given.values()):
        raise click.UsageError(say(_("Name at least one term to change; see --help.")))
    changes = _changes(given)
    with writing() as work:
        terms = change_scheme(work, find_actor(work, username), below_taken=below_taken, **changes)
        taken = places_taken(work)
        work.commit()
    tell(_("The scheme is now:"))
    tell_facts(_facts(terms, taken))


def _changes(given: dict[str, Any]) -> dict[str, Any]:
    """What was typed, read; every fault at once."""
    changes = {
        "places_max": given["places"],
        "start_rule": given["start_rule"],
        "stop_rule": given["stop_rule"],
    }
    problems: list[Problem] = []

    def read(name: str, parse: Callable[[str, str], int], text: str | None, option: str) -> None:
        try:
            changes[name] = parse(text, option) if text is not None else None
        except Invalid as fault:
            problems.extend(fault.problems)

    low, high = given["band"] or (None, None)
    read("go_live_month", parse_month, given["go_live"], "go_live")
    read("band_low_fen", parse_yuan, low, "band")
    read("band_high_fen", parse_yuan, high, "band")
    if problems:
        raise Invalid(problems)
    return {name: value for name, value in changes.items() if value is not None}


def _facts(terms: SchemeTerms, taken: int) -> list[tuple[Text, object]]:
    """The terms in words, and the rules as they are typed."""
    rules = f"--start-rule {terms.start_rule} --stop-rule {terms.stop_rule}"
    return [*scheme_in_words(terms, taken), (_("rules, as they are typed"), rules)]


def _as_json(terms: SchemeTerms, taken: int) -> dict[str, object]:
    go_live = terms.go_live_month
    return {
        "places": terms.places_max,
        "places_taken": taken,
        "go_live": format_month(go_live) if go_live is not None else None,
        "band": [format_yuan(terms.band_low_fen), format_yuan(terms.band_high_fen)],
        "start_rule": terms.start_rule,
        "stop_rule": terms.stop_rule,
        "recovery_percent_max": terms.recovery_percent_max,
        "back_months_max": terms.back_months_max,
        "unanswered_days_max": terms.unanswered_days_max,
    }
