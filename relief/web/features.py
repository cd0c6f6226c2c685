"""The rooms of the web, each a blueprint of its own."""

from __future__ import annotations

from relief.web.access import Pages
from relief.web.home.views import pages as home
from relief.web.signing_in.views import pages as signing_in
from relief.web.style.views import pages as style

FEATURES: tuple[Pages, ...] = (signing_in, home, style)
