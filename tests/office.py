"""An office in a test: its cast, and its use cases in short words.

The cast: Chen (clerk), Fang (finance), Gao (finance, the cashier), Ping (approver), An (admin),
Wen (auditor). All invented.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from relief.accounts.queries import USER, find_actor
from relief.accounts.service import add_user
from relief.bootstrap import Relief
from relief.engine.actors import SCHEDULER, Actor
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance
from relief.engine.work import Work
from relief.households.files.ledger import parse_changes
from relief.households.files.register import parse_register
from relief.households.life.dibao import record_dibao_line
from relief.households.queries import find_household
from relief.households.service import FileTaken, import_register, record_changes
from relief.kernel.clock import RehearsalClock
from relief.kernel.files.columns import Place
from relief.kernel.money import format_yuan
from relief.kernel.months import Month, Quarter, format_month, parse_month
from relief.payouts import queries
from relief.payouts.bank.answer_file import parse_results
from relief.payouts.bank.answers import Answered, record_results
from relief.payouts.over_paid.kinds import MoneyKind
from relief.payouts.over_paid.queries import ListedMoney
from relief.payouts.over_paid.service import record_money
from relief.payouts.queries import Run
from relief.payouts.rate_file import RateRow
from relief.payouts.rates import confirm_rates, propose_rates
from relief.payouts.recovery import choose_recovery
from relief.payouts.runs.preparation import prepare_run
from relief.payouts.runs.preview import Preview, preview_run
from relief.payouts.scheme import change_scheme

ZONE = ZoneInfo("Asia/Shanghai")
CAST = {
    "chen": ("clerk",),
    "fang": ("finance",),
    "gao": ("finance",),
    "ping": ("approver",),
    "an": ("admin",),
    "wen": ("auditor",),
}
CHEN, FANG, GAO, PING, AN, WEN = (Actor(name, frozenset(roles)) for name, roles in CAST.items())
PASSWORD = "correct horse battery"
LEDGER = (
    "household_no",
    "change",
    "effective_on",
    "id_number",
    "name",
    "relation",
    "counted",
    "grade",
    "account_name",
    "account_no",
    "bank_name",
    "reason",
)


def add_cast(relief: Relief) -> None:
    """Add the cast to a new office; the admin first."""
    with relief.work() as work:
        add_user(work, None, "an", CAST["an"], PASSWORD)
        for name, roles in CAST.items():
            if name != "an":
                add_user(work, find_actor(work, "an"), name, roles, PASSWORD)
        # They chose these passwords themselves.
        work.connection.execute(sa.update(USER).values(password_is_lent=False))
        work.commit()


class Office:
    """A help centre in a test."""

    def __init__(self, relief: Relief) -> None:
        self.relief = relief
        self._files = 0

    def at(self, instant: str) -> None:
        """Put the rehearsal clock forward (local time)."""
        assert isinstance(self.relief.clock, RehearsalClock)
        self.relief.clock.put_forward(dt.datetime.fromisoformat(instant).replace(tzinfo=ZONE))

    def scheme(self, **terms: Any) -> None:
        """Set the scheme's terms; `go_live` as 2005-04."""
        if "go_live" in terms:
            terms["go_live_month"] = parse_month(terms.pop("go_live"))
        with self.relief.work() as work:
            change_scheme(work, AN, **terms)
            work.commit()

    def rates(self, *rows: tuple[str, str, int], document_no: str = "2005-11") -> None:
        """Propose rates (grade, first month, fen) and confirm them."""
        self.propose(*rows, document_no=document_no)
        with self.relief.work() as work:
            confirm_rates(work, PING, document_no)
            work.commit()

    def propose(self, *rows: tuple[str, str, int], document_no: str) -> None:
        """Propose rates, which wait for an approver."""
        parsed = [
            RateRow(Place("rates", number, {}), grade, parse_month(month), fen, document_no)
            for number, (grade, month, fen) in enumerate(rows, start=2)
        ]
        with self.relief.work() as work:
            propose_rates(
                work, AN, parsed, hashlib.sha256(repr(rows).encode()).hexdigest(), "rates.csv"
            )
            work.commit()

    def register(
        self,
        households: Sequence[Mapping[str, str]],
        members: Sequence[Mapping[str, str]] = (),
        actor: Actor = PING,
        *,
        dry_run: bool = False,
    ) -> FileTaken:
        """Take over a register, as a folder of two files."""
        folder = self.register_folder(households, members)
        with self.relief.work() as work:
            register, problems = parse_register(folder, work.today)
            taken = import_register(
                work,
                actor,
                register,
                problems,
                _sha256(*sorted(folder.iterdir())),
                "register",
                dry_run=dry_run,
            )
            work.commit()
        return taken

    def register_folder(
        self, households: Sequence[Mapping[str, str]], members: Sequence[Mapping[str, str]]
    ) -> Path:
        """Write a register, as a folder of two files."""
        folder = self._fresh("register")
        folder.mkdir()
        self._write(
            folder / "households.csv",
            households,
            (
                "household_no",
                "applicant_name",
                "applicant_id",
                "township",
                "grade",
                "approved_on",
                "account_name",
                "account_no",
                "bank_name",
            ),
        )
        self._write(
            folder / "members.csv",
            members,
            (
                "household_no",
                "name",
                "id_number",
                "relation",
                "counted",
                "not_counted_reason",
                "joined_on",
                "left_on",
                "leave_reason",
            ),
        )
        return folder

    def change(
        self, *rows: Mapping[str, str], actor: Actor = PING, dry_run: bool = False
    ) -> FileTaken:
        """Record changes, as a ledger file."""
        path = self._fresh("changes.csv")
        self._write(path, rows, LEDGER)
        return self.change_file(path, actor=actor, dry_run=dry_run)

    def change_file(self, path: Path, actor: Actor = PING, *, dry_run: bool = False) -> FileTaken:
        """Record the changes of a ledger file that is there."""
        with self.relief.work() as work:
            changes, problems = parse_changes(path, work.today)
            taken = record_changes(
                work, actor, changes, problems, _sha256(path), path.name, dry_run=dry_run
            )
            work.commit()
        return taken

    def prepare(self, quarter: str, kind: str = "regular", actor: Actor = SCHEDULER) -> Run:
        """Prepare a run, or make its draft anew."""
        with self.relief.work() as work:
            run = prepare_run(work, actor, Quarter.parse(quarter), kind)
            work.commit()
        return run

    def preview(self, quarter: str) -> Preview:
        """What `prepare` would give."""
        with self.relief.reading() as work:
            return preview_run(work, Quarter.parse(quarter))

    def step(self, reference: str, action: str, actor: Actor, **more: Any) -> None:
        """One step of a run."""
        with self.relief.work() as work:
            run = queries.find_run(work, reference)
            advance(work, "payout_run", run.id, action, actor, **more)
            work.commit()

    def file_step(self, household_no: str, action: str, actor: Actor, **more: Any) -> None:
        """One step of a hardship file; `on` is the day on which it happened (at noon)."""
        if "on" in more:
            day = dt.datetime.fromisoformat(more.pop("on") + "T12:00")
            more["happened_at"] = day.replace(tzinfo=ZONE)
        with self.relief.work() as work:
            household_id = find_household(work, household_no).id
            advance(work, "household", household_id, action, actor, **more)
            work.commit()

    def file_state(self, household_no: str) -> str:
        """Where a hardship file stands."""
        with self.relief.reading() as work:
            return find_household(work, household_no).state

    def dibao_line(self, from_month: str, line_fen: int, document_no: str = "2005-3") -> None:
        """Set the minimum living line."""
        with self.relief.work() as work:
            record_dibao_line(work, AN, parse_month(from_month), line_fen, document_no)
            work.commit()

    def release(self, reference: str) -> None:
        """Submit, approve and release, by three people."""
        self.step(reference, "submit", FANG)
        self.step(reference, "approve", PING)
        self.step(reference, "release", GAO)

    def withdraw(self, reference: str, household_no: str) -> None:
        """Take one line out."""
        self.step(
            reference,
            "withdraw",
            PING,
            fields={"household_no": household_no},
            reason="asked to wait",
        )

    def cancel(self, reference: str) -> None:
        """Take a run back."""
        self.step(reference, "cancel", PING, reason="wrong quarter")

    def answer(
        self, reference: str, statuses: Mapping[str, str], settled_on: str | None = None
    ) -> Answered:
        """The bank's answer, by household number; of today, of another day, or of none ("")."""
        run = self.run(reference)
        day = self.relief.clock.today().isoformat() if settled_on is None else settled_on
        rows = [
            {
                "reference": line.reference,
                "amount": format_yuan(line.amount_fen),
                "status": statuses[line.household_no],
                "reason": "",
                "settled_on": day,
            }
            for line in self.lines(reference)
            if line.household_no in statuses
        ]
        path = self._fresh("results.csv")
        self._write(path, rows, ("reference", "amount", "status", "reason", "settled_on"))
        with self.relief.work() as work:
            parsed, problems = parse_results(path)
            assert not problems
            answered = record_results(work, FANG, run, parsed, _sha256(path), path.name)
            work.commit()
        return answered

    def choose(self, household_no: str, choice: str) -> None:
        """The approver's recovery choice."""
        with self.relief.work() as work:
            choose_recovery(work, PING, household_no, choice, "agreed with the household")
            work.commit()

    def record_money(
        self, kind: MoneyKind, no: str, month: Month, fen: int, paper_no: str, actor: Actor = FANG
    ) -> str:
        """Money that came back or is given up, waiting; gives its number."""
        with self.relief.work() as work:
            found = _recorded(work, actor, kind, no, month, fen, paper_no)
            work.commit()
        return found.reference

    def settle(self, kind: MoneyKind, no: str, month: Month, fen: int, paper_no: str) -> str:
        """The same, recorded and confirmed in one go."""
        with self.relief.work() as work:
            found = _recorded(work, FANG, kind, no, month, fen, paper_no)
            advance(work, kind.key, found.id, "confirm", PING)
            work.commit()
        return found.reference

    def money_step(self, reference: str, action: str, actor: Actor, **more: Any) -> None:
        """One step of a repayment or a write-off."""
        with self.relief.work() as work:
            case = find_case(work, reference, actor)
            advance(work, case.kind.key, case.id, action, actor, **more)
            work.commit()

    def run(self, reference: str) -> Run:
        """A run as it stands."""
        with self.relief.reading() as work:
            return queries.find_run(work, reference)

    def lines(self, reference: str) -> list[queries.Line]:
        """The lines of a run."""
        with self.relief.reading() as work:
            return queries.lines_of(work, queries.find_run(work, reference).id)

    def exceptions(self, reference: str) -> list[tuple[str, str, int]]:
        """The exceptions of a run."""
        with self.relief.reading() as work:
            found = queries.exceptions_of(work, queries.find_run(work, reference).id)
        return [(e.household_no, e.reason, e.amount_fen) for e in found]

    def _fresh(self, name: str) -> Path:
        self._files += 1
        folder = self.relief.settings.data_dir / "brought"
        folder.mkdir(exist_ok=True)
        return folder / f"{self._files:04d}-{name}"

    @staticmethod
    def _write(path: Path, rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> None:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)


def _recorded(
    work: Work, actor: Actor, kind: MoneyKind, no: str, month: Month, fen: int, paper_no: str
) -> ListedMoney:
    return record_money(
        work,
        actor,
        kind,
        household_no=no,
        month=format_month(month),
        amount=format_yuan(fen),
        paper_no=paper_no,
    )


def _sha256(*paths: Path) -> str:
    digest = hashlib.sha256()
    for path in paths:
        # The place of the file counts too: tests bring equal files that mean two events.
        digest.update(str(path).encode() + path.read_bytes())
    return digest.hexdigest()


def load_case(name: str) -> dict[str, Any]:
    """A scenario with its answers."""
    path = Path(__file__).parent / "payout_cases" / f"{name}.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))
