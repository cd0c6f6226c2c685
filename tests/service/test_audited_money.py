"""What an auditor found about lists, releases and answers, and must not come back."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
import sqlalchemy as sa

from relief.accounts.service import add_user
from relief.engine.actors import Actor
from relief.kernel.errors import ReliefError, TransitionRefused
from relief.kernel.files.columns import Place
from relief.kernel.months import Quarter
from relief.payouts import queries
from relief.payouts.bank.answer_file import ResultRow
from relief.payouts.bank.answers import Answered, record_results
from relief.payouts.bank.released import export_list
from relief.payouts.queries import ACCOUNT, EVENT, HOUSEHOLD, ITEM, LINE
from relief.payouts.runs.preparation import prepare_run
from relief.payouts.verification.verify import verify_run
from tests.office import AN, FANG, GAO, PASSWORD, PING, Office

APPLICANTS = ("331002195406274937", "33102119940822085X", "33102120031101203X")
WIFE = "331021197101175709"
NEW_ACCOUNT = {"account_no": "6228480000000000019", "account_name": "试甲"}
QIN = Actor("qin", frozenset({"approver"}))


def opened(office: Office, count: int, grade: str = "deep", bank_name: str = "") -> Office:
    """H1 to H3, one person each, owed from 2005-04 on."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000), ("accidental", "2005-01", 17_551))
    office.at("2005-03-25T09:00")
    office.register(
        [
            {
                "household_no": f"H{number}",
                "applicant_name": f"试{'甲乙丙'[number - 1]}",
                "applicant_id": applicant,
                "grade": grade,
                "approved_on": "2005-03-10",
                "account_no": f"622848000000000000{number}",
                "bank_name": bank_name,
            }
            for number, applicant in enumerate(APPLICANTS[:count], start=1)
        ]
    )
    return office


def prepared(office: Office, day: str, quarter: str) -> None:
    office.at(f"{day}T09:00")
    office.prepare(quarter)


def changed(office: Office, day: str, **row: str) -> None:
    office.at(f"{day}T10:00")
    office.change({"household_no": "H1", **row})


def second_approver(office: Office) -> None:
    with office.relief.work() as work:
        add_user(work, AN, QIN.username, sorted(QIN.roles), PASSWORD)
        work.commit()


def by_hand(office: Office, *statements: sa.Executable) -> None:
    """Past the program, and past the triggers that keep its rows."""
    engine = sa.create_engine(office.relief.database.url)
    triggers = (
        "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'"
        if office.relief.database.is_sqlite
        else "SELECT 'DROP TRIGGER ' || tgname || ' ON ' || tgrelid::regclass FROM pg_trigger "
        "WHERE NOT tgisinternal"
    )
    with engine.begin() as connection:
        for drop in connection.execute(sa.text(triggers)).scalars().all():
            connection.execute(sa.text(drop))
        for statement in statements:
            connection.execute(statement)
    engine.dispose()


def refusal(office: Office, action: str, actor: Actor, **more: object) -> set[str]:
    """The codes with which a step of 2005Q2 is refused; none where it is taken."""
    try:
        office.step("2005Q2", action, actor, **more)
    except ReliefError as refused:
        return {problem.code for problem in refused.problems}
    return set()


def faults(office: Office, reference: str) -> set[str]:
    with office.relief.reading() as work:
        return {p.code for p in verify_run(work, queries.find_run(work, reference))}


def said(office: Office, statuses: dict[str, str], file: str) -> Answered:
    """The bank's answer to 2005Q2 in a file of its own, without a day."""
    rows = [
        ResultRow(
            Place("r", number, {}),
            line.reference,
            line.amount_fen,
            statuses[line.household_no],
            "",
            None,
        )
        for number, line in enumerate(office.lines("2005Q2"), start=2)
        if line.household_no in statuses
    ]
    with office.relief.work() as work:
        run = queries.find_run(work, "2005Q2")
        answered = record_results(work, FANG, run, rows, file, f"{file}.csv")
        work.commit()
    return answered


def states(office: Office) -> dict[str, str]:
    return {line.household_no: line.state for line in office.lines("2005Q2")}


# What is recovered


def test_recovery_of_half_an_odd_amount_is_rounded_down(office: Office) -> None:
    opened(office, 1, "accidental")
    prepared(office, "2005-06-15", "2005Q2")
    office.release("2005Q2")
    office.answer("2005Q2", {"H1": "success"})
    changed(office, "2005-07-05", change="exit", effective_on="2005-03-20")
    changed(office, "2005-08-20", change="approve", effective_on="2005-08-20")
    prepared(office, "2005-09-15", "2005Q3")

    (line,) = office.lines("2005Q3")
    sums = (line.due_fen, line.over_fen, line.recovery_fen, line.amount_fen)
    assert sums == (17_551, 52_653, 8_775, 8_776)
    assert [item.amount_fen for item in line.items] == [-8_775, 17_551]
    assert faults(office, "2005Q3") == set()


def over_paid(office: Office) -> Office:
    """H1 was paid for 2005-05 and 2005-06, and had left in 2005-04."""
    opened(office, 1)
    prepared(office, "2005-06-15", "2005Q2")
    office.release("2005Q2")
    changed(office, "2005-07-08", change="exit", effective_on="2005-04-10")
    prepared(office, "2005-09-15", "2005Q3")
    return office


def found(office: Office, reference: str) -> tuple[int, int]:
    run = office.run(reference)
    return run.new_over_paid_count, run.new_over_paid_fen


def test_draft_made_anew_still_says_its_new_over_payments(office: Office) -> None:
    over_paid(office)
    assert found(office, "2005Q3") == (1, 40_000)
    prepared(office, "2005-09-16", "2005Q3")
    assert found(office, "2005Q3") == (1, 40_000)


def test_run_prepared_after_a_cancelled_one_still_says_its_new_over_payments(
    office: Office,
) -> None:
    over_paid(office).cancel("2005Q3")
    prepared(office, "2005-09-16", "2005Q3")
    assert found(office, "2005Q3") == (1, 40_000)


def test_over_payment_that_an_earlier_list_showed_is_not_new(office: Office) -> None:
    over_paid(office).release("2005Q3")
    prepared(office, "2005-12-15", "2005Q4")
    assert office.exceptions("2005Q4") == [("H1", "over_paid", 40_000)]
    assert found(office, "2005Q4") == (0, 0)


# Who is paid


def test_death_told_as_a_correction_of_a_leaving_ends_the_account(office: Office) -> None:
    opened(office, 1)
    changed(
        office,
        "2005-04-01",
        change="join",
        id_number=WIFE,
        name="试丁",
        relation="spouse",
        counted="yes",
    )
    gone = {"change": "leave", "id_number": APPLICANTS[0]}
    changed(office, "2005-05-11", **gone, effective_on="2005-05-10", reason="moved out")
    changed(office, "2005-05-12", change="account", **NEW_ACCOUNT)
    changed(office, "2005-05-20", **gone, effective_on="2005-05-12", reason="death")
    prepared(office, "2005-06-15", "2005Q2")

    # Two people in 2005-04 and 2005-05, the wife alone in 2005-06.
    assert office.exceptions("2005Q2") == [("H1", "no_account", 100_000)]
    assert office.lines("2005Q2") == []


def test_leaving_corrected_without_a_death_keeps_the_account_recorded_since(
    office: Office,
) -> None:
    opened(office, 1)
    gone = {"change": "leave", "id_number": APPLICANTS[0]}
    changed(office, "2005-05-11", **gone, effective_on="2005-05-10", reason="moved out")
    changed(office, "2005-05-12", change="account", **NEW_ACCOUNT)
    changed(office, "2005-05-20", **gone, effective_on="2005-05-12", reason="moved out")
    prepared(office, "2005-06-15", "2005Q2")

    assert [line.amount_fen for line in office.lines("2005Q2")] == [40_000]


# Who takes which step


@pytest.fixture
def approved(office: Office) -> Office:
    """2005Q2 with H1 to H3, prepared by the program, submitted by Fang, approved by Ping."""
    opened(office, 3)
    second_approver(office)
    prepared(office, "2005-06-15", "2005Q2")
    office.step("2005Q2", "submit", FANG)
    office.step("2005Q2", "approve", PING)
    return office


def withdraw(office: Office, household_no: str, actor: Actor) -> set[str]:
    fields = {"household_no": household_no}
    return refusal(office, "withdraw", actor, fields=fields, reason="asked to wait")


def test_no_line_is_withdrawn_from_a_list_that_was_changed_by_hand(approved: Office) -> None:
    of_h1 = sa.select(HOUSEHOLD.c.id).where(HOUSEHOLD.c.household_no == "H1").scalar_subquery()
    by_hand(
        approved,
        sa.update(ACCOUNT).where(ACCOUNT.c.household_id == of_h1).values(bank_name="别的银行"),
    )
    before = approved.run("2005Q2")

    assert withdraw(approved, "H2", PING) == {"run.altered"}
    assert states(approved) == dict.fromkeys(("H1", "H2", "H3"), "prepared")
    assert approved.run("2005Q2") == before


def test_a_line_is_withdrawn_from_an_approved_list_that_stands(approved: Office) -> None:
    assert withdraw(approved, "H2", PING) == set()
    assert approved.run("2005Q2").total_fen == 120_000


def test_who_withdrew_from_an_approved_list_may_not_release_it(approved: Office) -> None:
    assert withdraw(approved, "H2", QIN) == set()
    assert refusal(approved, "release", QIN) == {"run.releaser_withdrew"}
    assert approved.run("2005Q2").state == "approved"


def test_somebody_else_may_release_what_was_withdrawn_from(approved: Office) -> None:
    assert withdraw(approved, "H2", QIN) == set()
    assert refusal(approved, "release", GAO) == set()
    assert states(approved) == {"H1": "sent", "H2": "withdrawn", "H3": "sent"}


def test_another_approver_who_withdrew_nothing_may_release(approved: Office) -> None:
    assert withdraw(approved, "H2", PING) == set()
    assert refusal(approved, "release", QIN) == set()


def test_who_withdrew_before_the_approval_may_release(office: Office) -> None:
    opened(office, 2)
    second_approver(office)
    prepared(office, "2005-06-15", "2005Q2")
    office.step("2005Q2", "submit", FANG)
    assert withdraw(office, "H2", QIN) == set()
    office.step("2005Q2", "approve", PING)
    assert refusal(office, "release", QIN) == set()


def test_no_override_lets_who_withdrew_release(approved: Office) -> None:
    assert withdraw(approved, "H2", QIN) == set()
    assert refusal(approved, "release", QIN, override="nobody else is here") == {
        "run.releaser_withdrew"
    }
    assert approved.run("2005Q2").state == "approved"


def test_who_withdrew_may_release_after_another_approval(approved: Office) -> None:
    assert withdraw(approved, "H2", QIN) == set()
    approved.step("2005Q2", "return", PING, reason="look again")
    approved.step("2005Q2", "submit", FANG)
    approved.step("2005Q2", "approve", PING)
    assert refusal(approved, "release", QIN) == set()


def test_who_submitted_last_counts_as_the_preparer_of_the_programs_list(office: Office) -> None:
    opened(office, 1)
    prepared(office, "2005-06-15", "2005Q2")
    office.step("2005Q2", "submit", FANG)
    assert office.run("2005Q2").prepared_by == "fang"
    office.step("2005Q2", "return", PING, reason="look again")
    office.step("2005Q2", "submit", GAO)

    assert office.run("2005Q2").prepared_by == "gao"
    assert refusal(office, "return", FANG, reason="look again") == {"run.returner"}
    assert refusal(office, "return", GAO, reason="look again") == set()
    assert office.run("2005Q2").state == "draft"


def test_who_prepared_by_hand_stays_the_preparer_when_somebody_else_submits(
    office: Office,
) -> None:
    opened(office, 1)
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2", actor=FANG)
    office.step("2005Q2", "submit", GAO)
    assert office.run("2005Q2").prepared_by == "fang"


# What stops a release


def returned_household(office: Office) -> Office:
    """H1 left in 2005-05, came back from 2005-07, and has a line in the approved 2005Q3."""
    opened(office, 1)
    changed(office, "2005-05-12", change="exit", effective_on="2005-05-10")
    prepared(office, "2005-06-15", "2005Q2")
    office.release("2005Q2")
    changed(office, "2005-06-21", change="approve", effective_on="2005-06-20")
    prepared(office, "2005-09-15", "2005Q3")
    office.step("2005Q3", "submit", FANG)
    office.step("2005Q3", "approve", PING)
    return office


def test_old_exit_put_right_since_the_list_does_not_stop_its_release(office: Office) -> None:
    returned_household(office)
    changed(office, "2005-09-16", change="exit", effective_on="2005-04-20")
    office.step("2005Q3", "release", GAO)
    assert [line.state for line in office.lines("2005Q3")] == ["sent"]


def test_exit_since_the_list_stops_its_release(office: Office) -> None:
    returned_household(office)
    changed(office, "2005-09-16", change="exit", effective_on="2005-09-16")
    with pytest.raises(TransitionRefused) as refused:
        office.step("2005Q3", "release", GAO)
    assert [p.code for p in refused.value.problems] == ["run.household_stopped"]


# What the bank says


def test_answer_without_a_day_that_comes_again_in_a_longer_file_is_a_repetition(
    office: Office,
) -> None:
    opened(office, 3)
    prepared(office, "2005-06-15", "2005Q2")
    office.release("2005Q2")
    said(office, {"H1": "processing", "H2": "failed"}, "first")
    office.at("2005-06-17T09:00")
    said(office, {"H1": "success"}, "second")
    office.at("2005-06-20T09:00")

    longer = said(office, {"H1": "processing", "H2": "failed", "H3": "success"}, "longer")
    assert (longer.by_state, longer.repeated, longer.settled) == ({"paid": 1}, 2, True)
    assert states(office) == {"H1": "paid", "H2": "failed", "H3": "paid"}
    assert faults(office, "2005Q2") == set()


def test_returned_without_a_day_before_it_was_booked_may_come_twice(office: Office) -> None:
    opened(office, 2)
    prepared(office, "2005-06-15", "2005Q2")
    office.release("2005Q2")
    assert said(office, {"H1": "returned"}, "first").by_state == {"failed": 1}
    office.at("2005-06-20T09:00")

    second = said(office, {"H1": "returned"}, "second")
    assert (second.by_state, second.repeated) == ({}, 1)
    assert states(office) == {"H1": "failed", "H2": "sent"}
    assert faults(office, "2005Q2") == set()
    with office.relief.work() as work:
        again = prepare_run(work, FANG, Quarter.parse("2005Q2"), "supplementary")
    assert again.total_fen == 60_000


# What was changed by hand


@pytest.fixture
def paid(office: Office) -> Office:
    """2005Q2 with H1 and H2, both paid, the run settled."""
    opened(office, 2)
    prepared(office, "2005-06-15", "2005Q2")
    office.release("2005Q2")
    office.answer("2005Q2", {"H1": "success", "H2": "success"})
    assert faults(office, "2005Q2") == set()
    return office


FIRST = sa.select(LINE.c.id).where(LINE.c.number == 1).scalar_subquery()
PAID_EVENT = sa.and_(EVENT.c.line_id == FIRST, EVENT.c.state == "paid")


def test_verify_names_an_answer_changed_with_all_that_belongs_to_it(paid: Office) -> None:
    at = sa.select(EVENT.c.at).where(EVENT.c.line_id == FIRST, EVENT.c.state == "failed")
    by_hand(
        paid,
        sa.update(EVENT).where(PAID_EVENT).values(state="failed", answer="failed"),
        sa.update(ITEM).where(ITEM.c.line_id == FIRST).values(voided_at=at.scalar_subquery()),
    )
    assert faults(paid, "2005Q2") == {"verify.answers"}


def test_verify_names_an_answer_that_was_removed(paid: Office) -> None:
    by_hand(paid, sa.delete(EVENT).where(PAID_EVENT))
    assert faults(paid, "2005Q2") == {"verify.answers"}


def test_verify_names_an_answer_of_another_day(paid: Office) -> None:
    by_hand(paid, sa.update(EVENT).where(PAID_EVENT).values(settled_on=dt.date(2005, 6, 1)))
    assert faults(paid, "2005Q2") == {"verify.answers"}


def test_verify_names_an_answer_that_no_file_gave(office: Office) -> None:
    opened(office, 1)
    prepared(office, "2005-06-15", "2005Q2")
    office.release("2005Q2")
    columns = ("line_id", "state", "at", "actor", "answer")
    sent = sa.select(
        EVENT.c.line_id, sa.literal("paid"), EVENT.c.at, EVENT.c.actor, sa.literal("success")
    ).where(EVENT.c.state == "sent")
    by_hand(office, sa.insert(EVENT).from_select(columns, sent))
    assert states(office) == {"H1": "paid"}
    assert faults(office, "2005Q2") == {"verify.answers"}


def test_verify_names_lines_whose_references_were_swapped(paid: Office) -> None:
    one, two = (line.reference for line in paid.lines("2005Q2"))
    swap = ((one, "between"), (two, one), ("between", two))
    by_hand(
        paid,
        *(sa.update(LINE).where(LINE.c.reference == a).values(reference=b) for a, b in swap),
    )
    assert "verify.reference" in faults(paid, "2005Q2")


# What goes out


@pytest.mark.parametrize("name", ["＝1+1", "＋1", "－1", "＠SUM(1)", " ＝1+1", "=1+1"])
def test_no_bank_name_goes_out_as_a_formula(sqlite_office: Office, name: str) -> None:
    office = opened(sqlite_office, 1, bank_name=name)
    prepared(office, "2005-06-15", "2005Q2")
    office.release("2005Q2")
    with office.relief.work() as work:
        run = queries.find_run(work, "2005Q2")
        content = export_list(work, GAO, run, "csv", "en").content
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert row["bank_name"] == f"'{name.strip()}"
