"""Matters that people bring, in a test: the desk and the cases on the five steps in short words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from relief.desk.service import log_contact, read_form
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.journal.chain import Entry
from relief.engine.journal.history import history
from relief.engine.steps.advance import advance, available
from relief.petitions import queries
from relief.petitions.service import Joined, add_to_case, open_case
from tests.office import CHEN, PING, Office

WU, MEI = "331002195406274937", "33102119940822085X"
ANSWERED = {"answered_on": "2005-06-15", "answered_by": "phone"}
# What each step of each kind asks for, as somebody might fill it in.
FIELDS: dict[str, dict[str, dict[str, str]]] = {
    "petition": {
        "accept": {"matter_class": "appeal"},
        "handle": {"opinion": "补发工资", "legal_basis": "劳动法第五十条", "outcome": "support"},
        "implement": {"measure": "企业已补发"},
        "feedback": {"satisfaction": "satisfied"} | ANSWERED,
    },
    "relief": {
        "accept": {"cause": "illness", "requested_amount": "2000.00"},
        "handle": {
            "decision": "granted",
            "opinion": "情况属实",
            "granted_amount": "1500",
            "fund_source": "union",
        },
        "implement": {"measure": "已送达"},
        "feedback": {"satisfaction": "partly"} | ANSWERED,
    },
    "legal_aid": {
        "accept": {"dispute_kind": "wages_in_employment", "employer": "试用厂"},
        "handle": {"aid": "representation", "opinion": "指派律师", "lawyer": "陈律师"},
        "implement": {"result": "won"},
        "feedback": {"satisfaction": "satisfied"} | ANSWERED,
    },
    "job_referral": {
        "accept": {"employment_status": "laid_off_unemployed"},
        "handle": {"employer": "试用厂"},
        "implement": {"started_on": "2005-06-15", "evidence": "contract"},
        "feedback": {"kept_three_months": "yes", "satisfaction": "satisfied"} | ANSWERED,
    },
    # A kind of an office's own, which tests put into its folder.
    "education_aid": {
        "accept": {
            "student": "吴试小",
            "school": "试用中学",
            "stage": "senior",
            "requested_amount": "3000.00",
        },
        "handle": {
            "decision": "granted",
            "opinion": "情况属实",
            "granted_amount": "2500",
            "fund_source": "union",
        },
        "implement": {"paid_to": "family", "measure": "已发放"},
        "feedback": {"satisfaction": "satisfied"} | ANSWERED,
    },
}
# Who takes each of the five steps: two people are enough.
WHO = {"accept": CHEN, "handle": PING, "implement": CHEN, "feedback": CHEN}


def opened(office: Office, kind: str = "petition", *, actor: Actor = CHEN, **values: object) -> str:
    """Somebody comes, and a case is opened; gives its reference."""
    typed = {"channel": "visit", "matter": "工资没有发", "name": "吴试甲", "id_number": WU} | values
    with office.relief.work() as work:
        joined = open_case(work, actor, kind, read_form(work, typed))
        work.commit()
    return joined.reference


def added(office: Office, reference: str, actor: Actor = CHEN, **values: object) -> Joined:
    """Somebody comes again, or chases it up."""
    chase_up = bool(values.pop("chase_up", False))
    typed = {"channel": "call", "matter": "又来问"} | values
    with office.relief.work() as work:
        form = read_form(work, typed)
        joined = add_to_case(work, actor, form, reference, chase_up=chase_up)
        work.commit()
    return joined


def answered(office: Office, actor: Actor = CHEN, **values: object) -> str:
    """A contact that is answered on the spot; gives its number."""
    typed = {"channel": "visit", "matter": "问政策", "answer": "已解释"} | values
    with office.relief.work() as work:
        contact = log_contact(work, actor, read_form(work, typed))
        work.commit()
    return contact.reference


def do(
    office: Office,
    reference: str,
    action: str,
    actor: Actor,
    fields: Mapping[str, str] | None = None,
    **more: Any,
) -> Entry:
    """One step of a case."""
    if isinstance(more.get("happened_at"), str):
        local = dt.datetime.fromisoformat(more["happened_at"])
        more["happened_at"] = local.replace(tzinfo=office.relief.settings.zone)
    with office.relief.work() as work:
        case = find_case(work, reference, actor)
        entry = advance(work, case.kind.key, case.id, action, actor, fields=fields or {}, **more)
        work.commit()
    return entry


def walk(office: Office, reference: str, *actions: str) -> str:
    """Steps as they usually go; gives the state that they lead to."""
    for action in actions:
        do(office, reference, action, WHO[action], fields_of(office, reference, action))
    return state(office, reference)


def fields_of(office: Office, reference: str, action: str) -> dict[str, str]:
    """What a step of this case asks for, filled in; work starts, and is
    answered for, on the day that it is told."""
    with office.relief.reading() as work:
        kind = find_case(work, reference, CHEN).kind.key
    fields = FIELDS[kind][action]
    today = office.relief.clock.today().isoformat()
    return fields | dict.fromkeys(fields.keys() & {"started_on", "answered_on"}, today)


def row(office: Office, reference: str, actor: Actor = CHEN) -> Mapping[str, Any]:
    """A case's columns."""
    with office.relief.reading() as work:
        return find_case(work, reference, actor).row


def state(office: Office, reference: str, actor: Actor = CHEN) -> str:
    """Where a case stands."""
    return str(row(office, reference, actor)["state"])


def allowed(office: Office, reference: str, actor: Actor) -> set[str]:
    """What somebody may do with a case now."""
    with office.relief.reading() as work:
        case = find_case(work, reference, actor)
        choices = available(work, case.kind.key, case.id, actor)
    return {choice.action.id for choice in choices if choice.allowed}


def entries(office: Office, reference: str, actor: Actor = CHEN) -> list[Entry]:
    """A case's journal."""
    with office.relief.reading() as work:
        case = find_case(work, reference, actor)
        return history(work, case.kind.key, case.id)


def contacts(office: Office, reference: str, actor: Actor = CHEN) -> list[tuple[str, str]]:
    """A case's contacts, and what each was to it."""
    with office.relief.reading() as work:
        case = find_case(work, reference, actor)
        found = queries.contacts_of(work, case.id)
    return [(joined.contact.reference, joined.relation) for joined in found]
