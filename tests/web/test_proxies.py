"""Behind a proxy the throttle counts who asks, not the proxy; without one nobody is believed."""

from __future__ import annotations

import pytest
from flask import Flask, request

from relief.web.access import PUBLIC, Pages
from relief.web.app import create_app
from tests.office import Office

SAYS = {"X-Forwarded-For": "10.1.1.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "gh.test"}


def app_with(office: Office, proxies: int) -> Flask:
    """The pages, and one that tells who asks."""
    settings = office.relief.settings.model_copy(update={"proxies": proxies})
    office.relief.settings = settings
    app, pages = create_app(office.relief), Pages("asked", __name__)

    @pages.page("/asked", PUBLIC)
    def asked() -> str:
        return f"{request.remote_addr} {request.scheme} {request.host}"

    app.register_blueprint(pages)
    return app


@pytest.mark.parametrize(
    ("proxies", "told"), [(0, "127.0.0.1 http localhost"), (1, "10.1.1.1 https gh.test")]
)
def test_who_asks(sqlite_office: Office, proxies: int, told: str) -> None:
    client = app_with(sqlite_office, proxies).test_client()
    assert client.get("/asked", headers=SAYS).text == told
