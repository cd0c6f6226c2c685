"""Who is away, and who acts for them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import click

from relief.accounts.absences import AbsenceForm, end_absence, record_absence
from relief.accounts.queries import ListedUser, absences_within, find_actor, list_users
from relief.accounts.rules import Away
from relief.cli import options
from relief.cli.console import Column, tell, tell_json, tell_table
from relief.cli.language import say
from relief.cli.office import iso, local, reading, writing
from relief.engine.actors import role_titles
from relief.kernel.errors import Invalid, Problem
from relief.kernel.files.cells import parse_date
from relief.kernel.text import Text, _


@click.command(
    help=say(
        _(
            "By the one who will be away, or by an admin. While it lasts the deputy acts with "
            '"--for NAME"; both names stand in the journal.'
        )
    )
)
@click.argument("name", metavar="NAME")
@click.option("--from", "first", required=True, metavar="DAY", help=say(_("The first day away.")))
@click.option("--until", "last", required=True, metavar="DAY", help=say(_("The last day away.")))
@click.option(
    "--deputy", default="", metavar="NAME", help=say(_("Who acts meanwhile; may be nobody."))
)
@click.option("--reason", default="", metavar="TEXT", help=say(_("Why; kept under seal.")))
@options.actor
def away(name: str, first: str, last: str, deputy: str, reason: str, username: str) -> None:
    """Record an absence."""
    days = _days({"from": first, "until": last})
    form = AbsenceForm(name, days["from"], days["until"], deputy, reason)
    with writing() as work:
        recorded = record_absence(work, find_actor(work, username), form)
        work.commit()
    tell(_absence(recorded, _("{name} is away from {first} until {last}.")))
    if deputy:
        tell(_("{deputy} acts meanwhile, with --for {name}.", deputy=deputy, name=name))
    else:
        tell(_("Nobody acts meanwhile."))


@click.command(help=say(_("Today's absence, or the next that is to come.")))
@click.argument("name", metavar="NAME")
@options.actor
def back(name: str, username: str) -> None:
    """End an absence."""
    with writing() as work:
        ended = end_absence(work, find_actor(work, username), name)
        work.commit()
    tell(_absence(ended, _("The absence of {name}, from {first} until {last}, is ended.")))


@click.command("list")
@options.as_json
def list_all(as_json: bool) -> None:
    """List users."""
    with reading() as work:
        users, today, zone = list_users(work), work.today, work.clock.zone
        coming = absences_within(work, today, dt.date.max)
    absences = {
        user.username: [each for each in coming if each.username == user.username] for user in users
    }
    if as_json:
        tell_json([_as_json(user, absences[user.username], today, zone) for user in users])
        return
    rows = [
        (
            user.username,
            role_titles(user.roles),
            _told(absences[user.username], today),
            local(user.signed_in_at, zone),
            _("disabled on {day}", day=user.disabled_at.astimezone(zone).date())
            if user.disabled_at
            else "",
        )
        for user in users
    ]
    titles = (_("user"), _("roles"), _("away"), _("last signed in"), _("state"))
    tell_table([Column(title) for title in titles], rows)


def _days(typed: Mapping[str, str]) -> dict[str, dt.date]:
    """The days that were typed; every fault at once."""
    read = {name: parse_date(text) for name, text in typed.items()}
    faults = [
        Problem(day.code, day.text, name) for name, day in read.items() if isinstance(day, Problem)
    ]
    if faults:
        raise Invalid(faults)
    return {name: day for name, day in read.items() if isinstance(day, dt.date)}


def _absence(away: Away, sentence: Text) -> Text:
    return Text(
        sentence.msgid, {"name": away.username, "first": away.from_on, "last": away.until_on}
    )


def _told(absences: list[Away], today: dt.date) -> list[Text]:
    return [_period(each, today) for each in absences]


def _period(away: Away, today: dt.date) -> Text:
    values = {"first": away.from_on, "last": away.until_on, "deputy": away.deputy}
    if away.covers(today):
        text = _("now, until {last} ({deputy} acts)") if away.deputy else _("now, until {last}")
    elif away.deputy:
        text = _("from {first} until {last} ({deputy} acts)")
    else:
        text = _("from {first} until {last}")
    return Text(text.msgid, values)


def _as_json(
    user: ListedUser, absences: list[Away], today: dt.date, zone: dt.tzinfo
) -> dict[str, object]:
    return {
        "username": user.username,
        "roles": sorted(user.roles),
        "version": user.version,
        "disabled_at": iso(user.disabled_at, zone),
        "signed_in_at": iso(user.signed_in_at, zone),
        "away_today": any(each.covers(today) for each in absences),
        "absences": [
            {
                "from_on": each.from_on.isoformat(),
                "until_on": each.until_on.isoformat(),
                "deputy": each.deputy or None,
            }
            for each in absences
        ],
    }
