"""Fields that are read one by one: every fault at once, each at its field."""

from __future__ import annotations

import datetime as dt

import pytest

from relief.kernel.errors import Invalid
from relief.web.forms import FieldReader, Filled


def test_what_can_be_read_is_given_in_its_kind() -> None:
    fields = FieldReader(
        Filled({"on": "2005年6月30日", "count": " 12 ", "from": "2005-04", "amount": "1,800.50"})
    )
    assert fields.day("on") == dt.date(2005, 6, 30)
    assert fields.number("count") == 12
    assert fields.month("from") == 2005 * 12 + 3
    assert fields.yuan("amount") == 180_050
    fields.check()


def test_every_fault_is_told_at_its_field() -> None:
    fields = FieldReader(
        Filled({"on": "then", "count": "-1", "from": "2005-13", "amount": "1.005"})
    )
    fields.day("on"), fields.number("count"), fields.month("from"), fields.yuan("amount")
    with pytest.raises(Invalid) as refused:
        fields.check()
    told = [(problem.field, problem.code) for problem in refused.value.problems]
    assert told == [
        ("on", "date.unreadable"),
        ("count", "number.unreadable"),
        ("from", "month.unreadable"),
        ("amount", "money.unreadable"),
    ]


def test_what_was_not_typed_is_blank_and_no_number() -> None:
    fields = FieldReader(Filled({"count": "  "}))
    assert fields.is_blank("count")
    assert fields.is_blank("other")
    fields.number("count")
    with pytest.raises(Invalid):
        fields.check()
