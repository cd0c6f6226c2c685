"""What the use cases of the money refuse, whoever asks them and by whatever way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.kernel.errors import ReliefError
from relief.payouts import queries
from relief.payouts.bank.answer_file import parse_results
from relief.payouts.bank.answers import record_results
from relief.payouts.bank.released import export_list
from relief.payouts.rate_file import parse_rates
from relief.payouts.rates import list_rates, propose_rates
from relief.payouts.recovery import choose_recovery
from tests.office import AN, CHEN, FANG, GAO, PING, WEN, Office

APPLICANT = "331002195406274937"


@pytest.fixture
def draft(sqlite_office: Office) -> Office:
    """One household, 600.00, with a draft of 2005Q2."""
    office = sqlite_office
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    office.at("2005-03-25T09:00")
    file = {"household_no": "H1", "applicant_name": "试甲", "applicant_id": APPLICANT}
    account = {"account_no": "6228480000000000001"}
    office.register([{**file, **account, "grade": "deep", "approved_on": "2005-03-10"}])
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    return office


def codes(act: Callable[[], object]) -> list[str]:
    """The codes of a refusal; none where it was taken."""
    try:
        act()
    except ReliefError as refused:
        return sorted(problem.code for problem in refused.problems)
    return []


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def answer(office: Office, path: Path, actor: Actor = FANG) -> list[str]:
    """Bring the bank's answer; gives why it was refused."""

    def bring() -> None:
        rows, problems = parse_results(path)
        with office.relief.work() as work:
            run = queries.find_run(work, "2005Q2")
            record_results(work, actor, run, rows, "a" * 64, path.name, problems=problems)
            work.commit()

    return codes(bring)


def rates(office: Office, path: Path, actor: Actor = AN) -> list[str]:
    """Bring rates; gives why they were refused."""

    def bring() -> None:
        rows, problems = parse_rates(path)
        with office.relief.work() as work:
            propose_rates(work, actor, rows, "b" * 64, path.name, problems=problems)
            work.commit()

    return codes(bring)


def line_states(office: Office) -> list[str]:
    return [line.state for line in office.lines("2005Q2")]


ANSWER = "编号,金额,状态\n2005Q2-r1-00001,600.00,成功\n"


@pytest.mark.parametrize("actor", [CHEN, PING, AN, WEN], ids=lambda actor: actor.username)
def test_answer_of_the_bank_is_for_finance_to_record(
    draft: Office, tmp_path: Path, actor: Actor
) -> None:
    draft.release("2005Q2")
    path = written(tmp_path / "results.csv", ANSWER)
    assert answer(draft, path, actor) == ["results.role"]
    assert line_states(draft) == ["sent"]
    assert answer(draft, path, GAO) == []
    assert line_states(draft) == ["paid"]


def test_answer_to_a_list_that_the_bank_never_had_is_refused(draft: Office, tmp_path: Path) -> None:
    path = written(tmp_path / "results.csv", ANSWER)
    for step, actor in (("submit", FANG), ("approve", PING)):
        assert answer(draft, path) == ["run.not_released"]
        draft.step("2005Q2", step, actor)
    assert answer(draft, path) == ["run.not_released"]
    assert line_states(draft) == ["prepared"]


def test_answer_without_its_columns_is_refused_for_these_alone(
    draft: Office, tmp_path: Path
) -> None:
    draft.release("2005Q2")
    path = written(tmp_path / "results.csv", "编号,备注\n没有这一行,x\n")
    found = answer(draft, path)
    assert found == ["column.missing", "column.missing", "column.unknown"]  # nothing of the row
    assert line_states(draft) == ["sent"]


def test_rates_are_for_an_admin_to_propose(draft: Office, tmp_path: Path) -> None:
    path = written(
        tmp_path / "rates.csv", "grade,from_month,amount,document_no\ndeep,2005-07,199.00,2005-30\n"
    )
    for actor in (CHEN, FANG, PING, WEN):
        assert rates(draft, path, actor) == ["rates.role"]
    assert rates(draft, path) == []
    with draft.relief.reading() as work:
        assert [rate.rate_fen for rate in list_rates(work)] == [20_000, 19_900]


def test_rates_without_their_columns_are_refused_for_these_alone(
    draft: Office, tmp_path: Path
) -> None:
    path = written(tmp_path / "rates.csv", "grade,from_month\nno such grade,2005-07\n")
    assert set(rates(draft, path)) == {"cell.choice", "column.missing"}  # of form alone
    with draft.relief.reading() as work:
        assert len(list_rates(work)) == 1


def test_released_list_is_refused_in_a_form_or_a_language_that_there_is_not(draft: Office) -> None:
    draft.release("2005Q2")

    def take(file_format: str, headers: str) -> list[str]:
        def out() -> None:
            with draft.relief.work() as work:
                export_list(work, FANG, queries.find_run(work, "2005Q2"), file_format, headers)
                work.commit()

        return codes(out)

    assert take("pdf", "fr") == ["export.format", "export.headers"]
    assert take("csv", "fr") == ["export.headers"]
    assert take("csv", "zh") == []


def test_recovery_is_refused_without_a_choice_that_there_is_and_a_reason(draft: Office) -> None:
    def choose(choice: str, reason: str) -> list[str]:
        def decide() -> None:
            with draft.relief.work() as work:
                choose_recovery(work, PING, "H1", choice, reason)
                work.commit()

        return codes(decide)

    assert choose("forgive", " ") == ["reason.missing", "recovery.choice"]
    assert choose("wait", "") == ["reason.missing"]
    assert choose("forgive", "she is ill") == ["recovery.choice"]
    assert choose("wait", "she is ill") == []


def test_list_is_not_made_before_it_is_said_when_the_lists_began(sqlite_office: Office) -> None:
    sqlite_office.at("2005-06-15T09:00")
    assert codes(lambda: sqlite_office.prepare("2005Q2")) == ["scheme.no_go_live"]


def test_list_past_its_draft_is_not_made_anew(draft: Office) -> None:
    draft.step("2005Q2", "submit", FANG)
    assert codes(lambda: draft.prepare("2005Q2")) == ["run.past_draft"]
    draft.step("2005Q2", "approve", PING)
    assert codes(lambda: draft.prepare("2005Q2")) == ["run.past_draft"]
    assert draft.run("2005Q2").state == "approved"


def test_list_that_is_not_the_approved_one_any_more_is_not_released(draft: Office) -> None:
    draft.step("2005Q2", "submit", FANG)
    draft.step("2005Q2", "approve", PING)
    with draft.relief.work() as work:
        work.connection.execute(sa.update(queries.LINE).values(amount_fen=60_001))
        work.commit()
    assert "run.altered" in codes(lambda: draft.step("2005Q2", "release", GAO))
    assert draft.run("2005Q2").state == "approved"


def test_household_paid_in_cash_stands_on_the_list_without_an_account_number(
    draft: Office,
) -> None:
    draft.change(
        {"household_no": "H1", "change": "account", "account_no": "现金"}
        | {"effective_on": "2005-06-15", "reason": "no bank in the village"}
    )
    draft.prepare("2005Q2")
    with draft.relief.reading() as work:
        run = queries.find_run(work, "2005Q2")
        ((_reference, line),) = queries.listed_lines(work, run.id)
    assert (line.account_no, line.bank_name, line.payee_name) == ("", "", "试甲")
    assert (line.id_number, line.amount_fen) == (APPLICANT, 60_000)
