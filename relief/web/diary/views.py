"""What the program did by itself, what failed, and what comes next."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from relief.payouts.runs.schedule import next_list
from relief.scheduler.diary import diary_page, last_done
from relief.scheduler.jobs import due_jobs, jobs_of, unfinished_jobs
from relief.web.access import Pages, only
from relief.web.diary.words import JOB_WORDS, STATE_WORDS
from relief.web.paging import pages_beside
from relief.web.request import office, reading

pages = Pages("diary", __name__, room="office.office")


@pages.page("/diary", only("admin", "auditor"))
def diary() -> ResponseReturnValue:
    """The diary, the latest period first, and above it the jobs with what is due."""
    work, settings = reading(), office().settings
    page = diary_page(work, request.args.get("after", ""))
    return render_template(
        "diary/diary.html",
        page=page,
        jobs=[job.key for job in jobs_of(settings)],
        last_done=last_done(work),
        due={each.job for each in due_jobs(work, settings)},
        failing=unfinished_jobs(work, settings),
        next_list=next_list(work),
        words=JOB_WORDS,
        states=STATE_WORDS,
        **pages_beside(page.after),
    )
