"""What whoever decides on a grant is told of earlier ones to the same person."""

from __future__ import annotations

import pytest

from relief.engine.cases import find_case
from relief.petitions.life.granted import granted_before
from tests.matters import do, opened, walk
from tests.office import CHEN, PING, Office

pytestmark = pytest.mark.postgresql_slow

REFUSED = {"decision": "refused", "opinion": "不符合"}


@pytest.fixture
def two(office: Office) -> tuple[Office, str, str]:
    """A request of Wu's that was granted and carried out, and another that was accepted."""
    office.at("2005-06-15T09:00")
    given, asked = opened(office, "relief"), opened(office, "relief")
    walk(office, given, "accept", "handle", "implement")
    walk(office, asked, "accept")
    return office, given, asked


def told(office: Office, reference: str) -> list[tuple[str, bool]]:
    with office.relief.reading() as work:
        case = find_case(work, reference, PING)
        return [(each.reference, each.is_taken_back) for each in granted_before(work, PING, case)]


def returned(office: Office, reference: str) -> None:
    do(office, reference, "return", PING, reason="再看")


def test_grant_that_was_carried_out_stays_told_by_whatever_way_it_was_withdrawn(
    two: tuple[Office, str, str],
) -> None:
    office, given, asked = two
    assert told(office, asked) == [(given, False)]
    returned(office, given)
    assert told(office, asked) == [(given, False)]
    do(office, given, "withdraw", CHEN, reason="不要了")
    assert told(office, asked) == [(given, True)]


def test_grant_that_was_carried_out_stays_told_when_its_decision_is_taken_back(
    two: tuple[Office, str, str],
) -> None:
    office, given, asked = two
    returned(office, given)
    returned(office, given)
    assert told(office, asked) == [(given, True)]
    do(office, given, "handle", PING, REFUSED, reason="收入高")
    assert told(office, asked) == [(given, True)]
    returned(office, given)
    walk(office, given, "handle")
    assert told(office, asked) == [(given, False)]  # by the decision that stands


def test_grant_that_was_never_carried_out_is_told_while_it_stands(
    two: tuple[Office, str, str],
) -> None:
    office, asked, decided = two
    walk(office, decided, "handle")
    assert told(office, asked) == [(decided, False)]
    returned(office, decided)
    assert told(office, asked) == []
    walk(office, decided, "handle")
    do(office, decided, "withdraw", CHEN, reason="不要了")
    assert told(office, asked) == []
