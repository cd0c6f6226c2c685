"""Who may open which page: every route says so where it is declared, and here it is enforced.

A route that declares nothing cannot be written (`Pages.page` asks for it); one that came past it
(an extension's) is closed. What a person may do *on* a page is the use case's own check again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask.sansio.app import App
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, NotFound

from relief.accounts.sessions import SignedIn
from relief.engine.actors import CASE_ROLES, STAFF_ROLES
from relief.web.request import signed_in

_DECLARED, _ROOMS, _KEPT_BY = "relief.access", "relief.rooms", "relief.kept_by"
# Whose password was set by somebody else gets no further before they chose one of their own.
_OWN_PASSWORD = frozenset({"signing_in.own_password", "signing_in.choose_password"})
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
STAFF = frozenset(STAFF_ROLES)


@dataclass(frozen=True)
class Access:
    """Who may open a route: these roles; with none of them named, whoever comes. With `deputies`
    also who acts today for somebody who is away and holds one."""

    roles: frozenset[str]
    deputies: bool = False

    @property
    def is_public(self) -> bool:
        """True where nobody has to sign in."""
        return not self.roles

    def allows(self, roles: frozenset[str]) -> bool:
        """True for somebody who acts in these roles."""
        return self.is_public or bool(self.roles & roles)

    def admits(self, person: SignedIn) -> bool:
        """True for somebody who is signed in."""
        return self.allows(person.may_act_as if self.deputies else person.roles)


PUBLIC = Access(frozenset())
ANYBODY_HERE = Access(STAFF)


def only(*roles: str, deputies: bool = False) -> Access:
    """Those who hold any of these roles. `deputies`: who acts for one of them, too; for pages whose
    forms ask for whom somebody acts, because it is recorded with both names."""
    assert roles
    assert STAFF.issuperset(roles), roles
    return Access(frozenset(roles), deputies)


# Who works on the cases that people bring; and with who acts for one of them today.
CASE_WORKERS = only(*CASE_ROLES)
CASE_WORKERS_OR_DEPUTIES = only(*CASE_ROLES, deputies=True)


class Pages(Blueprint):
    """The routes of one feature, each with its access, and the room that they belong to (its
    endpoint; "" where none is)."""

    def __init__(self, name: str, import_name: str, *, room: str = "") -> None:
        super().__init__(name, import_name)
        self.room = room

    def page(
        self,
        rule: str,
        access: Access,
        *,
        post: bool = False,
        room: str = "",
        kept_by: str = "",
        **options: Any,
    ) -> Callable[[View], View]:
        """Declare a view: `@pages.page("/contacts", only("clerk"))`; `post` for what changes
        something, `room` where it is not the feature's, `kept_by` the endpoint (of the same places)
        that keeps the form's draft. No GET changes anything."""
        methods = ["POST"] if post else ["GET"]

        def declare(view: View) -> View:
            endpoint = f"{self.name}.{view.__name__}"
            self.record(lambda state: _declare(state.app, endpoint, access, room or self.room))
            self.record(lambda state: _declare_kept(state.app, endpoint, kept_by))
            self.add_url_rule(rule, view.__name__, view, methods=methods, **options)
            return view

        return declare


def _declare(app: App, endpoint: str, access: Access, room: str = "") -> None:
    app.extensions.setdefault(_DECLARED, {})[endpoint] = access
    app.extensions.setdefault(_ROOMS, {})[endpoint] = room


def _declare_kept(app: App, endpoint: str, kept_by: str) -> None:
    app.extensions.setdefault(_KEPT_BY, {})[endpoint] = kept_by


def kept_by(endpoint: str | None) -> str:
    """The endpoint that keeps drafts of the form that is sent to this one; "" where none does."""
    keeping: dict[str | None, str] = current_app.extensions[_KEPT_BY]
    return keeping.get(endpoint, "")


def open_to_all(app: Flask, *endpoints: str) -> None:
    """Declare what extensions serve: style sheets."""
    for endpoint in endpoints:
        _declare(app, endpoint, PUBLIC)


def access_of(app: App, endpoint: str) -> Access | None:
    """What was declared for a route."""
    declared: dict[str, Access] = app.extensions.get(_DECLARED, {})
    return declared.get(endpoint)


def room_of(app: App, endpoint: str | None) -> str:
    """The room that a route belongs to; "" for one of no room, and where there is no route."""
    rooms: dict[str | None, str] = app.extensions[_ROOMS]
    return rooms.get(endpoint, "")


def may(endpoint: str) -> bool:
    """True where who reads this page may open, or send, that one: what pages show goes by it, too.
    An endpoint that there is not is a mistake (`KeyError`)."""
    declared: dict[str, Access] = current_app.extensions[_DECLARED]
    person = signed_in()
    return declared[endpoint].is_public or (
        person is not None and declared[endpoint].admits(person)
    )


class SignedOut(Exception):
    """A form that keeps drafts was sent by somebody whose session had ended; `form` is the page
    that it stands on."""

    def __init__(self, form: str | None) -> None:
        super().__init__(form)
        self.form = form


def check_access() -> ResponseReturnValue | None:
    """Before every request: closed, unless what was declared opens it."""
    if request.endpoint is None:
        return None  # no such page, or not by this method: told as such
    _check_origin()
    access = access_of(current_app, request.endpoint)
    if access is None:
        raise NotFound
    if access.is_public:
        return None
    person = signed_in()
    if person is None:
        return _to_sign_in()
    if not access.admits(person) or (not access.deputies and request.form.get("acting_for")):
        raise Forbidden
    if person.password_is_lent and request.endpoint not in _OWN_PASSWORD:
        return redirect(url_for("signing_in.own_password"), 303)
    return None


def _check_origin() -> None:
    """What changes something comes from our own pages: browsers say where a form stands."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise Forbidden


def _to_sign_in() -> ResponseReturnValue:
    """Sign in first; then the page that was asked for is opened, or the one whose form was sent: a
    form is not sent twice."""
    if request.method != "GET" and kept_by(request.endpoint):
        raise SignedOut(form_page())
    if request.method != "GET":
        return redirect(url_for("signing_in.sign_in", ended="yes", next=form_page()), 303)
    back = request.full_path.rstrip("?")
    return redirect(url_for("signing_in.sign_in", next=back or None), 303)


def form_page() -> str | None:
    """The page at the address that a form was sent to; None where there is none."""
    addresses = current_app.create_url_adapter(request)
    assert addresses is not None
    return request.path if addresses.test(request.path, "GET") else None
