"""What no file may take from the hardship file's workflow, and files that follow an older one."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from relief.engine.definitions.loader import read_folders
from relief.engine.publishing import publish_definition
from relief.engine.steps.advance import available
from relief.households import queries
from relief.kernel.errors import Invalid, ReliefError
from relief.kernel.resources import shipped_folder
from relief.procedures.building import build_workflows
from tests.conftest import settings_for
from tests.life import PERSONS
from tests.office import CHEN, FANG, GAO, PING, Office

OLDER = Path(__file__).parent.parent / "workflows" / "older_household.toml"


@pytest.mark.parametrize(
    ("taken", "place"),
    [
        ('effects = ["record_facts"]\nfields = ["grade"]', "action[approve].effects"),
        ('"as_announced", "places_are_free"', "action[approve].guards"),
        (
            'not_by_actor_of = ["survey", "publish"]\nguards',
            "action[approve].not_by_actor_of",
        ),
        (
            'not_by_actor_of = ["survey", "publish"]\nreason',
            "action[dismiss_objection].not_by_actor_of",
        ),
        ('effects = ["record_visit", "record_facts"]', "action[recheck].effects"),
        ('effects = ["record_notice"]', "action[publish].effects"),
    ],
)
def test_own_file_of_an_office_cannot_take_away_what_money_rests_on(
    tmp_path: Path, taken: str, place: str
) -> None:
    own = tmp_path / "workflows"
    own.mkdir()
    text = (shipped_folder("workflows") / "household.toml").read_text(encoding="utf-8")
    kept = {'"as_announced", "places_are_free"': '"recheck_fits"'}.get(taken, "")
    kept += next(
        (word for word in ('\nfields = ["grade"]', "guards", "reason") if word in taken), ""
    )
    assert text.count(taken) == 1
    (own / "household.toml").write_text(text.replace(taken, kept), encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        build_workflows(settings_for(tmp_path))
    assert {problem.field for problem in refused.value.problems} == {place}


def opened(office: Office, approved_on: str = "") -> Office:
    office.at("2005-01-04T09:00")
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    office.at("2005-03-25T09:00")
    office.register(
        [
            {
                "household_no": "H1",
                "applicant_name": "试甲",
                "applicant_id": PERSONS[0],
                "grade": "deep",
                "approved_on": approved_on,
                "account_no": "6228480000000000001",
            }
        ]
    )
    return office


def test_file_that_follows_an_older_workflow_is_led_by_the_ledger_to_its_end(
    office: Office, tmp_path: Path
) -> None:
    opened(office)
    follow_the_older(office, tmp_path)
    with office.relief.reading() as work:
        household_id = queries.find_household(work, "H1").id
        names = {choice.action.id for choice in available(work, "household", household_id, PING)}
        assert "survey" in names
        assert "recuse" not in names
    row = {"household_no": "H1", "effective_on": "2005-03-20"}
    office.change({**row, "change": "approve", "grade": "deep"})
    with pytest.raises(ReliefError) as refused:
        office.file_step("H1", "exit", PING)
    assert {problem.code for problem in refused.value.problems} == {"household.facts_missing"}
    office.change({**row, "change": "exit", "reason": "病故"})
    assert office.file_state("H1") == "exited"
    with office.relief.reading() as work:
        assert queries.enrolments_of(work, household_id)[0].exited_on is not None


def follow_the_older(office: Office, folder: Path) -> None:
    """Pin H1 to the workflow that was shipped before."""
    own = folder / "older"
    own.mkdir()
    (own / "household.toml").write_text(OLDER.read_text(encoding="utf-8"), encoding="utf-8")
    definitions, problems = read_folders([own])
    assert not problems
    with office.relief.work() as work:
        publish_definition(work, definitions["household"])
        work.connection.execute(
            sa.update(queries.HOUSEHOLD).values(definition_sha256=definitions["household"].sha256)
        )
        work.commit()


def test_release_is_refused_where_a_household_left_by_a_step(office: Office) -> None:
    opened(office, "2005-03-10")
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2", actor=FANG)
    office.step("2005Q2", "submit", FANG)
    office.step("2005Q2", "approve", PING)
    office.file_step("H1", "exit", CHEN, fields={"exit_reason": "graduation"})
    with pytest.raises(ReliefError) as refused:
        office.step("2005Q2", "release", GAO)
    assert "H1" in str(refused.value)


def test_step_that_is_refused_for_many_reasons_tells_them_all(office: Office) -> None:
    opened(office, "2005-03-10")
    office.at("2005-06-15T09:00")
    office.file_step("H1", "suspend", CHEN, reason="核实")
    office.at("2006-07-15T09:00")
    with pytest.raises(ReliefError) as refused:
        office.file_step("H1", "recheck", FANG, on="2005-06-20")
    codes = {problem.code for problem in refused.value.problems}
    assert {"step.role", "field.missing", "survey.no_line", "day.far_back"} <= codes
