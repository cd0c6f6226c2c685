"""The centre of the demo: its people, and its use cases in short words, each one unit of work."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from pathlib import Path

from relief.accounts.guessable import is_guessable
from relief.accounts.queries import find_actor
from relief.accounts.service import add_user
from relief.bootstrap import Relief
from relief.demo.site import FILES
from relief.engine.steps.advance import advance
from relief.households.files.ledger import parse_changes
from relief.households.files.register import parse_register
from relief.households.files.sources import fingerprint
from relief.households.life.dibao import record_dibao_line
from relief.households.queries import find_household
from relief.households.service import FileTaken, import_register, record_changes
from relief.kernel.clock import RehearsalClock
from relief.kernel.errors import Conflict, Problem
from relief.kernel.months import Month, Quarter
from relief.kernel.text import Text
from relief.payouts import queries
from relief.payouts.bank.answer_file import parse_results
from relief.payouts.bank.answers import Answered, record_results
from relief.payouts.bank.released import HandedOut, export_list
from relief.payouts.queries import Run
from relief.payouts.rate_file import parse_rates
from relief.payouts.rates import confirm_rates, propose_rates
from relief.payouts.runs.preview import Preview, preview_run
from relief.payouts.scheme import change_scheme
from relief.scheduler.runner import Done, tick

# By sign-in name; the admin is added first, by nobody, and adds the others.
PEOPLE = {
    "admin": "admin",
    "approver": "approver",
    "auditor": "auditor",
    "cashier": "finance",
    "clerk": "clerk",
    "finance": "finance",
}
# Invented, as everybody here.
NAMES = {
    "admin": "赵立新",
    "approver": "王建国",
    "auditor": "周宁",
    "cashier": "孙玉梅",
    "clerk": "陈静",
    "finance": "李敏",
}
QUARTER = Quarter(2005, 2)
Say = Callable[[Text], None]
_CLEAR_LETTERS = "abcdefghkmnpqrstuvwxyz"  # without those that look alike


def laid_out(template: str, **values: object) -> Text:
    """Values in their places; there is no word in the template to translate."""
    return Text(template, values)


def new_password() -> str:
    """A password to read out: three groups of four letters, once in thousands drawn again."""
    groups = ("".join(secrets.choice(_CLEAR_LETTERS) for _i in range(4)) for _j in range(3))
    drawn = "-".join(groups)
    return new_password() if any(is_guessable(drawn, name) for name in PEOPLE) else drawn


class Office:
    """An invented help centre that lives through a half-year."""

    def __init__(self, relief: Relief, say: Say) -> None:
        self.relief = relief
        self.say = say
        self.files = relief.settings.data_dir / FILES
        self.files.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.meanwhile: Callable[[dt.date], None] = lambda _day: None

    @property
    def today(self) -> dt.date:
        """The rehearsal's date."""
        return self.relief.clock.today()

    def morning_of(self, day: dt.date) -> list[Done]:
        """Go on to a day: first what the desk did in the days before, then its morning."""
        self.meanwhile(day)
        return self.open_on(day)

    def open_on(self, day: dt.date) -> list[Done]:
        """Put the clock forward to half past eight, when the scheduler has its look."""
        assert isinstance(self.relief.clock, RehearsalClock)
        morning = dt.datetime.combine(day, dt.time(8, 30), self.relief.settings.zone)
        self.relief.clock.put_forward(morning)
        done = tick(self.relief)
        if faults := [Problem("job.failed", each.text) for each in done if each.failed]:
            raise Conflict(faults)
        return done

    def tell(self, deed: Text) -> None:
        """Say what was done today."""
        self.say(laid_out("{day}  {deed}", day=self.today, deed=deed))

    def detail(self, text: Text) -> None:
        """Say more of it, under the day."""
        self.say(laid_out("            {text}", text=text))

    def add_people(self, password: str) -> None:
        """Everybody who works here, with one password."""
        with self.relief.work() as work:
            for name, role in PEOPLE.items():
                admin = find_actor(work, "admin") if name != "admin" else None
                add_user(work, admin, name, [role], password, full_name=NAMES[name], is_demo=True)
            work.commit()

    def set_scheme(
        self, *, go_live_month: Month, places_max: int, band_fen: tuple[int, int]
    ) -> None:
        """The admin sets the terms."""
        low_fen, high_fen = band_fen
        with self.relief.work() as work:
            change_scheme(
                work,
                find_actor(work, "admin"),
                go_live_month=go_live_month,
                places_max=places_max,
                band_low_fen=low_fen,
                band_high_fen=high_fen,
            )
            work.commit()

    def propose_rates(self, path: Path) -> None:
        """The admin brings a table of rates."""
        with self.relief.work() as work:
            rows, problems = parse_rates(path)
            admin = find_actor(work, "admin")
            propose_rates(work, admin, rows, fingerprint(path), path.name, problems=problems)
            work.commit()

    def confirm_rates(self, document_no: str) -> None:
        """The approver makes them count."""
        with self.relief.work() as work:
            confirm_rates(work, find_actor(work, "approver"), document_no)
            work.commit()

    def take_over(self, path: Path) -> FileTaken:
        """The clerk takes over the register."""
        with self.relief.work() as work:
            register, problems = parse_register(path, work.today)
            clerk = find_actor(work, "clerk")
            taken = import_register(work, clerk, register, problems, fingerprint(path), path.name)
            work.commit()
        return taken

    def record(self, path: Path) -> FileTaken:
        """The clerk records a ledger of changes."""
        with self.relief.work() as work:
            rows, problems = parse_changes(path, work.today)
            clerk = find_actor(work, "clerk")
            taken = record_changes(work, clerk, rows, problems, fingerprint(path), path.name)
            work.commit()
        return taken

    def set_dibao_line(self, from_month: Month, line_fen: int, document_no: str) -> None:
        """The admin records the minimum living line that surveys are judged by."""
        with self.relief.work() as work:
            record_dibao_line(work, find_actor(work, "admin"), from_month, line_fen, document_no)
            work.commit()

    def file_step(self, household_no: str, action: str, username: str, **fields: str) -> None:
        """One step of a hardship file."""
        with self.relief.work() as work:
            file = find_household(work, household_no)
            advance(work, "household", file.id, action, find_actor(work, username), fields=fields)
            work.commit()

    def step(self, action: str, username: str, **fields: str) -> Run:
        """One step of the quarter's run; gives the run as it stands then."""
        with self.relief.work() as work:
            run = queries.find_run(work, str(QUARTER))
            advance(work, "payout_run", run.id, action, find_actor(work, username), fields=fields)
            work.commit()
        return self.run()

    def export(self, file_format: str) -> HandedOut:
        """Finance takes out the list for the bank, with Chinese headings."""
        with self.relief.work() as work:
            run = queries.find_run(work, str(QUARTER))
            handed_out = export_list(work, find_actor(work, "finance"), run, file_format, "zh")
            work.commit()
        return handed_out

    def answer(self, path: Path) -> Answered:
        """Finance records the bank's answer."""
        with self.relief.work() as work:
            run = queries.find_run(work, str(QUARTER))
            rows, problems = parse_results(path)
            finance = find_actor(work, "finance")
            answered = record_results(
                work, finance, run, rows, fingerprint(path), path.name, problems=problems
            )
            work.commit()
        return answered

    def run(self) -> Run:
        """The quarter's run as it stands."""
        with self.relief.reading() as work:
            return queries.find_run(work, str(QUARTER))

    def preview(self) -> Preview:
        """What a run would pay now."""
        with self.relief.reading() as work:
            return preview_run(work, QUARTER)
