"""What an office's own file may not take from the cases on the five steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from relief.bootstrap import build_workflows
from relief.kernel.errors import Invalid
from relief.kernel.resources import shipped_folder
from tests.conftest import settings_for


def weakened(tmp_path: Path, kind: str, *cuts: tuple[str, str]) -> set[str]:
    """Which keys are missed when an office's file is the shipped one with something cut out."""
    own = tmp_path / "workflows"
    own.mkdir()
    text = (shipped_folder("workflows") / f"{kind}.toml").read_text(encoding="utf-8")
    for cut, instead in cuts:
        assert cut in text
        text = text.replace(cut, instead)
    (own / f"{kind}.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Invalid) as refused:
        build_workflows(settings_for(tmp_path))
    return {problem.field for problem in refused.value.problems}


@pytest.mark.parametrize("kind", ["petition", "relief", "legal_aid", "job_referral"])
def test_two_pairs_of_eyes_and_the_readers_stay(tmp_path: Path, kind: str) -> None:
    cuts = (
        ('not_by_actor_of = ["accept"]\n', ""),
        ('guards = ["readers_are_known"]\n', ""),
        ('effects = ["keep_readers"]\n', ""),
    )
    assert weakened(tmp_path, kind, *cuts) == {
        "action[handle].not_by_actor_of",
        "action[name_readers].guards",
        "action[name_readers].effects",
    }


def test_accusation_stays_restricted(tmp_path: Path) -> None:
    cut = ('effects = ["keep_matter_class"]\n', "")
    assert weakened(tmp_path, "petition", cut) == {"action[accept].effects"}


def test_job_counts_with_its_evidence_and_until_it_is_taken_back(tmp_path: Path) -> None:
    cuts = (
        ('effects = ["write_job_start"]\n', ""),
        ('effects = ["void_job_start"]\n', ""),
        ('fields = ["started_on", "evidence"]', 'fields = ["started_on"]'),
    )
    assert weakened(tmp_path, "job_referral", *cuts) == {
        "action[implement].effects",
        "action[implement].fields",
        "action[return].effects",
    }


def test_office_may_have_no_deadline_and_ask_for_more(tmp_path: Path) -> None:
    own = tmp_path / "workflows"
    own.mkdir()
    text = (shipped_folder("workflows") / "relief.toml").read_text(encoding="utf-8")
    looser = "\n".join(line for line in text.splitlines() if not line.startswith("deadline"))
    more = looser.replace('fields = ["measure"]', 'fields = ["measure", "note"]')
    assert more != looser != text
    (own / "relief.toml").write_text(more, encoding="utf-8")
    definition = build_workflows(settings_for(tmp_path)).definitions["relief"]
    assert not definition.has_deadlines
