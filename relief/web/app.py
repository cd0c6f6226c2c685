"""Puts the pages together for one office."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from relief.bootstrap import Relief
from relief.kernel.clock import Clock, SystemClock
from relief.kernel.crypto import load_keys
from relief.kernel.resources import folders
from relief.web import (
    access,
    errors,
    formats,
    forms,
    headers,
    language,
    limits,
    links,
    names,
    navigation,
    request,
)
from relief.web.features import FEATURES

_STATIC_KEPT = dt.timedelta(days=365)


def create_app(relief: Relief, real_clock: Clock | None = None) -> Flask:
    """The pages of an office; `real_clock` is what sessions go by (a test's own)."""
    settings = relief.settings
    app = Flask("relief", root_path=str(Path(__file__).parent), static_folder="static")
    app.config.update(
        SECRET_KEY=load_keys(settings).secret_key,
        SEND_FILE_MAX_AGE_DEFAULT=_STATIC_KEPT,
        BOOTSTRAP_SERVE_LOCAL=True,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session, which ends by itself
        **headers.cookies(production=settings.env == "production"),
    )
    # Of what a request says about where it comes from, so many proxies are believed: else anybody
    # could say anything. (It is put on as Flask says; mypy does not like a method replaced.)
    count = settings.proxies
    app.wsgi_app = ProxyFix(app.wsgi_app, count, count, count)  # type: ignore[method-assign]
    app.jinja_env.loader = FileSystemLoader(
        [str(folder) for folder in folders("templates", settings.data_dir)]
    )
    app.jinja_env.undefined = StrictUndefined  # a name that nobody gave is a fault, not a gap
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    request.prepare(app, relief, real_clock or SystemClock(settings.zone))
    limits.prepare(app)
    app.before_request(access.check_access)  # before the form's own token is looked at
    CSRFProtect(app)
    Bootstrap5(app)
    access.open_to_all(app, "static", "bootstrap.static")
    for part in (headers, language, formats, forms, links, names, navigation, errors):
        part.prepare(app)
    for pages in FEATURES:
        if pages.name != "style" or settings.env == "development":
            app.register_blueprint(pages)
    return app
