"""The numbers that people know contacts and cases by: `C2005-0001`, a letter a kind, by year."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from relief.kernel.database import UnitOfWork, table_of

DIGITS_MIN = 4


class NumberSeries(SQLModel, table=True):
    """The last number that was given in a series. A step that is rolled back leaves a gap behind
    nowhere: the number goes back with it; a wrong entry that is taken out keeps its number. Only a
    paper form that nobody filled in leaves one, and its number stands among the reserved ones."""

    __tablename__ = "number_series"

    letter: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    last_number: int


SERIES = table_of(NumberSeries)


def next_number(work: UnitOfWork, letter: str, year: int) -> str:
    """The next number of a series; past 9999 it grows by a digit."""
    return next_numbers(work, letter, year, 1)[0]


def next_numbers(work: UnitOfWork, letter: str, year: int, count: int) -> list[str]:
    """The next so many numbers of a series, in their order."""
    work.instant()  # the lock comes first: nobody else counts now
    here = sa.and_(SERIES.c.letter == letter, SERIES.c.year == year)
    last = work.session.execute(sa.select(SERIES.c.last_number).where(here)).scalar_one_or_none()
    first, number = (last or 0) + 1, (last or 0) + count
    if last is None:
        work.session.execute(sa.insert(SERIES).values(letter=letter, year=year, last_number=number))
    else:
        work.session.execute(sa.update(SERIES).where(here).values(last_number=number))
    return [f"{letter}{year}-{each:0{DIGITS_MIN}d}" for each in range(first, number + 1)]
