"""One-off relief of a kind of the office's own, whose file changes while cases go on."""

from __future__ import annotations

import pytest

from relief.engine.actors import Actor
from relief.petitions.life import steps
from relief.reports.half_year import half_year_report
from relief.reports.periods import HalfYear
from relief.reports.rules import Figure
from tests.legible import legible
from tests.matters import FIELDS, do, opened, walk
from tests.office import CHEN, PING, Office
from tests.own_kind import GRANTS_NOTHING, KIND, looks_always, put

ZHOU = Actor("zhou", frozenset({"clerk"}))
GUARD = ('guards = ["grant_is_whole"]\n', "")
ANYBODY = ('roles = ["approver"] # it grants money', 'roles = ["clerk", "approver"]')
# An earlier program knew no way to tell a refusal.
UNTOLD = (
    """id = "feedback"
title = { en = "Tell the refusal", zh = "告知不予救助" }
from = ["handled"]
to = "feedback"
""",
    """id = "tell_again"
title = { en = "Tell it again", zh = "再次告知" }
from = ["feedback"]
""",
)
IN_WORDS = ('type = "amount"\nneeded', 'type = "text"\nneeded')


@pytest.fixture
def aiding(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    looks_always(office.relief)
    file_says(office)
    return office


def file_says(office: Office, *changes: tuple[str, str]) -> None:
    put(office.relief.settings.data_dir, *changes)
    office.relief.take_changed_files()
    assert office.relief.workflow_faults == ()


def granted(office: Office) -> Figure:
    with office.relief.reading() as work:
        return half_year_report(work, HalfYear(2005, 1)).figure("relief_granted")


def counts(office: Office) -> dict[str, int]:
    return {row.reference: row.counts for row in granted(office).rows}


def test_file_that_grants_nothing_any_more_takes_nothing_back(aiding: Office) -> None:
    case = opened(aiding, KIND)
    walk(aiding, case, "accept", "handle")
    stood = counts(aiding)
    assert stood == {case: 250_000}
    file_says(aiding, *GRANTS_NOTHING)
    later = opened(aiding, KIND)
    walk(aiding, later, "accept")
    words = FIELDS[KIND]["handle"]
    do(aiding, later, "handle", ZHOU, {key: words[key] for key in ("decision", "opinion")})
    assert counts(aiding) == stood


def test_grant_that_was_withdrawn_before_it_was_given_counts_no_more(aiding: Office) -> None:
    given, given_up = opened(aiding, KIND), opened(aiding, KIND)
    walk(aiding, given, "accept", "handle", "implement")
    walk(aiding, given_up, "accept", "handle")
    back = opened(aiding, KIND)
    walk(aiding, back, "accept", "handle", "implement")
    do(aiding, back, "return", PING, reason="再看")  # it was given, all the same
    assert set(counts(aiding)) == {given, given_up, back}
    for case in (given, given_up, back):
        do(aiding, case, "withdraw", CHEN, reason="不再需要")
    assert set(counts(aiding)) == {given, back}


def test_what_an_earlier_program_let_a_clerk_grant_is_counted_or_told_as_odd(
    aiding: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(steps, "_LENT", {})
        file_says(aiding, GUARD, ANYBODY, IN_WORDS, UNTOLD)
    amounts = ("3000", "about 900", "")
    cases = [opened(aiding, KIND) for _amount in amounts]
    for case, amount in zip(cases, amounts, strict=True):
        do(aiding, case, "accept", CHEN, FIELDS[KIND]["accept"])
        words = FIELDS[KIND]["handle"] | {"granted_amount": amount}
        do(aiding, case, "handle", ZHOU, words)
    file_says(aiding)  # the whole file is put back
    assert counts(aiding) == dict(zip(cases, (3_000_00, 0, 0), strict=True))
    assert ["no amount can be read" in legible(row.why) for row in granted(aiding).rows] == [
        False, True, True,
    ]  # fmt: skip


def test_amount_without_a_decision_is_granted(
    aiding: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(steps, "_LENT", {})
        no_decision = ('fields = ["decision", "opinion"]', 'fields = ["opinion"]')
        file_says(aiding, GUARD, UNTOLD, no_decision)
    case, refused = opened(aiding, KIND), opened(aiding, KIND)
    for each, amount in ((case, "100"), (refused, "")):
        do(aiding, each, "accept", CHEN, FIELDS[KIND]["accept"])
        do(aiding, each, "handle", PING, {"opinion": "同意", "granted_amount": amount})
    assert counts(aiding) == {case: 100_00}
