"""Every job, a module for each family; what is due is read from the tables."""

from __future__ import annotations

from relief.engine.work import Work
from relief.kernel.text import Text
from relief.scheduler.diary import done_among
from relief.scheduler.job import Due, Job
from relief.scheduler.jobs.backups import BACK_UP
from relief.scheduler.jobs.deadlines import MARK_OVERDUE, RECKON_ANEW
from relief.scheduler.jobs.lists import PREPARE, WARN_OF_STAFFING
from relief.scheduler.jobs.rechecks import TELL_RECHECKS
from relief.scheduler.jobs.seals import SEAL

# In the order in which they are done; the day's seal comes over what the others wrote, and the
# backup holds the seal.
JOBS = (RECKON_ANEW, MARK_OVERDUE, PREPARE, WARN_OF_STAFFING, TELL_RECHECKS, SEAL, BACK_UP)
JOB_BY_KEY: dict[str, Job] = {job.key: job for job in JOBS}


def due_jobs(work: Work) -> list[Due]:
    """Everything whose day has come and that was not done, oldest first within each job."""
    due = []
    for job in JOBS:
        periods = list(job.periods(work))
        done = done_among(work, job.key, periods)
        due += [
            Due(job.key, period)
            for period in periods
            if period not in done and job.is_due(work, period)
        ]
    return due


def is_still_due(work: Work, due: Due) -> bool:
    """Asked once more when the lock is taken: another scheduler, or a person, may have been
    quicker."""
    done = done_among(work, due.job, [due.period])
    return not done and JOB_BY_KEY[due.job].is_due(work, due.period)


def do_job(work: Work, due: Due) -> Text:
    """Do one job inside the caller's unit of work, and say what was done."""
    return JOB_BY_KEY[due.job].do(work, due.period)
