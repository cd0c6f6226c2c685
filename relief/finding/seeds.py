"""Who is meant by what was typed into the search box: by four statements, and the same with more
rows where they mean too few.

A person whom only a restricted contact or case names is found by whoever may see that, and by
nobody else: each branch asks it before its limit counts. Where what was looked at is not for this
user, or means too few, more is looked at: nobody is left out for somebody who is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from relief.desk import rules as desk_rules
from relief.engine.work import Work
from relief.finding.branches import of_cases, of_contacts, of_persons
from relief.finding.hits import Who, who
from relief.kernel.numbering import DIGITS_MIN
from relief.kernel.typed_text import half_width
from relief.people.phones import phone_hash, phone_last4_hash
from relief.people.queries import last4_hash, number_hash, parts_like
from relief.people.rules import normalise_identity, normalise_phone
from relief.petitions.rules import FAMILY

_NUMBER = re.compile(r"([A-Za-z])(\d{4})-?(\d{1,9})", re.ASCII)
_LINE = re.compile(r"\d{4}q\d-[rs]\d{1,4}-\d{1,9}", re.ASCII | re.IGNORECASE)
_LAST4 = re.compile(r"\d{3}[\dXx]", re.ASCII)
# What a branch of a statement takes for each hit that is wanted, as several rows may mean one; and
# so many times as much where that was too little.
_ROWS_PER_HIT, _MORE = 2, 8
Source = Callable[[frozenset[str], str], sa.Select[Any] | None]


@dataclass
class Seeds:
    """Who is meant, in the order in which they are shown, and the rows that were named."""

    whos: list[Who] = field(default_factory=list)
    case_ids: set[int] = field(default_factory=set)
    contact_ids: set[int] = field(default_factory=set)
    line: str = ""


def seeds_of(work: Work, username: str, typed: str, limit: int) -> Seeds:
    """Who is meant by what was typed, as this user may see them; one more than the limit, so that
    it shows whether there are others."""
    asked = _asked(work, half_width(typed))
    rows_max = limit * _ROWS_PER_HIT
    while True:
        looked = _look(work, username, typed, asked, limit + 1, rows_max)
        if looked.is_enough():
            return looked.seeds(str(asked.get("line", "")))
        rows_max *= _MORE


@dataclass
class _Looked:
    """What so many rows of each branch mean: whom, by which rank, and whom each branch. `wanted`
    is how many are looked for."""

    wanted: int
    rows_max: int
    parts: list[str]
    ranks: dict[Who, tuple[str, str, bool]] = field(default_factory=dict)
    branches: dict[tuple[Source, str], list[Who]] = field(default_factory=dict)
    case_ids: set[int] = field(default_factory=set)
    contact_ids: set[int] = field(default_factory=set)

    def add(self, source: Source, row: Any) -> None:
        """A row. Whoever is meant by a number is meant first, then by the first part of a name; of
        one name those whom we know by identity."""
        found = who(row.person_id, row.name, row.phone_hash, row.reference)
        rank = (row.part, row.bears, row.person_id is None)
        self.ranks[found] = min(rank, self.ranks.get(found, rank))
        self.branches.setdefault((source, row.branch), []).append(found)
        if row.case_id:
            self.case_ids.add(row.case_id)
        if row.contact_id:
            self.contact_ids.add(row.contact_id)

    def until(self) -> str:
        """The last part of a name by which anybody could be meant before those that are known."""
        ranks = sorted(self.ranks.values())[: self.wanted]
        return ranks[-1][0] if len(ranks) == self.wanted else self.parts[-1]

    def is_enough(self) -> bool:
        """True where whoever was not looked at comes after those wanted: each branch that has
        further rows means as many, and so do all together where there are further names."""
        cut = (whos for whos in self.branches.values() if len(whos) == self.rows_max)
        names_are_all = len(self.parts) < self.rows_max
        return all(len(set(whos)) >= self.wanted for whos in cut) and (
            names_are_all or len(self.ranks) >= self.wanted
        )

    def seeds(self, line: str) -> Seeds:
        """Those wanted, the best first."""
        whos = sorted(self.ranks, key=lambda found: self.ranks[found])[: self.wanted]
        return Seeds(whos, self.case_ids, self.contact_ids, line)


def number_meant(typed: str) -> str:
    """The number of a case or a contact that was typed, as it is written: p2005-14 is P2005-0014;
    "" where it is none."""
    found = _NUMBER.fullmatch(typed)
    return f"{found[1].upper()}{found[2]}-{int(found[3]):0{DIGITS_MIN}d}" if found else ""


def _look(
    work: Work, username: str, typed: str, asked: Mapping[str, Any], wanted: int, rows_max: int
) -> _Looked:
    looked = _Looked(wanted, rows_max, parts_like(work, typed, rows_max))
    values = {f"b_{name}": value for name, value in asked.items()} | {"b_rows": rows_max}
    shape = frozenset(asked)
    if looked.parts:
        values["b_names"], shape = looked.parts[0], shape | {"names"}
    for source in (of_persons, of_contacts, of_cases):
        if looked.parts:
            values["b_names_until"] = looked.until()
        statement = source(shape, username)
        for row in () if statement is None else work.connection.execute(statement, values):
            looked.add(source, row)
    return looked


def _asked(work: Work, typed: str) -> dict[str, Any]:
    """What was typed may be a number of several kinds at once: each is looked for."""
    asked: dict[str, Any] = {"household_nos": sorted({typed, typed.upper()})}
    number, phone = normalise_identity(typed, work.today), normalise_phone(typed)
    if isinstance(number, str):
        asked["number_hash"] = number_hash(work, number)
    if isinstance(phone, str):
        asked["phone_hash"] = phone_hash(work.cipher, phone)
    if _LAST4.fullmatch(typed):
        asked["last4_hash"] = last4_hash(work, typed.upper())
        asked["phone_last4_hash"] = phone_last4_hash(work.cipher, typed)
    if _LINE.fullmatch(typed):
        asked["line"] = typed[:5].upper() + typed[5:].lower()
    if reference := number_meant(typed):
        letter = reference[0]
        if letter == desk_rules.LETTER:
            asked["contact"] = reference
        if letter in _letters_of_cases(work):
            asked["case"] = reference
    return asked


def _letters_of_cases(work: Work) -> set[str]:
    return {kind.letter for kind in work.workflows.of_family(FAMILY).values()}
