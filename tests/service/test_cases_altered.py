"""Cases, their readers and who stands aside, changed by hand: the audit names each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from relief.accounts.service import add_user
from relief.auditing import verify_office
from relief.bootstrap import initialise
from relief.engine.steps.recusal import RECUSAL
from relief.engine.work import Work
from relief.petitions.queries import CASE, READER
from tests.matters import MEI, added, do, opened
from tests.office import AN, CHEN, PASSWORD, PING, Office
from tests.older_office import as_made_at
from tests.service.test_audited_money import by_hand


def found(work: Work, office: Office) -> set[str]:
    """The codes of what the audit finds."""
    return {problem.code for problem in verify_office(work, office.relief.papers)}


def told(office: Office) -> list[str]:
    with office.relief.reading() as work:
        return [str(problem.text) for problem in verify_office(work, office.relief.papers)]


pytestmark = pytest.mark.postgresql_slow


@pytest.fixture
def lived(office: Office) -> Office:
    """Two petitions of which one became an accusation, others that were merged, assigned,
    identified, added to; people who stand aside."""
    office.at("2005-06-15T09:00")
    with office.relief.work() as work:
        add_user(work, AN, "cai", ["clerk"], PASSWORD)
        work.commit()
    plain, other = opened(office, phone="13857612345"), opened(office, name="梅试乙", id_number=MEI)
    do(office, plain, "assign", PING, {"case_worker": "cai"})
    do(office, other, "recuse", CHEN, reason="kin")
    do(office, other, "end_recusal", PING, {"colleague": "chen"}, reason="was none")
    do(office, other, "recuse", CHEN, reason="kin after all")
    hidden = opened(office, name="吴试丙", id_number="", matter="告")
    into = opened(office, name="吴试丁", id_number="", matter="同一告")
    late = opened(office, name="", id_number="", restricted=True, matter="密")
    for each in (hidden, into):
        do(office, each, "accept", CHEN, {"matter_class": "accusation"})
    do(office, into, "name_readers", CHEN, {"readers": "ping，cai"})
    do(office, hidden, "name_readers", CHEN, {"readers": "ping，cai"})
    do(office, into, "name_readers", PING, {"readers": "chen"})
    do(office, hidden, "name_readers", PING, {"readers": "chen"})
    do(office, hidden, "merge", CHEN, {"merge_into": into.lower()})
    do(office, other, "accept", PING, {"matter_class": "appeal"})
    unknown = opened(office, name="", id_number="", urgent=True)
    do(office, unknown, "identify", CHEN, {"petitioner_name": "吴试戊", "phone": "13857612346"})
    do(office, unknown, "recuse", PING, {"colleague": "cai"}, reason="kin")
    do(office, unknown, "merge", CHEN, {"merge_into": plain})
    added(office, late)
    do(office, late, "accept", CHEN, {"matter_class": "accusation"})
    by_hand(office)  # no trigger stands in the way
    return office


def altered(office: Office, statement: sa.UpdateBase) -> Iterator[str]:
    """What is found after a statement, which is then as if it had not been."""
    with office.relief.work() as work:
        assert work.connection.execute(statement).rowcount, statement
        yield from sorted(found(work, office))


ROWS = {
    "restricted": (sa.update(CASE).where(CASE.c.restricted).values(restricted=False), "altered"),
    "day": (sa.update(CASE).values(received_on=dt.date(2004, 1, 1)), "altered"),
    "worker": (sa.update(CASE).where(CASE.c.id == 1).values(case_worker="fang"), "altered"),
    "class": (sa.update(CASE).values(matter_class="other"), "altered"),
    "merged": (sa.update(CASE).where(CASE.c.id == 1).values(merged_into_id=2), "altered"),
    "unmerged": (sa.update(CASE).values(merged_into_id=None), "altered"),
    "urgent": (sa.update(CASE).values(urgent=False), "altered"),
    "receiver": (sa.update(CASE).values(recorded_by="fang"), "altered"),
    "reference": (sa.update(CASE).where(CASE.c.id == 2).values(reference="X2005-0999"), "unsealed"),
    "name": (sa.update(CASE).where(CASE.c.id == 1).values(petitioner_name="别人"), "unsealed"),
    "token": (sa.update(CASE).where(CASE.c.id == 1).values(token="0" * 32), "unsealed"),
    "phone": (sa.update(CASE).where(CASE.c.id == 1).values(sealed_phone=None), "unsealed"),
    "person": (sa.update(CASE).where(CASE.c.id == 1).values(petitioner_id=2), "unsealed"),
}  # fmt: skip


def test_each_column_of_a_case_changed_by_hand_is_named(lived: Office) -> None:
    assert told(lived) == []
    named = {name: set(altered(lived, statement)) for name, (statement, _code) in ROWS.items()}
    assert {name for name, (_s, code) in ROWS.items() if f"petition.{code}" not in named[name]} == (
        set()
    )


def test_words_of_another_case_are_named_though_they_open(lived: Office) -> None:
    with lived.relief.work() as work:
        other = work.rows(sa.select(CASE).where(CASE.c.id == 2))[0]
        swapped = {"token": other.token, "sealed_matter": other.sealed_matter}
        work.connection.execute(sa.update(CASE).where(CASE.c.id == 1).values(swapped))
        assert found(work, lived) == {"petition.unsealed"}


def test_row_that_is_put_back_with_its_seal_is_named(lived: Office) -> None:
    """Somebody keeps the row from before a step, and puts it back whole."""
    fresh = opened(lived, matter="又告")
    of_case = CASE.c.reference == fresh
    with lived.relief.reading() as work:
        before = dict(work.rows(sa.select(CASE).where(of_case))[0]._mapping)
    do(lived, fresh, "accept", CHEN, {"matter_class": "accusation"})
    ours = ("state", "version", "journal_head", "definition_sha256", "journal_key", "id")
    old = {name: value for name, value in before.items() if name not in ours}
    by_hand(lived, sa.update(CASE).where(of_case).values(old))
    assert told(lived) == [
        f"{fresh} is not what its journal says: matter class, restricted was changed by hand."
    ]


def test_next_step_does_not_seal_what_was_changed_by_hand(lived: Office) -> None:
    by_hand(lived, sa.update(CASE).where(CASE.c.id == 1).values(petitioner_name="别人"))
    do(lived, "P2005-0001", "assign", PING, {"case_worker": "chen"})
    with lived.relief.reading() as work:
        assert found(work, lived) == {"petition.unsealed"}


OTHERS = {
    "a reader put in": (
        sa.insert(READER).from_select(
            ["case_id", "username", "recorded_at", "recorded_by"],
            sa.select(CASE.c.id, sa.literal("wen"), CASE.c.recorded_at, sa.literal("chen")).where(
                CASE.c.restricted
            ),
        ),
        "petition.readers_altered",
    ),
    "a reader of a case that is not restricted": (
        sa.insert(READER).from_select(
            ["case_id", "username", "recorded_at", "recorded_by"],
            sa.select(CASE.c.id, sa.literal("wen"), CASE.c.recorded_at, sa.literal("chen")).where(
                CASE.c.id == 1
            ),
        ),
        "petition.readers_altered",
    ),
    "a reader taken out": (sa.delete(READER), "petition.readers_altered"),
    "a reader ended": (
        sa.update(READER).where(READER.c.ended_at.is_(None)).values(ended_at=READER.c.recorded_at),
        "petition.readers_altered",
    ),
    "a reader come back": (
        sa.update(READER).where(READER.c.username == "cai").values(ended_at=None),
        "petition.readers_altered",
    ),
    "a recusal taken out": (sa.delete(RECUSAL), "recusal.altered"),
    "a recusal ended": (
        sa.update(RECUSAL)
        .where(RECUSAL.c.ended_at.is_(None))
        .values(ended_at=RECUSAL.c.recorded_at),
        "recusal.altered",
    ),
    "a recusal of another": (sa.update(RECUSAL).values(username="wen"), "recusal.altered"),
}


def test_each_reader_and_who_stands_aside_changed_by_hand_is_named(lived: Office) -> None:
    named = {name: set(altered(lived, statement)) for name, (statement, _code) in OTHERS.items()}
    assert named == {name: {code} for name, (_statement, code) in OTHERS.items()}


def test_rows_from_before_are_sealed_by_init_and_none_that_came_later(lived: Office) -> None:
    as_made_at(lived, "0022")
    lived.relief = initialise(lived.relief.settings)
    assert told(lived) == []
    by_hand(lived, sa.update(CASE).where(CASE.c.id == 1).values(row_seal=""))
    lived.relief.database.dispose()
    lived.relief = initialise(lived.relief.settings)
    assert told(lived) == [
        "The row of P2005-0001 does not bear the office's seal: it was changed, or put in, by hand."
    ]


def test_key_to_the_words_of_a_case_changed_or_removed_by_hand_is_named(lived: Office) -> None:
    """Readers are known from words: without their key nobody could tell who was named."""
    with lived.relief.reading() as work:
        keys = {row.id: row.journal_key for row in work.rows(sa.select(CASE))}
    for key in (b"", bytes(60), keys[1]):
        for case_id in keys.keys() - {1}:
            changed = sa.update(CASE).where(CASE.c.id == case_id).values(journal_key=key)
            assert "petition.unsealed" in set(altered(lived, changed)), (case_id, key)
        # What is read from words then says nothing: no false word of who stands aside.
        every = sa.update(CASE).values(journal_key=key)
        assert set(altered(lived, every)) >= {"petition.unsealed", "journal.unreadable"}
        assert "recusal.altered" not in set(altered(lived, every))


def test_case_whose_words_were_erased_is_held_to_what_is_left(lived: Office) -> None:
    by_hand(lived, sa.update(CASE).values(journal_key=b""))
    assert [text for text in told(lived) if "stands aside" in text or "its journal" in text] == []
    by_hand(lived, sa.update(CASE).where(CASE.c.id == 2).values(recorded_by="fang"))
    with lived.relief.reading() as work:
        assert "petition.altered" in found(work, lived)
