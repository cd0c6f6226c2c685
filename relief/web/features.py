"""The rooms of the web, each a blueprint of its own."""

from __future__ import annotations

from relief.web.absences.views import pages as absences
from relief.web.access import Pages
from relief.web.calendar.views import pages as calendar
from relief.web.cases.bulk import pages as bulk
from relief.web.cases.counts import pages as counts
from relief.web.cases.kept_lists import pages as kept_lists
from relief.web.cases.lists import pages as cases
from relief.web.cases.one_case import pages as one_case
from relief.web.cases.past import pages as past
from relief.web.cases.steps import pages as steps
from relief.web.cases.taking import pages as taking
from relief.web.desk.day import pages as day
from relief.web.desk.likely import pages as likely
from relief.web.desk.views import pages as desk
from relief.web.diary.views import pages as diary
from relief.web.handover.views import pages as handover
from relief.web.home.views import pages as home
from relief.web.journal.views import pages as journal
from relief.web.letters.views import pages as letters
from relief.web.office.views import pages as office
from relief.web.papers.views import pages as papers
from relief.web.public.views import pages as public
from relief.web.rates.views import pages as rates
from relief.web.reminders.channels import pages as channels
from relief.web.reminders.feed import pages as feeds
from relief.web.reminders.views import pages as reminders
from relief.web.scheme.views import pages as scheme
from relief.web.search.views import pages as search
from relief.web.signing_in.views import pages as signing_in
from relief.web.style.views import pages as style
from relief.web.users.views import pages as users
from relief.web.workflows.views import pages as workflows

FEATURES: tuple[Pages, ...] = (
    signing_in,
    public,
    home,
    reminders,
    channels,
    feeds,
    desk,
    day,
    likely,
    cases,
    counts,
    taking,
    one_case,
    papers,
    letters,
    steps,
    past,
    bulk,
    kept_lists,
    search,
    office,
    absences,
    users,
    handover,
    scheme,
    rates,
    calendar,
    diary,
    journal,
    workflows,
    style,
)
