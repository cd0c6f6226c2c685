"""The journal, and the workflow definitions, for those who look after them."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing

import pytest

from relief.kernel.resources import shipped_folder
from tests.cli.conftest import Shell


def tamper(shell: Shell, statement: str) -> None:
    """Change the journal by hand, past the database's own refusal."""
    with closing(sqlite3.connect(shell.folder / "office" / "relief.db")) as base, base:
        names = base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in names:
            base.execute(f"DROP TRIGGER {name}")
        base.execute(statement)


def test_audit_verify_counts_what_it_checked(released: Shell) -> None:
    released.ok("tick")
    assert released.ok("audit", "verify") == (
        "Entries 12, daily seals 1: all as they were written.\n"
    )


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("UPDATE journal_entry SET actor = 'x' WHERE id = 10", "Entry 2 of 2005Q2-r1 (id 10)"),
        ("DELETE FROM journal_entry WHERE id = 10", "Entry 2 of 2005Q2-r1 is missing"),
        ("DELETE FROM journal_entry WHERE id = 12", "Entry 4 of 2005Q2-r1 is missing"),
        (
            "UPDATE journal_entry SET number = 9 - number WHERE id IN (10, 11)",
            "of 2005Q2-r1",
        ),
    ],
)
def test_audit_verify_names_the_entry_that_was_tampered_with(
    released: Shell, statement: str, reason: str
) -> None:
    tamper(released, statement)
    reasons = released.refused("audit", "verify")
    assert any(reason in said for said in reasons)
    assert "NOT as they were written" in released.run("audit", "verify").stdout


def test_audit_export_gives_an_entry_a_line_with_its_hash_and_without_its_words(
    released: Shell,
) -> None:
    released.at("2005-06-16T09:00")
    entries = [
        json.loads(line) for line in released.ok("audit", "export", "--actor", "wen").splitlines()
    ]
    assert [entry["action"] for entry in entries] == [
        *["add"] * 6,  # the cast
        "take_over",
        "take_over",
        "prepare",
        "submit",
        "approve",
        "release",
    ]
    assert entries[9]["previous_hash"] == entries[8]["hash"]
    assert entries[8]["reference"] == "2005Q2-r1"
    assert not any("sealed" in entry for entry in entries)


def test_audit_export_writes_a_file_and_is_for_auditors_and_admins(released: Shell) -> None:
    out = released.folder / "journal.jsonl"
    assert released.ok("audit", "export", "--actor", "an", "--out", str(out)) == ""
    assert len(out.read_text(encoding="utf-8").splitlines()) == 12
    (reason,) = released.refused("audit", "export", "--actor", "chen")
    assert reason.startswith("actor: Only an auditor")
    assert "--actor" in released.misused("audit", "export")


def test_workflows_check_finds_the_shipped_definitions_in_order(bare: Shell) -> None:
    shown = bare.ok("workflows", "check")
    assert [line.split(":")[0] for line in shown.splitlines()] == [
        "household.toml",
        "job_referral.toml",
        "legal_aid.toml",
        "payout_run.toml",
        "petition.toml",
        "relief.toml",
        "repayment.toml",
        "write_off.toml",
    ]


def test_workflows_check_names_every_fault_with_file_and_key(bare: Shell) -> None:
    folder = bare.folder / "own"
    shutil.copytree(shipped_folder("workflows"), folder)
    path = folder / "payout_run.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace('"list_is_not_stale"', '"moon_is_full"').replace(
            'to = "approved"', 'to = "x"'
        ),
        encoding="utf-8",
    )
    (folder / "other.toml").write_text("key = 3\n", encoding="utf-8")
    result = bare.run("workflows", "check", str(folder))
    assert result.exit_code == 1
    assert "household.toml: in order" in result.stdout
    assert "payout_run.toml" not in result.stdout
    reasons = result.stderr.splitlines()
    assert any(
        "moon_is_full" in r and r.startswith("payout_run.toml, action[submit]") for r in reasons
    )
    assert any('no state "x"' in r for r in reasons)
    assert any(r.startswith("other.toml, key: ") for r in reasons)


def test_workflows_check_names_what_an_office_may_not_take_away(bare: Shell) -> None:
    folder = bare.folder / "own"
    folder.mkdir()
    text = (shipped_folder("workflows") / "payout_run.toml").read_text(encoding="utf-8")
    quick = """
[[action]]
id = "quick"
title = { en = "Quick", zh = "快办" }
from = ["draft"]
to = "released"
roles = ["finance"]
effects = ["send_lines"]
"""
    weaker = text.replace('effects = ["keep_approved_list"]', "") + quick
    (folder / "payout_run.toml").write_text(weaker, encoding="utf-8")
    assert bare.refused("workflows", "check", str(folder)) == [
        'payout_run.toml, action[approve].effects: The program needs "keep_approved_list" here; '
        "put it back.",
        'payout_run.toml, action[quick].effects: The effect "send_lines" is not for this step; '
        "leave it out. It is for: release.",
        'payout_run.toml, action[quick].to: "released" is reached only by release.',
    ]


def test_workflows_check_names_letters_that_nobody_wrote(bare: Shell) -> None:
    folder = bare.folder / "own"
    folder.mkdir()
    text = (shipped_folder("workflows") / "relief.toml").read_text(encoding="utf-8")
    assert 'letters = ["receipt"]' in text
    named = text.replace('letters = ["receipt"]', 'letters = ["nothere"]')
    (folder / "relief.toml").write_text(named, encoding="utf-8")
    assert [each.split(";")[0] for each in bare.refused("workflows", "check", str(folder))] == [
        f"relief.toml, action[receive].letters: The template nothere.{language}.html is missing"
        for language in ("en", "zh")
    ]


def test_workflows_check_is_refused_when_there_is_nothing_to_check(bare: Shell) -> None:
    (reason,) = bare.refused("workflows", "check", str(bare.folder))
    assert "no workflow definition" in reason


@pytest.mark.parametrize(("locale", "title"), [("en", "Draft"), ("zh_Hans_CN", "草稿")])
def test_workflows_diagram_speaks_mermaid_in_the_readers_language(
    bare: Shell, locale: str, title: str
) -> None:
    bare.set("RELIEF_LOCALE", locale)
    drawn = bare.ok("workflows", "diagram", "payout_run").splitlines()
    assert drawn[0] == "stateDiagram-v2"
    assert f'    state "{title}" as draft' in drawn
    assert any(line.startswith("    draft --> submitted : ") for line in drawn)
    assert "    settled --> [*]" in drawn


def test_workflows_diagram_is_refused_when_there_is_no_such_workflow(bare: Shell) -> None:
    assert (
        "there are household, job_referral, legal_aid, payout_run"
        in bare.refused("workflows", "diagram", "x")[0]
    )
