"""How cases go: every procedure with what is open in it, one as a picture, and one case's way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from relief.engine.cases import find_case
from relief.engine.definitions.definition import Definition
from relief.engine.kinds import SubjectKind
from relief.engine.work import Work
from relief.flows.standing import (
    LOOKS_BACK_DAYS,
    Standing,
    Stays,
    open_of,
    standing_of,
    stays_of,
)
from relief.kernel.errors import NotFound, refuse
from relief.kernel.text import _
from relief.petitions.rules import FAMILY
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.language import say
from relief.web.request import reader, reading
from relief.web.workflows.drawn import days_text, drawn, plain_days, told, ways_in
from relief.web.workflows.walked import walk_of

pages = Pages("workflows", __name__, room="office.office")
_NONE = Standing(0, 0)


@pages.page("/workflows", ANYBODY_HERE)
def workflows() -> ResponseReturnValue:
    """Every procedure: how many cases are open, and where on its line they stand."""
    work = reading()
    rows = []
    for key, kind in work.workflows.kinds.items():
        definition = work.workflows.definitions[key]
        standing = standing_of(work, kind, reader())
        line = [state for state in ways_in(work, definition).column if state]
        rows.append(
            {
                "key": key,
                "title": definition.title,
                "open": open_of(work, key, standing),
                "line": [
                    (definition.state_by_id[state], standing.get(state, _NONE)) for state in line
                ],
            }
        )
    return render_template("workflows/workflows.html", rows=rows)


@pages.page("/workflows/<kind>", ANYBODY_HERE)
def workflow(kind: str) -> ResponseReturnValue:
    """One procedure as a picture: in each state how many cases stand and are overdue, and how long
    those stayed that left."""
    work = reading()
    found = _kind(work, kind)
    definition = work.workflows.definitions[kind]
    states = definition.state_by_id
    standing = standing_of(work, found, reader())
    since = work.as_known_now() - dt.timedelta(days=LOOKS_BACK_DAYS)
    stays = stays_of(work, found, reader(), since)
    return render_template(
        "workflows/workflow.html",
        definition=definition,
        picture_drawn=drawn(work, definition, _notes(definition, standing, stays)),
        told=told(definition),
        standing=standing,
        none_there=_NONE,
        stays=stays,
        late=[state for state, here in standing.items() if here.overdue],
        days_text=days_text,
        elsewhere=sum(each.count for state, each in standing.items() if state not in states),
        since=work.clock.day_of(since),
        open=open_of(work, kind, standing),
        hrefs=_lists(definition) if found.family == FAMILY else {},
    )


@pages.page("/cases/<reference>/path", ANYBODY_HERE, room="cases.cases")
def path(reference: str) -> ResponseReturnValue:
    """The way that one case went, on the picture of the workflow that it began under."""
    work = reading()
    case = find_case(work, reference, reader())
    definition = case.machine.definition
    walk = walk_of(work, case)
    return render_template(
        "workflows/path.html",
        case=case,
        definition=definition,
        picture_drawn=drawn(work, definition, walk.notes()),
        told=told(definition),
        walk=walk,
        plain_days=plain_days,
        titles={each.id: each.title for each in definition.states},
        state=definition.state_by_id[case.state],
    )


def _kind(work: Work, key: str) -> SubjectKind:
    found = work.workflows.kinds.get(key)
    if found is None:
        raise refuse(NotFound, "workflow.unknown", _("There is no such kind of case."))
    return found


def _lists(definition: Definition) -> dict[str, str]:
    """Where the cases of each state are listed."""
    asked = [
        {"kind": definition.key, "state": state.id} | ({"due": "all"} if state.final else {})
        for state in definition.states
    ]
    return {each["state"]: f"{url_for('cases.cases')}?{urlencode(each)}" for each in asked}


def _notes(
    definition: Definition, standing: Mapping[str, Standing], stays: Mapping[str, Stays]
) -> dict[str, Sequence[str]]:
    """What stands below the titles of states."""
    notes: dict[str, Sequence[str]] = {}
    for state in definition.states:
        here, left = standing.get(state.id, _NONE), stays.get(state.id)
        lines = [_("{count} here", count=here.count)]
        if here.overdue:
            lines.append(_("{count} overdue", count=here.overdue))
        if left:
            lines.append(_("median {days}", days=days_text(left.median_days)))
        notes[state.id] = [say(line) for line in lines]
    return notes
