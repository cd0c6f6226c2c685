"""An office gets its seals once: an upgrade that was interrupted goes on, and nobody gets what was
changed by hand sealed by another."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from relief import bootstrap
from relief.accounts.absences import AbsenceForm, record_absence
from relief.accounts.queries import ABSENCE
from relief.auditing import verify_office
from relief.bootstrap import initialise, open_relief
from relief.kernel.crypto import key_check
from relief.kernel.errors import Invalid, NotInitialised
from relief.kernel.unit_of_work import DEPLOYMENT
from relief.migrations.apply import current, downgrade
from relief.petitions.queries import CASE
from tests.matters import MEI, do, opened
from tests.office import AN, CHEN, Office
from tests.older_office import as_made_at
from tests.service.test_audited_money import by_hand

pytestmark = pytest.mark.postgresql_slow


def told(office: Office) -> list[str]:
    with office.relief.reading() as work:
        return sorted({problem.code for problem in verify_office(work, office.relief.papers)})


@pytest.fixture
def lived(office: Office) -> Office:
    """Two petitions, and somebody away."""
    first, second = opened(office), opened(office, name="梅试乙", id_number=MEI)
    do(office, first, "accept", CHEN, {"matter_class": "appeal"})
    do(office, second, "accept", CHEN, {"matter_class": "appeal"})
    day = dt.date(2005, 6, 20)
    with office.relief.work() as work:
        record_absence(work, AN, AbsenceForm("ping", day, day, "", "ill"))
        work.commit()
    assert told(office) == []
    return office


def _forge(office: Office) -> None:
    """Another petitioner, and an absence that nobody recorded."""
    columns = [column.name for column in ABSENCE.c if column.name != "id"]
    changed = {"deputy_id": sa.literal(1)}
    copied = [changed.get(name, ABSENCE.c[name]) for name in columns]
    by_hand(
        office,
        sa.update(CASE).where(CASE.c.id == 1).values(petitioner_name="别人"),
        sa.insert(ABSENCE).from_select(columns, sa.select(*copied).where(ABSENCE.c.id == 1)),
    )


def _upgraded(office: Office) -> None:
    office.relief.database.dispose()
    office.relief = initialise(office.relief.settings)


def test_upgrade_that_was_interrupted_goes_on(
    lived: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_made_at(lived, "0022")

    def full(_work: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(bootstrap, "seal_office", full)
        with pytest.raises(OSError, match="No space"):
            initialise(lived.relief.settings)
    with pytest.raises(NotInitialised, match="interrupted") as refused:
        open_relief(lived.relief.settings)
    assert [problem.code for problem in refused.value.problems] == ["database.half_upgraded"]
    _upgraded(lived)
    assert told(lived) == []
    open_relief(lived.relief.settings).database.dispose()


def test_workflow_file_that_is_refused_leaves_the_database_as_it_was(lived: Office) -> None:
    as_made_at(lived, "0022")
    own = lived.relief.settings.data_dir / "workflows" / "relief.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text("key = 'relief'\n")
    with pytest.raises(Invalid):
        initialise(lived.relief.settings)
    assert current(lived.relief.database.engine) == "0022"
    lived.relief.database.dispose()
    own.unlink()
    _upgraded(lived)
    assert told(lived) == []


@pytest.mark.parametrize("shape", ["0022", "0023"])
def test_what_was_forged_is_not_sealed_when_somebody_gives_an_older_shape(
    lived: Office, shape: str
) -> None:
    _forge(lived)
    before = told(lived)
    assert before == ["journal.entry_missing", "petition.unsealed"]
    downgrade(lived.relief.database.engine, shape)
    _upgraded(lived)
    assert set(told(lived)) > set(before)  # and that the marks are gone


@pytest.mark.parametrize("mark", ["another", ""])
def test_what_was_forged_is_not_sealed_when_somebody_puts_the_check_back(
    lived: Office, mark: str
) -> None:
    _forge(lived)
    by_hand(lived, sa.update(DEPLOYMENT).values(seals_mark=mark))
    before = told(lived)
    assert before == ["journal.entry_missing", "journal.seals_unmarked", "petition.unsealed"]
    unsealed = key_check(lived.relief.cipher)
    by_hand(lived, sa.update(DEPLOYMENT).values(key_check=unsealed))
    _upgraded(lived)
    assert told(lived) == before


def test_office_of_sealed_rows_is_sealed_anew_but_for_what_was_changed_by_hand(
    lived: Office,
) -> None:
    as_made_at(lived, "0023")
    _upgraded(lived)
    assert told(lived) == []
    as_made_at(lived, "0023")
    _forge(lived)
    _upgraded(lived)
    assert told(lived) == ["journal.entry_missing", "petition.unsealed"]
    by_hand(lived, sa.update(CASE).where(CASE.c.id == 2).values(row_seal=""))
    _upgraded(lived)
    assert told(lived) == ["journal.entry_missing", "petition.unsealed"]
