"""Money that came back or was given up, wherever money is explained."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from relief.payouts import queries
from relief.payouts.explanation import explain_line
from relief.payouts.explanation.bridge import bridge
from relief.payouts.explanation.changes import changes_since
from relief.payouts.explanation.household_months import household_months
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from tests.life import PERSONS
from tests.office import FANG, PING, Office
from tests.over_paid import JUNE, MAY, over_paid, stands
from tests.reports.reading import report, rows, values

pytestmark = pytest.mark.postgresql_slow

CAME = "{} came back, receipt 2005-7, confirmed on 2005-07-11"
GIVEN = "{} {}given up by minutes 2005-7, confirmed on 2005-07-11"
JOINED = {"household_no": "H1", "change": "join", "effective_on": "2005-04-20",
          "id_number": PERSONS[3], "name": "试乙", "relation": "child"}  # fmt: skip


@pytest.fixture
def july(new_office: Callable[[], Office]) -> Office:
    return over_paid(new_office())


def slip(office: Office, run: str, no: str = "H1") -> list[str]:
    with office.relief.reading() as work:
        return [str(text) for text in explain_line(work, queries.find_run(work, run), no).text]


def next_list(office: Office, quarter: str = "2005Q3", day: str = "2005-09-15") -> None:
    office.at(f"{day}T09:00")
    office.prepare(quarter)


@pytest.mark.parametrize(
    ("kind", "said"), [(REPAYMENT, CAME.format("200.00 of 2005-06")),
                       (WRITE_OFF, GIVEN.format("200.00 of 2005-06", "was "))]
)  # fmt: skip
def test_slip_of_the_next_list_names_the_paper_once(
    july: Office, kind: MoneyKind, said: str
) -> None:
    july.settle(kind, "H1", JUNE, 200_00, "2005-7")
    next_list(july)
    assert said in slip(july, "2005Q3")
    assert not any("2005-7," in line for line in slip(july, "2005Q3", "H2"))
    july.release("2005Q3")
    july.answer("2005Q3", {"H1": "success", "H2": "success"})
    next_list(july, "2005Q4", "2005-12-15")
    assert not any("2005-7" in line for line in slip(july, "2005Q4"))


def test_slip_says_why_less_is_taken_of_a_month_that_was_settled_in_part(july: Office) -> None:
    july.settle(REPAYMENT, "H1", MAY, 50_00, "2005-7")
    next_list(july)
    (line,) = (line for line in slip(july, "2005Q3") if "2005-05" in line and "less" in line)
    assert CAME.format("50.00") in line
    assert "150.00" in line


def test_over_paid_exception_names_what_was_given_up(july: Office) -> None:
    july.settle(WRITE_OFF, "H1", JUNE, 50_00, "2005-7")
    july.choose("H1", "wait")
    next_list(july)
    assert july.exceptions("2005Q3") == [("H1", "over_paid", 350_00)]
    (line,) = (line for line in slip(july, "2005Q3") if "150.00 in 2005-06" in line)
    assert GIVEN.format("50.00", "") in line


def test_slip_of_what_is_owed_again_names_the_receipt(july: Office) -> None:
    july.settle(REPAYMENT, "H1", JUNE, 200_00, "2005-7")
    july.at("2005-07-20T09:00")
    july.change(JOINED)
    july.prepare("2005Q2", "supplementary")
    (line,) = july.lines("2005Q2-s1")
    assert (line.amount_fen, [item.month for item in line.items]) == (200_00, [JUNE])
    assert any(CAME.format("200.00") in said for said in slip(july, "2005Q2-s1"))


def test_bridge_has_a_name_for_what_came_back_and_is_owed_again(july: Office) -> None:
    july.settle(REPAYMENT, "H1", JUNE, 200_00, "2005-7")
    july.at("2005-07-20T09:00")
    july.change(JOINED)
    july.prepare("2005Q2", "supplementary")
    with july.relief.reading() as work:
        built = bridge(work, queries.find_run(work, "2005Q2-s1"))
    steps = {step.name: step.amount_fen for step in built.steps if step.amount_fen}
    assert (steps["repaid"], steps["paid_before"], built.rest_fen) == (200_00, -400_00, 0)


@pytest.mark.parametrize(
    ("kind", "told"), [(REPAYMENT, ("repayment", "H1", "200.00 of 2005-06 came back, receipt 7")),
                       (WRITE_OFF, ("write_off", "H1",
                                    "200.00 of 2005-06 was given up by minutes 7"))]
)  # fmt: skip
def test_approver_is_told_what_was_confirmed_since_the_list_was_made(
    july: Office, kind: MoneyKind, told: tuple[str, str, str]
) -> None:
    next_list(july)
    run_takes = july.lines("2005Q3")[0].recovery_fen
    july.cancel("2005Q3")
    july.at("2005-09-16T09:00")
    july.choose("H1", "wait")
    july.prepare("2005Q3")
    no = july.record_money(kind, "H1", JUNE, 200_00, "7")
    with july.relief.reading() as work:
        assert changes_since(work, queries.find_run(work, "2005Q3")).count == 0  # it waits
    july.money_step(no, "confirm", PING)
    with july.relief.reading() as work:
        shown = changes_since(work, queries.find_run(work, "2005Q3")).shown
    assert [(c.kind, c.household_no, str(c.what)) for c in shown] == [told]
    assert run_takes == 300_00


def test_months_of_the_household_tell_what_waits_and_what_counts(july: Office) -> None:
    july.settle(REPAYMENT, "H1", JUNE, 50_00, "2005-7")
    july.settle(WRITE_OFF, "H1", JUNE, 25_00, "2005-7")
    july.record_money(REPAYMENT, "H1", JUNE, 10_00, "2005-8")
    july.record_money(WRITE_OFF, "H1", JUNE, 10_00, "2005-8")
    taken_back = july.record_money(REPAYMENT, "H1", JUNE, 5_00, "2005-9")
    july.money_step(taken_back, "take_back", FANG, reason="typed twice")  # it is told no more
    with july.relief.reading() as work:
        months = {m.month: m for m in household_months(work, 1, "H1")}
    assert [str(note.text) for note in months[JUNE].notes] == [
        "over-paid by 125.00; the next lists offset it against what is due",
        CAME.format("50.00"),
        "10.00 that came back waits to be confirmed (M2005-0002)",
        GIVEN.format("25.00", ""),
        "10.00 to be given up waits to be confirmed (W2005-0002)",
    ]
    assert (months[JUNE].paid_fen, months[JUNE].written_off_fen) == (350_00, 25_00)
    assert [note.code for note in months[MAY].notes] == ["over_paid"]


def test_half_year_shows_both_beside_the_net_amount(july: Office) -> None:
    july.settle(REPAYMENT, "H1", JUNE, 150_00, "2005-7")
    july.settle(WRITE_OFF, "H1", JUNE, 50_00, "2005-8")
    july.record_money(REPAYMENT, "H1", MAY, 1_00, "2005-9")  # it waits
    names = ("amount_settled", "amount_repaid", "amount_given_up")
    assert values(july, "2005H2", *names) == ["0.00", "150.00", "50.00"]
    assert values(july, "2005H1", *names) == ["1800.00", "0.00", "0.00"]
    assert rows(july, "2005H2", "amount_given_up") == [("H1", "2005-07-11", 50_00)]
    assert report(july).figure("amount_repaid").value == "0.00"
    assert stands(july).over_fen == 0
