"""When to look at what is due (the only import of apscheduler), and what becomes of each job.

APScheduler only ticks: it holds no job that could be lost. Several schedulers may run: whoever
takes the lock of record first does the job, and the others find it done.
"""

from __future__ import annotations

import logging
import signal
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from relief.bootstrap import Relief
from relief.kernel.database_faults import problem_of
from relief.kernel.errors import ReliefError
from relief.kernel.text import Text, _, named
from relief.scheduler import diary
from relief.scheduler.job import Due
from relief.scheduler.jobs import (
    JOB_BY_KEY,
    do_apart,
    do_job,
    due_jobs,
    is_apart,
    is_still_due,
)

Tell = Callable[[Text], None]
_STOPPING = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Done:
    """What became of a job, in words."""

    job: str
    period: str
    text: Text
    failed: bool = False


def tick(relief: Relief) -> list[Done]:
    """Look once: do everything that is due, and say what was done and what failed.

    Each job is a unit of work of its own. Where one fails, later periods of the same job wait for
    the next look, so that quarters are caught up oldest first.
    """
    relief.take_changed_files()
    with relief.reading() as work:
        due = due_jobs(work, relief.settings)
    done: list[Done] = []
    for each in due:
        if not any(other.failed and other.job == each.job for other in done):
            outcome = _attempt(relief, each)
            done += [outcome] if outcome else []
    return done


def run_scheduler(relief: Relief, interval_seconds: int, tell: Tell) -> None:
    """Look at once, then again and again, until SIGTERM or SIGINT; a look under way is brought to
    its end."""
    with _told_to_stop() as stop, looking(relief, interval_seconds, tell):
        while not stop.wait(1):  # a wait without an end hears no Ctrl-C on Windows
            pass


@contextmanager
def looking(relief: Relief, interval_seconds: int, tell: Tell) -> Iterator[None]:
    """Within, a thread beside looks again and again, after a first look; a look under way is
    brought to its end."""
    look = _looks(relief, tell)
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a look that lasts is no warning
    scheduler = BackgroundScheduler(timezone=relief.settings.zone)
    scheduler.add_job(
        look,
        "interval",
        seconds=interval_seconds,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    look()
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=True)


def _looks(relief: Relief, tell: Tell) -> Callable[[], None]:
    """One look, which never fails: what went wrong is told once, and so is its end."""
    failing: list[object] = []  # why the last look failed; the same again is not told again

    def look() -> None:
        try:
            for each in tick(relief):
                tell(each.text)
        except Exception as fault:  # the outermost edge of a look: the next one tries again
            reason = _reason(fault)
            if failing != [reason]:
                tell(_("The look failed, and the next one tries again: {reason}", reason=reason))
            failing[:] = [reason]
        else:
            if failing:
                tell(_("The scheduler can look again."))
            failing.clear()

    return look


def _attempt(relief: Relief, due: Due) -> Done | None:
    """Do one job, whole or not at all; its row in the diary is part of it. None where another
    scheduler, or a person, was quicker."""
    try:
        done_apart = do_apart(relief, due)
        if done_apart is None and is_apart(due):
            return None
        with relief.work() as work:
            work.instant()
            if not is_still_due(work, due):
                return None
            text = done_apart or do_job(work, due)
            diary.note_done(work, due.job, due.period, text)
            work.commit()
    except Exception as fault:  # the outermost edge of a job: kept, shown, tried again
        return _failure(relief, due, fault)
    return Done(due.job, due.period, text)


def _failure(relief: Relief, due: Due, fault: Exception) -> Done:
    text = Text(JOB_BY_KEY[due.job].failed.msgid, {"period": due.period, "reason": _reason(fault)})
    known = isinstance(fault, ReliefError)
    detail = text if known else "".join(traceback.format_exception(fault))
    with relief.work() as work:
        diary.note_failure(work, due.job, due.period, detail)
        work.commit()
    return Done(due.job, due.period, text, failed=True)


def _reason(fault: Exception) -> Text | list[Text]:
    if isinstance(fault, ReliefError):
        return named([problem.located() for problem in fault.problems])
    known = problem_of(fault)
    if known is not None:
        return known.text
    return _(
        "something went wrong that should not ({kind}); the details are kept with the job",
        kind=type(fault).__name__,
    )


@contextmanager
def _told_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; asked a second time, they end the program at once."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in _STOPPING}

    def hear(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, before[signal.Signals(number)])

    for number in _STOPPING:
        signal.signal(number, hear)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
