"""What was recorded stays: the database refuses, whoever asks."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

FINAL = [
    "journal_entry", "journal_seal", "workflow_definition", "line_event", "dibao_line", "survey",
    "public_notice",
]  # fmt: skip
FACTS = [
    "enrolment", "membership", "grade", "hold", "account", "recovery_choice", "person_identity",
    "calendar_day", "calendar_year", "office_hours",
]  # fmt: skip
KEPT = ["rate", "payout_run", "payout_line", "payout_item", "payout_exception", "released_file"]
KEPT += [
    "absence",
    "reserved_number",
    "contact",
    "petition_case",
    "petition_contact",
    "petition_reader",
    "job_start",
    "repayment",
    "write_off",
]


@pytest.mark.parametrize("table", [*FINAL, *FACTS, *KEPT])
def test_row_is_kept_when_someone_deletes_it(hand: sa.Connection, table: str) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never removed"):
        do(hand, f"DELETE FROM {table}")


@pytest.mark.parametrize("table", [*FINAL, *FACTS])
def test_no_column_of_a_record_can_be_changed(hand: sa.Connection, table: str) -> None:
    names = {column["name"] for column in sa.inspect(hand).get_columns(table)}
    for name in names - {"superseded_at"}:
        with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never changed"):
            do(hand, f"UPDATE {table} SET {name} = {name}")


@pytest.mark.parametrize("table", FACTS)
def test_fact_is_superseded_once(hand: sa.Connection, table: str) -> None:
    do(hand, f"UPDATE {table} SET superseded_at = '2005-06-30 00:00:00.000000'")
    with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never changed"):
        do(hand, f"UPDATE {table} SET superseded_at = NULL")


def test_rate_is_confirmed_once(hand: sa.Connection) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="rows of rate are never changed"):
        do(hand, "UPDATE rate SET rate_fen = 1")
    confirm = "UPDATE rate SET confirmed_at = '2005-06-30 00:00:00.000000', confirmed_by = 'y'"
    do(hand, confirm)
    with pytest.raises(sa.exc.IntegrityError, match="rows of rate are never changed"):
        do(hand, confirm)


@pytest.mark.parametrize("table", ["repayment", "write_off"])
def test_money_outside_the_lists_is_confirmed_once_and_never_changed(
    hand: sa.Connection, table: str
) -> None:
    for change in ("amount_fen = 1", "month = 24064", "household_id = 1", "recorded_by = 'y'",
                   "paper_key = 'y'"):  # fmt: skip
        with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never changed"):
            do(hand, f"UPDATE {table} SET {change}")
    confirm = "confirmed_at = '2005-06-30 00:00:00.000000', confirmed_by = 'y'"
    assert do(hand, f"UPDATE {table} SET {confirm}") == 1
    with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never changed"):
        do(hand, f"UPDATE {table} SET confirmed_at = NULL")


def test_absence_is_ended_once(hand: sa.Connection) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="rows of absence are never changed"):
        do(hand, "UPDATE absence SET until_on = '2005-07-30'")
    end = "UPDATE absence SET ended_at = '2005-06-30 00:00:00.000000', ended_by = 'y'"
    do(hand, end)
    with pytest.raises(sa.exc.IntegrityError, match="rows of absence are never changed"):
        do(hand, end)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reserved_number SET reserved_by = 'y'",
        "UPDATE reserved_number SET used_by = 'y'",  # it is used already
        "UPDATE contact SET head_count = 50",
        "UPDATE contact SET voided_at = NULL",  # it is void already
        "UPDATE petition_contact SET contact_id = 1",
        "UPDATE petition_reader SET username = 'y'",
        "UPDATE job_start SET started_on = '2005-01-01'",
    ],
)
def test_record_of_the_desk_is_not_rewritten(hand: sa.Connection, statement: str) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="are never changed"):
        do(hand, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payout_item SET voided_at = '2005-06-30 00:00:00.000000'",
        "UPDATE payout_run SET state = 'cancelled'",
        "UPDATE household SET state = 'exited'",
        "UPDATE petition_case SET state = 'accepted', restricted = true",
        "UPDATE petition_contact SET case_id = 1",
        "UPDATE contact SET restricted = true, outcome = 'opened'",
        "DELETE FROM payout_checkpoint",
    ],
)
def test_database_lets_through_what_a_step_of_a_run_needs(
    hand: sa.Connection, statement: str
) -> None:
    assert do(hand, statement) == 1


@pytest.mark.parametrize("table", ["payout_line", "payout_item"])
def test_amount_can_be_changed_by_hand_so_that_verify_has_to_find_it(
    hand: sa.Connection, table: str
) -> None:
    assert do(hand, f"UPDATE {table} SET amount_fen = amount_fen + 1") == 1


def do(hand: sa.Connection, statement: str) -> int:
    """How many rows a statement changed; one that is refused leaves the next ones possible."""
    with hand.begin_nested():
        return hand.exec_driver_sql(statement).rowcount


@pytest.mark.parametrize(
    ("table", "may_change"),
    [
        ("paper", {"detached_at", "detached_by"}),
        ("issued_letter", set()),
        ("phone_shown", set()),
    ],
)
def test_what_hangs_on_a_case_is_never_changed_or_removed(
    hand: sa.Connection, table: str, may_change: set[str]
) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never"):
        do(hand, f"DELETE FROM {table}")
    for name in {column["name"] for column in sa.inspect(hand).get_columns(table)} - may_change:
        with pytest.raises(sa.exc.IntegrityError, match=f"rows of {table} are never"):
            do(hand, f"UPDATE {table} SET {name} = {name}")
