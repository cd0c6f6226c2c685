"""Views of the list of cases that somebody keeps under a name, and shares with the office."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.text import _
from relief.petitions.lists.kept_lists import (
    NamedList,
    change_list,
    drop_list,
    keep_list,
    lists_of,
    unreadable_lists,
)
from relief.petitions.lists.queues import MARKS, QUEUES, Asked
from relief.petitions.queries import kinds_of_cases
from relief.web.access import ANYBODY_HERE, Pages
from relief.web.cases.filters import KEPT_NAMES, kept_pairs, list_address, read_asked
from relief.web.cases.words import state_names
from relief.web.forms import Filled, filled, ticked
from relief.web.language import say
from relief.web.names import named
from relief.web.posting import Done, posted
from relief.web.request import person, reading

pages = Pages("kept_lists", __name__, room="cases.cases")
# How a list is sorted, where that was chosen.
_SORTED = {True: _("latest received first"), False: _("next due first")}


@pages.page("/cases/views", ANYBODY_HERE)
def kept_lists() -> ResponseReturnValue:
    """All views that somebody sees, their own to be changed."""
    return _page(Filled())


@pages.page("/cases/views", ANYBODY_HERE, post=True)
def keep() -> ResponseReturnValue:
    """Keep what a list asks for under a name."""
    form = filled((*KEPT_NAMES, "name", "shared"))

    def save(work: Work, by: Actor) -> Done:
        view = keep_list(
            work, by, form["name"], read_asked(form, kinds_of_cases(work)), shared=ticked("shared")
        )
        told = _('The view "{name}" is kept.', name=view.name)
        return Done(list_address(view.asked, view=str(view.id)), (told,))

    return posted(save, lambda refusal: _page(form.refused(refusal)))


@pages.page("/cases/views/<number>", ANYBODY_HERE, post=True)
def change(number: str) -> ResponseReturnValue:
    """Give a view another name, share it, or keep it to oneself."""
    form = filled(("name",))

    def save(work: Work, by: Actor) -> Done:
        change_list(work, by, _row(number), form["name"], shared=ticked("shared"))
        told = _('The view "{name}" is kept.', name=form["name"].strip())
        return Done(url_for("kept_lists.kept_lists"), (told,))

    return posted(save, lambda refusal: _page(Filled({}, refusal.problems)))


@pages.page("/cases/views/<number>/away", ANYBODY_HERE, post=True)
def throw_away(number: str) -> ResponseReturnValue:
    """Throw a view away."""

    def drop(work: Work, by: Actor) -> Done:
        drop_list(work, by, _row(number))
        return Done(url_for("kept_lists.kept_lists"), (_("The view is thrown away."),))

    return posted(drop, lambda refusal: _page(Filled({}, refusal.problems)))


def _row(number: str) -> int:
    """The row that an address names; 0, which is none, where it names nothing."""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0


def _page(form: Filled) -> str:
    work = reading()
    found = lists_of(work, person().username)
    return render_template(
        "cases/kept_lists.html",
        form=form,
        names=("name",),
        to_keep=kept_pairs(form),
        own=[_shown(work, view) for view in found if view.owner == person().username],
        unreadable=unreadable_lists(work, person().username),
        others=[_shown(work, view) for view in found if view.owner != person().username],
    )


def _shown(work: Work, view: NamedList) -> dict[str, object]:
    """A view with its address and what it asks for, in words."""
    return {
        "view": view,
        "href": list_address(view.asked, view=str(view.id)),
        "words": _words_of(work, view.asked),
    }


def _words_of(work: Work, asked: Asked) -> list[str]:
    """What is asked of a list, in words: each thing that is asked has one."""
    names = state_names(work.workflows, [asked.kind] if asked.kind else kinds_of_cases(work))
    words = [
        say(QUEUES[asked.queue].title) if asked.queue in QUEUES else "",
        say(work.workflows.kind_title(asked.kind)) if asked.kind else "",
        names.get(asked.state, asked.state),
        named(asked.case_worker),
        say(_("from {day}", day=asked.from_on)) if asked.from_on else "",
        say(_("until {day}", day=asked.until_on)) if asked.until_on else "",
        *(say(word) for name, word in MARKS.items() if getattr(asked, name)),
        say(_("closed ones, too")) if asked.closed else "",
        say(_SORTED[asked.latest_first]) if asked.latest_first in _SORTED else "",
    ]
    return [word for word in words if word]
