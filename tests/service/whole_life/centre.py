"""The office that lives, and how one thing is done in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from relief.engine.actors import Actor
from relief.kernel.errors import ReliefError
from relief.migrations.tables import METADATA
from relief.payouts import queries
from relief.payouts.queries import Run
from tests.life import HOUSEHOLDS, PERSONS, Life
from tests.office import FANG, GAO, PING, Office

QIN = Actor("qin", frozenset({"approver"}))
BOTH = Actor("both", frozenset({"finance", "approver"}))
PEOPLE = (FANG, GAO, PING, QIN, BOTH)
# Who acts for somebody is held to what either of the two has done.
DEPUTIES = (
    Actor("gao", frozenset({"finance"}), "fang"),
    Actor("ping", frozenset({"finance", "approver"}), "fang"),
)
LEFT = {"household_no": "H1", "change": "leave", "effective_on": "2005-04-20"}
# From one thing to the next so many days pass: a quarter takes about thirty steps.
_DAYS = (0, 1, 3, 0, 8)
Dump = Mapping[str, Counter[tuple[Any, ...]]]


class Centre(RuleBasedStateMachine):
    """One centre. Every rule is one unit of work; `done` counts what was taken and refused."""

    def __init__(self, office: Office) -> None:
        super().__init__()
        self.office = office
        self.life = Life(office)
        self.life.begin()
        office.dibao_line("2005-01", 24_000)
        office.at(f"{self.life.day}T09:00")
        self.done: Counter[str] = Counter()
        self.steps = self.looked_at = 0
        self.runs: list[Run] = []
        self.matters: list[str] = []
        self.home = dict(zip(PERSONS[3:8], ("H1", "H1", "H2", "H2", "H3"), strict=True))
        self._stood = self._dump()

    @initialize(paid=st.sampled_from((True, True, False)))
    def begin(self, paid: bool) -> None:
        """Most lives begin with the first quarter paid."""
        if paid:
            self.begin_with_a_list()

    def begin_with_a_list(self) -> None:
        """The list of 2005Q2 is paid before anything else happens; of May and June too much, as
        is recorded then: somebody of H1 had left in April."""
        self.pass_days(26)
        for act in (
            lambda: self.office.prepare("2005Q2"),
            lambda: self.office.release("2005Q2"),
            lambda: self.office.answer("2005Q2", dict.fromkeys(HOUSEHOLDS, "success")),
            lambda: self.office.change({**LEFT, "id_number": PERSONS[3]}),
        ):
            assert self.attempt("first list", act)

    def attempt(self, what: str, act: Callable[[], object]) -> bool:
        """Do it: it is done whole, or refused, and then every row stands as it stood."""
        self.steps += 1
        self.pass_days(_DAYS[self.steps % len(_DAYS)])
        refusal = _refusal(act)
        stands = self._dump()
        if refusal is not None:
            self.done[f"{what} refused"] += 1
            assert stands == self._stood, f"{what} was refused, and yet changed: {refusal}"
            return False
        self.done[what] += 1
        self._stood = stands
        with self.office.relief.reading() as work:
            self.runs = queries.all_runs(work)
        return True

    def pass_days(self, days: int) -> None:
        """Time goes on; nothing happens by that alone."""
        self.life.day += dt.timedelta(days=days)
        self.office.at(f"{self.life.day}T09:00")

    def in_state(self, *states: str) -> list[Run]:
        """The runs that stand in one of these states, oldest first."""
        return [run for run in self.runs if run.state in states]

    def teardown(self) -> None:
        """Its connections are closed."""
        self.office.relief.database.dispose()

    def _dump(self) -> Dump:
        """Every row of every table."""
        with self.office.relief.reading() as work:
            connection = work.connection
            return {
                table.name: Counter(map(tuple, connection.execute(sa.select(table)).all()))
                for table in METADATA.sorted_tables
            }


def _refusal(act: Callable[[], object]) -> ReliefError | None:
    try:
        act()
    except ReliefError as refusal:
        return refusal
    return None


Allows = Callable[[Any], bool]


class Deed(NamedTuple):
    """Something that may be done: when, and with what."""

    do: Callable[..., None]
    allows: Allows
    given: Mapping[str, st.SearchStrategy[Any]]


DEEDS: dict[str, Deed] = {}


def deed(
    allows: Allows, **given: st.SearchStrategy[Any]
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A rule of the machine, listed as well, for who chooses among them otherwise."""

    def marked(do: Callable[..., None]) -> Callable[..., None]:
        DEEDS[do.__name__] = Deed(do, allows, given)
        return precondition(allows)(rule(**given)(do))

    return marked


def always(_centre: Any) -> bool:
    """It may be done whatever there is."""
    return True


def while_any(*states: str) -> Allows:
    """Only where a run stands in one of these states."""
    return lambda centre: bool(centre.in_state(*states))
