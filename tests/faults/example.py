"""A small office with everything in it that a list can hold: arrears, a recovery, over-payments,
every exception, a line that failed at the bank and one that the bank still works on.

Its story goes by stages, each a state of the database that tests start from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from tests.faults import many
from tests.faults.case_work import begin_matters
from tests.faults.file_steps import begin_files, begin_money
from tests.life import id_number
from tests.matters import opened
from tests.office import FANG, GAO, PING, Office

# By the number of the household: who applies for it.
APPLICANTS = {f"H{place}": id_number(20 + place) for place in range(1, 10)}
SPOUSE, CHILD, COUSIN, PARENT = (id_number(serial) for serial in (40, 41, 42, 43))
QUARTER, PAID_QUARTER = "2005Q3", "2005Q2"


def begin(office: Office) -> None:
    """Nine households; the list of the second quarter was paid, but for one line that failed and
    one that is under way. Since then facts came that touch months already paid."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.at("2005-03-25T09:00")
    office.register([_household(no) for no in list(APPLICANTS)[:6]], _members())
    office.at("2005-06-15T09:00")
    office.prepare(PAID_QUARTER, actor=FANG)
    office.release(f"{PAID_QUARTER}-r1")
    office.at("2005-06-29T09:00")
    statuses = dict.fromkeys(APPLICANTS, "success") | {"H5": "failed", "H6": "processing"}
    office.answer(f"{PAID_QUARTER}-r1", statuses)
    office.at("2005-07-08T09:00")
    office.change(*_late_changes())
    office.at("2005-09-02T09:00")
    office.register(
        [
            _household("H7", grade="accidental", approved_on="2005-05-10"),
            _household("H8", approved_on="2005-05-11", account_no="", account_name=""),
            _household("H9", approved_on="2005-09-01"),
        ],
        [_member(no, "试甲", APPLICANTS[no], "self") for no in ("H7", "H8", "H9")],
    )
    office.propose(
        ("accidental", "2005-01", 15_500), ("deep", "2005-08", 19_000), document_no="2005-12"
    )
    office.at("2005-09-15T09:00")
    opened(office)


def _household(no: str, **more: str) -> dict[str, str]:
    row = {
        "household_no": no,
        "applicant_name": "试甲",
        "applicant_id": APPLICANTS[no],
        "township": "城关镇",
        "grade": "deep",
        "approved_on": "2005-03-24",
        "account_name": "试甲",
        "account_no": f"62284800000000000{no[1:]}0",
        "bank_name": "信用社",
    }
    return row | more


def _member(no: str, name: str, number: str, relation: str) -> dict[str, str]:
    return {"household_no": no, "name": name, "id_number": number, "relation": relation}


def _members() -> list[dict[str, str]]:
    return [
        _member("H1", "试乙", SPOUSE, "spouse"),
        _member("H1", "试丙", CHILD, "child"),
        _member("H4", "试丁", PARENT, "parent"),
    ]


def _late_changes() -> list[dict[str, str]]:
    """A recovery (H1), arrears (H2), a hold (H3), an over-payment without an end (H4), and the
    account that a failed payment needs (H5)."""
    return [
        {"household_no": "H1", "change": "leave", "effective_on": "2005-05-20",
         "id_number": CHILD, "reason": "结婚"},
        {"household_no": "H2", "change": "join", "effective_on": "2005-04-11",
         "id_number": COUSIN, "name": "试戊", "relation": "other"},
        {"household_no": "H3", "change": "suspend", "effective_on": "2005-07-01",
         "reason": "待核实"},
        {"household_no": "H4", "change": "exit", "effective_on": "2005-04-30",
         "reason": "收入提高"},
        {"household_no": "H5", "change": "account", "effective_on": "2005-07-05",
         "account_name": "试甲", "account_no": "6228480000000000555", "bank_name": "信用社",
         "reason": "销户换卡"},
    ]  # fmt: skip


def draft(office: Office) -> None:
    """A draft of the third quarter."""
    office.prepare(QUARTER, actor=FANG)


def changed_since(office: Office) -> None:
    """A fact that the draft does not know yet."""
    office.change({"household_no": "H2", "change": "leave", "effective_on": "2005-08-11",
                   "id_number": COUSIN})  # fmt: skip


def submitted(office: Office) -> None:
    """The draft was handed in."""
    office.step(f"{QUARTER}-r1", "submit", FANG)


def approved(office: Office) -> None:
    """It was approved."""
    office.step(f"{QUARTER}-r1", "approve", PING)


def released(office: Office) -> None:
    """It went to the bank."""
    office.step(f"{QUARTER}-r1", "release", GAO)


MANY = 5_000
# Each stage begins where the one that it names ended.
STAGES: Mapping[str, tuple[str, Callable[[Office], None]]] = {
    "begun": ("", begin),
    "draft": ("begun", draft),
    "changed": ("draft", changed_since),
    "submitted": ("draft", submitted),
    "approved": ("submitted", approved),
    "released": ("approved", released),
    "matters": ("begun", begin_matters),
    "money waits": ("begun", begin_money),
    "files": ("begun", begin_files),
    "many to come": ("", partial(many.set_terms, households=MANY)),
    "many": ("many to come", partial(many.enrol, households=MANY)),
}
