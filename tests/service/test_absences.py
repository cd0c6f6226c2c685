"""Who is away, who acts for them, and what a deputy may not do."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from relief.accounts.absences import AbsenceForm, end_absence, record_absence
from relief.accounts.queries import ABSENCE, USER, find_actor, who_holds
from relief.accounts.rules import Away
from relief.engine.actors import Actor
from relief.engine.journal.chain import JOURNAL
from relief.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, ReliefError
from relief.payouts import queries
from tests.office import AN, CHEN, FANG, GAO, PING, Office

pytestmark = pytest.mark.postgresql_slow

FINANCE = frozenset({"finance"})


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def leave(
    office: Office,
    name: str,
    first: str = "2005-01-03",
    last: str = "2005-01-10",
    deputy: str = "",
    actor: Actor = AN,
    **more: str,
) -> None:
    """Record an absence."""
    with office.relief.work() as work:
        form = AbsenceForm(name, day(first), day(last), deputy, **more)
        record_absence(work, actor, form)
        work.commit()


def acting(office: Office, *roles: str) -> list[str]:
    with office.relief.reading() as work:
        return [str(actor.title) for actor in who_holds(work, roles)]


def codes(refused: pytest.ExceptionInfo[ReliefError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_who_is_away_is_left_out_and_their_deputy_named(office: Office) -> None:
    assert acting(office, "finance") == ["fang", "gao"]
    leave(office, "fang", deputy="chen", actor=FANG)
    assert acting(office, "finance") == ["chen (for fang)", "gao"]
    office.at("2005-01-10T23:00")
    assert acting(office, "finance") == ["chen (for fang)", "gao"]
    office.at("2005-01-11T00:01")
    assert acting(office, "finance") == ["fang", "gao"]


def test_deputy_who_holds_the_role_is_named_once(office: Office) -> None:
    leave(office, "fang", deputy="gao")
    assert acting(office, "finance") == ["gao"]


def test_deputy_who_is_away_too_acts_for_nobody(office: Office) -> None:
    leave(office, "fang", deputy="chen")
    leave(office, "chen")
    assert acting(office, "finance") == ["gao"]
    assert acting(office, "clerk") == []


def test_deputy_who_was_disabled_acts_for_nobody(office: Office) -> None:
    leave(office, "fang", deputy="chen")
    with office.relief.work() as work:
        disable = sa.update(USER).where(USER.c.username == "chen")
        work.connection.execute(disable.values(disabled_at=work.instant()))
        work.commit()
    assert acting(office, "finance") == ["gao"]


def test_deputy_acts_with_the_roles_of_who_is_away_and_both_names(office: Office) -> None:
    leave(office, "fang", deputy="chen")
    with office.relief.reading() as work:
        assert find_actor(work, "chen", "fang") == Actor("chen", FINANCE, "fang")
        assert find_actor(work, "chen") == CHEN


@pytest.mark.parametrize(
    ("name", "acting_for"), [("gao", "fang"), ("chen", "gao"), ("fang", "fang"), ("fang", "chen")]
)
def test_nobody_acts_for_another_whose_absence_does_not_say_so(
    office: Office, name: str, acting_for: str
) -> None:
    leave(office, "fang", deputy="chen")
    with office.relief.reading() as work, pytest.raises(NotAllowed, match="does not act for"):
        find_actor(work, name, acting_for)


def test_deputy_does_not_act_before_and_after(office: Office) -> None:
    leave(office, "fang", "2005-01-05", "2005-01-06", deputy="chen")
    for instant in ("2005-01-04T09:00", "2005-01-07T09:00"):
        office.at(instant)
        with office.relief.reading() as work, pytest.raises(NotAllowed):
            find_actor(work, "chen", "fang")


def test_deputy_no_longer_acts_when_the_absence_was_ended(office: Office) -> None:
    leave(office, "fang", deputy="chen")
    with office.relief.work() as work:
        assert end_absence(work, FANG, "fang").deputy == "chen"
        work.commit()
    assert acting(office, "finance") == ["fang", "gao"]
    with office.relief.reading() as work, pytest.raises(NotAllowed):
        find_actor(work, "chen", "fang")
    with office.relief.work() as work, pytest.raises(Conflict):
        end_absence(work, FANG, "fang")


def test_absence_to_come_can_be_ended_and_recorded_anew(office: Office) -> None:
    leave(office, "fang", "2005-02-01", "2005-02-05")
    with office.relief.work() as work:
        ended = end_absence(work, AN, "fang")
        work.commit()
    assert ended == Away("fang", day("2005-02-01"), day("2005-02-05"))
    leave(office, "fang", "2005-02-02", "2005-02-03")
    with office.relief.reading() as work:
        rows = work.rows(sa.select(ABSENCE.c.ended_by).order_by(ABSENCE.c.id))
    assert [row.ended_by for row in rows] == ["an", None]


def test_only_the_one_who_is_away_or_an_admin_records_and_ends_it(office: Office) -> None:
    with pytest.raises(NotAllowed):
        leave(office, "fang", actor=GAO)
    leave(office, "fang", actor=FANG)
    with office.relief.work() as work, pytest.raises(NotAllowed):
        end_absence(work, GAO, "fang")


def test_nobody_makes_themself_the_deputy_of_another(office: Office) -> None:
    with pytest.raises(Invalid) as refused:
        leave(office, "ping", deputy="an", actor=AN)
    assert codes(refused) == ["absence.made_oneself_deputy"]
    leave(office, "ping", deputy="an", actor=PING)


@pytest.mark.parametrize(
    ("first", "last", "deputy", "expected"),
    [
        ("2005-01-09", "2005-01-08", "", ["absence.backwards"]),
        ("2004-12-01", "2005-01-02", "", ["absence.over"]),
        ("2005-01-03", "2006-01-04", "", ["absence.too_long"]),
        ("2015-01-03", "2015-01-04", "", ["absence.too_far"]),
        ("2005-01-05", "2005-01-06", "fang", ["absence.own_deputy"]),
        ("2005-01-09", "2005-01-08", "nobody", ["absence.backwards", "absence.deputy_unknown"]),
    ],
)
def test_absence_is_refused_with_every_fault(
    office: Office, first: str, last: str, deputy: str, expected: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        leave(office, "fang", first, last, deputy)
    assert codes(refused) == expected


@pytest.mark.parametrize(
    ("first", "last"),
    [("2005-01-10", "2005-01-12"), ("2005-01-04", "2005-01-05"), ("2005-01-01", "2005-01-03")],
)
def test_two_absences_of_one_person_do_not_overlap(office: Office, first: str, last: str) -> None:
    leave(office, "fang")
    with pytest.raises(Invalid) as refused:
        leave(office, "fang", first, last)
    assert codes(refused) == ["absence.overlaps"]
    leave(office, "gao", first, last)
    leave(office, "fang", "2005-01-11", "2005-01-12")


def test_absence_of_an_unknown_user_is_refused(office: Office) -> None:
    with pytest.raises(NotFound):
        leave(office, "nobody")


def test_reason_is_sealed(office: Office) -> None:
    leave(office, "fang", reason="an operation")
    with office.relief.reading() as work:
        (sealed,) = work.connection.execute(sa.select(ABSENCE.c.sealed_reason)).scalars()
    assert sealed
    assert b"operation" not in sealed


@pytest.fixture
def submitted(office: Office) -> Office:
    """A list that fang has submitted."""
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2", actor=FANG)
    office.step("2005Q2", "submit", FANG)
    return office


def as_deputy(office: Office, name: str, acting_for: str) -> Actor:
    with office.relief.reading() as work:
        return find_actor(work, name, acting_for)


def test_deputy_takes_a_run_through_and_both_names_stand_in_the_journal(
    submitted: Office,
) -> None:
    leave(submitted, "ping", "2005-06-15", "2005-06-20", deputy="chen")
    submitted.step("2005Q2", "approve", as_deputy(submitted, "chen", "ping"))
    submitted.step("2005Q2", "release", GAO)
    with submitted.relief.reading() as work:
        run = queries.find_run(work, "2005Q2")
        steps = work.rows(
            sa.select(JOURNAL.c.action, JOURNAL.c.actor, JOURNAL.c.on_behalf_of)
            .where(JOURNAL.c.subject_kind == "payout_run", JOURNAL.c.subject_id == run.id)
            .order_by(JOURNAL.c.number)
        )
    assert ("approve", "chen", "ping") in [tuple(step) for step in steps]


def test_who_prepared_does_not_approve_as_a_deputy(submitted: Office) -> None:
    leave(submitted, "ping", "2005-06-15", "2005-06-20", deputy="fang")
    with pytest.raises(NotAllowed) as refused:
        submitted.step("2005Q2", "approve", as_deputy(submitted, "fang", "ping"))
    assert codes(refused) == ["step.kept_apart"]


def test_deputy_does_not_approve_for_the_one_who_prepared(office: Office) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    leave(office, "fang", "2005-06-15", "2005-06-20", deputy="ping")
    office.prepare("2005Q2", actor=as_deputy(office, "ping", "fang"))
    office.step("2005Q2", "submit", GAO)
    with pytest.raises(NotAllowed, match="another person"):
        office.step("2005Q2", "approve", PING)


@pytest.mark.parametrize(("name", "acting_for"), [("chen", "fang"), ("ping", "gao")])
def test_release_is_refused_where_either_hand_prepared_or_approved(
    submitted: Office, name: str, acting_for: str
) -> None:
    submitted.step("2005Q2", "approve", PING)
    leave(submitted, acting_for, "2005-06-15", "2005-06-20", deputy=name)
    with pytest.raises(NotAllowed) as refused:
        submitted.step("2005Q2", "release", as_deputy(submitted, name, acting_for))
    assert codes(refused) == ["step.kept_apart"]


def test_refusal_names_the_deputy_with_whom_they_act_for(submitted: Office) -> None:
    leave(submitted, "ping", "2005-06-15", "2005-06-20", deputy="chen")
    with pytest.raises(NotAllowed, match=r"It can be done by: chen \(for ping\)\."):
        submitted.step("2005Q2", "approve", GAO)
