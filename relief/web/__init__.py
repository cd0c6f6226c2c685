"""The pages: what a browser sees. Views parse, call one use case, and answer."""

from __future__ import annotations

from relief.web.app import create_app

__all__ = ["create_app"]
