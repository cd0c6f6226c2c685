"""Once a month the scheduler tells which yearly re-checks are due."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from relief.households.life.rechecks import DUE_AFTER_MONTHS, due_since
from relief.households.rules import months_on
from relief.kernel.text import NAMED_MAX
from relief.scheduler.jobs.rechecks import TELL_RECHECKS
from relief.scheduler.runner import tick
from tests.life import PERSONS, id_number
from tests.office import Office


def told(office: Office) -> list[tuple[str, str]]:
    return [(d.period, str(d.text)) for d in tick(office.relief) if d.job == TELL_RECHECKS.key]


@given(st.dates(dt.date(1999, 1, 1), dt.date(2010, 12, 31)))
def test_what_comes_due_by_a_day_is_known_from_the_day_before_the_year(last: dt.date) -> None:
    since = due_since(last)
    assert months_on(since, DUE_AFTER_MONTHS) <= last
    assert months_on(since + dt.timedelta(days=1), DUE_AFTER_MONTHS) > last


def test_only_the_first_of_many_rechecks_are_named_with_their_count(office: Office) -> None:
    office.at("2005-03-25T09:00")
    office.register(
        [
            {
                "household_no": f"H{number:02}",
                "applicant_name": "试甲",
                "applicant_id": id_number(number),
                "grade": "deep",
                "approved_on": "2005-03-24",
            }
            for number in range(NAMED_MAX + 1)
        ]
    )
    office.at("2006-03-02T09:00")
    ((_period, text),) = told(office)
    assert text.count("(due on 2006-03-24)") == NAMED_MAX
    assert text.endswith("H19 (due on 2006-03-24), … (21 in all).")


def test_rechecks_are_told_once_a_month_from_sixty_days_before(office: Office) -> None:
    office.at("2005-03-25T09:00")
    office.register(
        [
            {
                "household_no": no,
                "applicant_name": "试甲",
                "applicant_id": PERSONS[place],
                "grade": "deep",
                "approved_on": day,
            }
            for place, (no, day) in enumerate((("H1", "2005-03-24"), ("H2", "2005-03-01")))
        ]
    )
    office.at("2005-12-30T09:00")
    assert told(office) == []
    office.at("2005-12-31T09:00")
    assert told(office) == [("2005-12", "Re-checks due within sixty days: H2 (due on 2006-03-01).")]
    office.at("2006-01-31T09:00")
    assert told(office) == [
        (
            "2006-01",
            "Re-checks due within sixty days: H2 (due on 2006-03-01), H1 (due on 2006-03-24).",
        )
    ]
    assert told(office) == []
    office.change({"household_no": "H1", "change": "exit", "effective_on": "2006-01-31"})
    office.at("2006-03-02T09:00")
    assert told(office) == [("2006-03", "Re-checks due within sixty days: H2 (due on 2006-03-01).")]
