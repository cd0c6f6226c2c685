"""The numbers that people know contacts and cases by: `C2005-0001`, a letter a kind, by year."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.columns import table_of
from relief.kernel.unit_of_work import UnitOfWork

DIGITS_MIN = 4
# Drawn numbers have six digits: no series of an office comes so far in a year.
_DRAWN_FIRST, _DRAWN_COUNT = 100_000, 900_000


class NumberSeries(SQLModel, table=True):
    """The last number that was given in a series. A step that is rolled back leaves a gap behind
    nowhere: the number goes back with it; a wrong entry that is taken out keeps its number. Only a
    paper form that nobody filled in leaves one, and its number stands among the reserved ones. So a
    gap would tell of what somebody may not see: what is restricted takes its number elsewhere."""

    __tablename__ = "number_series"

    letter: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last_number: int


SERIES = table_of(NumberSeries)
_COUNTED = (
    sa.update(SERIES)
    .where(SERIES.c.letter == sa.bindparam("b_letter"), SERIES.c.year == sa.bindparam("b_year"))
    .values(last_number=SERIES.c.last_number + sa.bindparam("b_count"))
    .returning(SERIES.c.last_number)
)


def drawn_number(letter: str, year: int, is_taken: Callable[[str], bool]) -> str:
    """A number outside its series, by chance, that is not taken: for what must not be missed by
    who may not see it. Whoever asks holds the lock of record."""
    while True:
        drawn = int(secrets.token_hex(8), 16) % _DRAWN_COUNT
        number = f"{letter}{year}-{_DRAWN_FIRST + drawn}"
        if not is_taken(number):
            return number


def next_number(work: UnitOfWork, letter: str, year: int) -> str:
    """The next number of a series; past 9999 it grows by a digit."""
    return next_numbers(work, letter, year, 1)[0]


def next_numbers(work: UnitOfWork, letter: str, year: int, count: int) -> list[str]:
    """The next so many numbers of a series, in their order."""
    work.instant()  # the lock comes first: nobody else counts now
    values = {"b_letter": letter, "b_year": year, "b_count": count}
    last = work.connection.execute(_COUNTED, values).scalar_one_or_none()
    if last is None:
        last = count
        work.connection.execute(
            sa.insert(SERIES), {"letter": letter, "year": year, "last_number": last}
        )
    return [f"{letter}{year}-{each:0{DIGITS_MIN}d}" for each in range(last - count + 1, last + 1)]
