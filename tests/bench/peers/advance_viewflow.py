"""viewflow.fsm of django-viewflow with a history table: the nearest thing that others offer.

Runs in an environment of its own that has no relief. One transaction for each portion, in which
every case is read (on PostgreSQL with FOR UPDATE), led on and saved: what a Django view would do.
It has a guard, a version and a history; no journal, chain, deadline or sealed words.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import django
from django.conf import settings

from tests.bench.peer import answer
from tests.bench.peers import walk


def measure(
    folder: str, cases: int, per_commit: int = 1, synchronous: str = "FULL", url: str = ""
) -> dict[str, Any]:
    """Lead that many cases to the end."""
    settings.configure(
        DATABASES={"default": _on_postgresql(url) if url else _on_sqlite(folder, synchronous)},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=["viewflow", "tests.bench.viewflow_app"],
        SECRET_KEY="bench",
        USE_TZ=True,
    )
    django.setup()
    ids = _open_cases(cases + walk.WARMING_UP)
    found = walk.lead(_taking(locks_rows=bool(url)), ids[:-1], per_commit)
    found["versions"] = {name: version(name) for name in ("django", "django-viewflow")}
    return _checked(found, ids)


def _on_sqlite(folder: str, synchronous: str) -> dict[str, Any]:
    pragmas = (f"synchronous={synchronous}", "journal_mode=WAL", "foreign_keys=ON")
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{folder}/viewflow.db",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "init_command": ";".join(f"PRAGMA {pragma}" for pragma in pragmas),
        },
    }


def _on_postgresql(url: str) -> dict[str, Any]:
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415  (only where it is asked for)

    place = conninfo_to_dict(url)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{name: place.get(key) or "" for name, key in (names | {"PORT": "port"}).items()},
        "CONN_MAX_AGE": None,
    }


def _open_cases(count: int) -> list[int]:
    from django.db import connection  # noqa: PLC0415  (Django's own way: after its settings)

    from tests.bench.viewflow_app.models import History, Petition  # noqa: PLC0415

    connection.cursor().execute("SELECT 1")
    with connection.schema_editor() as editor:
        editor.create_model(Petition)
        editor.create_model(History)
    Petition.objects.bulk_create(
        Petition(reference=f"P{number:06d}", papers=number <= count)
        for number in range(1, count + 2)
    )
    return list(Petition.objects.order_by("id").values_list("id", flat=True))


def _taking(*, locks_rows: bool) -> walk.Take:
    from django.db import transaction  # noqa: PLC0415

    from tests.bench.viewflow_app.models import Petition, PetitionFlow  # noqa: PLC0415

    def take(cases: Sequence[int], number: int) -> None:
        with transaction.atomic():
            for case in cases:
                found = Petition.objects.select_for_update() if locks_rows else Petition.objects
                getattr(PetitionFlow(found.get(pk=case)), walk.ACTIONS[number])()

    return take


def _checked(found: dict[str, Any], ids: list[int]) -> dict[str, Any]:
    from viewflow.fsm import TransitionNotAllowed  # noqa: PLC0415

    from tests.bench.viewflow_app.models import History, Petition  # noqa: PLC0415

    try:
        _taking(locks_rows=False)(ids[-1:], 0)
        refused = False
    except TransitionNotAllowed:
        refused = True
    ended = Petition.objects.filter(state=walk.STATES[-1]).count()
    return walk.checked(found, len(ids) - 1, ended, History.objects.count(), refused)  # type: ignore[no-any-return]


if __name__ == "__main__":
    answer(measure)
