"""Users: listed, added, and one of them changed. Each change ends the sessions of that user."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.accounts.passwords import NewPassword
from relief.accounts.queries import ListedUser, find_user, list_users
from relief.accounts.service import (
    add_user,
    change_full_name,
    enable_user,
    set_password,
    sign_out_user,
)
from relief.engine.actors import ROLES, STAFF_ROLES, Actor, role_titles
from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.kernel.text import Text, _
from relief.petitions.day.leaving import (
    give_roles,
    let_go,
    matters_nobody_reads,
    name_reader,
    open_count,
)
from relief.petitions.workers import people_of_cases
from relief.reminders.addresses import mail_of, set_mail
from relief.web.access import Pages, only
from relief.web.forms import Filled, filled, seen_version, typed_twice
from relief.web.names import named, options
from relief.web.posting import Done, posted
from relief.web.request import reading, real_now

pages = Pages("users", __name__, room="office.office")
ADMIN = only("admin")
_ROLE_TICKS = tuple(f"role_{role}" for role in STAFF_ROLES)
_NEVER = dt.datetime.min.replace(tzinfo=dt.UTC)
# How the list may be sorted; "-" before it: the other way round.
_SORTS: dict[str, Callable[[ListedUser], Any]] = {
    "username": lambda user: user.username,
    "state": lambda user: user.disabled_at is not None,
    "signed_in": lambda user: user.signed_in_at or _NEVER,
}
# What the fields are called, for the faults that are told above the form.
_LABELS = {
    "username": _("User name"),
    "full_name": _("Full name"),
    "role": _("Roles"),
    "password": _("New password"),
    "again": _("The same password once more"),
    "address": _("E-mail address"),
}
_NEW = ("username", "full_name", *_ROLE_TICKS)


@pages.page("/users", ADMIN)
def users() -> ResponseReturnValue:
    """Everybody who works here or did, with the form for somebody new."""
    return _list_page(reading(), Filled())


@pages.page("/users", ADMIN, post=True)
def add() -> ResponseReturnValue:
    """Add a user; the password is lent until they choose their own."""
    form = filled(_NEW)
    username = form["username"].strip()

    chosen = NewPassword.of(request.form.get("password", ""))

    def begin(work: Work, by: Actor) -> Done:
        typed_twice("password")
        add_user(work, by, username, _roles(form), chosen, full_name=form["full_name"], lent=True)
        told = _("{name} was added: {roles}.", name=username, roles=role_titles(_roles(form)))
        return Done(url_for("users.users"), (told,))

    return posted(begin, lambda refusal: _list_page(reading(), form.refused(refusal)))


@pages.page("/users/<username>", ADMIN)
def user(username: str) -> ResponseReturnValue:
    """One user, with what may be changed."""
    return _user_page(reading(), username, None)


@pages.page("/users/<username>/roles", ADMIN, post=True)
def roles(username: str) -> ResponseReturnValue:
    """Give a user the ticked roles and no others."""
    form = filled(_ROLE_TICKS)

    def give(work: Work, by: Actor) -> Text:
        give_roles(work, by, username, _roles(form), seen_version())
        titles = role_titles(_roles(form))
        return _("{name} now has the roles: {roles}.", name=username, roles=titles)

    return _changed(username, form, give)


@pages.page("/users/<username>/name", ADMIN, post=True)
def full_name(username: str) -> ResponseReturnValue:
    """Write down how others know a user."""
    form = filled(("full_name",))

    def call(work: Work, by: Actor) -> Text:
        change_full_name(work, by, username, form["full_name"], seen_version())
        return _("{name} has another full name.", name=username)

    return _changed(username, form, call)


@pages.page("/users/<username>/password", ADMIN, post=True)
def password(username: str) -> ResponseReturnValue:
    """Give a user a new password, which is lent."""

    chosen = NewPassword.of(request.form.get("password", ""))

    def lend(work: Work, by: Actor) -> Text:
        typed_twice("password")
        set_password(work, by, username, chosen, seen_version())
        return _("{name} has a new password, and was signed out everywhere.", name=username)

    return _changed(username, None, lend)


@pages.page("/users/<username>/disable", ADMIN, post=True)
def disable(username: str) -> ResponseReturnValue:
    """Let somebody work here no longer."""
    form = filled(("leaves_unread",))

    def end(work: Work, by: Actor) -> Text:
        let_go(work, by, username, seen_version(), leaves_unread=form["leaves_unread"] == "yes")
        if count := open_count(work, username):
            return _(
                "{name} is disabled, and signed out everywhere. Open cases are still theirs "
                "({count}): a clerk hands them over.",
                name=username,
                count=count,
            )
        return _("{name} is disabled, and signed out everywhere.", name=username)

    return _changed(username, form, end)


@pages.page("/unread-matters", ADMIN, post=True)
def read() -> ResponseReturnValue:
    """Name a reader of the restricted matters that nobody can read any more."""
    form = filled(("reader",))

    def name(work: Work, by: Actor) -> Done:
        count = name_reader(work, by, form["reader"])
        told = _(
            "{name} now reads restricted matters: {count}.", name=named(form["reader"]), count=count
        )
        return Done(url_for("users.users"), (told,))

    return posted(name, lambda refusal: _list_page(reading(), form.refused(refusal)))


@pages.page("/users/<username>/enable", ADMIN, post=True)
def enable(username: str) -> ResponseReturnValue:
    """Let somebody who was disabled work here again."""

    def begin(work: Work, by: Actor) -> Text:
        enable_user(work, by, username, seen_version())
        return _("{name} may sign in again.", name=username)

    return _changed(username, None, begin)


@pages.page("/users/<username>/mail", ADMIN, post=True)
def mail(username: str) -> ResponseReturnValue:
    """Say where a user's mail goes, and whether they get the day's."""
    form = filled(("address", "digest"))

    def keep(work: Work, by: Actor) -> Text:
        set_mail(work, by, username, form["address"], digest=form["digest"] == "yes")
        return _("The mail of {name} was set.", name=username)

    return _changed(username, form, keep)


@pages.page("/users/<username>/sign-out", ADMIN, post=True)
def sign_out(username: str) -> ResponseReturnValue:
    """End every session of a user."""

    def end(work: Work, by: Actor) -> Text:
        ended = sign_out_user(work, by, username, real_now())
        return _("{name} is signed out; sessions ended: {count}.", name=username, count=ended)

    return _changed(username, None, end)


def _changed(
    username: str, form: Filled | None, change: Callable[[Work, Actor], Text]
) -> ResponseReturnValue:
    """One change of a user; refused, the page shows them as they are now, beside what was typed."""

    def done(work: Work, by: Actor) -> Done:
        return Done(url_for("users.user", username=username), (change(work, by),))

    return posted(done, lambda refusal: _user_page(reading(), username, form, refusal))


def _roles(form: Filled) -> list[str]:
    return [role for role in STAFF_ROLES if form[f"role_{role}"] == "yes"]


def _sorted(rows: list[ListedUser], asked: str) -> list[ListedUser]:
    return sorted(rows, key=_SORTS[asked.removeprefix("-")], reverse=asked.startswith("-"))


def _list_page(work: Work, form: Filled) -> str:
    sort = request.args.get("sort", "")
    sort = sort if sort.removeprefix("-") in _SORTS else "username"
    return render_template(
        "users/users.html",
        rows=_sorted(list_users(work), sort),
        sorted_by=sort,
        form=form,
        names=("username", "full_name", "role", "password", "again", "reader"),
        labels=_LABELS,
        unread=matters_nobody_reads(work),
        readers=[("", _("choose…")), *options(people_of_cases(work))],
        role_titles=role_titles,
        roles=[(role, ROLES[role]) for role in STAFF_ROLES],
    )


def _user_page(
    work: Work, username: str, form: Filled | None, refusal: ReliefError | None = None
) -> str:
    found = find_user(work, username)
    kept = mail_of(work, username)
    address = {"address": kept.address, "digest": "yes" if kept.digest else ""}
    ticks = {f"role_{role}": "yes" for role in found.roles}
    called = {"full_name": found.full_name}
    shown = Filled(called | address | ticks | (dict(form.values) if form else {}))
    return render_template(
        "users/user.html",
        user=found,
        titles=role_titles(found.roles),
        form=shown.refused(refusal) if refusal else shown,
        names=("full_name", "role", "password", "again", "address", "leaves_unread"),
        labels=_LABELS,
        open_cases=open_count(work, username),
        unread=matters_nobody_reads(work) if found.disabled_at else 0,
        roles=[(role, ROLES[role]) for role in STAFF_ROLES],
    )
