"""Cases of a half-year, taken through the use cases on both databases and counted by hand."""

from __future__ import annotations

from relief.kernel.text import Translator
from tests.matters import FIELDS, MEI, WU, added, do, opened, walk
from tests.office import CHEN, PING, Office
from tests.reports.reading import report, rows, values

RATES = ("petitions_accepted", "petitions_handled", "handled_rate", "handled_percent")
ANONYMOUS = {"name": "", "id_number": ""}


def test_acceptance_that_is_entered_late_counts_by_the_day_it_happened(office: Office) -> None:
    office.at("2005-07-04T09:00")
    case = opened(office, on="2005-06-20")
    accepted = FIELDS["petition"]["accept"]
    do(office, case, "accept", CHEN, accepted, happened_at="2005-06-30T16:00")
    do(office, case, "handle", PING, FIELDS["petition"]["handle"], happened_at="2005-07-01T09:00")
    assert rows(office, "2005H1", "petitions_accepted") == [(case, "2005-06-30", 1)]
    assert values(office, "2005H1", *RATES) == [1, 0, "0/1", "0.0"]
    assert values(office, "2005H2", *RATES) == [0, 0, "0/0", None]
    assert values(office, "2005H2", "carried_over", "carried_over_handled") == [1, 1]


def test_acceptance_around_midnight_belongs_to_the_offices_day(office: Office) -> None:
    office.at("2005-06-30T23:50")
    before = opened(office)
    walk(office, before, "accept")
    office.at("2005-07-01T00:10")  # in UTC still June
    after = opened(office)
    walk(office, after, "accept")
    assert rows(office, "2005H1", "petitions_accepted") == [(before, "2005-06-30", 1)]
    assert rows(office, "2005H2", "petitions_accepted") == [(after, "2005-07-01", 1)]


def test_merged_cases_are_one_and_declined_ones_none(office: Office) -> None:
    office.at("2005-05-10T09:00")
    first, second, third = opened(office), opened(office), opened(office, **ANONYMOUS)
    walk(office, first, "accept", "handle")
    walk(office, second, "accept")
    do(office, second, "merge", CHEN, {"merge_into": first})
    do(office, third, "decline", CHEN, reason="不属于本中心")
    assert values(office, "2005H1", *RATES) == [1, 1, "1/1", "100.0"]
    (row,) = report(office).figure("petitions_accepted").rows
    assert row.reference == first
    assert second in str(row.why)
    sides = ("petitions_received", "petitions_merged", "petitions_declined")
    assert values(office, "2005H1", *sides) == [3, 1, 1]


def test_opinion_that_was_returned_does_not_stand_until_it_is_served_again(
    office: Office,
) -> None:
    office.at("2005-06-10T09:00")
    case = opened(office)
    walk(office, case, "accept", "handle")
    do(office, case, "return", PING, reason="事实不清")
    added(office, case, chase_up=True)
    assert values(office, "2005H1", *RATES) == [1, 0, "0/1", "0.0"]
    assert values(office, "2005H1", "petitions_open", "petitions_returned") == [1, 1]
    walk(office, case, "handle", "implement")
    assert values(office, "2005H1", *RATES) == [1, 1, "1/1", "100.0"]


def test_extension_counts_when_it_is_judged_what_was_in_time(office: Office) -> None:
    office.at("2005-03-01T09:00")
    late, extended = opened(office), opened(office)
    walk(office, late, "accept")
    walk(office, extended, "accept")  # both are due on 2005-04-30
    office.at("2005-04-20T09:00")
    do(office, extended, "extend", PING, {"notice_on": "2005-04-20"}, reason="等待鉴定结论")
    office.at("2005-05-20T09:00")
    assert values(office, "2005H1", "on_time_rate") == ["0/1"]
    walk(office, late, "handle")
    walk(office, extended, "handle")
    assert values(office, "2005H1", "on_time_rate", "on_time_percent") == ["1/2", "50.0"]
    assert values(office, "2005H1", "petitions_extended") == [1]


def test_accusation_is_counted_and_shown_by_its_number_alone(office: Office) -> None:
    office.at("2005-05-10T09:00")
    case = opened(office)
    do(office, case, "accept", CHEN, {"matter_class": "accusation"})
    found = report(office)
    assert found.figure("petitions_restricted").value == 1
    assert found.figure("contacts_restricted").value == 1
    assert found.figure("petitions_accepted").value == 1
    assert {str(row.why) for each in found.figures for row in each.rows} == {"restricted"}


def test_person_at_work_again_counts_once_with_the_introductions_beside(office: Office) -> None:
    office.at("2005-06-20T09:00")
    for identity in (WU, WU, MEI):
        name = "吴试甲" if identity == WU else "李试乙"
        case = opened(office, "job_referral", name=name, id_number=identity)
        walk(office, case, "accept", "handle")
        if identity == WU:
            walk(office, case, "implement")
    assert values(office, "2005H1", "reemployed", "introductions") == [1, 3]
    (row,) = report(office).figure("reemployed").rows
    assert Translator("en")(row.why) == "started on 2005-06-20, evidence: labour contract"
    assert "劳动合同" in Translator("zh_Hans_CN")(row.why)
    do(office, "J2005-0001", "return", PING, reason="登记有误")
    assert rows(office, "2005H1", "reemployed") == [("J2005-0002", "2005-06-20", 1)]
    do(office, "J2005-0002", "return", PING, reason="登记有误")
    assert values(office, "2005H1", "reemployed") == [0]
    assert values(office, "2005H2", "reemployed") == [0]


def test_start_that_was_taken_back_afterwards_stays_in_the_closed_half_year(
    office: Office,
) -> None:
    office.at("2005-06-20T09:00")
    case = opened(office, "job_referral")
    walk(office, case, "accept", "handle", "implement")
    office.at("2005-07-01T00:10")  # in UTC still June
    do(office, case, "return", PING, reason="登记有误")
    assert rows(office, "2005H1", "reemployed") == [(case, "2005-06-20", 1)]
    do(office, case, "implement", CHEN, {"started_on": "2005-06-22", "evidence": "insurance"})
    assert rows(office, "2005H1", "reemployed") == [(case, "2005-06-20", 1)]


def test_start_that_was_entered_and_taken_back_after_the_last_day_counts_nowhere(
    office: Office,
) -> None:
    office.at("2005-06-20T09:00")
    case = opened(office, "job_referral")
    walk(office, case, "accept", "handle")
    office.at("2005-07-04T09:00")
    do(office, case, "implement", CHEN, {"started_on": "2005-06-20", "evidence": "contract"})
    assert values(office, "2005H1", "reemployed") == [1]
    do(office, case, "return", PING, reason="登记有误")
    assert values(office, "2005H1", "reemployed") == [0]
    assert values(office, "2005H2", "reemployed") == [0]


def test_grant_counts_by_the_opinion_that_stood_on_the_last_day(office: Office) -> None:
    office.at("2005-06-20T09:00")
    case = opened(office, "relief")
    walk(office, case, "accept", "handle")
    office.at("2005-07-05T09:00")
    do(office, case, "return", PING, reason="金额有误")
    assert rows(office, "2005H1", "relief_granted") == [(case, "2005-06-20", 1_500_00)]
    redone = FIELDS["relief"]["handle"] | {"granted_amount": "9000"}
    do(office, case, "handle", PING, redone, reason="伤情加重")
    assert rows(office, "2005H1", "relief_granted") == [(case, "2005-06-20", 1_500_00)]
    assert rows(office, "2005H2", "relief_granted") == [(case, "2005-07-05", 9_000_00)]


def test_one_off_relief_stands_beside_the_money_of_the_lists(office: Office) -> None:
    office.at("2005-06-20T09:00")
    granted, refused = opened(office, "relief"), opened(office, "relief")
    walk(office, granted, "accept", "handle")
    walk(office, refused, "accept")
    do(
        office,
        refused,
        "handle",
        PING,
        {"decision": "refused", "opinion": "不符合条件"},
        reason="收入高",
    )
    assert rows(office, "2005H1", "relief_granted") == [(granted, "2005-06-20", 1_500_00)]
    assert values(office, "2005H1", "amount_settled", "accepted_relief") == ["0.00", 2]
