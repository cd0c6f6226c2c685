"""`relief letters check` names every fault of the templates of letters."""

from __future__ import annotations

from tests.cli.conftest import CHECKOUT, Shell


def test_templates_that_came_with_the_program_are_in_order(shell: Shell) -> None:
    told = shell.ok("letters", "check")
    assert "receipt.zh.html: in order" in told
    assert "letter.css: in order" in told


def test_every_fault_of_the_offices_own_is_named_with_file_and_line(shell: Shell) -> None:
    own = shell.folder / "office" / "letters"
    own.mkdir()
    (own / "receipt.zh.html").write_text("{% block title %}a{% endblock %}\n{{ x }}\n{{ y() }}")
    (own / "opinion.en.html").write_bytes(b"\xff\xfe")
    (own / "Receipt.zh.html").write_text("")
    failed = " ".join(" ".join(shell.refused("letters", "check")).split())
    for said in (
        'receipt.zh.html, line 2: There is no "x"',
        "receipt.zh.html, line 3: Templates of letters have no call.",
        "opinion.en.html, line 1: This file is not UTF-8",
        "Receipt.zh.html: Nothing uses this file",
    ):
        assert said in failed, said


def test_letter_that_a_workflow_names_and_nobody_wrote_is_named(shell: Shell) -> None:
    own = shell.folder / "office" / "workflows"
    own.mkdir()
    shipped = (CHECKOUT / "workflows" / "petition.toml").read_text(encoding="utf-8")
    changed = shipped.replace('letters = ["extension"]', 'letters = ["extension", "apology"]')
    (own / "petition.toml").write_text(changed, encoding="utf-8")
    failed = " ".join(" ".join(shell.refused("letters", "check")).split())
    assert "apology.en.html" in failed
    assert "petition.toml names it" in failed
