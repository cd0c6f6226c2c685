"""An office with many households, of one to three persons each; all invented."""

from __future__ import annotations

from relief.people.rules import check_character
from tests.office import Office


def set_terms(office: Office, households: int) -> None:
    """Terms and rates, and room for so many households; it is March."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04", places_max=households)
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.at("2005-03-25T09:00")
    _begin_the_day(office)


def enrol(office: Office, households: int) -> None:
    """So many households, on the day on which their first list is due."""
    office.register(*register(households))
    office.at("2005-06-15T09:00")
    _begin_the_day(office)


def register(households: int) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows of a register: households, and the members beside the applicants."""
    members = [
        {"household_no": f"N{place:06d}", "name": "试乙", "id_number": _number(place, person),
         "relation": "other"}
        for place in range(households) for person in range(1, 1 + place % 3)
    ]  # fmt: skip
    return [_household(place) for place in range(households)], members


def _begin_the_day(office: Office) -> None:
    """What is opened later goes on from here."""
    with office.relief.work() as work:
        work.instant()
        work.commit()


def _household(place: int) -> dict[str, str]:
    return {
        "household_no": f"N{place:06d}",
        "applicant_name": "试甲",
        "applicant_id": _number(place, 0),
        "township": "城关镇",
        "grade": "deep" if place % 2 else "relative",
        "approved_on": "2005-03-10",
        "account_name": "试甲",
        "account_no": f"6228481{place:012d}",
        "bank_name": "信用社",
    }


def _number(place: int, person: int) -> str:
    """An identity number of its own for each person of each household."""
    day, serial = divmod(3 * place + person, 900)
    first17 = f"331021{1940 + day // 336}{1 + day // 28 % 12:02d}{1 + day % 28:02d}{100 + serial}"
    return first17 + check_character(first17)
