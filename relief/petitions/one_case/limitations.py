"""When the limitation of arbitration ends, of many cases at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL, opened
from relief.engine.listing import ListedCase
from relief.engine.work import Work
from relief.kernel.unit_of_work import in_chunks
from relief.petitions.queries import CASE, limitation_told, open_states_of
from relief.petitions.rules import LEGAL_AID, LIMITATION_WARNING_DAYS


def limitations_near(work: Work, cases: Sequence[ListedCase]) -> dict[str, dt.date]:
    """Of open legal aid, by the case's reference: the end of the limitation of arbitration, where
    it comes soon or has passed; as it was told at the acceptance."""
    still_open = open_states_of(work)
    asked = [
        each.id
        for each in cases
        if each.kind == LEGAL_AID and (each.kind, each.state) in still_open
    ]
    until_on = work.today + dt.timedelta(days=LIMITATION_WARNING_DAYS)
    return {
        reference: ends_on
        for chunk in in_chunks(asked)
        for reference, ends_on in _told(work, chunk)
        if ends_on and ends_on <= until_on
    }


def _told(work: Work, ids: Sequence[int]) -> Iterator[tuple[str, dt.date | None]]:
    """What was told at each acceptance, the last one last."""
    accepted = (
        sa.select(JOURNAL, CASE.c.journal_key, CASE.c.reference)
        .join(CASE, CASE.c.id == JOURNAL.c.subject_id)
        .where(
            JOURNAL.c.subject_kind == LEGAL_AID,
            JOURNAL.c.subject_id.in_(ids),
            JOURNAL.c.action == "accept",
        )
        .order_by(JOURNAL.c.subject_id, JOURNAL.c.number)
    )
    last = {row["subject_id"]: dict(row) for row in work.connection.execute(accepted).mappings()}
    for row in last.values():
        entry = opened(work.cipher, row, row["journal_key"])
        yield row["reference"], limitation_told([entry])
