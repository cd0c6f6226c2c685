"""What every answer carries: nothing is run, framed, guessed or kept that is not ours."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, request

# Bootstrap's arrows and ticks are drawings inside its style sheet, hence `data:`.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
    )
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_STATIC = frozenset({"static", "bootstrap.static"})
# What says itself how long it may be kept, and by whom.
_SAYS_ITSELF = frozenset({"feeds.feed"})
_KEPT = frozenset({200, 206, 304})


def prepare(app: Flask) -> None:
    """Put the headers on every answer, faults and style sheets too."""
    app.after_request(_add)


def around_a_letter(page: str, style: str) -> Response:
    """A page of ours that shows another of ours within it: a letter, which is a page of its own,
    and is printed from here by its own style, of which the hash is given."""
    answer = Response(page, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        _POLICY.replace("style-src 'self'", f"style-src 'self' '{style}'") + "; frame-src 'self'"
    )
    return answer


def cookie_name(name: str, *, production: bool) -> str:
    """A cookie as it is called: in production so that no neighbour under one domain, and nobody
    who answers without HTTPS, can plant another."""
    return f"__Host-{name}" if production else name


def cookies(*, production: bool) -> dict[str, Any]:
    """The cookie of who signed in: it holds the key of the session and the token of forms. In
    production it goes over HTTPS (or to this machine) alone."""
    return {
        "SESSION_COOKIE_NAME": cookie_name("relief", production=production),
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
    }


def secure_cookies() -> bool:
    """True where cookies go over HTTPS (or to this machine) alone."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def _add(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)  # a paper or a letter has a closer policy
    # A style sheet that is not there is answered by a page, which says who signed in.
    if request.endpoint not in _STATIC | _SAYS_ITSELF or response.status_code not in _KEPT:
        response.headers["Cache-Control"] = "no-store"
    if response.mimetype == "text/html":
        _without_nul(response)
    return response


def _without_nul(response: Response) -> None:
    """What somebody typed is shown to them again; but no page may hold a NUL."""
    page = response.get_data()
    if b"\0" in page:
        response.set_data(page.replace(b"\0", "\ufffd".encode()))
