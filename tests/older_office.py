"""An office as an older program left it: its shape, and nothing of what came later."""

from __future__ import annotations

import sqlalchemy as sa

from relief.accounts import user_journal
from relief.accounts.queries import USER
from relief.engine.journal.chain import JOURNAL
from relief.engine.journal.seals import SEALS
from relief.kernel.crypto import key_check
from relief.kernel.row_texts import as_text
from relief.kernel.unit_of_work import DEPLOYMENT
from relief.migrations.apply import downgrade
from relief.petitions.queries import CASE
from relief.petitions.row_seal import _OURS
from relief.procedures.features import KEPT_ROWS
from tests.office import Office
from tests.service.test_audited_money import by_hand


def as_made_at(office: Office, shape: str) -> None:
    """Of "0023", cases bear the seal of those days; before, no row of the office had one."""
    _seal_as_then(office)
    database = office.relief.database
    database.dispose()
    downgrade(database.engine, shape)
    database.dispose()
    later = [kept.key for kept in KEPT_ROWS] if shape < "0023" else []
    if later:
        by_hand(office, sa.delete(SEALS))
    if shape < "0009":
        later.append(user_journal.KEY)
        by_hand(office, sa.update(USER).values(version=0))
    by_hand(
        office,
        sa.update(DEPLOYMENT).values(key_check=key_check(office.relief.cipher)),
        sa.delete(JOURNAL).where(JOURNAL.c.subject_kind.in_(later)),
    )


def _seal_as_then(office: Office) -> None:
    with office.relief.work() as work:
        for case in work.rows(sa.select(CASE)):
            said = as_text({name: case._mapping[name] for name in _OURS})
            seal = work.cipher.blind_index(said, "row of petition_case")
            of_case = sa.update(CASE).where(CASE.c.id == case.id)
            work.connection.execute(of_case.values(row_seal=seal))
        work.commit()
