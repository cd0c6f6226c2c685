"""The guards of the five steps: each answers with every reason against the step.

They are asked before anything was typed, too (to draw buttons); what is missing is told only to
who attempts the step.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from relief.accounts.queries import roles_by_name
from relief.engine.journal.passages import Passage, last_taken, passages_of
from relief.engine.only_with import only_with
from relief.engine.publishing import pinned_machine
from relief.engine.step import Step
from relief.engine.steps.recusal import recused
from relief.engine.work import Work
from relief.households.queries import belongs_to, household_id_of
from relief.kernel.errors import NotFound, Problem
from relief.kernel.months import month_of
from relief.kernel.text import Username, _
from relief.petitions.rules import (
    RATE,
    RATING_CHANGES_FOR,
    RATING_CHANGES_MAX,
    WAGES_IN_EMPLOYMENT,
)
from relief.petitions.workers import case_workers_for, people_of_cases

# The days that a step says something has been done on, whatever its file says.
PAST_DAYS = ("notice_on", "reported_on", "started_on", "answered_on", "opinion_received_on")


# The desk logs the contact in the same step.
comes_with_a_contact = only_with(
    "contact_id",
    "petition.contact_missing",
    _("This comes with a contact; log the contact."),
)
# The other case is merged by a step of its own.
comes_from_a_merge = only_with(
    "merged_case",
    "petition.merge_missing",
    _("this follows by itself when another case is merged into this one"),
)
# The public page takes it, from who has receipt and check code.
comes_from_the_petitioner = only_with(
    "public_page",
    "petition.rating_public",
    _("this is said by the petitioner alone, on the public page, with the receipt's check code"),
)


def petitioner_was_told(_work: Work, step: Step) -> list[Problem]:
    """Who is known is told in writing that the matter goes no further here."""
    if not step.attempted or not step.row["petitioner_name"] or step.fields.get("notice_on"):
        return []
    text = _("the petitioner is known: write the day of the written notice")
    return [Problem("petition.notice_missing", text, "notice_on")]


def days_have_come(work: Work, step: Step) -> list[Problem]:
    """What has been done was not done in the future, nor before the matter was received."""
    return list(_days_outside(work, step)) if step.fields else []


def _days_outside(work: Work, step: Step) -> Iterator[Problem]:
    received_on = step.row["received_on"]
    for name in dict.fromkeys((*PAST_DAYS, *_said_to_be_past(work, step))):
        day = _day(step.fields.get(name, ""))
        if day and day > work.today:
            text = _("This lies in the future; write the day on which it was done.")
            yield Problem("petition.day_to_come", text, name)
        elif day and day < received_on:
            text = _("This lies before the matter was received, {day}.", day=received_on)
            yield Problem("petition.day_before", text, name)


def _said_to_be_past(work: Work, step: Step) -> Iterator[str]:
    """Those that the file says it of which the case began under, or begins."""
    began_under = step.row.get("definition_sha256")
    definition = work.workflows.definitions[step.kind]
    if began_under:
        definition = pinned_machine(work, began_under).definition
    yield from (asked.id for asked in definition.fields if asked.past)


def is_urgent_or_collective(_work: Work, step: Step) -> list[Problem]:
    """Only such matters are reported upward."""
    if step.row["urgent"] or step.row["collective"]:
        return []
    text = _("{no} is neither urgent nor collective", no=step.reference)
    return [Problem("petition.not_urgent", text)]


def readers_are_known(work: Work, step: Step) -> list[Problem]:
    """Of a restricted case, by an approver or by who received or accepted it: people who work here
    and do not stand aside in it."""
    problems = []
    if not step.row["restricted"]:
        text = _("{no} is not restricted: everybody who works here may see it", no=step.reference)
        problems.append(Problem("petition.not_restricted", text))
    if step.row["merged_into_id"]:
        text = _("{no} was merged; name the readers of the case it went into", no=step.reference)
        problems.append(Problem("petition.merged", text))
    if "approver" not in step.actor.roles and step.actor.username not in _first_hands(work, step):
        text = _("an approver names the readers, or who received or accepted the case")
        problems.append(Problem("petition.naming", text))
    known, aside = roles_by_name(work), recused(work, step.kind, step.subject_id)
    for name in named_readers(step.fields.get("readers", "")):
        if name not in known:
            problems.append(_no_such_user(name, "readers"))
        elif name in aside:
            text = _("{name} stands aside in {no}", name=Username(name), no=step.reference)
            problems.append(Problem("petition.reader_aside", text, "readers"))
    return problems


def _first_hands(work: Work, step: Step) -> frozenset[str]:
    """Who received a case, and who accepted it."""
    accepted = last_taken(passages_of(work, step.kind, step.subject_id), "accept")
    return frozenset({step.row["recorded_by"]}) | (accepted.people if accepted else frozenset())


def named_readers(typed: str) -> list[str]:
    """Usernames with commas between them, each once."""
    names = (name.strip() for name in typed.replace("，", ",").replace("、", ",").split(","))
    return list(dict.fromkeys(filter(None, names)))


def case_worker_is_known(work: Work, step: Step) -> list[Problem]:
    """A case worker is a clerk or an approver, may see the case, and does not stand aside in it."""
    name = step.fields.get("case_worker", "")
    if not name or name in case_workers_for(work, step.row):
        return []
    if name not in people_of_cases(work):
        return [_no_such_user(name, "case_worker")]
    if name in recused(work, step.kind, step.subject_id):
        text = _("{name} stands aside in {no}", name=Username(name), no=step.reference)
        return [Problem("petition.worker_aside", text, "case_worker")]
    text = _(
        "{no} is restricted; name {name} as a reader first", no=step.reference, name=Username(name)
    )
    return [Problem("petition.worker_blind", text, "case_worker")]


def _no_such_user(name: str, field: str) -> Problem:
    text = _('There is no user "{name}" who could take part in this.', name=name[:40])
    return Problem("petition.user_unknown", text, field)


def petitioner_is_identified(work: Work, step: Step) -> list[Problem]:
    """Who starts a job is counted once, as a person, and money goes to somebody who is known: the
    identity number is recorded."""
    if step.row["petitioner_id"] is not None:
        return []
    identify = work.workflows.definitions[step.kind].actions_named("identify")[0]
    text = _('the identity number is not known yet; take the step "{step}" first',
             step=identify.title)  # fmt: skip
    return [Problem("petition.unidentified", text, "id_number")]


def job_starts_after_the_introduction(work: Work, step: Step) -> list[Problem]:
    """Who started before the centre introduced them was not helped to that work by it."""
    started_on = _day(step.fields.get("started_on", ""))
    handled = last_taken(passages_of(work, step.kind, step.subject_id), "handle")
    if started_on is None or handled is None:
        return []
    introduced_on = work.clock.day_of(handled.happened_at)
    if started_on >= introduced_on:
        return []
    text = _("the introduction was on {day}; work that began before is not its fruit",
             day=introduced_on)  # fmt: skip
    return [Problem("petition.started_before", text, "started_on")]


def household_is_known(work: Work, step: Step) -> list[Problem]:
    """A household that is named has a hardship file, and the petitioner is of it. (Who is not
    identified belongs to none: where money is asked for, that has to come first.)"""
    number = step.fields.get("household_no", "")
    if not number:
        return []
    try:
        household_id = household_id_of(work, number)
    except NotFound as unknown:
        return list(unknown.problems)
    person_id = step.row["petitioner_id"]
    if person_id is None or belongs_to(work, household_id, person_id, month_of(work.today)):
        return []
    text = _(
        "{name} is not of the household {no}: look at the number, leave it out, or record them as "
        "a member there first.",
        name=step.row["petitioner_name"],
        no=number[:40],
    )
    return [Problem("petition.household_of_others", text, "household_no")]


def limitation_is_told(_work: Work, step: Step) -> list[Problem]:
    """Arbitration is asked for within a year; wages owed while the work goes on are exempt."""
    kind = step.fields.get("dispute_kind")
    exempt = not kind or kind == WAGES_IN_EMPLOYMENT  # where it is missing the form says so
    if exempt or step.fields.get("limitation_ends_on"):
        return []
    text = _("Write when the limitation of arbitration ends: a year after the right was known.")
    return [Problem("petition.limitation_missing", text, "limitation_ends_on")]


def limitation_has_not_run(_work: Work, step: Step) -> list[Problem]:
    """Who accepts a dispute of which the limitation has run says why."""
    ends_on = _day(step.fields.get("limitation_ends_on", ""))
    if ends_on is None or ends_on >= step.happened_on or step.reason:
        return []
    text = _("the limitation of arbitration ended on {day}; if it is accepted all the same, give "
             "the reason", day=ends_on)  # fmt: skip
    return [Problem("petition.limitation_over", text, "reason")]


def was_reviewed(work: Work, step: Step) -> list[Problem]:
    """A re-review is asked for against the answer to a review."""
    if last_taken(passages_of(work, step.kind, step.subject_id), "conclude_review"):
        return []
    return [Problem("petition.not_reviewed", _("{no} was not reviewed yet", no=step.reference))]


def rating_may_change(work: Work, step: Step) -> list[Problem]:
    """What was done is rated once; a slip may be put right for some days, and twice at most."""
    passages = passages_of(work, step.kind, step.subject_id)
    if may_rate(ratings_given(passages), step.at):
        return []
    text = _("this was rated already, and the time for changing it has passed")
    return [Problem("petition.rated", text)]


def may_rate(given: Sequence[Passage], at: dt.datetime) -> bool:
    """True while what was done may be rated, or its rating put right."""
    if not given:
        return True
    return len(given) <= RATING_CHANGES_MAX and at <= given[0].recorded_at + RATING_CHANGES_FOR


def ratings_given(passages: Sequence[Passage]) -> list[Passage]:
    """The ratings of what was done last: what was done anew is rated anew."""
    done = max((at for at, each in enumerate(passages) if each.action == "implement"), default=-1)
    return [each for each in passages[done + 1 :] if each.action == RATE]


def _day(typed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        return None
