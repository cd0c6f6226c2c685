"""The words that payouts are told in: kinds, reasons, grades, relations, people, months. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import reduce

from relief.households.rules import RELATIONS
from relief.households.words import GRADE_WORDS as GRADE_WORDS
from relief.kernel.money import Fen, format_yuan
from relief.kernel.months import Month, format_month
from relief.kernel.text import Text, _

ITEM_KINDS = {
    "regular": _("regular"),
    "arrears": _("arrears"),
    "recovery": _("recovery"),
}
EXCEPTION_REASONS = {
    "no_rate": _("no grade or rate"),
    "on_hold": _("on hold"),
    "no_account": _("no account"),
    "over_paid": _("over-paid"),
    "not_yet": _("starts later"),
}
RECOVERY_CHOICES = {
    "offset": _("offset"),
    "wait": _("wait"),
}
_ONE = {
    "self": _("the applicant"),
    "spouse": _("the spouse"),
    "child": _("a child"),
    "parent": _("a parent"),
    "other": _("another member"),
}
# More months than these in a row are told by the first and the last.
_NAMED_MONTHS_MAX = 3


def yuan(amount_fen: Fen) -> str:
    """An amount for people to read: `1,800.00`."""
    return format_yuan(amount_fen, grouped=True)


def each(amount_fen: Fen, of: Sequence[Month]) -> Text | str:
    """An amount, said to be that of each where there are several months."""
    return yuan(amount_fen) if len(of) == 1 else _("{amount} each", amount=yuan(amount_fen))


def people(count: int) -> Text:
    """`1 person`, `3 people`."""
    return _("1 person") if count == 1 else _("{count} people", count=count)


def households(count: int) -> Text:
    """`1 household`, `39 households`."""
    return _("1 household") if count == 1 else _("{count} households", count=count)


def members(relations: Iterable[str]) -> list[Text]:
    """Who they are, by relation and never by name: the applicant, 2 children."""
    counts = Counter(relations)
    several = {
        "self": _("{count} applicants", count=counts["self"]),
        "spouse": _("{count} spouses", count=counts["spouse"]),
        "child": _("{count} children", count=counts["child"]),
        "parent": _("{count} parents", count=counts["parent"]),
        "other": _("{count} other members", count=counts["other"]),
    }
    return [
        _ONE[relation] if counts[relation] == 1 else several[relation]
        for relation in RELATIONS
        if counts[relation]
    ]


def months(given: Sequence[Month]) -> list[Text | str]:
    """Months in order: named one by one, those in a long row by the first and the last."""
    rows: list[list[Month]] = []
    for month in given:
        if rows and month == rows[-1][-1] + 1:
            rows[-1].append(month)
        else:
            rows.append([month])
    return [told for row in rows for told in _row(row)]


def _row(row: Sequence[Month]) -> list[Text | str]:
    if len(row) <= _NAMED_MONTHS_MAX:
        return [format_month(month) for month in row]
    first, last = format_month(row[0]), format_month(row[-1])
    return [_("{first} to {last} ({count} months)", first=first, last=last, count=len(row))]


def in_brackets(texts: Sequence[Text]) -> Text:
    """What is said behind something, or nothing."""
    return _(" ({texts})", texts=reduce(_one_after_another, texts)) if texts else Text("")


def _one_after_another(told: Text, following: Text) -> Text:
    return _("{told}; {following}", told=told, following=following)
