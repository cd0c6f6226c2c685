"""What an older program left without the office's seal gets it, once: users, cases, rows that the
journal tells of, and the daily seals. That it was done is told by the deployment's `key_check`,
which nobody makes without the keys, in the same transaction: what was interrupted goes on, and what
was done is never done again, whatever shape somebody gives the database by hand."""

from __future__ import annotations

import sqlalchemy as sa

from relief.accounts import user_journal
from relief.engine.journal.kept_rows import any_written, take_over
from relief.engine.journal.seals import mark_seals
from relief.kernel.crypto import sealed_key_check
from relief.kernel.unit_of_work import DEPLOYMENT, UnitOfWork
from relief.petitions import row_seal
from relief.procedures.features import KEPT_ROWS


def seal_office(work: UnitOfWork) -> None:
    """Seal what stands, where that was not done before."""
    work.take_turn()
    office = work.rows(sa.select(DEPLOYMENT))[0]
    done = sealed_key_check(work.cipher)
    if office.key_check == done:
        return
    # With any of these it was done before, and somebody put the check back (from an old copy).
    if not (office.seals_mark or row_seal.any_sealed_now(work)):
        _seal(work)
    work.connection.execute(sa.update(DEPLOYMENT).values(key_check=done))


def _seal(work: UnitOfWork) -> None:
    user_journal.record_earlier_users(work)
    # An office of 0023 has begun: what has no seal there was put in by hand, and goes on to show.
    is_first = not row_seal.any_sealed(work) and not any_written(work, KEPT_ROWS)
    row_seal.seal_earlier_rows(work, is_first=is_first)
    for kept in KEPT_ROWS if is_first else ():
        take_over(work, kept)
    mark_seals(work)
