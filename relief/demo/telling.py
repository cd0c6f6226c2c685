"""What stands at the end of the demo: the figures, two lines explained, and where to look."""

from __future__ import annotations

from relief.demo.figures import FAILED, DemoStory
from relief.demo.office import PEOPLE, QUARTER, Office, Say, laid_out
from relief.demo.site import FILES
from relief.kernel.text import Text, _
from relief.payouts.bank.answers import Reconciliation
from relief.payouts.explanation import explain_line
from relief.payouts.runs.preview import Preview
from relief.payouts.words import EXCEPTION_REASONS, yuan
from relief.reports.half_year import HalfYearReport

_BLANK = Text(" ")
_REASONS = {**EXCEPTION_REASONS, FAILED: _("failed at the bank")}
# An ordinary household, and the one that a child came to in May.
EXPLAINED = ("H001", "H003")


def tell_end(office: Office, story: DemoStory) -> None:
    """Everything that is left to say."""
    _tell_report(office.say, story.report)
    _tell_figures(office.say, story)
    for household_no in EXPLAINED:
        _explain(office, household_no)
    _tell_preview(office.say, office.preview())
    _tell_where_to_look(office.say, story)


def _tell_report(say: Say, report: HalfYearReport) -> None:
    shown = {figure.id: figure.shown for figure in report.figures}
    say(_BLANK)
    say(_("The half-year {period} in figures:", period=report.period))
    say(
        _(
            "{count} person-times: {visits} visits, {calls} calls, {letters} letters; {late} "
            "entries were made late",
            count=f"{shown['contacts']:>6}",
            visits=shown["visits"],
            calls=shown["calls"],
            letters=shown["letters"],
            late=shown["contacts_entered_late"],
        )
    )
    say(
        _(
            "{count} cases accepted, {handled} of them handled: {rate}, {percent}",
            count=f"{shown['petitions_accepted']:>6}",
            handled=shown["petitions_handled"],
            rate=shown["handled_rate"],
            percent=shown["handled_percent"],
        )
    )
    say(
        _(
            "{count} households enrolled; {workers} workers helped with {amount} yuan; "
            "{reemployed} at work again",
            count=f"{shown['households_enrolled']:>6}",
            workers=shown["workers_helped"],
            amount=shown["amount_settled"],
            reemployed=shown["reemployed"],
        )
    )


def _tell_figures(say: Say, story: DemoStory) -> None:
    say(_BLANK)
    say(
        _(
            "Settled for {quarter}: {count} households, {amount} yuan",
            quarter=QUARTER,
            count=story.households_settled,
            amount=yuan(story.amount_settled_fen),
        )
    )
    for part in story.settled_by_rate:
        say(
            _(
                "{persons} people × {months} months × {rate} = {amount}",
                persons=f"{part.persons:>6}",
                months=part.months,
                rate=yuan(part.rate_fen),
                amount=f"{yuan(part.amount_fen):>9}",
            )
        )
    say(
        _(
            "Not settled: {count} of the {enrolled} households enrolled on {day}",
            count=story.households_enrolled - story.households_settled,
            enrolled=story.households_enrolled,
            day=story.ended_on,
        )
    )
    for reason, household_nos in story.not_settled.items():
        say(
            laid_out(
                "{count}  {households}  {reason}",
                count=f"{len(household_nos):>6}",
                households=f"{' '.join(household_nos):<19}",
                reason=_REASONS[reason],
            )
        )
    _tell_reconciliation(say, story.reconciliation)


def _tell_reconciliation(say: Say, reconciliation: Reconciliation) -> None:
    assert reconciliation.balances
    released_count, released_fen = reconciliation.released
    paid_count, paid_fen = reconciliation.by_state["paid"]
    failed_count, failed_fen = reconciliation.by_state["failed"]
    say(
        _(
            "It balances: {released} lines of {released_yuan} yuan were released; {paid} of "
            "{paid_yuan} are paid, {failed} of {failed_yuan} failed.",
            released=released_count,
            released_yuan=yuan(released_fen),
            paid=paid_count,
            paid_yuan=yuan(paid_fen),
            failed=failed_count,
            failed_yuan=yuan(failed_fen),
        )
    )


def _explain(office: Office, household_no: str) -> None:
    with office.relief.reading() as work:
        explanation = explain_line(work, office.run(), household_no)
    office.say(_BLANK)
    office.say(_("Why this amount, {household}:", household=household_no))
    for text in explanation.text:
        office.say(laid_out("    {text}", text=text))


def _tell_preview(say: Say, preview: Preview) -> None:
    say(_BLANK)
    say(
        _(
            "Owed again, since the bank could not pay: {count} households, {amount} yuan. A "
            "supplementary run would pay that.",
            count=len(preview.lines),
            amount=yuan(preview.total_fen),
        )
    )


def _tell_where_to_look(say: Say, story: DemoStory) -> None:
    say(_BLANK)
    say(_("Look for yourself, with RELIEF_DATA_DIR={folder}:", folder=story.folder))
    commands = _commands(story)
    width = max(len(command) for command, _what in commands)
    for command, what in commands:
        say(laid_out("    {command}  {what}", command=f"{command:<{width}}", what=what))
    say(
        _("The files that were brought and taken out are in {folder}.", folder=story.folder / FILES)
    )
    say(_BLANK)
    say(_("Sign-ins, all with the password {password}:", password=story.password))
    names = [name if name == role else f"{name} ({role})" for name, role in PEOPLE.items()]
    say(laid_out("    {names}", names=names))


def _commands(story: DemoStory) -> list[tuple[str, Text]]:
    period = story.report.period
    commands = [
        (f"relief report half-year {period}", _("every figure of the half-year")),
        (f"relief report half-year {period} --rows contacts", _("what stands behind one")),
        (f"relief payouts show {QUARTER}", _("the list, line by line")),
        (f"relief payouts verify {QUARTER}", _("computed again, as known then")),
        (f"relief payouts preview {QUARTER}", _("what a run would pay now")),
        ("relief audit verify", _("the journal")),
    ]
    for reason, household_nos in story.not_settled.items():
        why = _("why nothing was settled: {reason}", reason=_REASONS[reason])
        commands.append((f"relief payouts explain {QUARTER} {household_nos[0]}", why))
    commands.append(("relief households show H022", _("a file, with its months")))
    return commands
