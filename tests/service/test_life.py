"""Properties of a whole life: whatever is recorded, in whatever order, the money is right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings

from tests.invariants import record
from tests.life import Life, lives
from tests.office import Office

# A database of its own for each life costs a second on PostgreSQL; `make test-deep` runs more.
_FEWER = settings(max_examples=max(12, settings.default.max_examples // 4))


@given(events=lives)
@_FEWER
def test_any_life_keeps_every_invariant(new_office: Callable[[], Office], events: Any) -> None:
    office = new_office()
    life = Life(office)
    life.begin()
    for days, event in events:
        life.live(days, event)
    life.check_all()
    with office.relief.reading() as work:
        record.untouched(work)
    office.relief.database.dispose()
