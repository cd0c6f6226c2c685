"""Contacts of a half-year, counted by hand; and at random against a plain recount."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.desk.queries import ListedContact
from relief.desk.service import log_contact, read_form, void_contact
from tests.office import CHEN, Office
from tests.reports.reading import report, rows, values

CHANNELS = ("contacts", "visits", "calls", "letters")


def log(office: Office, channel: str = "visit", **more: object) -> ListedContact:
    typed = {"channel": channel, "matter": "工资没有发", "answer": "可以申请仲裁"} | more
    with office.relief.work() as work:
        contact = log_contact(work, CHEN, read_form(work, typed))
        work.commit()
    return contact


def test_contact_counts_by_the_day_it_happened_when_it_is_entered_in_another_half_year(
    office: Office,
) -> None:
    office.at("2005-07-04T09:00")
    log(office, on="2004-12-31")
    log(office, on="2005-01-01")
    log(office, "letter", on="2005-06-30")
    log(office, "call", on="2005-07-01")
    assert rows(office, "2005H1", "contacts") == [
        ("C2005-0001", "2005-01-01", 1),
        ("C2005-0002", "2005-06-30", 1),
    ]
    assert values(office, "2005H1", *CHANNELS) == [2, 1, 0, 1]
    assert values(office, "2004H2", *CHANNELS) == [1, 1, 0, 0]
    assert values(office, "2005H1", "contacts_entered_late") == [2]
    (first, _second) = report(office).figure("contacts_entered_late").rows
    assert str(first.why) == "visit, answered on the spot; entered on 2005-07-04"


def test_the_last_evening_belongs_to_the_half_year_by_the_offices_midnight(
    office: Office,
) -> None:
    office.at("2005-01-01T07:30")  # in UTC the year has not turned yet
    log(office, "call")
    office.at("2005-06-30T23:59")
    log(office, "call")
    office.at("2005-07-01T00:01")  # in UTC still June
    log(office, "call")
    assert values(office, "2005H1", "calls") == [2]
    assert values(office, "2005H2", "calls") == [1]
    assert values(office, "2005H1", "contacts_entered_late") == [0]


def test_group_visit_is_one_batch_and_a_joint_letter_one_piece(office: Office) -> None:
    office.at("2005-05-10T09:00")
    log(office, heads=5)
    log(office, name="吴试甲")
    log(office, "letter", heads=12, name="李试乙")
    log(office, "call")
    assert values(office, "2005H1", *CHANNELS) == [19, 6, 1, 12]
    pieces = ("contact_entries", "visit_batches", "letter_pieces", "contacts_collective",
              "contacts_anonymous", "contacts_answered")  # fmt: skip
    assert values(office, "2005H1", *pieces) == [4, 2, 1, 1, 2, 4]


def test_void_contact_counts_nowhere(office: Office) -> None:
    office.at("2005-05-10T09:00")
    wrong = log(office)
    log(office)
    with office.relief.work() as work:
        void_contact(work, CHEN, wrong, "entered twice")
        work.commit()
    assert values(office, "2005H1", "contacts", "contact_entries") == [1, 1]


def test_nothing_but_its_count_is_told_of_a_restricted_contact(office: Office) -> None:
    office.at("2005-05-10T09:00")
    log(office, "letter", restricted=True, name="吴试甲")
    found = report(office)
    assert found.figure("contacts_restricted").value == 1
    assert found.figure("contacts").value == 1
    told = {str(row.why) for figure in found.figures for row in figure.rows}
    assert told == {"restricted"}


_contact = st.tuples(
    st.sampled_from(("visit", "call", "letter")),
    st.dates(dt.date(2004, 12, 20), dt.date(2005, 7, 10)),
    st.integers(1, 9),
    st.booleans(),
)


@pytest.mark.parametrize("database_kind", ["sqlite"])  # the reading is tried on both above
@settings(max_examples=settings().max_examples // 3)
@given(contacts=st.lists(_contact, max_size=12))
def test_person_times_equal_a_plain_recount(
    new_office: Callable[[], Office],
    contacts: list[tuple[str, dt.date, int, bool]],
) -> None:
    office = new_office()
    office.at("2005-07-11T09:00")
    plain = dict.fromkeys(CHANNELS, 0)
    for channel, on, heads, is_void in contacts:
        counted = 1 if channel == "call" else heads
        made = log(office, channel, on=on.isoformat(), heads=counted)
        if is_void:
            with office.relief.work() as work:
                void_contact(work, CHEN, made, "entered wrongly")
                work.commit()
        elif dt.date(2005, 1, 1) <= on <= dt.date(2005, 6, 30):
            plain["contacts"] += counted
            plain[f"{channel}s"] += counted
    assert values(office, "2005H1", *CHANNELS) == list(plain.values())
    office.relief.database.dispose()
