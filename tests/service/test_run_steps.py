"""The steps of a run as an approver and finance see them, and what no file may weaken."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from relief.engine.actors import Actor
from relief.engine.steps.advance import advance, available
from relief.kernel.errors import Invalid, NotAllowed, ReliefError, TransitionRefused
from relief.kernel.resources import shipped_folder
from relief.payouts import queries
from relief.procedures.building import build_workflows
from tests.conftest import settings_for
from tests.office import FANG, GAO, PING, Office

APPLICANT = "331002195406274937"


@pytest.fixture
def one(office: Office) -> Office:
    """One household with a draft of 2005Q2."""
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    office.at("2005-03-25T09:00")
    office.register(
        [
            {
                "household_no": "H1",
                "applicant_name": "试甲",
                "applicant_id": APPLICANT,
                "grade": "deep",
                "approved_on": "2005-03-10",
                "account_no": "6228480000000000001",
            }
        ]
    )
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    return office


def allowed(office: Office, actor: Actor) -> set[str]:
    with office.relief.reading() as work:
        run = queries.find_run(work, "2005Q2")
        choices = available(work, "payout_run", run.id, actor)
    return {choice.action.id for choice in choices if choice.allowed}


def test_each_step_is_offered_to_whoever_may_take_it(one: Office) -> None:
    assert allowed(one, FANG) == {"submit", "cancel"}  # "prepare" is a command of its own
    assert allowed(one, PING) == {"withdraw", "cancel"}
    one.step("2005Q2", "submit", FANG)
    assert allowed(one, PING) == {"approve", "return", "withdraw", "cancel"}
    assert allowed(one, FANG) == {"return", "cancel"}
    one.step("2005Q2", "approve", PING)
    assert "release" in allowed(one, GAO)
    assert "release" not in allowed(one, PING) | allowed(one, FANG)


def test_preview_names_the_kind_of_run_that_prepare_would_make(one: Office) -> None:
    assert one.preview("2005Q2").kind == "regular"
    one.release("2005Q2")
    one.answer("2005Q2", {"H1": "failed"})
    preview = one.preview("2005Q2")
    assert (preview.kind, preview.total_fen) == ("supplementary", 60_000)
    assert one.prepare("2005Q2", "supplementary").total_fen == preview.total_fen


def test_files_are_opened_in_the_order_of_their_rows(one: Office) -> None:
    rows = [
        {
            "household_no": f"N{place}",
            "applicant_name": "试乙",
            "applicant_id": number,
            "grade": "deep",
            "approved_on": "",
        }
        for place, number in (
            (3, "33102119940822085X"),
            (1, "33102120031101203X"),
            (2, "331021197101175709"),
        )
    ]
    one.register(rows)
    with one.relief.reading() as work:
        found = work.rows(queries.HOUSEHOLD.select().order_by(queries.HOUSEHOLD.c.id))
    assert [row.household_no for row in found] == ["H1", "N3", "N1", "N2"]


def test_an_offices_own_file_cannot_take_the_guards_of_the_money(tmp_path: Path) -> None:
    own = tmp_path / "workflows"
    own.mkdir()
    text = (shipped_folder("workflows") / "payout_run.toml").read_text(encoding="utf-8")
    weaker = text.replace('effects = ["send_lines"]', "").replace(
        'not_by_actor_of = ["prepare", "approve"]', 'not_by_actor_of = ["prepare"]'
    )
    assert weaker != text
    (own / "payout_run.toml").write_text(weaker, encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        build_workflows(settings_for(tmp_path))
    fields = {problem.field for problem in refused.value.problems}
    assert fields == {"action[release].effects", "action[release].not_by_actor_of"}


def test_what_the_ledger_records_is_no_step_of_its_own(one: Office) -> None:
    with one.relief.work() as work:
        household_id = work.rows(queries.HOUSEHOLD.select())[0].id
        refusals = {
            choice.action.id: [refusal.problem.code for refusal in choice.refusals]
            for choice in available(work, "household", household_id, PING)
        }
        assert refusals["correct"] == ["household.facts_missing"]
        with pytest.raises((TransitionRefused, NotAllowed)):
            advance(work, "household", household_id, "correct", PING)


def refused(act: Callable[[], object]) -> set[str]:
    with pytest.raises(ReliefError) as raised:
        act()
    return {problem.code for problem in raised.value.problems}


def test_list_that_counted_on_one_cancelled_since_is_made_anew_before_it_is_submitted(
    one: Office,
) -> None:
    one.at("2005-09-15T09:00")
    one.prepare("2005Q3")
    one.at("2005-09-16T09:00")
    one.cancel("2005Q2")
    assert refused(partial(one.step, "2005Q3", "submit", FANG)) == {"run.stale"}
    one.prepare("2005Q3")
    one.step("2005Q3", "submit", FANG)
    assert one.run("2005Q3").state == "submitted"


def test_second_supplementary_list_waits_for_the_first(one: Office) -> None:
    one.release("2005Q2")
    one.answer("2005Q2", {"H1": "failed"})
    first = one.prepare("2005Q2", "supplementary")
    one.step(first.reference, "submit", FANG)
    assert refused(partial(one.prepare, "2005Q2", "supplementary")) == {"run.past_draft"}
    assert one.run(first.reference).state == "submitted"
