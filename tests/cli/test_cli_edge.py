"""The outermost edge: whatever happens becomes words and an exit code."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest

from relief.cli.payouts import lists
from relief.kernel import sqlite
from tests.cli.conftest import Shell


def test_unexpected_fault_is_kept_for_its_owner_alone_and_named_by_an_id(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_anything: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(lists.queries, "all_runs", break_down)
    result = shell.run("payouts", "list")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    (kept,) = (shell.folder / "office" / "logs").iterdir()
    assert kept.stem.removeprefix("error-") in result.stderr
    assert "ZeroDivisionError: a fault of ours" in kept.read_text(encoding="utf-8")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600 or os.name != "posix"


def test_interrupt_ends_quietly(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_anything: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(lists.queries, "all_runs", interrupt)
    result = shell.run("payouts", "list")
    assert result.exit_code == 130
    assert "Traceback" not in result.output


def test_command_says_so_when_another_program_holds_the_database(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS_MAX", 10)
    holder = sqlite3.connect(shell.folder / "office" / "relief.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    reasons = shell.refused("scheme", "set", "--places", "3", "--actor", "an")
    holder.close()
    assert reasons == [
        "Another program holds the database. Nothing was written; try again in a moment."
    ]


def test_command_says_so_when_the_file_is_no_database(shell: Shell) -> None:
    (shell.folder / "office" / "relief.db").write_text("something else" * 200, encoding="utf-8")
    (reason,) = shell.refused("payouts", "list")
    assert reason.startswith("The database file is damaged, or is no database at all.")


def test_command_says_so_when_the_server_cannot_be_reached(shell: Shell) -> None:
    shell.set("RELIEF_DATABASE_URL", "postgresql+psycopg://u:hidden@127.0.0.1:1/none")
    (reason,) = shell.refused("payouts", "list")
    assert reason.startswith("The database server cannot be reached")
    assert "hidden" not in reason


@pytest.mark.parametrize("url", ["nothing", "oracle9://x", "://"])
def test_command_says_so_when_the_address_of_the_database_is_wrong(shell: Shell, url: str) -> None:
    shell.set("RELIEF_DATABASE_URL", url)
    assert shell.refused("payouts", "list")[0].startswith("RELIEF_DATABASE_URL cannot be used")


def test_every_wrong_setting_is_named(shell: Shell) -> None:
    shell.set("RELIEF_CLOCK", "noon")
    shell.set("RELIEF_TIMEZONE", "Mars")
    reasons = shell.refused("payouts", "list")
    assert sorted(reason.split(":")[0] for reason in reasons) == ["RELIEF_CLOCK", "RELIEF_TIMEZONE"]


def test_wrong_usage_has_its_own_exit_code_and_says_where_help_is(shell: Shell) -> None:
    assert "Missing argument 'QUARTER'" in shell.misused("payouts", "prepare")
    assert "No such command 'fly'" in shell.misused("payouts", "fly")
    assert "Missing option '--actor'" in shell.misused("payouts", "submit", "2005Q2")


def test_help_and_wrong_usage_import_nothing_heavy(shell: Shell) -> None:
    heavy = "{'sqlalchemy', 'pydantic', 'openpyxl', 'rich', 'alembic'}"
    program = (
        "import sys\nfrom relief.cli import cli\n"
        "try:\n    cli(['payouts', '--help'])\nexcept SystemExit:\n    pass\n"
        f"sys.exit(' '.join({heavy} & set(sys.modules)) or 0)"
    )
    done = shell.process("-c", program, capture_output=True)
    assert done.stderr == ""


@pytest.mark.skipif(os.name != "posix", reason="pipes of POSIX")
def test_command_ends_quietly_when_nobody_reads_on(shell: Shell) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = shell.process(
        "-m", "relief", "payouts", "list", "--json", stdout=writer, stderr=subprocess.PIPE
    )
    os.close(writer)
    assert done.returncode == 141
    assert "rehearsal" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.parametrize(("locale", "word"), [("zh_Hans_CN", "用法"), ("en", "Usage")])
def test_help_speaks_the_language_that_is_set(shell: Shell, locale: str, word: str) -> None:
    shell.set("RELIEF_LOCALE", locale)
    done = shell.process("-m", "relief", "--help", capture_output=True)
    assert done.returncode == 0
    assert word in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["payouts", "shwo"], "没有命令 'shwo'。"),
        (["payouts", "show"], "缺少参数 'RUN'."),
        (["payouts", "show", "2005Q2", "--jsno"], "没有选项 '--jsno'。 是不是 '--json'？"),
        (["payouts", "show", "2005Q2", "more"], "多余的参数（more）"),
        (["payouts", "submit", "2005Q2"], "缺少选项 '--actor'."),
        (["user", "add", "a", "--role", "boss"], "'boss' 不在下列各项之中：'clerk', 'approver'"),
    ],
)
def test_wrong_usage_is_told_in_the_language_that_is_set(
    shell: Shell, arguments: list[str], said: str
) -> None:
    shell.set("RELIEF_LOCALE", "zh_Hans_CN")
    done = shell.process("-m", "relief", *arguments, stderr=subprocess.PIPE)
    assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_language_comes_from_the_env_file_when_the_environment_names_none(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RELIEF_LOCALE")
    Path(".env").write_text("RELIEF_LOCALE=zh_Hans_CN\n", encoding="utf-8")
    assert 'state "草稿" as draft' in shell.ok("workflows", "diagram", "payout_run")


@pytest.mark.parametrize(("system", "title"), [("zh_CN.UTF-8", "草稿"), ("de_DE.UTF-8", "Draft")])
def test_language_is_that_of_the_system_when_no_setting_names_one(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, system: str, title: str
) -> None:
    monkeypatch.delenv("RELIEF_LOCALE")
    shell.set("LANG", system)
    assert f'state "{title}" as draft' in shell.ok("workflows", "diagram", "payout_run")
