"""`verify`: a run is what was known at its T, years later too; what was changed by hand shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL
from relief.engine.steps.advance import advance
from relief.payouts import queries
from relief.payouts.queries import ACCOUNT, EVENT, EXCEPTION, IDENTITY, ITEM, LINE, RUN
from relief.payouts.verification.known import ENROLMENT
from relief.payouts.verification.verify import verify_run
from tests.office import FANG, Office, load_case
from tests.scenario import Scenario
from tests.service.test_payout_cases import NAMES

pytestmark = pytest.mark.postgresql_slow


def faults(office: Office, reference: str) -> dict[str, str]:
    """The problems of one run: code and sentence."""
    with office.relief.reading() as work:
        problems = verify_run(work, queries.find_run(work, reference))
    assert len({p.code for p in problems}) == len(problems), [str(p.text) for p in problems]
    return {problem.code: str(problem.text) for problem in problems}


def faults_of_all_runs(office: Office) -> list[str]:
    with office.relief.reading() as work:
        runs = queries.all_runs(work)
        return [f"{run.reference}: {p.text}" for run in runs for p in verify_run(work, run)]


@pytest.mark.parametrize("name", NAMES)
def test_verify_agrees_for_every_run_after_each_list_and_after_the_last_step(
    office: Office, name: str
) -> None:
    def check(_reference: str) -> None:
        assert faults_of_all_runs(office) == []

    Scenario(office, load_case(name), check).play()
    check("")


@pytest.fixture
def released(sqlite_office: Office) -> Office:
    """Released: H1 gets 1,200.00; H2 has no account (900.00); H3 gets 600.00."""
    office = sqlite_office
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000), ("relative", "2005-01", 15_000))
    office.at("2005-03-25T09:00")
    applicants = ("331002195406274937", "33102119940822085X", "33102120031101203X")
    office.register(
        [
            {
                "household_no": f"H{number}",
                "applicant_name": f"试{'甲乙丙'[number - 1]}",
                "applicant_id": applicant,
                "grade": grade,
                "approved_on": "2005-03-10",
                "account_no": "" if number == 2 else f"622848000000000000{number}",
            }
            for number, applicant, grade in zip(
                (1, 2, 3), applicants, ("deep", "relative", "deep"), strict=True
            )
        ],
        [
            {
                "household_no": "H1",
                "name": "试丁",
                "id_number": "331021197101175709",
                "relation": "spouse",
                "counted": "yes",
            }
        ],
    )
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    office.release("2005Q2")
    return office


def tamper(office: Office, statement: sa.Executable) -> None:
    """By hand: past the program, and past the triggers that keep its rows."""
    engine = sa.create_engine(office.relief.database.url)
    with engine.begin() as connection:
        triggers = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in connection.execute(triggers).scalars().all():
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        connection.execute(statement)
    engine.dispose()


FIRST = LINE.c.number == 1
OF_FIRST = ITEM.c.line_id == 1

TAMPERINGS: list[tuple[str, Callable[[], Any], set[str], str]] = [
    (
        "line_amount",
        lambda: sa.update(LINE).where(FIRST).values(amount_fen=120_001),
        {"verify.line_amount", "verify.line_sum", "verify.run_total", "verify.sha256"},
        "2005Q2-r1-00001",
    ),
    (
        "line_due",
        lambda: sa.update(LINE).where(FIRST).values(due_fen=120_001),
        {"verify.due_fen"},
        "2005Q2-r1-00001",
    ),
    (
        "item_amount",
        lambda: (
            sa.update(ITEM)
            .where(OF_FIRST, ITEM.c.month == 2005 * 12 + 4)
            .values(amount_fen=ITEM.c.amount_fen + 1)
        ),
        {"verify.item", "verify.line_sum", "verify.sha256"},
        "2005-05 regular 400.01",
    ),
    (
        "item_persons",
        lambda: sa.update(ITEM).where(OF_FIRST, ITEM.c.month == 2005 * 12 + 4).values(persons=4),
        {"verify.item", "verify.sha256"},
        "2005Q2-r1-00001",
    ),
    (
        "item_removed",
        lambda: sa.delete(ITEM).where(OF_FIRST, ITEM.c.month == 2005 * 12 + 4),
        {"verify.item", "verify.line_sum", "verify.sha256"},
        "stored is no such item, as known then it is 2005-05 regular 400.00",
    ),
    (
        "item_voided",
        lambda: (
            sa.update(ITEM)
            .where(OF_FIRST, ITEM.c.month == 2005 * 12 + 4)
            .values(voided_at=sa.select(RUN.c.released_at).scalar_subquery())
        ),
        {"verify.voided"},
        "2005Q2-r1-00001",
    ),
    (
        "account_of_another_household",
        lambda: (
            sa.update(LINE)
            .where(FIRST)
            .values(account_id=sa.select(sa.func.max(ACCOUNT.c.id)).scalar_subquery())
        ),
        {"verify.account", "verify.identity", "crypto.cannot_open"},
        "2005Q2-r1-00001",
    ),
    (
        "identity_of_another_person",
        lambda: (
            sa.update(LINE)
            .where(FIRST)
            .values(identity_id=sa.select(sa.func.max(IDENTITY.c.id)).scalar_subquery())
        ),
        {"verify.identity", "verify.sha256"},
        "2005Q2-r1-00001",
    ),
    (
        "identity_left_out",
        lambda: sa.update(LINE).where(FIRST).values(identity_id=None),
        {"verify.identity", "verify.sha256"},
        "2005Q2-r1-00001",
    ),
    (
        "payee_name",
        lambda: sa.update(ACCOUNT).values(payee_name="试戊"),
        {"verify.sha256"},
        "2005Q2-r1",
    ),
    (
        "sealed_account_number",
        lambda: sa.update(ACCOUNT).values(sealed_number=b"\x00not a cipher text"),
        {"crypto.cannot_open"},
        "cannot be opened",
    ),
    (
        "run_total",
        lambda: sa.update(RUN).values(total_fen=RUN.c.total_fen - 1),
        {"verify.run_total"},
        "2005Q2-r1",
    ),
    (
        "approved_hash",
        lambda: sa.update(RUN).values(approved_sha256="0" * 64),
        {"verify.approved_sha256"},
        "0" * 64,
    ),
    (
        "exception_amount",
        lambda: sa.update(EXCEPTION).values(amount_fen=90_000),
        {"verify.exception", "verify.sha256"},
        "H2",
    ),
    (
        "exception_removed",
        lambda: sa.delete(EXCEPTION),
        {"verify.exception", "verify.sha256"},
        "H2",
    ),
]


def test_verify_is_silent_when_nothing_was_touched(released: Office) -> None:
    assert faults(released, "2005Q2") == {}


@pytest.mark.parametrize(
    ("statement", "codes", "named"), [pytest.param(*case[1:], id=case[0]) for case in TAMPERINGS]
)
def test_verify_names_what_was_changed_by_hand(
    released: Office, statement: Callable[[], Any], codes: set[str], named: str
) -> None:
    tamper(released, statement())

    found = faults(released, "2005Q2")
    assert set(found) == codes
    assert named in " ".join(found.values())


def test_verify_names_the_household_when_its_line_was_removed(released: Office) -> None:
    tamper(released, sa.delete(EVENT).where(EVENT.c.line_id == 2))
    tamper(released, sa.delete(ITEM).where(ITEM.c.line_id == 2))
    tamper(released, sa.delete(LINE).where(LINE.c.id == 2))

    found = faults(released, "2005Q2")
    assert "household H3 has no line" in found["verify.line_missing"]
    assert "600.00" in found["verify.line_missing"]


def test_line_whose_items_were_all_removed_has_none_and_the_next_keeps_its_own(
    released: Office,
) -> None:
    tamper(released, sa.delete(ITEM).where(OF_FIRST))

    assert [len(line.items) for line in released.lines("2005Q2")] == [0, 3]
    with released.relief.reading() as work:
        problems = verify_run(work, queries.find_run(work, "2005Q2"))
    assert [p.code for p in problems if "00002" in str(p.text)] == []
    assert [p.code for p in problems].count("verify.item") == 3  # of the first line, each month


def test_verify_names_the_line_that_no_fact_bears_out(released: Office) -> None:
    of_h3 = sa.select(LINE.c.household_id).where(LINE.c.number == 2).scalar_subquery()
    tamper(
        released,
        sa.update(ENROLMENT)
        .where(ENROLMENT.c.household_id == of_h3)
        .values(until_month=ENROLMENT.c.from_month),
    )

    found = faults(released, "2005Q2")
    assert set(found) == {"verify.line_unexpected"}
    assert "2005Q2-r1-00002 (household H3)" in found["verify.line_unexpected"]


@pytest.mark.parametrize("file", [None, "x", {}])
def test_verify_names_the_entry_that_speaks_of_no_answer(released: Office, file: object) -> None:
    with released.relief.work() as work:
        run = queries.find_run(work, "2005Q2")
        advance(work, "payout_run", run.id, "record_results", FANG, facts={"file": file})
        work.commit()
    found = faults(released, "2005Q2")
    assert set(found) == {"verify.answers_unnamed"}
    assert "entry 5" in found["verify.answers_unnamed"]


def test_verify_names_the_entry_whose_facts_were_written_over(released: Office) -> None:
    released.answer("2005Q2", {"H1": "success"})
    of_answer = JOURNAL.c.action == "record_results"
    tamper(released, sa.update(JOURNAL).where(of_answer).values(facts="[nothing"))
    assert {"verify.answers", "verify.answers_unnamed"} <= faults(released, "2005Q2").keys()
