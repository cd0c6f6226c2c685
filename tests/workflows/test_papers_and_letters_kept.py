"""An office's own file from before there were papers and letters goes on without them; one that has
them cannot have them without what the program keeps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from relief.kernel.resources import shipped_folder
from relief.procedures.files import read_procedures

SHIPPED = shipped_folder("workflows")
NEW = {"attach", "detach", "issue_letter"}


def faults(folder: Path, text: str) -> list[tuple[str, str]]:
    (folder / "petition.toml").write_text(text, encoding="utf-8")
    return [(each.code, each.field) for each in read_procedures([folder, SHIPPED]).faults]


def petition() -> str:
    return (SHIPPED / "petition.toml").read_text(encoding="utf-8")


def test_file_from_before_goes_on_without_papers_and_letters(tmp_path: Path) -> None:
    parts = re.split(r"(?m)^(?=\[\[)", petition())
    older = [part for part in parts if not any(f'id = "{name}"' in part for name in NEW)]
    assert len(parts) - len(older) == len(NEW)
    assert faults(tmp_path, "".join(older)) == []


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('guards = ["comes_with_a_file"]\n', "action[attach].guards"),
        ('effects = ["keep_paper"]\n', "action[attach].effects"),
        ('guards = ["paper_is_attached"]\n', "action[detach].guards"),
        ('effects = ["take_paper_back"]\n', "action[detach].effects"),
        ('guards = ["comes_with_its_letter"]\n', "action[issue_letter].guards"),
    ],
)
def test_what_the_program_keeps_of_papers_and_letters_stays(
    tmp_path: Path, line: str, place: str
) -> None:
    assert faults(tmp_path, petition().replace(line, "")) == [("workflow.weakened", place)]


def test_kind_of_paper_that_nobody_could_attach_is_told(tmp_path: Path) -> None:
    told = faults(tmp_path, petition().replace('papers = ["identity_card"]', 'papers = ["deed"]'))
    assert told == [("workflow.paper_unknown", "action[accept].papers")]
