"""Once a month the scheduler tells which yearly re-checks are due."""

from __future__ import annotations

from relief.scheduler.jobs.rechecks import TELL_RECHECKS
from relief.scheduler.runner import tick
from tests.life import PERSONS
from tests.office import Office


def told(office: Office) -> list[tuple[str, str]]:
    return [(d.period, str(d.text)) for d in tick(office.relief) if d.job == TELL_RECHECKS.key]


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
