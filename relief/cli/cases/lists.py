"""Reading cases: the list, and one with everything."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.cases.case_json import case_as_json, listed_as_json
from relief.cli.cases.telling import tell_case
from relief.cli.console import Column, tell, tell_json, tell_table
from relief.cli.language import say
from relief.cli.office import reading
from relief.engine.actors import NOBODY, Actor
from relief.engine.cases import find_case
from relief.engine.listing import Due, ListedCase, check_sought, list_cases, next_due_first
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.petitions.lists.pages import CaseRow, cases_page
from relief.petitions.lists.queues import ALL, MARKS, MINE, Asked, cases_in
from relief.petitions.one_case.limitations import limitations_near
from relief.petitions.one_case.reading import view_case
from relief.petitions.rules import FAMILY

# So many are read at a time.
_PAGE_SIZE = 500


@click.command(
    "list",
    help=say(
        _(
            "Petitions, relief, legal aid, job referrals, hardship files, payout runs, "
            "money back and write-offs. "
            "The next due come first. Restricted ones are listed, with --actor, for named people "
            "alone."
        )
    ),
)
@click.option("--kind", metavar="KIND", default="", help=say(_("One kind only, such as petition.")))
@click.option(
    "--state", metavar="STATE", default="", help=say(_("One state only, such as accepted."))
)
@click.option("--overdue", is_flag=True, help=say(_("Only what is past its deadline.")))
@click.option("--mine", is_flag=True, help=say(_("Only whose case worker is --actor.")))
@options.reader
@options.as_json
def list_all(
    kind: str, state: str, overdue: bool, mine: bool, username: str, as_json: bool
) -> None:
    """List cases."""
    if mine and not username:
        raise click.UsageError(say(_("--mine needs --actor USERNAME: whose cases?")))
    with reading() as work:
        check_sought(work, kind, state)
        actor = find_actor(work, username) if username else None
        at, today = work.as_known_now(), work.today
        on_five_steps = Asked(MINE if mine else ALL, kind, state, closed=bool(state) or not mine)
        found = [*_on_five_steps(work, actor, on_five_steps, overdue=overdue)]
        if not mine:  # nobody is named for the others
            others = set(work.workflows.kinds) - set(work.workflows.of_family(FAMILY))
            wanted = others & {kind} if kind else others
            listed = list_cases(work, actor, wanted, state) if wanted else ()
            found += [case for case in listed if not overdue or case.is_overdue(at)]
        found.sort(key=next_due_first)
        if as_json:
            tell_json([listed_as_json(case, today, at) for case in found])
        else:
            _tell_cases(work, found, at)


def _on_five_steps(
    work: Work, actor: Actor | None, asked: Asked, *, overdue: bool
) -> Iterator[ListedCase]:
    """The same cases as the pages list, by the same conditions."""
    reader, after = actor or NOBODY, None
    if asked.kind and asked.kind not in work.workflows.of_family(FAMILY):
        return
    sought = replace(cases_in(work, [reader], asked), overdue=overdue, latest_first=False)
    while after != "":
        page = cases_page(work, reader, sought, after, _PAGE_SIZE)
        yield from map(_listed, page.rows)
        after = page.after


def _listed(row: CaseRow) -> ListedCase:
    due = None
    if row.provisional is not None:  # a clock is kept of it
        due = Due(row.due_on, row.due_at, row.provisional)
    return ListedCase(row.kind, row.id, row.reference, row.state, row._asdict(), due)


def _tell_cases(work: Work, found: Sequence[ListedCase], at: dt.datetime) -> None:
    if not found:
        tell(_("There are no such cases."))
        return
    near = limitations_near(work, found)
    tell_table(
        (
            Column(_("case")),
            Column(_("kind")),
            Column(_("state")),
            Column(_("petitioner")),
            Column(_("deadline")),
            Column(_("days left"), right=True),
            Column(_("case worker")),
            Column(_("marks")),
        ),
        [_line(work, case, at, near.get(case.reference)) for case in found],
    )


def _line(
    work: Work, case: ListedCase, at: dt.datetime, near: dt.date | None
) -> tuple[object, ...]:
    left = case.days_left(work.today)
    return (
        case.reference,
        say(work.workflows.kind_title(case.kind)),
        say(work.workflows.state_title(case.kind, case.state)),
        case.row.get("petitioner_name", ""),
        _deadline(case),
        "" if left is None else left,
        case.row.get("case_worker", ""),
        [*_marks(case, at), *_limitation(near)],
    )


def _deadline(case: ListedCase) -> object:
    if case.deadline is None:
        return ""
    if case.deadline.due_on is None:
        return _("stands still")
    if case.deadline.provisional:
        return _("{day} (provisional)", day=case.deadline.due_on)
    return case.deadline.due_on


def _marks(case: ListedCase, at: dt.datetime) -> Iterator[Text]:
    if case.is_overdue(at):
        yield _("overdue")
    yield from (word for flag, word in MARKS.items() if case.row.get(flag))


def _limitation(ends_on: dt.date | None) -> Iterator[Text]:
    if ends_on:
        name = _("limitation of arbitration ends")
        yield _("{title}: {value}", title=name, value=ends_on)


@click.command(
    help=say(
        _(
            "REF is a case (P2005-0001), a hardship file or a run. With --actor it says what you "
            "may do next, everything that stands against the rest, and who could do it."
        )
    )
)
@click.argument("reference", metavar="REF")
@options.acting_for
@options.reader
@options.as_json
def show(reference: str, username: str, acting_for: str, as_json: bool) -> None:
    """Show one case."""
    with reading() as work:
        actor = find_actor(work, username, acting_for) if username else None
        view = view_case(work, find_case(work, reference, actor), actor)
        if as_json:
            tell_json(case_as_json(view))
        else:
            tell_case(view)
