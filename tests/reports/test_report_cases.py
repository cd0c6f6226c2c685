"""Cases of a half-year, counted by hand, without a database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from hypothesis import given

from relief.petitions.rules import SHIPPED
from relief.reports.cases.figures import case_figures
from relief.reports.cases.lives import CaseLife, Cases
from relief.reports.cases.step_figures import step_figures
from relief.reports.periods import HalfYear
from relief.reports.reemployment.figures import work_figures
from relief.reports.reemployment.queries import Start
from relief.reports.rules import Figure
from tests.reports.lives import WAYS, case, day, random_cases

H1, H2 = HalfYear(2005, 1), HalfYear(2005, 2)
LATER = day("2006-06-01")
TITLES = {kind: {"en": kind.title(), "zh": kind} for kind in SHIPPED}


def figures(
    lives: Sequence[CaseLife], period: HalfYear = H1, today: dt.date = LATER
) -> dict[str, Figure]:
    received = [life for life in lives if life.received_on <= period.last_on]
    cases = Cases(period, today, received, TITLES)
    return {figure.id: figure for figure in (*case_figures(cases), *step_figures(cases))}


def values(lives: Sequence[CaseLife], *names: str, period: HalfYear = H1) -> list[object]:
    found = figures(lives, period)
    return [found[name].value for name in names]


def test_case_counts_in_the_half_year_of_its_acceptance_not_of_its_receipt() -> None:
    lives = [
        case(1, ("2004-12-30", "receive"), ("2004-12-31", "accept")),
        case(2, ("2004-12-31", "receive"), ("2005-01-01", "accept")),
        case(3, ("2005-06-30", "receive"), ("2005-06-30", "accept")),
        case(4, ("2005-06-30", "receive"), ("2005-07-01", "accept")),
    ]
    found = figures(lives)
    assert [row.reference for row in found["petitions_accepted"].rows] == [
        "P2005-0002",
        "P2005-0003",
    ]
    assert values(lives, "petitions_received", "carried_over", "petitions_open") == [2, 1, 3]
    assert values(lives, "petitions_accepted", period=H2) == [1]


def test_case_is_handled_when_its_opinion_was_served_by_the_last_day() -> None:
    lives = [
        case(1, ("2005-05-01", "receive"), ("2005-05-02", "accept"), ("2005-06-30", "handle")),
        case(2, ("2005-05-01", "receive"), ("2005-05-02", "accept"), ("2005-07-01", "handle")),
        case(3, ("2005-05-01", "receive"), ("2005-05-02", "accept"), ("2005-06-01", "withdraw")),
    ]
    names = ("petitions_accepted", "petitions_handled", "handled_rate", "handled_percent")
    assert values(lives, *names) == [3, 1, "1/3", "33.3"]
    assert values(lives, *names, period=H2) == [0, 0, "0/0", None]
    assert values(lives, "petitions_open", "carried_over", period=H1) == [1, 0]
    assert values(lives, "carried_over", "carried_over_handled", period=H2) == [1, 1]


def test_opinion_returned_for_rework_counts_again_only_when_it_is_served_again() -> None:
    begun = (("2005-03-01", "receive"), ("2005-03-02", "accept"), ("2005-04-01", "handle"))
    returned = case(1, *begun, ("2005-04-10", "return"))
    assert values([returned], "petitions_handled", "petitions_returned") == [0, 1]
    again = case(1, *begun, ("2005-04-10", "return"), ("2005-04-20", "handle"))
    assert values([again], "petitions_handled", "petitions_returned") == [1, 1]
    redone = case(1, *begun, ("2005-04-10", "implement"), ("2005-04-12", "return"))
    assert values([redone], "petitions_handled", "petitions_returned") == [1, 0]


def test_what_happens_after_the_last_day_changes_nothing_in_a_report() -> None:
    begun = (("2005-03-01", "receive"), ("2005-03-02", "accept"), ("2005-04-01", "handle"))
    returned = case(1, *begun, ("2005-07-01", "return"))
    merged = case(
        2, ("2005-03-01", "receive"), ("2005-03-02", "accept"), ("2005-07-01", "merge"),
        merged_into_id=1,
    )  # fmt: skip
    names = ("petitions_accepted", "petitions_handled", "petitions_returned", "petitions_merged")
    assert values([returned, merged], *names) == [2, 1, 0, 0]
    assert values([returned, merged], *names, period=H2) == [0, 0, 1, 1]


def test_merged_cases_count_once_by_the_first_acceptance_among_them() -> None:
    lives = [
        case(1, ("2005-02-01", "receive"), ("2005-02-05", "accept"), ("2005-03-01", "handle")),
        case(2, ("2005-02-02", "receive"), ("2005-02-03", "accept"), ("2005-02-20", "merge"),
             merged_into_id=1),
        case(3, ("2005-02-02", "receive"), ("2005-02-04", "merge"), merged_into_id=2),
        case(4, ("2005-05-01", "receive"), ("2005-05-02", "accept"), ("2005-05-03", "merge"),
             merged_into_id=5),
        case(5, ("2004-11-01", "receive"), ("2004-11-02", "accept")),
    ]  # fmt: skip
    found = figures(lives)
    (row,) = found["petitions_accepted"].rows
    assert (row.reference, row.counts_on) == ("P2005-0001", day("2005-02-03"))
    assert str(row.why) == "accepted on 2005-02-03; merged into it: P2005-0002, P2005-0003"
    assert values(lives, "petitions_handled", "petitions_merged", "carried_over") == [1, 3, 1]


def test_declined_and_referred_cases_were_never_accepted() -> None:
    lives = [
        case(1, ("2005-02-01", "receive"), ("2005-02-05", "decline")),
        case(2, ("2005-02-01", "receive"), ("2005-02-05", "refer")),
        case(3, ("2005-02-01", "receive"), ("2005-02-05", "withdraw")),
    ]
    names = ("petitions_received", "petitions_accepted", "petitions_declined",
             "petitions_transferred", "petitions_withdrawn")  # fmt: skip
    assert values(lives, *names) == [3, 0, 1, 1, 1]


def test_case_is_in_time_when_its_opinion_was_served_by_the_day_it_was_due() -> None:
    def handled(number: int, due: str | None, served: str | None = "2005-04-01") -> CaseLife:
        steps = [("2005-02-01", "receive"), ("2005-02-02", "accept")]
        steps += [(served, "handle")] if served else []
        return case(number, *steps, due_on=day(due) if due else None)

    lives = [
        handled(1, "2005-04-01"),
        handled(2, "2005-03-31"),
        handled(3, None),
        handled(4, "2005-06-30", served=None),
        handled(5, "2005-07-01", served=None),
        handled(6, "2005-04-04", served="2005-07-02"),
    ]
    found = figures(lives)
    assert found["on_time_rate"].value == "2/5"
    assert found["on_time_percent"].value == "40.0"
    unserved = figures(lives[3:4], today=day("2005-06-30"))  # the day is not over yet
    assert unserved["on_time_rate"].value == "0/0"


def test_kinds_stand_beside_each_other() -> None:
    accepted = (("2005-02-01", "receive"), ("2005-02-02", "accept"))
    lives = [
        case(1, *accepted),
        case(2, *accepted, kind="relief"),
        case(3, *accepted, kind="relief"),
        case(4, *accepted, kind="legal_aid"),
    ]
    names = ("accepted_petition", "accepted_relief", "accepted_legal_aid", "accepted_job_referral")
    assert values(lives, *names) == [1, 2, 1, 0]


def test_every_kind_has_its_part_of_what_was_accepted() -> None:
    accepted = (("2005-02-01", "receive"), ("2005-02-02", "accept"))
    lives = [case(number, *accepted, kind=kind) for number, kind in enumerate(SHIPPED, start=1)]
    assert values(lives, *(f"accepted_{kind}" for kind in SHIPPED)) == [1] * len(SHIPPED)


def test_nothing_but_their_count_is_told_of_restricted_cases() -> None:
    life = case(
        1, ("2005-02-01", "receive"), ("2005-02-02", "accept"), ("2005-03-01", "handle"),
        restricted=True, due_on=day("2005-04-04"),
    )  # fmt: skip
    found = figures([life])
    assert found["petitions_restricted"].value == 1
    told = {str(row.why) for figure in found.values() for row in figure.rows}
    assert told == {"restricted"}


def test_persons_at_work_again_count_once_and_only_with_evidence_and_out_of_work() -> None:
    def start(number: int, person_id: int, evidence: str = "contract", **more: bool) -> Start:
        unemployed = more.get("was_unemployed", True)
        return Start(f"J2005-{number:04d}", False, person_id, day("2005-05-09"), evidence,
                     unemployed, {"en": "labour contract", "zh": "劳动合同"})  # fmt: skip

    lives = [
        case(1, ("2005-04-01", "receive"), ("2005-04-02", "accept"), ("2005-04-03", "handle"),
             ("2005-04-08", "return"), ("2005-04-20", "handle"), kind="job_referral"),
        case(2, ("2005-04-01", "receive"), ("2005-04-02", "accept"), ("2005-04-03", "handle")),
    ]  # fmt: skip
    starts = [start(1, 7), start(2, 7), start(3, 8, ""), start(4, 9, was_unemployed=False)]
    found = {f.id: f.value for f in work_figures(Cases(H1, LATER, lives, TITLES), starts)}
    assert found == {"reemployed": 1, "introductions": 2}


@given(random_cases())
def test_figures_equal_a_plain_recount_of_the_same_life(lives: list[CaseLife]) -> None:
    for period in (HalfYear(2004, 2), H1, H2):
        found = {key: figure.value for key, figure in figures(lives, period).items()}
        plain = recount(lives, period)
        assert {key: found[key] for key in plain} == plain


def test_random_lives_go_every_way_that_the_workflows_have() -> None:
    assert WAYS.keys() == SHIPPED.keys()
    assert WAYS["petition"]["re_review", "begin_hearing"] == "hearing"
    assert WAYS["petition"]["reviewed", "implement"] == "implemented"
    assert WAYS["relief"]["awaiting_papers", "papers_arrived"] == "received"
    assert ("received", "await_papers") not in WAYS["petition"]


def recount(lives: list[CaseLife], period: HalfYear) -> dict[str, object]:
    """The same figures another way: day by day, each case by its state in the evening."""
    first, last = period.first_on, period.last_on
    by_id = {life.id: life for life in lives}
    groups: dict[int, set[int]] = {}
    for life in lives:
        root = life
        while any(s.to_state == "merged" and s.on <= last for s in root.steps):
            assert root.merged_into_id is not None
            root = by_id[root.merged_into_id]
        groups.setdefault(root.id, set()).add(life.id)
    accepted = handled = 0
    for root_id, ids in groups.items():
        days = [s.on for i in ids for s in by_id[i].steps if s.action == "accept" and s.on <= last]
        if days and first <= min(days):
            accepted += 1
            evening = [s for s in by_id[root_id].steps if s.on <= last]
            ways = [s.action for s in evening if s.action == "handle" or s.to_state == "accepted"]
            ways = [way for way in ways if way != "extend"]
            handled += bool(ways) and ways[-1] == "handle"
    steps = [s for life in lives for s in life.steps if first <= s.on <= last]
    return {
        "petitions_accepted": accepted,
        "petitions_handled": handled,
        "handled_rate": f"{handled}/{accepted}",
        "petitions_received": sum(first <= life.received_on <= last for life in lives),
        "petitions_declined": sum(s.action == "decline" for s in steps),
        "petitions_merged": sum(s.action == "merge" for s in steps),
        "petitions_extended": sum(s.action == "extend" for s in steps),
        "petitions_reviewed": sum(s.action == "request_review" for s in steps),
        "petitions_reported_upward": sum(s.action == "report_upward" for s in steps),
        "petitions_open": sum(
            [s.to_state for s in life.steps if s.on <= last][-1:] == ["accepted"] for life in lives
        ),
    }
