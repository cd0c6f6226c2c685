"""The benchmarks keep working: each job at its smallest size, with nothing timed. The peers of the
product and of the bare databases run in this process; others' programs are not installed for it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.bench import report, surroundings
from tests.bench.apart import run_apart
from tests.bench.jobs import JOBS
from tests.bench.plan import SMALLEST, Figure, Goal, Job, Peer, Results, ratio
from tests.bench.session import Session
from tests.bench.surroundings import Surroundings


def run_here(_python: Path, module: str, options: dict[str, Any]) -> dict[str, Any]:
    """Run a peer in this process."""
    return dict(import_module(f"tests.bench.{module}").measure(**options))


pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Surroundings:
    """Offices are made once for all jobs."""
    place = Surroundings(tmp_path_factory.mktemp("bench"))
    place._viewflow = "others' programs are left out here"
    return place


def session_in(place: Surroundings, **more: Any) -> Session:
    """A session that says nothing."""
    return Session(place, more.get("start", run_here), lambda _text: None, seed=1)


@pytest.mark.parametrize("name", [name for name in JOBS if name != "postgresql"])
def test_every_job_measures_its_peers_and_tells_how_its_goals_stand(
    name: str, place: Surroundings
) -> None:
    for job in JOBS[name](SMALLEST):
        results = session_in(place).run(job, rounds=1)
        text = "\n".join(report.of_job(job, results))
        for peer in job.peers:
            if peer.runs_in == "relief":
                assert not results.failed(peer.name), results.failed(peer.name)
        assert "compare nothing" not in text
        assert text.count("not measured") == sum("viewflow" in goal.says for goal in job.goals)
        assert ("not run: others' programs" in text) == any(
            peer.runs_in == "viewflow" for peer in job.peers
        )


def test_the_steps_run_on_postgresql_too(
    place: Surroundings, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELIEF_TEST_POSTGRES_URL", postgres_url)
    [job] = JOBS["postgresql"](SMALLEST)
    results = session_in(place).run(job, rounds=1)
    assert [peer.name for peer in job.peers if results.failed(peer.name)] == [
        "viewflow.fsm + history"
    ]


def test_a_peer_runs_in_a_process_of_its_own_and_leaves_a_line(place: Surroundings) -> None:
    floor = Peer("floor", "advance_floor", {"cases": 2})
    wrong = Peer("wrong", "advance_floor", {"cases": "two"})
    job = Job("advance", "apart", (floor, wrong), (), {})
    before = place.runs.read_text(encoding="utf-8") if place.runs.exists() else ""
    results = session_in(place, start=run_apart).run(job, rounds=2)
    assert set(results.of("floor", "seconds")) == {1, 2}
    assert "TypeError" in results.failed("wrong")
    added = place.runs.read_text(encoding="utf-8").removeprefix(before).splitlines()
    assert len(added) == 3  # what failed is not tried again


@pytest.mark.parametrize(
    ("changed", "is_made_anew"),
    [
        ("relief/kernel/clock.py", True),
        ("relief/engine/journal/chain.py", True),
        ("relief/accounts/service.py", True),
        ("relief/people/rules.py", True),
        ("tests/bench/offices/county.py", True),
        ("relief/payouts/rules.py", False),  # no list is made in this one
        ("relief/cli/words.py", False),
    ],
)
def test_an_office_is_made_anew_where_the_code_that_makes_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: str, is_made_anew: bool
) -> None:
    path = tmp_path / changed
    path.parent.mkdir(parents=True)
    monkeypatch.setattr(surroundings, "ROOT", tmp_path)
    names = set()
    for text in ("before", "after"):
        path.write_text(text, encoding="utf-8")
        names.add(surroundings._fingerprint("register"))
    assert (len(names) == 2) == is_made_anew


def test_a_goal_is_judged_by_the_median_and_says_by_how_much_it_is_missed() -> None:
    runs = {"slow": [4.0, 6.0, 5.0], "quick": [1.0, 2.0, 4.0]}
    results = Results(
        {
            name: {number: {"seconds": value} for number, value in enumerate(values)}
            for name, values in runs.items()
        }
    )
    figure = ratio("slow", "quick", "seconds")(results)
    assert figure == Figure(2.5, 1.25, 4.0)
    at_most = Goal("times the quick one", ratio("slow", "quick", "seconds"), 2.0, unit="×")
    assert not at_most.is_met(figure)
    job = Job("x", "x", (), (at_most,), {})
    assert "2.5 (1.25–4)× | ≤ 2× | **missed by 25%**" in "\n".join(
        report.of_goals([(job, results)])
    )
    assert Goal("", ratio("slow", "quick", "seconds"), 2.0, at_least=True).is_met(figure)


def test_what_could_not_be_measured_is_not_called_met() -> None:
    goal = Goal("times", ratio("one", "other", "seconds"), 2.0)
    results = Results({"one": {1: {"failed": "no"}}, "other": {1: {"seconds": 1.0}}})
    assert "not measured" in "\n".join(report.of_goals([(Job("x", "x", (), (goal,), {}), results)]))


def test_results_that_differ_are_told() -> None:
    peers = (Peer("a", "a"), Peer("b", "b"))
    runs = {name: {1: {"seconds": 1.0, "agrees": [name]}} for name in ("a", "b")}
    text = "\n".join(report.of_job(Job("x", "x", peers, (), {}), Results(runs)))
    assert "compare nothing" in text
