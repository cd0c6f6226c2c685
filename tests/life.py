"""A life of a help centre, drawn at random: facts through the ledger, runs, the bank's answers.

What contradicts the file is refused; the life goes on. After each run the plain way, the full way
and the short way are held against each other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from relief.households.queries import household_id_of
from relief.kernel.errors import ReliefError
from relief.kernel.months import Quarter, format_month, month_of
from relief.payouts import queries
from relief.payouts.over_paid.kinds import REPAYMENT, WRITE_OFF, MoneyKind
from relief.payouts.over_paid.standing import standing_of
from relief.people.rules import check_character
from tests.invariants import lists, ways
from tests.office import Office

HOUSEHOLDS = ("H1", "H2", "H3")


def id_number(serial: int) -> str:
    first17 = f"331021197{serial % 10}0{1 + serial % 9}15{900 + serial:03d}"
    return first17 + check_character(first17)


PERSONS = tuple(id_number(serial) for serial in range(8))
GRADES = ("deep", "relative", "accidental")
ANSWERS = ("success", "failed", "processing", "returned")

_days_back = st.integers(0, 250)
_household = st.sampled_from(HOUSEHOLDS)
_person = st.sampled_from(PERSONS)
_change = st.one_of(
    st.tuples(st.just("approve"), _household, _days_back, st.sampled_from(("", *GRADES))),
    st.tuples(st.just("exit"), _household, _days_back),
    st.tuples(st.just("exit"), _household, _days_back),
    st.tuples(st.just("join"), _household, _days_back, _person, st.booleans()),
    st.tuples(st.just("leave"), _household, _days_back, _person),
    st.tuples(st.just("leave"), _household, _days_back, _person),
    st.tuples(st.just("move"), _household, _days_back, _person, _household),
    st.tuples(st.just("move"), _household, _days_back, _person, _household),
    st.tuples(st.just("grade"), _household, _days_back, st.sampled_from(GRADES)),
    st.tuples(st.just("suspend"), _household),
    st.tuples(st.just("resume"), _household),
    st.tuples(st.just("account"), _household, st.integers(0, 9)),
)
_money = st.one_of(
    st.tuples(
        st.just("rate"), st.sampled_from(GRADES), st.integers(0, 14), st.integers(15_000, 20_000)
    ),
    st.tuples(st.just("choose"), _household, st.sampled_from(("offset", "wait"))),
    st.tuples(st.just("repaid"), _household, st.integers(0, 8), st.integers(1, 30_000)),
    st.tuples(st.just("given_up"), _household, st.integers(0, 8), st.integers(1, 30_000)),
)
_run = st.one_of(
    st.tuples(st.just("prepare")),
    st.tuples(st.just("prepare")),
    st.tuples(st.just("release")),
    st.tuples(st.just("release")),
    st.tuples(st.just("supplement"), st.integers(0, 3)),
    st.tuples(
        st.just("answer"),
        st.integers(0, 5),
        st.lists(st.sampled_from(ANSWERS), min_size=3, max_size=3),
    ),
    st.tuples(st.just("withdraw"), _household),
    st.tuples(st.just("cancel"), st.integers(0, 5)),
)
lives = st.lists(
    st.tuples(st.integers(0, 40), st.one_of(_change, _change, _money, _run, _run)),
    min_size=8,
    max_size=40,
)


@dataclass
class Life:
    """One life in one office."""

    office: Office
    day: dt.date = dt.date(2005, 5, 20)
    refused: int = 0
    taken: int = 0
    files: int = 0
    prepared: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Three households, enrolled in March."""
        office = self.office
        office.at("2005-01-04T09:00")
        office.scheme(go_live="2005-04")
        office.rates(
            ("deep", "2005-01", 20_000),
            ("relative", "2005-01", 15_000),
            ("accidental", "2005-06", 17_551),
        )
        office.at("2005-03-25T09:00")
        office.register(
            [
                {
                    "household_no": no,
                    "applicant_name": "试甲",
                    "applicant_id": PERSONS[place],
                    "grade": GRADES[place],
                    "approved_on": "2005-03-10",
                    "account_no": f"622848000000000000{place}",
                }
                for place, no in enumerate(HOUSEHOLDS)
            ],
            [
                {"household_no": no, "name": "试乙", "id_number": person, "relation": "other"}
                for no, person in zip(("H1", "H1", "H2", "H2", "H3"), PERSONS[3:], strict=True)
            ],
        )

    def live(self, days: int, event: tuple[Any, ...]) -> None:
        """One event, some days later; what is refused changes nothing."""
        self.day += dt.timedelta(days=days)
        self.office.at(f"{self.day}T09:00")
        before = self.fingerprint()
        try:
            getattr(self, f"_{event[0]}")(*event[1:])
            self.taken += 1
        except ReliefError:
            self.refused += 1
            # Those that are several acts keep what was done before the refused one.
            if event[0] not in ("prepare", "supplement", "release", "withdraw"):
                assert self.fingerprint() == before, f"refused, and yet changed: {event}"

    def fingerprint(self) -> list[Any]:
        """How many rows every table holds, and where every case and its journal stand."""
        with self.office.relief.reading() as work:
            tables = sa.inspect(work.connection).get_table_names()
            counted = [
                (
                    name,
                    work.connection.execute(sa.text(f'SELECT count(*) FROM "{name}"')).scalar_one(),
                )
                for name in sorted(tables)
            ]
            cases = [
                tuple(row)
                for kind in work.workflows.kinds.values()
                for row in work.rows(
                    sa.select(
                        kind.table.c.id, kind.table.c.version, kind.table.c.journal_head
                    ).order_by(kind.table.c.id)
                )
            ]
        return counted + cases

    # --- facts ---

    def _row(self, no: str, change: str, back: int | None = None, **more: str) -> dict[str, str]:
        row = {"household_no": no, "change": change, **more}
        if back is not None:
            row["effective_on"] = (self.day - dt.timedelta(days=back)).isoformat()
        return row

    def _approve(self, no: str, back: int, grade: str) -> None:
        self.office.change(self._row(no, "approve", back, grade=grade))

    def _exit(self, no: str, back: int) -> None:
        self.office.change(self._row(no, "exit", back))

    def _join(self, no: str, back: int, person: str, counted: bool) -> None:
        self.office.change(
            self._row(
                no, "join", back, id_number=person, name="试乙", counted="yes" if counted else "no"
            )
        )

    def _leave(self, no: str, back: int, person: str) -> None:
        self.office.change(self._row(no, "leave", back, id_number=person))

    def _move(self, no: str, back: int, person: str, other: str) -> None:
        self.office.change(
            self._row(no, "leave", back, id_number=person),
            self._row(other, "join", back, id_number=person, name="试乙"),
        )

    def _grade(self, no: str, back: int, grade: str) -> None:
        self.office.change(self._row(no, "grade", back, grade=grade))

    def _suspend(self, no: str) -> None:
        self.office.change(self._row(no, "suspend", 0))

    def _resume(self, no: str) -> None:
        self.office.change(self._row(no, "resume", 0))

    def _account(self, no: str, digit: int) -> None:
        self.office.change(self._row(no, "account", 0, account_no=f"62284800000000001{digit:02d}"))

    def _rate(self, grade: str, months: int, fen: int) -> None:
        self.files += 1
        month = format_month(month_of(dt.date(2005, 1, 1)) + months)
        self.office.rates((grade, month, fen), document_no=f"2005-{100 + self.files}")

    def _choose(self, no: str, choice: str) -> None:
        self.office.choose(no, choice)

    def _repaid(self, no: str, months: int, fen: int) -> None:
        self._money(REPAYMENT, no, months, fen)

    def _given_up(self, no: str, months: int, fen: int) -> None:
        self._money(WRITE_OFF, no, months, fen)

    def _money(self, kind: MoneyKind, no: str, months: int, fen: int) -> None:
        """Recorded and confirmed at once; as much as is over-paid, where anything is."""
        month = month_of(dt.date(2005, 4, 1)) + months
        with self.office.relief.reading() as work:
            household_id = household_id_of(work, no)
            left_fen = standing_of(
                work, work.as_known_now(), household_id, month
            ).still_recordable_fen
        self.files += 1
        self.office.settle(kind, no, month, min(fen, left_fen) or fen, f"2005-{self.files}")

    # --- runs ---

    def _prepare(self) -> None:
        quarter = Quarter.of(month_of(self.day))
        if self.day < dt.date(quarter.year, quarter.number * 3, 1):
            quarter = Quarter.of(quarter.first_month - 3)
        self._made(str(quarter), "regular")

    def _supplement(self, back: int) -> None:
        released = [
            r for r in self._runs() if r.kind == "regular" and r.state in ("released", "settled")
        ]
        if released:
            self._made(str(released[-1 - back % len(released)].quarter), "supplementary")

    def _made(self, quarter: str, kind: str) -> None:
        run = self.office.prepare(quarter, kind)
        self.prepared.append(run.reference)
        self.check(run.reference)
        again = self.office.prepare(quarter, kind)
        assert again.sha256 == run.sha256, "made anew with nothing new, and another list"

    def _release(self) -> None:
        drafts = [run for run in self._runs() if run.state == "draft"]
        if not drafts:
            return
        draft = drafts[0]
        if draft.kind == "supplementary":  # so that nothing is new when the next one is made
            self.office.prepare(str(draft.quarter), draft.kind)
        self.office.release(draft.reference)
        if draft.kind == "supplementary":
            run = self.office.prepare(str(draft.quarter), draft.kind)
            assert run.line_count == 0, "a supplementary run with nothing new has lines"
            self.office.cancel(run.reference)

    def _answer(self, place: int, answers: list[str]) -> None:
        released = [r for r in self._runs() if r.state in ("released", "settled") and r.line_count]
        if released:
            reference = released[place % len(released)].reference
            lines = self.office.lines(reference)
            self.office.answer(
                reference,
                {line.household_no: answers[number % 3] for number, line in enumerate(lines)},
            )

    def _withdraw(self, no: str) -> None:
        for run in self._runs():
            if run.state == "draft":
                self.office.withdraw(run.reference, no)

    def _cancel(self, place: int) -> None:
        live = [r for r in self._runs() if r.state in ("draft", "submitted", "approved")]
        if live:
            self.office.cancel(live[place % len(live)].reference)

    def _runs(self) -> list[queries.Run]:
        with self.office.relief.reading() as work:
            return queries.all_runs(work)

    # --- what always holds ---

    def check(self, reference: str) -> None:
        """The plain way agrees, the bridge leaves no rest, the short way equals the full one."""
        with self.office.relief.reading() as work:
            run = queries.find_run(work, reference)
            lists.recomputed(work, run)
            lists.bridged(work, run)
            for last in {run.quarter, Quarter.of(month_of(self.day))}:
                ways.short_is_full(work, last)

    def check_all(self) -> None:
        """Every run that was ever made still verifies, whatever came after it."""
        with self.office.relief.reading() as work:
            for run in queries.all_runs(work):
                lists.recomputed(work, run)
