"""What is brought to the centre in the half-year, row by row: rates, register, changes, answers."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator

from relief.demo.families import OLD_CARDS, Family, fifty_families
from relief.demo.papers import Row
from relief.demo.people import Person, account_number, birthday, given_name, identity_number

FAMILIES = {family.household_no: family for family in fifty_families()}
DOCUMENT_NO = "县工字〔2005〕12号"
RATES_YUAN = {"deep": "200.00", "relative": "150.00", "accidental": "150.00"}
# The survey had no result yet for these when the register was taken over.
LATER = ("H016", "H031", "H050")
# Yuan a year that came in, that had to be spent, and the main cause.
_FOUND = {
    "H016": ("9600.00", "2400.00", "laid_off_unemployed"),
    "H031": ("7200.00", "1200.00", "major_illness"),
    "H050": ("4800.00", "1200.00", "schooling_cost"),
}
DIBAO_LINE_FEN, DIBAO_DOCUMENT_NO = 200_00, "县政发〔2005〕3号"
OBJECTION_PHONE = "0576-87000000"
_NO_ACCOUNT_YET = ("H006", "H034", "H047")
_APPROVED_ON = (dt.date(2005, 3, 18), dt.date(2005, 3, 24), dt.date(2005, 3, 25))
# How the bank answers: failed for a reason, and first of all not yet.
_BANK_FAILS = {"H013": "账户已销户", "H025": "户名不符", "H037": "账户已冻结", "H044": "账号不存在"}
_BANK_IS_SLOW = frozenset({"H037", "H045"})


def rates() -> list[Row]:
    """The rates of the document."""
    return [
        {"grade": grade, "from_month": "2005-04", "amount": amount, "document_no": DOCUMENT_NO}
        for grade, amount in RATES_YUAN.items()
    ]


def register_households() -> list[Row]:
    """A row for each household."""
    return [_household(family) for family in FAMILIES.values()]


def register_members() -> list[Row]:
    """A row for each person."""
    return [_member(family, person) for family in FAMILIES.values() for person in family.members]


def _household(family: Family) -> Row:
    no = family.household_no
    has_account = no not in _NO_ACCOUNT_YET
    return {
        "household_no": no,
        "applicant_name": family.applicant.name,
        "applicant_id": _number_on_card(family, family.applicant),
        "township": family.township,
        "address": family.address,
        "phone": family.phone,
        "employer": family.employer,
        "grade": family.grade,
        "main_cause": family.main_cause,
        "approved_on": "" if no in LATER else _APPROVED_ON[family.number // 17],
        "account_name": family.applicant.name if has_account else "",
        "account_no": family.account_no if has_account else "",
        "bank_name": family.bank_name if has_account else "",
    }


def _member(family: Family, person: Person) -> Row:
    return {
        "household_no": family.household_no,
        "name": person.name,
        "id_number": _number_on_card(family, person),
        "relation": person.relation,
        "counted": "yes" if person.counted else "no",
        "not_counted_reason": "" if person.counted else "服义务兵役",
    }


def _number_on_card(family: Family, person: Person) -> str:
    old = family.household_no in OLD_CARDS and person is family.applicant
    return person.old_id_number if old else person.id_number


def changes_of_april() -> list[Row]:
    """A new account, a doubt, a birth."""
    return [
        _new_account("H007", "2005-04-14", 107),
        _change("H009", "suspend", "2005-04-15", reason="存款与申报不符，正在核实"),
        _change(
            "H019", "join", "2005-04-12", **_named(newborn()), relation="child", reason="新生子女"
        ),
    ]


def changes_of_may() -> list[Row]:
    """A child moves from its father to its mother; an applicant dies; a grade, a doubt."""
    child = FAMILIES["H020"].member("child")
    return [
        _change("H022", "leave", "2005-05-08", **_named(FAMILIES["H022"].applicant), reason="病故"),
        _change("H019", "suspend", "2005-05-16", reason="已另行就业，收入待核实"),
        _change("H024", "grade", "2005-05-18", grade="relative", reason="伤愈后仍无稳定收入"),
        _change("H020", "leave", "2005-05-20", **_named(child), reason="随母亲生活"),
        _change("H003", "join", "2005-05-20", **_named(child), relation="child"),
    ]


def changes_of_june(*, mistaken: bool = False) -> list[Row]:
    """Two doubts, a grade for July, a soldier who stays away; first with two slips of the pen."""
    soldier = FAMILIES["H012"].members[-1]
    number = _mistyped(soldier.id_number) if mistaken else soldier.id_number
    return [
        _change("H012", "leave", "2005-06-03", id_number=number, name=soldier.name, reason="提干"),
        _change("H028", "suspend", "2005-06-06", reason="户口迁出，去向待核实"),
        _change("H043", "suspend", "2005-06-09", reason="本人失去联系"),
        _change(
            "H021",
            "grade",
            "2005-06-28" if mistaken else "2005-06-09",
            grade="deep",
            reason="配偶患大病",
        ),
    ]


def survey_of(household_no: str) -> dict[str, str]:
    """What the home visit to one of the later households found."""
    family = FAMILIES[household_no]
    income, expense, cause = _FOUND[household_no]
    return {
        "visitors": "县总工会帮扶中心、镇工会各一人",
        "annual_household_income": income,
        "unavoidable_expense": expense,
        "persons": str(len(family.members)),
        "main_cause": cause,
        "exclusion_criterion": "none",
    }


def changes_after_answer() -> list[Row]:
    """One whose account was closed names a new one."""
    return [_new_account("H013", "2005-06-29", 113)]


def newborn() -> Person:
    """The child that comes to H019."""
    father = FAMILIES["H019"].applicant
    number = identity_number(birthday(2005, 12), 12, woman=True)
    return Person(father.name[0] + given_name(12, woman=True), number, "child")


def answers(exported: bytes, answered_on: dt.date, *, first: bool) -> Iterator[Row]:
    """The bank reads the list that it was given and answers it: first all that it can, then what
    it had left open."""
    for line in csv.DictReader(io.StringIO(exported.decode("utf-8-sig"))):
        household_no = line["档案编号"]
        slow = household_no in _BANK_IS_SLOW
        if not (first or slow):
            continue
        reason = _BANK_FAILS.get(household_no, "")
        status = "processing" if slow and first else "failed" if reason else "success"
        yield {
            "reference": line["业务编号"],
            "amount": line["金额"],
            "status": status,
            "reason": reason if status == "failed" else "",
            "settled_on": answered_on.isoformat(),
        }


def failures(*, first: bool) -> list[str]:
    """Which households an answer fails, each with the bank's reason."""
    return [
        f"{household_no} {reason}"
        for household_no, reason in _BANK_FAILS.items()
        if (household_no in _BANK_IS_SLOW) != first
    ]


def _change(household_no: str, change: str, effective_on: str, **more: str) -> Row:
    return {
        "household_no": household_no, "change": change, "effective_on": effective_on, **more,
    }  # fmt: skip


def _named(person: Person) -> dict[str, str]:
    return {"id_number": person.id_number, "name": person.name}


def _new_account(household_no: str, day: str, number: int) -> Row:
    family = FAMILIES[household_no]
    return _change(
        household_no,
        "account",
        day,
        account_name=family.applicant.name,
        account_no=account_number(number),
        bank_name=family.bank_name,
    )


def _mistyped(id_number: str) -> str:
    """The same number with one digit of the sequence off."""
    digit = (int(id_number[15]) + 1) % 10
    return f"{id_number[:15]}{digit}{id_number[16:]}"
