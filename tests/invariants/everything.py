"""Every invariant, of everything that an office holds."""

from __future__ import annotations

from relief.households.scheme import scheme_terms
from relief.payouts import queries
from tests.invariants import lists, record, ways
from tests.office import Office


def check_everything(office: Office) -> None:
    """All that can be asked of the tables as they stand."""
    with office.relief.reading() as work:
        record.untouched(work)
        record.in_order(work)
        record.voids(work)
        lists.sums(work)
        lists.answered(work)
        lists.history(work)
        runs = queries.all_runs(work)
        for run in runs:
            lists.bounds(work, run)
        if scheme_terms(work).go_live_month is not None:
            for quarter in {run.quarter for run in runs}:
                ways.all_agree(work, quarter)
    record.file_is_sound(office.relief.database)
