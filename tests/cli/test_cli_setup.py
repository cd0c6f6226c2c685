"""Setting up, users, and what is due."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest
from sqlalchemy import Engine

import relief.demo
from relief import bootstrap
from relief.cli import setup
from relief.engine.work import Work
from relief.kernel.text import Text
from relief.migrations.apply import upgrade
from relief.scheduler import runner
from relief.scheduler.job import Due
from tests.cli.conftest import Shell

PASSWORD = "correct horse battery\n"
NEED_A_DATABASE = [
    ("tick",),
    ("scheduler",),
    ("scheme", "show"),
    ("scheme", "set", "--places", "3", "--actor", "an"),
    ("rates", "list"),
    ("rates", "confirm", "2005-11", "--actor", "ping"),
    ("households", "list"),
    ("households", "show", "H1", "--json"),
    ("payouts", "list"),
    ("payouts", "show", "2005Q2"),
    ("payouts", "preview", "2005Q2", "--json"),
    ("payouts", "prepare", "2005Q2", "--actor", "fang"),
    ("payouts", "submit", "2005Q2", "--actor", "fang"),
    ("payouts", "verify", "2005Q2"),
    ("audit", "verify"),
    ("audit", "export", "--actor", "wen"),
]


@pytest.mark.parametrize("words", NEED_A_DATABASE, ids=" ".join)
def test_command_says_what_to_do_when_the_database_was_not_initialised(
    bare: Shell, words: tuple[str, ...]
) -> None:
    reasons = bare.refused(*words)
    assert reasons == ['This database was not initialised. Run "relief init" first.']
    assert not list((bare.folder / "office").glob("*.db"))


def test_init_makes_a_database_and_does_no_harm_when_run_again(bare: Shell) -> None:
    assert "relief.db" in bare.ok("init")
    bare.ok("user", "add", "an", "--role", "admin", "--password-stdin", typed=PASSWORD)
    again = bare.run("init")
    assert again.exit_code == 0
    assert "Next:" not in again.stdout
    assert "rehearsal" not in again.stderr


def test_init_that_was_cut_off_is_named_and_repaired_by_the_next(
    bare: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(engine: Engine) -> None:
        upgrade(engine)
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(bootstrap, "upgrade", cut_off)
        bare.run("init")
    assert (bare.folder / "office" / "relief.db").exists()
    for words in NEED_A_DATABASE:
        assert bare.refused(*words) == [
            'This database was not initialised. Run "relief init" first.'
        ]
    assert bare.run("init").exit_code == 0
    bare.ok("user", "add", "an", "--role", "admin", "--password-stdin", typed=PASSWORD)
    bare.ok("audit", "verify")


def test_init_says_that_it_is_a_rehearsal_when_the_clock_is_set(bare: Shell) -> None:
    bare.at("2005-01-03T08:00")
    assert "This is a rehearsal; its date is 2005-01-03." in bare.run("init").stderr


def test_rehearsal_goes_on_from_where_it_stood_when_the_clock_is_no_longer_set(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.at("2005-02-01T08:00")
    shell.ok("scheme", "show")
    monkeypatch.delenv("RELIEF_CLOCK")
    assert "its date is 2005-02-01" in shell.run("scheme", "show").stderr


def test_real_database_refuses_a_rehearsal_clock(bare: Shell) -> None:
    bare.ok("init")
    bare.at("2005-01-03T08:00")
    assert bare.refused("scheme", "show")[0].startswith("RELIEF_CLOCK: This is a real database")


def test_user_add_takes_the_first_user_without_an_actor_when_it_is_an_admin(bare: Shell) -> None:
    bare.ok("init")
    words = ("user", "add", "an", "--role", "admin", "--role", "auditor", "--password-stdin")
    assert bare.ok(*words, typed=PASSWORD) == "an was added: administrator, auditor.\n"


def test_user_add_names_every_fault(bare: Shell) -> None:
    bare.ok("init")
    reasons = bare.refused("user", "add", "Ä", "--role", "clerk", "--password-stdin", typed="x\n")
    assert [reason.split(":")[0] for reason in reasons] == ["username", "password", "role"]


def test_user_add_is_refused_when_the_actor_is_no_admin(shell: Shell) -> None:
    words = ("user", "add", "liu", "--role", "clerk", "--password-stdin")
    for more in ((), ("--actor", "chen")):
        reasons = shell.refused(*words, *more, typed=PASSWORD)
        assert reasons == [
            "actor: Only an admin may add users or change them. Name one with --actor."
        ]


def test_user_add_needs_a_terminal_to_ask_on(shell: Shell) -> None:
    reasons = shell.refused("user", "add", "liu", "--role", "clerk", "--actor", "an")
    assert "--password-stdin" in reasons[0]


def test_user_add_is_wrong_usage_when_the_role_is_unknown(shell: Shell) -> None:
    assert "'boss' is not one of" in shell.misused("user", "add", "liu", "--role", "boss")


def test_demo_plays_and_then_serves_unless_told_not_to(
    bare: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[tuple[str, int, int]] = []
    monkeypatch.setattr(relief.demo, "play", lambda settings, say: say(str(settings.data_dir)))
    monkeypatch.setattr(
        setup, "_serve", lambda host, port, workers: served.append((host, port, workers))
    )
    assert bare.ok("demo", "--no-serve") == f"{bare.folder / 'office'}\n"
    assert served == []
    assert bare.ok("demo", "--port", "9000").strip() == str(bare.folder / "office")
    assert served == [("127.0.0.1", 9000, 1)]
    assert "--port" in bare.misused("demo", "--port", "0")


def test_tick_does_what_is_due_and_then_says_what_comes_next(working: Shell) -> None:
    first = working.ok("tick")
    assert "Run 2005Q2-r1 is prepared: lines 2" in first
    assert "The journal is sealed for 2005-06-15" in first
    second = working.ok("tick").splitlines()
    assert second == ["Nothing is due.", "Next: the list of 2005Q3, on 2005-09-15."]


def test_tick_says_that_no_list_will_come_when_go_live_is_not_set(shell: Shell) -> None:
    assert "no go-live month yet" in shell.ok("tick")


def test_tick_names_what_failed_before_until_it_is_done(
    working: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_work: Work, _due: Due) -> Text:
        raise ZeroDivisionError

    with monkeypatch.context() as broken_today:
        broken_today.setattr(runner, "do_job", broken)
        failed = working.run("tick")
        assert failed.exit_code == 1
        assert "worth a look" not in failed.stderr  # what was just tried is told as such
    working.at("2005-06-16T09:00")
    with monkeypatch.context() as nothing_is_due:
        nothing_is_due.setattr(runner, "due_jobs", lambda _work, _settings: [])
        again = working.run("tick")
    assert again.exit_code == 0
    assert [line for line in again.stderr.splitlines() if "worth a look" in line] == [
        f'worth a look: The job "{job}" failed for {period} and was not done since (attempts: 1).'
        for job, period in (("prepare_regular_run", "2005Q2"), ("seal_journal", "2005-06-15"))
    ]
    settled = working.run("tick")
    assert settled.exit_code == 0
    assert "worth a look" not in settled.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_scheduler_looks_at_once_and_stops_when_told_to(working: Shell) -> None:
    with working.start("-m", "relief", "scheduler", "--interval", "3600") as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _line in range(3)]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
    assert "every 3600 seconds" in said[0]
    assert "Run 2005Q2-r1 is prepared" in said[1]
    assert working.json("payouts", "show", "2005Q2")["state"] == "draft"


@pytest.mark.skipif(os.name != "posix", reason="terminals of POSIX")
def test_user_add_asks_for_the_password_twice_on_a_terminal(shell: Shell) -> None:
    ours, theirs = os.openpty()
    words = ("user", "add", "liu", "--role", "clerk", "--actor", "an")
    with shell.start("-m", "relief", *words, stdin=theirs, start_new_session=True) as process:
        questions = []
        for _question in range(2):
            questions.append(read_up_to(": ", process))  # what is typed earlier is thrown away
            os.write(ours, PASSWORD.encode())
        told, asked = process.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert "Password (12 characters or more)" in questions[0]
    assert told == "liu was added: clerk.\n"
    assert PASSWORD.strip() not in told + asked


def read_up_to(end: str, process: subprocess.Popen[str]) -> str:
    """What a process says on stderr, up to these words or to its end."""
    assert process.stderr is not None
    said = ""
    while not said.endswith(end):
        character = process.stderr.read(1)
        if not character:
            break
        said += character
    return said
