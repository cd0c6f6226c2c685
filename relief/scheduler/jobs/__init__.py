"""Every job, a module for each family; what is due is read from the tables."""

from __future__ import annotations

from relief.bootstrap import Relief
from relief.engine.work import Work
from relief.kernel.settings import Settings
from relief.kernel.text import Text
from relief.scheduler.diary import Unfinished, done_among, unfinished
from relief.scheduler.job import Apart, Due, Job
from relief.scheduler.jobs.backups import BACK_UP
from relief.scheduler.jobs.deadlines import MARK_OVERDUE, RECKON_ANEW
from relief.scheduler.jobs.lists import PREPARE, WARN_OF_STAFFING
from relief.scheduler.jobs.papers import REMOVE_UNNAMED_FILES
from relief.scheduler.jobs.rechecks import TELL_RECHECKS
from relief.scheduler.jobs.reminders import MAKE_REMINDERS, SEND_DIGESTS, WRITE_DIGESTS
from relief.scheduler.jobs.seals import SEAL
from relief.scheduler.jobs.typed import REMOVE_OLD_DRAFTS

# In the order in which they are done; the day's seal comes over what the others wrote, and the
# backup holds the seal.
JOBS = (
    RECKON_ANEW, MARK_OVERDUE, MAKE_REMINDERS, WRITE_DIGESTS, SEND_DIGESTS,
    PREPARE, WARN_OF_STAFFING, TELL_RECHECKS, REMOVE_OLD_DRAFTS,
    REMOVE_UNNAMED_FILES, SEAL, BACK_UP,
)  # fmt: skip
JOB_BY_KEY: dict[str, Job] = {job.key: job for job in JOBS}


def jobs_of(settings: Settings) -> list[Job]:
    """The jobs of an office: those that are not switched off."""
    return [job for job in JOBS if job.is_on(settings)]


def due_jobs(work: Work, settings: Settings) -> list[Due]:
    """Everything whose day has come and that was not done, oldest first within each job."""
    due = []
    for job in jobs_of(settings):
        periods = list(job.periods(work))
        done = done_among(work, job.key, periods)
        due += [
            Due(job.key, period)
            for period in periods
            if period not in done and job.is_due(work, period)
        ]
    return due


def unfinished_jobs(work: Work, settings: Settings) -> list[Unfinished]:
    """What an office's jobs failed at and have not done since, oldest first."""
    keys = {job.key for job in jobs_of(settings)}
    return [each for each in unfinished(work) if each.job in keys]


def is_still_due(work: Work, due: Due) -> bool:
    """Asked once more when the lock is taken: another scheduler, or a person, may have been
    quicker. What was done apart is done: of that only the diary is asked."""
    job = JOB_BY_KEY[due.job]
    done = done_among(work, due.job, [due.period])
    return not done and (isinstance(job.do, Apart) or job.is_due(work, due.period))


def is_apart(due: Due) -> bool:
    """True of a job that is done without the lock."""
    return isinstance(JOB_BY_KEY[due.job].do, Apart)


def do_apart(relief: Relief, due: Due) -> Text | None:
    """Do a job that is done apart, and say what was done; None where there was nothing (any more),
    or it is done within."""
    do = JOB_BY_KEY[due.job].do
    return do.do(relief, due.period) if isinstance(do, Apart) else None


def do_job(work: Work, due: Due) -> Text:
    """Do one job inside the caller's unit of work, and say what was done."""
    do = JOB_BY_KEY[due.job].do
    assert not isinstance(do, Apart), "it was done before the lock was taken"
    return do(work, due.period)
