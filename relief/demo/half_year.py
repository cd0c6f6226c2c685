"""The half-year, day by day: each scene is lived through the use cases, and told as it happens."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from relief.demo import brought, papers
from relief.demo.office import PEOPLE, QUARTER, Office, laid_out
from relief.engine.journal.verification import verify_journal
from relief.kernel.errors import Conflict, ReliefError
from relief.kernel.money import format_yuan
from relief.kernel.months import format_month, month_of
from relief.kernel.text import Text, _
from relief.payouts import queries, words
from relief.payouts.bank.answers import Answered
from relief.payouts.verification.verify import verify_run

OPENS_ON = dt.date(2005, 3, 1)
_PLACES = 50
_BAND_FEN = (150_00, 200_00)
_HASH_SHOWN = 12


def march(office: Office, password: str) -> None:
    """Terms and rates; the register that the March survey filled is taken over."""
    office.add_people(password)
    office.set_scheme(go_live_month=QUARTER.first_month, places_max=_PLACES, band_fen=_BAND_FEN)
    office.tell(
        _(
            "admin sets up the office: {count} people, {places} places, rates of {low} to {high} "
            "yuan, paid from {month} on.",
            count=len(PEOPLE),
            places=_PLACES,
            low=format_yuan(_BAND_FEN[0]),
            high=format_yuan(_BAND_FEN[1]),
            month=format_month(QUARTER.first_month),
        )
    )
    _set_rates(office)
    _take_register_over(office)


def _set_rates(office: Office) -> None:
    office.morning_of(dt.date(2005, 3, 2))
    path = office.files / "rates.csv"
    papers.write_rates(path, brought.rates())
    office.propose_rates(path)
    office.tell(_("admin proposes the rates of {document}.", document=brought.DOCUMENT_NO))
    office.detail(
        _(
            "A person and month: deep {deep}, relative {relative}, accidental {accidental} yuan.",
            **brought.RATES_YUAN,
        )
    )
    office.morning_of(dt.date(2005, 3, 4))
    office.confirm_rates(brought.DOCUMENT_NO)
    office.tell(_("approver confirms them; from this moment they count."))
    office.set_dibao_line(
        month_of(dt.date(2005, 1, 1)), brought.DIBAO_LINE_FEN, brought.DIBAO_DOCUMENT_NO
    )


def _take_register_over(office: Office) -> None:
    office.morning_of(dt.date(2005, 3, 28))
    path = office.files / "register.xlsx"
    papers.write_register(path, brought.register_households(), brought.register_members())
    taken = office.take_over(path)
    office.tell(
        _(
            "clerk takes the register over, {file}: {households} households, {members} people.",
            file=path.name,
            **taken.counts,
        )
    )
    office.detail(
        _(
            "{later} have only applied; the others were surveyed and approved in March, on paper.",
            later=list(brought.LATER),
        )
    )


def spring(office: Office) -> None:
    """Changes are recorded as they come."""
    _record(office, dt.date(2005, 4, 18), "changes-2005-04.csv", brought.changes_of_april())
    office.detail(_("H007 has a new account; H009 is put on hold; to H019 a child was born."))
    _record(office, dt.date(2005, 5, 23), "changes-2005-05.csv", brought.changes_of_may())
    office.detail(
        _("A child moved from H020 to H003 on 2005-05-20: counted there to May, here from June.")
    )
    office.detail(_("The applicant of H022 died: its money waits for a payee. H019 is on hold."))
    office.detail(_("H024 is in relative hardship after its accident; the rate is the same."))
    _survey_and_publish(office)
    _bring_mistakes(office)
    _record(office, dt.date(2005, 6, 10), "changes-2005-06.csv", brought.changes_of_june())
    office.detail(_("H028 and H043 are on hold; H021 is deep from July; a soldier has left H012."))


def _survey_and_publish(office: Office) -> None:
    """Three households go through the whole procedure: visit, notice, approval by another."""
    office.morning_of(dt.date(2005, 5, 24))
    for household_no in brought.LATER:
        office.file_step(household_no, "survey", "clerk", **brought.survey_of(household_no))
    office.tell(_("clerk visits {households}; a grade is proposed.", households=brought.LATER))
    office.morning_of(dt.date(2005, 5, 26))
    for household_no in brought.LATER:
        phone = brought.OBJECTION_PHONE
        office.file_step(household_no, "publish", "clerk", objection_phone=phone)
    office.tell(_("Their names go up on public notice; nobody objects."))
    office.morning_of(dt.date(2005, 6, 8))
    for household_no in brought.LATER:
        grade = brought.FAMILIES[household_no].grade
        office.file_step(household_no, "approve", "approver", grade=grade)
    office.tell(_("approver approves all three; they start in July."))


def _record(office: Office, day: dt.date, name: str, rows: list[papers.Row]) -> None:
    office.morning_of(day)
    path = office.files / name
    papers.write_changes(path, rows)
    counts = office.record(path).counts
    office.tell(
        _("clerk records {file}, changes in it: {count}.", file=name, count=sum(counts.values()))
    )


def _bring_mistakes(office: Office) -> None:
    office.morning_of(dt.date(2005, 6, 9))
    path = office.files / "changes-2005-06-first.csv"
    papers.write_changes(path, brought.changes_of_june(mistaken=True))
    _refused(
        office,
        _("clerk brings {file}; it is refused whole, nothing is written:", file=path.name),
        lambda: office.record(path),
    )


def june(office: Office) -> None:
    """The scheduler prepares the list on its day; three people take it to the bank."""
    done = office.morning_of(dt.date(2005, 6, 15))
    office.tell(_("The scheduler looks, as on every morning:"))
    for each in done:
        office.detail(each.text)
    with office.relief.reading() as work:
        exceptions = queries.exceptions_of(work, queries.find_run(work, str(QUARTER)).id)
    left_out = [
        _("{count} {reason}", count=count, reason=words.EXCEPTION_REASONS[reason])
        for reason, count in Counter(exception.reason for exception in exceptions).items()
    ]
    office.detail(_("Households that are not in the list: {left_out}.", left_out=left_out))
    _submit_and_approve(office)
    _release(office)


def _submit_and_approve(office: Office) -> None:
    office.morning_of(dt.date(2005, 6, 16))
    run = office.step("submit", "finance")
    office.tell(
        _(
            "finance submits {run}: {lines} lines, {total} yuan.",
            run=run.reference,
            lines=run.line_count,
            total=words.yuan(run.total_fen),
        )
    )
    office.morning_of(dt.date(2005, 6, 17))
    run = office.step("approve", "approver", sha256=run.sha256)
    office.tell(
        _("approver approves this list and no other: SHA-256 {sha256}", sha256=_short(run.sha256))
    )
    _refused(
        office,
        _("approver tries to release it, too; that is refused:"),
        lambda: office.step("release", "approver"),
    )


def _release(office: Office) -> None:
    office.morning_of(dt.date(2005, 6, 20))
    office.step("release", "cashier")
    office.tell(_("cashier, the third person, releases it to the bank."))
    for file_format in ("csv", "xlsx"):
        handed_out = office.export(file_format)
        path = _list_for_bank(office, file_format)
        path.write_bytes(handed_out.content)
        sha256 = _short(handed_out.sha256)
        office.detail(_("finance exports {file}, SHA-256 {sha256}", file=path.name, sha256=sha256))


def _list_for_bank(office: Office, file_format: str) -> Path:
    return office.files / f"{office.run().reference}.{file_format}"


def bank(office: Office) -> None:
    """The bank answers in two parts; the second settles the run."""
    exported = _list_for_bank(office, "csv").read_bytes()
    for day, first in ((dt.date(2005, 6, 22), True), (dt.date(2005, 6, 28), False)):
        office.morning_of(day)
        path = office.files / f"answer-{day}.csv"
        papers.write_results(path, brought.answers(exported, day, first=first))
        _tell_answer(office, path.name, office.answer(path))
        office.detail(_("Failed: {lines}", lines=brought.failures(first=first)))
    office.detail(_("Nothing is open any more: {run} is settled.", run=office.run().reference))
    _record(office, dt.date(2005, 6, 29), "changes-2005-06-29.csv", brought.changes_after_answer())
    office.detail(_("H013, whose account was closed, has a new one."))


def _tell_answer(office: Office, name: str, answered: Answered) -> None:
    office.tell(
        _(
            "finance records the bank's answer, {file}: {paid} paid, {failed} failed, "
            "{processing} not done yet.",
            file=name,
            **{
                state: answered.by_state.get(state, 0) for state in ("paid", "failed", "processing")
            },
        )
    )
    assert answered.settled == (not answered.by_state.get("processing"))


def last_day(office: Office) -> None:
    """Everything is computed again, and the journal looked through."""
    office.morning_of(dt.date(2005, 6, 30))
    with office.relief.reading() as work:
        run = queries.find_run(work, str(QUARTER))
        faults = [*verify_run(work, run), *verify_journal(work)]
    if faults:
        raise Conflict(faults)
    office.tell(
        _(
            "{run} computed again from what was known on {day}: the same, to the fen.",
            run=run.reference,
            day=run.as_of.astimezone(office.relief.settings.zone).date(),
        )
    )
    office.detail(_("The journal is whole: nothing was changed, removed or swapped."))


def _refused(office: Office, deed: Text, attempt: Callable[[], object]) -> None:
    """Try what may not be, and tell every reason against it."""
    try:
        attempt()
    except ReliefError as refusal:
        office.tell(deed)
        for problem in refusal.problems:
            office.detail(laid_out("- {problem}", problem=problem.located()))
    else:
        raise AssertionError("this has to be refused")


def _short(sha256: str) -> Text:
    return laid_out("{beginning}…", beginning=sha256[:_HASH_SHOWN])
