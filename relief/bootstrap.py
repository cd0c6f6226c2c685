"""The composition root: settings become a database, a clock, keys and workflows that fit."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from relief.accounts.queries import any_demo_user
from relief.engine.publishing import is_published, publish
from relief.engine.work import Work, Workflows
from relief.households.tables import Scheme
from relief.kernel.clock import Clock, RehearsalClock, SystemClock
from relief.kernel.crypto import (
    FieldCipher,
    key_check,
    key_file_exists,
    load_keys,
    others_can_read,
    sealed_key_check,
)
from relief.kernel.database import Database
from relief.kernel.database_faults import problem_of
from relief.kernel.errors import Conflict, Invalid, NotInitialised, Problem, refuse
from relief.kernel.private_files import shut_out_others
from relief.kernel.settings import Settings
from relief.kernel.text import _
from relief.kernel.unit_of_work import DEPLOYMENT, Deployment, UnitOfWork, clock_fault
from relief.kernel.whose_database import check_initialised, check_ours
from relief.letters.templates import LetterFolder
from relief.migrations.apply import check_current, upgrade
from relief.papers.store import PaperStore
from relief.procedures.building import build_workflows, with_retired
from relief.procedures.watching import Watch
from relief.sealing import seal_office


@dataclass
class Relief:
    """The program, put together for one database."""

    settings: Settings
    database: Database
    cipher: FieldCipher
    clock: Clock
    workflows: Workflows
    is_rehearsal: bool
    watch: Watch
    # Known from the start: the machine's clock is behind the last record, and nothing is written.
    clock_fault: Problem | None = None
    # Why the office's own workflow files, as they are now, were not taken while the program runs.
    workflow_faults: Sequence[Problem] = ()

    def take_changed_files(self) -> None:
        """Work by the office's own workflow files as they are now; called at the edges, where
        nothing is open. Whoever is in a unit of work goes on with what it began with. Where a file
        is faulty all stays as it was, and `workflow_faults` says why."""
        self.watch.take(self._take_files)

    def _take_files(self) -> bool:
        """Whether these files need no second look: they were taken, or are faulty."""
        try:
            self.workflows = self._ready(build_workflows(self.settings))
        except Invalid as refused:
            self.workflow_faults = refused.problems
            return True
        except Conflict as refused:  # nothing is written now (the machine's clock); another time
            self.workflow_faults = refused.problems
            return False
        except SQLAlchemyError as fault:
            self.workflow_faults = (problem_of(fault) or _unforeseen(fault),)
            return False
        except Exception as fault:  # the outermost edge of a look: all goes on as before
            self.workflow_faults = (_unforeseen(fault),)
            return True
        self.workflow_faults = ()
        return True

    def _ready(self, workflows: Workflows) -> Workflows:
        """With the kinds whose file is gone, and published."""
        with self.database.transaction(writes=False) as connection:
            work = Work(connection, self.clock, self.cipher, workflows)
            workflows = with_retired(work, workflows)
            news = [each for each in workflows.definitions.values() if not is_published(work, each)]
        if news:
            with self.database.transaction(writes=True) as connection:
                work = Work(connection, self.clock, self.cipher, workflows)
                publish(work, workflows)
                work.commit()
        return workflows

    @property
    def papers(self) -> PaperStore:
        """Where the files of papers lie."""
        return PaperStore(self.settings.data_dir, self.cipher)

    @property
    def letters(self) -> LetterFolder:
        """Where the templates of letters stand."""
        return LetterFolder(self.settings)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A unit of work that may write; commit it, or nothing happened."""
        with self.database.transaction(writes=True) as connection:
            yield Work(connection, self.clock, self.cipher, self.workflows)

    @contextmanager
    def reading(self) -> Iterator[Work]:
        """A unit of work that reads one state of the database."""
        with self.database.transaction(writes=False) as connection:
            yield Work(connection, self.clock, self.cipher, self.workflows, writes=False)


def initialise(settings: Settings) -> Relief:
    """Make or upgrade the database; safe to run again, and goes on where it was interrupted."""
    if settings.env == "production" and settings.clock is not None:
        raise refuse(
            Invalid,
            "production.clock",
            _("production takes no rehearsal clock; remove RELIEF_CLOCK"),
            "RELIEF_CLOCK",
        )
    build_workflows(settings)  # a file that is refused stops here, where nothing was changed yet
    database = Database(settings.url)
    check_ours(database)
    has_tables = database.has_tables()
    cipher = _cipher(settings, has_tables=has_tables)
    for path in database.files:
        shut_out_others(path)
    upgrade(database.engine)
    with database.transaction(writes=True) as connection:
        start = settings.rehearsal_start or SystemClock(settings.zone).now()
        work = UnitOfWork(connection, RehearsalClock(start, settings.zone), cipher)
        if not work.rows(sa.select(DEPLOYMENT.c.id)):
            work.insert(
                Deployment,
                id=1,
                is_rehearsal=settings.clock is not None,
                last_instant=start,
                key_check=key_check(cipher),
            )
            work.insert(Scheme, id=1)
        work.commit()
    database.dispose()
    relief = _open(settings)
    with ExitStack() as unless_done:
        unless_done.callback(relief.database.dispose)
        with relief.work() as opened:
            publish(opened, relief.workflows)
            seal_office(opened)
            opened.commit()
        unless_done.pop_all()
    return relief


def open_relief(settings: Settings) -> Relief:
    """Open a database that was initialised; refused where it and the settings do not fit."""
    relief = _open(settings)
    if _deployment(relief.database).key_check != sealed_key_check(relief.cipher):
        relief.database.dispose()
        raise refuse(
            NotInitialised,
            "database.half_upgraded",
            _("This database was not brought to this version to the end: that was interrupted."),
        )
    return relief


def _open(settings: Settings) -> Relief:
    database = Database(settings.url)
    check_initialised(database)
    check_current(database.engine)
    cipher = _cipher(settings, has_tables=True)
    row = _deployment(database)
    if row.key_check not in (key_check(cipher), sealed_key_check(cipher)):
        raise refuse(
            Conflict,
            "keys.other",
            _(
                "The keys are not those that this database was made with. Put back the key file "
                "that "
                "belongs to it."
            ),
            "RELIEF_FIELD_KEYS",
        )
    clock = _clock(settings, database, row)
    watch = Watch(settings.data_dir / "workflows")  # before they are read
    workflows = build_workflows(settings)
    with database.transaction(writes=False) as connection:
        workflows = with_retired(UnitOfWork(connection, clock, cipher), workflows)
    relief = Relief(
        settings,
        database,
        cipher,
        clock,
        workflows,
        bool(row.is_rehearsal),
        watch,
        clock_fault(clock, row.last_instant),
    )
    if settings.env == "production":
        _check_production(relief)
    return relief


def _unforeseen(fault: Exception) -> Problem:
    """A fault that nobody foresaw, told to who looks after the office, and to the log."""
    logging.getLogger("relief").error("workflow files", exc_info=fault)
    text = _(
        "The workflow files could not be taken ({fault}); the program's log says more. Undo what "
        "was changed in them last.",
        fault=type(fault).__name__,
    )
    return Problem("workflow.unforeseen", text)


def _cipher(settings: Settings, *, has_tables: bool) -> FieldCipher:
    """The keys; they are made only for a database that does not exist yet."""
    if has_tables and not key_file_exists(settings):
        raise refuse(
            Conflict,
            "keys.missing",
            _(
                "The key file of this database is missing from {folder}. Put back the copy that "
                "belongs to it; without it protected fields stay closed.",
                folder=settings.data_dir,
            ),
            "RELIEF_FIELD_KEYS",
        )
    return FieldCipher(load_keys(settings).field_keys)


def _deployment(database: Database) -> sa.Row[tuple[object, ...]]:
    with database.transaction(writes=False) as connection:
        return connection.execute(sa.select(DEPLOYMENT)).one()


def _clock(settings: Settings, database: Database, row: sa.Row[tuple[object, ...]]) -> Clock:
    """Real time for a real database; a rehearsal goes on from where it stood, never back."""
    if not row.is_rehearsal:
        if settings.clock is not None:
            raise refuse(
                Conflict,
                "clock.real_database",
                _(
                    "This is a real database; it takes no rehearsal clock. Remove RELIEF_CLOCK, or "
                    "use another data folder."
                ),
                "RELIEF_CLOCK",
            )
        return SystemClock(settings.zone)
    start = settings.rehearsal_start or row.last_instant
    if start > row.last_instant:
        with database.transaction(writes=True) as connection:
            connection.execute(
                sa.update(DEPLOYMENT)
                .where(DEPLOYMENT.c.last_instant < start)
                .values(last_instant=start)
            )
            connection.commit()
    return RehearsalClock(max(start, row.last_instant), settings.zone)


def _check_production(relief: Relief) -> None:
    """Production starts with none of what is for trying out."""
    problems = []
    if relief.is_rehearsal:
        problems.append(
            Problem(
                "production.rehearsal",
                _("this database is a rehearsal; production needs a database of its own"),
            )
        )
    if others_can_read(relief.settings):
        problems.append(
            Problem(
                "production.keys",
                _(
                    "others on this machine can read the key file; make it readable by its owner "
                    "alone"
                ),
            )
        )
    with relief.reading() as work:
        if any_demo_user(work):
            problems.append(
                Problem(
                    "production.demo",
                    _(
                        "demo accounts may still sign in; disable them, or use a database of its "
                        "own"
                    ),
                )
            )
    if problems:
        raise Invalid(problems)
