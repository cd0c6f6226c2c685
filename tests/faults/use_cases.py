"""What an office does, as parts of a unit of work: each with the stage of the example that it
begins at, what it comes to, and what is said when it is asked for a second time."""

from __future__ import annotations

from pathlib import Path

import pytest

from relief.accounts.service import change_roles
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.households.files.ledger import parse_changes
from relief.households.files.register import parse_register
from relief.households.service import import_register, record_changes
from relief.kernel.months import Quarter
from relief.payouts import queries
from relief.payouts.bank.answer_file import parse_results
from relief.payouts.bank.answers import record_results
from relief.payouts.rates import confirm_rates
from relief.payouts.recovery import choose_recovery
from relief.payouts.runs.preparation import prepare_run
from relief.petitions.many.bulk import BulkStep, Sent, step_once
from tests.faults.acts import SAME_FILE, SAME_FORM, SAME_LIST, Act, UseCase
from tests.faults.case_work import CASE_WORK
from tests.faults.example import PAID_QUARTER, QUARTER
from tests.faults.file_steps import FILE_STEPS, MONEY
from tests.matters import FIELDS
from tests.office import AN, CHEN, FANG, GAO, PING

BROUGHT = Path(__file__).parent / "brought"


def _prepare(quarter: str, kind: str, actor: Actor) -> Act:
    def act(work: Work, _folder: Path) -> str:
        return prepare_run(work, actor, Quarter.parse(quarter), kind).sha256

    return act


def _step(action: str, actor: Actor, reason: str = "", **fields: str) -> Act:
    def act(work: Work, _folder: Path) -> str:
        run = queries.find_run(work, f"{QUARTER}-r1")
        advance(work, "payout_run", run.id, action, actor, fields=fields, reason=reason)
        after = queries.run_by_id(work, run.id)
        return f"{after.state} {after.line_count} {after.total_fen} {after.sha256}"

    return act


def _results(work: Work, folder: Path) -> str:
    run = queries.find_run(work, f"{QUARTER}-r1")
    path = folder / "results.csv"
    statuses = {"H1": "success", "H2": "failed", "H5": "processing"}
    rows = [
        f"{line.reference},{line.amount_fen / 100:.2f},{statuses.get(line.household_no, 'success')}"
        for line in queries.lines_of(work, run.id)
    ]
    path.write_text("reference,amount,status\n" + "\n".join(rows) + "\n", encoding="utf-8")
    parsed, problems = parse_results(path)
    answered = record_results(work, FANG, run, parsed, "sha256 of the answer", path.name)
    assert not problems
    return SAME_FILE if answered.same_file else str(sorted(answered.by_state.items()))


def _register(work: Work, _folder: Path) -> str:
    register, problems = parse_register(BROUGHT / "register", work.today)
    taken = import_register(work, PING, register, problems, "sha256 of the register", "register")
    return SAME_FILE if taken.same_file else str(sorted(taken.counts.items()))


def _changes(work: Work, _folder: Path) -> str:
    path = BROUGHT / "changes.csv"
    changes, problems = parse_changes(path, work.today)
    taken = record_changes(work, PING, changes, problems, "sha256 of the changes", path.name)
    return SAME_FILE if taken.same_file else str(sorted(taken.counts.items()))


def _rates(work: Work, _folder: Path) -> str:
    differences = confirm_rates(work, PING, "2005-12")
    return str([(each.household_no, each.amount_fen) for each in differences])


def _recovery(work: Work, _folder: Path) -> str:
    choose_recovery(work, PING, "H4", "wait", "约定从下季起")
    return "wait"


def _petition(work: Work, _folder: Path) -> str:
    case = find_case(work, "P2005-0001", CHEN)
    fields = FIELDS["petition"]["accept"]
    entry = advance(work, case.kind.key, case.id, "accept", CHEN, fields=fields)
    return f"{entry.to_state} {entry.hash}"


def _one_of_many(work: Work, _folder: Path) -> str:
    step = BulkStep("accept", FIELDS["petition"]["accept"], "", "0" * 32)
    version = find_case(work, "P2005-0001", CHEN).version
    if not step_once(work, CHEN, Sent("P2005-0001", version), step):
        return SAME_FORM
    return find_case(work, "P2005-0001", CHEN).state


def _roles(work: Work, _folder: Path) -> str:
    change_roles(work, AN, "gao", ["finance", "auditor"])
    return "finance, auditor"


_OF_LISTS = {
    "prepare": UseCase("begun", _prepare(QUARTER, "regular", FANG), SAME_LIST),
    "prepare anew": UseCase("changed", _prepare(QUARTER, "regular", FANG), SAME_LIST),
    "prepare a supplementary list": UseCase(
        "begun", _prepare(PAID_QUARTER, "supplementary", FANG), SAME_LIST
    ),
    "submit": UseCase("draft", _step("submit", FANG), "step.wrong_state"),
    "approve": UseCase("submitted", _step("approve", PING), "step.wrong_state"),
    "return": UseCase("submitted", _step("return", PING, "金额有误"), "step.wrong_state"),
    "withdraw": UseCase(
        "submitted", _step("withdraw", PING, "户主要求", household_no="H2"), "line.not_prepared"
    ),
    "release": UseCase("approved", _step("release", GAO), "step.wrong_state"),
    "cancel": UseCase("approved", _step("cancel", PING, "季度有误"), "step.wrong_state"),
    "results": UseCase("released", _results, SAME_FILE),
    "register": UseCase("begun", _register, SAME_FILE),
    "changes": UseCase("begun", _changes, SAME_FILE),
    "rates": UseCase("begun", _rates, "rates.confirmed"),
    "recovery": UseCase("begun", _recovery, "recovery.same"),
    "roles": UseCase("begun", _roles, "user.same_roles"),
    "one of many": UseCase("begun", _one_of_many, SAME_FORM),
    "petition": UseCase("begun", _petition, "step.wrong_state"),
}
# What is the same engine's work in other words: PostgreSQL is asked by `make test-slow`, and so is
# SQLite where there are many statements, or where it is asked for twice.
_LATER = {**MONEY, **FILE_STEPS, **CASE_WORK}
_LONG = {"confirm a repayment", "confirm a write-off", "approve a file"}
USE_CASES = {**_OF_LISTS, **_LATER}


def _marks(name: str) -> list[pytest.MarkDecorator]:
    if name in _LONG:
        return [pytest.mark.slow]
    return [pytest.mark.postgresql_slow] if name in _LATER else []


EACH = [pytest.param(name, marks=_marks(name)) for name in USE_CASES]
EACH_TWICE = [
    pytest.param(name, marks=[pytest.mark.slow] if name in _LATER else []) for name in USE_CASES
]
