"""What is done with hardship files by steps, and with money outside the lists, as parts of a unit
of work."""

from __future__ import annotations

from pathlib import Path

from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.households.life.dibao import record_dibao_line
from relief.households.queries import find_household
from relief.kernel.months import parse_month
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from relief.payouts.over_paid.service import record_money
from tests.faults.acts import SAME_FORM, Act, UseCase, once
from tests.life import id_number
from tests.office import AN, CHEN, FANG, PING, Office

VISIT = {
    "visitors": "陈试、方试", "annual_household_income": "3000.00", "unavoidable_expense": "500",
    "persons": "1", "main_cause": "major_illness", "exclusion_criterion": "none",
}  # fmt: skip
NOTICE = {"objection_phone": "0576-87000000"}
APPLIED, SURVEYED, OBJECTED, ANNOUNCED, ENROLLED = "H11", "H12", "H13", "H14", "H7"
MONTH = parse_month("2005-05")


def begin_files(office: Office) -> None:
    """Four more have applied; each has come a step further than the one before, and the notice of
    the last has stood its days."""
    office.dibao_line("2005-01", 24_000)
    office.register(
        [
            {"household_no": no, "applicant_name": "试甲", "applicant_id": id_number(50 + place),
             "township": "城关镇", "account_no": f"62284800000000001{no[1:]}0"}
            for place, no in enumerate((APPLIED, SURVEYED, OBJECTED, ANNOUNCED))
        ],
        actor=CHEN,
    )  # fmt: skip
    for no in (SURVEYED, OBJECTED, ANNOUNCED):
        office.file_step(no, "survey", CHEN, fields=VISIT)
    for no in (OBJECTED, ANNOUNCED):
        office.file_step(no, "publish", CHEN, fields=NOTICE)
    office.file_step(OBJECTED, "object", CHEN, fields={"objection": "有其他房产"})
    office.at("2005-09-28T09:00")
    with office.relief.work() as work:  # what is opened later goes on from here
        work.instant()
        work.commit()


def begin_money(office: Office) -> None:
    """A repayment and a write-off wait, of the same household."""
    office.record_money(REPAYMENT, "H4", MONTH, 100_00, "收-1")
    office.record_money(WRITE_OFF, "H4", MONTH, 50_00, "纪要-1")


def _step(no: str, action: str, actor: Actor, reason: str = "", **fields: str) -> Act:
    def act(work: Work, _folder: Path) -> str:
        household_id = find_household(work, no).id
        entry = advance(
            work, "household", household_id, action, actor, fields=fields, reason=reason
        )
        return f"{entry.to_state} {entry.hash}"

    return act


def _record(kind: MoneyKind, paper_no: str) -> Act:
    def act(work: Work, _folder: Path) -> str:
        found = record_money(
            work, FANG, kind,
            household_no="H4", month="2005-05", amount="20.00", paper_no=paper_no,
        )  # fmt: skip
        return found.reference

    return act


def _money(reference: str, action: str, actor: Actor, reason: str = "") -> Act:
    def act(work: Work, _folder: Path) -> str:
        case = find_case(work, reference, actor)
        return advance(work, case.kind.key, case.id, action, actor, reason=reason).to_state

    return act


def _line(work: Work, _folder: Path) -> str:
    record_dibao_line(work, AN, parse_month("2005-07"), 26_000, "2005-9")
    return "26000"


MONEY = {
    "repayment": UseCase("money waits", _record(REPAYMENT, "收-2"), "over_paid.paper_twice"),
    "confirm a repayment": UseCase(
        "money waits", _money("M2005-0001", "confirm", PING), "step.wrong_state"
    ),
    "take a repayment back": UseCase(
        "money waits", _money("M2005-0001", "take_back", FANG, "记错户"), "step.wrong_state"
    ),
    "write-off": UseCase("money waits", _record(WRITE_OFF, "纪要-2"), "over_paid.paper_twice"),
    "confirm a write-off": UseCase(
        "money waits", _money("W2005-0001", "confirm", PING), "step.wrong_state"
    ),
    "decline a write-off": UseCase(
        "money waits", _money("W2005-0001", "decline", PING, "未上会"), "step.wrong_state"
    ),
}
FILE_STEPS = {
    "survey": UseCase("files", once(_step(APPLIED, "survey", CHEN, **VISIT)), SAME_FORM),
    "publish": UseCase("files", once(_step(SURVEYED, "publish", CHEN, **NOTICE)), SAME_FORM),
    "dismiss an objection": UseCase(
        "files", _step(OBJECTED, "dismiss_objection", PING, "查无实据"), "step.wrong_state"
    ),
    "approve a file": UseCase(
        "files", _step(ANNOUNCED, "approve", PING, grade="deep"), "step.wrong_state"
    ),
    "re-check": UseCase(
        "files",
        _step(ENROLLED, "recheck", CHEN, **VISIT, recheck_result="regraded", grade="deep"),
        "recheck.same_grade",
    ),
    "suspend": UseCase("files", _step(ENROLLED, "suspend", CHEN, "待核实"), "step.wrong_state"),
    "exit": UseCase(
        "files", _step(ENROLLED, "exit", CHEN, exit_reason="graduation"), "step.wrong_state"
    ),
    "minimum living line": UseCase("files", _line, "dibao.known"),
}
