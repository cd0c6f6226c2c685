"""The same life told by the ledger and by steps: the same facts, and the same money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.engine.journal.passages import passages_of
from relief.households.queries import find_household
from relief.households.rules import ENROLLED_STATES
from relief.households.tables import Account, Enrolment, GradeFact, Hold, Membership
from relief.kernel.columns import table_of
from relief.kernel.errors import ReliefError
from relief.kernel.months import Quarter, month_of
from tests.invariants import record, ways
from tests.life import GRADES, HOUSEHOLDS, PERSONS
from tests.office import CHEN, PING, Office
from tests.service.test_household_life import found

FACTS = tuple(table_of(model) for model in (Enrolment, Membership, GradeFact, Hold, Account))
NOTICE_DAYS = 20  # the longest holidays leave five working days in them
_no = st.sampled_from(HOUSEHOLDS)
_grade = st.sampled_from(GRADES)
_back = st.integers(0, 60)
_person = st.sampled_from(PERSONS)
_events = st.lists(
    st.tuples(
        st.integers(0, 40),
        st.one_of(
            st.tuples(st.just("approve"), _no, _grade),
            st.tuples(st.just("approve"), _no, _grade),
            st.tuples(st.just("exit"), _no, _back),
            st.tuples(st.just("suspend"), _no),
            st.tuples(st.just("resume"), _no),
            st.tuples(st.just("recheck"), _no, _grade, _back),
            st.tuples(st.just("join"), _no, _person, _back),
            st.tuples(st.just("leave"), _no, _person, _back),
        ),
    ),
    min_size=5,
    max_size=14,
)
_FEWER = settings(max_examples=max(8, settings.default.max_examples // 8))


@dataclass
class Twice:
    """Two offices with one clock: one hears of the life by its ledger, one leads it by steps."""

    ledger: Office
    steps: Office
    day: dt.date = dt.date(2005, 3, 1)

    def begin(self) -> None:
        for office in (self.ledger, self.steps):
            office.at("2005-01-04T09:00")
            office.scheme(go_live="2005-04", places_max=2)
            office.rates(*((grade, "2005-01", 15_000 + 100 * i) for i, grade in enumerate(GRADES)))
            office.dibao_line("2005-01", 24_000)
            office.at("2005-03-01T09:00")
            office.register(
                [
                    {
                        "household_no": no,
                        "applicant_name": "试甲",
                        "applicant_id": PERSONS[place],
                        "account_no": f"622848000000000000{place}",
                    }
                    for place, no in enumerate(HOUSEHOLDS)
                ]
            )

    def pass_days(self, days: int) -> None:
        self.day += dt.timedelta(days=days)
        for office in (self.ledger, self.steps):
            office.at(f"{self.day}T13:00")

    def tell(self, kind: str, no: str, *more: Any) -> None:
        """One event, told to both; both take it, or both refuse it."""
        taken = [self._taken(told) for told in getattr(self, f"_{kind}")(no, *more)]
        assert len(set(taken)) <= 1, (kind, no, more, taken)
        assert self.facts(self.ledger) == self.facts(self.steps)
        assert self.enrolled(self.ledger) == self.enrolled(self.steps)

    @staticmethod
    def _taken(told: Callable[[], None]) -> bool:
        try:
            told()
        except ReliefError:
            return False
        return True

    # --- the two ways of telling ---

    def _approve(self, no: str, grade: str) -> list[Callable[[], None]]:
        self._lead_to_notice(no, grade)
        self.pass_days(NOTICE_DAYS)
        return [
            lambda: self._row(no, "approve", self.day, grade=grade),
            lambda: self.steps.file_step(
                no, "approve", PING, fields={"grade": grade}, reason="所在社区证明"
            ),
        ]

    def _lead_to_notice(self, no: str, grade: str) -> None:
        if self.steps.file_state(no) == "exited":
            self.steps.file_step(no, "apply_again", CHEN)
        if self.steps.file_state(no) == "applied":
            self.steps.file_step(no, "survey", CHEN, fields=found())
        if self.steps.file_state(no) not in ENROLLED_STATES:
            fields = {"objection_phone": "1", "grade": grade}
            self.steps.file_step(no, "publish", CHEN, fields=fields)

    def _exit(self, no: str, back: int) -> list[Callable[[], None]]:
        day, fields = self._day(no, back), {"exit_reason": "other"}
        if self.steps.file_state(no) not in ENROLLED_STATES:
            return []  # the ledger would correct the end of an enrolment; a step does not
        return [
            lambda: self._row(no, "exit", day),
            lambda: self.steps.file_step(
                no, "exit", CHEN, fields=fields, on=day.isoformat(), reason="迁出"
            ),
        ]

    def _suspend(self, no: str) -> list[Callable[[], None]]:
        return self._held(no, "suspend")

    def _resume(self, no: str) -> list[Callable[[], None]]:
        return self._held(no, "resume")

    def _held(self, no: str, change: str) -> list[Callable[[], None]]:
        return [
            lambda: self._row(no, change, self.day),
            lambda: self.steps.file_step(no, change, CHEN, reason="核实"),
        ]

    def _recheck(self, no: str, grade: str, back: int) -> list[Callable[[], None]]:
        day = self._day(no, back)
        fields = found(recheck_result="regraded", grade=grade)

        def by_step() -> None:
            self.steps.file_step(
                no, "recheck", CHEN, fields=fields, reason="复核", on=day.isoformat()
            )

        # A re-check that names the grade that stands is refused; the ledger would note it again.
        if self._taken(by_step):
            return [lambda: self._row(no, "grade", day, grade=grade)]
        return []

    def _join(self, no: str, person: str, back: int) -> list[Callable[[], None]]:
        more = {"id_number": person, "name": "试乙", "relation": "other"}
        day = self.day - dt.timedelta(days=back)
        return [lambda: self._both(no, "join", day, **more)]

    def _leave(self, no: str, person: str, back: int) -> list[Callable[[], None]]:
        day = self.day - dt.timedelta(days=back)
        return [lambda: self._both(no, "leave", day, id_number=person)]

    def _both(self, no: str, change: str, day: dt.date, **more: str) -> None:
        """Members come and go by the ledger, in both offices."""
        row = {"household_no": no, "change": change, "effective_on": day.isoformat(), **more}
        taken = [
            self._taken(lambda o=office: o.change(row)) for office in (self.ledger, self.steps)
        ]
        assert taken[0] == taken[1]

    def _row(self, no: str, change: str, day: dt.date, **more: str) -> None:
        row = {"household_no": no, "change": change, "effective_on": day.isoformat(), **more}
        self.ledger.change(row)

    def _day(self, no: str, back: int) -> dt.date:
        """Some days ago, not before what the file has been through."""
        with self.steps.relief.reading() as work:
            passages = passages_of(work, "household", find_household(work, no).id)
            last = work.clock.day_of(passages[-1].happened_at)
        return max(last, self.day - dt.timedelta(days=back))

    # --- what came of it ---

    @staticmethod
    def facts(office: Office) -> list[Any]:
        """Every fact that was ever recorded, in the order of record, with whether it stands."""
        left_out = {"id", "recorded_at", "recorded_by", "superseded_at"}
        left_out |= {"token", "sealed_number", "sealed_reason"}
        with office.relief.reading() as work:
            found_facts = []
            for table in FACTS:
                for row in work.connection.execute(
                    sa.select(table).order_by(table.c.id)
                ).mappings():
                    kept = [(key, row[key]) for key in sorted(row.keys() - left_out)]
                    found_facts.append((table.name, kept, row["superseded_at"] is None))
        return found_facts

    @staticmethod
    def enrolled(office: Office) -> dict[str, str]:
        states = {no: office.file_state(no) for no in HOUSEHOLDS}
        return {no: state for no, state in states.items() if state in ENROLLED_STATES}

    def check_money(self) -> None:
        """Every quarter up to now, prepared in both: the same list to the byte, the same E."""
        quarter, last = Quarter(2005, 2), Quarter.of(month_of(self.day))
        while quarter <= last and dt.date(quarter.year, quarter.number * 3, 1) <= self.day:
            lists = [office.prepare(str(quarter)) for office in (self.ledger, self.steps)]
            assert lists[0].sha256 == lists[1].sha256
            assert lists[0].total_fen == lists[1].total_fen
            quarter = quarter.next()
        owed = []
        for office in (self.ledger, self.steps):
            with office.relief.reading() as work:
                record.untouched(work)
                owed.append(ways.staged(work, last, full=True))
        assert owed[0] == owed[1]


@given(events=_events)
@_FEWER
def test_ledger_and_steps_tell_the_same_facts_and_the_same_money(
    new_office: Callable[[], Office], events: Any
) -> None:
    twice = Twice(new_office(), new_office())
    twice.begin()
    for days, event in events:
        twice.pass_days(days)
        twice.tell(*event)
    twice.check_money()
    for office in (twice.ledger, twice.steps):
        office.relief.database.dispose()
