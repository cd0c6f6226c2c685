"""The server as a process: it answers, with the scheduler beside it, and stops when told to."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

import relief
from relief.bootstrap import initialise
from relief.web.serving import InTurn, app_of_worker
from tests.conftest import FIELD_KEY, settings_for

CHECKOUT = Path(relief.__file__).parent.parent
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(folder: Path, port: int) -> subprocess.Popen[str]:
    """`relief serve`, as somebody types it."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "RELIEF_DATA_DIR": str(folder),
        "RELIEF_FIELD_KEYS": FIELD_KEY,
        "RELIEF_SECRET_KEY": "secret",
        "RELIEF_LOCALE": "en",
    }
    words = [sys.executable, "-m", "relief", "serve", "--port", str(port), "--workers", "2"]
    return subprocess.Popen(
        words,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )


def test_a_process_of_the_server_works_on_one_request_after_the_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELIEF_DATA_DIR", str(folder))
    monkeypatch.setenv("RELIEF_FIELD_KEYS", FIELD_KEY)
    monkeypatch.setenv("RELIEF_SECRET_KEY", "secret")
    assert isinstance(app_of_worker(), InTurn)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An office where nobody works yet."""
    initialise(settings_for(tmp_path / "office", clock=None)).database.dispose()
    return tmp_path / "office"


@pytest.fixture
def server(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server that has said where its pages are."""
    port = free_port()
    process = serve(folder, port)
    assert process.stdout is not None
    assert f"http://127.0.0.1:{port}/" in process.stdout.readline()
    yield process, port
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def ask(port: int, path: str) -> tuple[int, str]:
    """One page: its status and text; the server may need a moment to listen."""
    for _attempt in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except OSError:
            signal.sigtimedwait([], 0.05)
        finally:
            connection.close()
    raise AssertionError("nobody listens")


def listens(port: int) -> bool:
    """True where somebody answers on a port."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_it_answers_and_ends_when_told_to(server: tuple[subprocess.Popen[str], int]) -> None:
    process, port = server
    # With what it printed, the first administrator can be made.
    printed = f"http://127.0.0.1:{port}/first-run?code="
    assert process.stdout is not None
    line = next(line for line in process.stdout if printed in line)
    status, text = ask(port, "/first-run?code=" + line.split(printed)[1].strip())
    assert status == 200
    assert "The first administrator" in text
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0


def test_a_port_that_is_taken_is_told(
    server: tuple[subprocess.Popen[str], int], folder: Path
) -> None:
    _process, port = server
    ask(port, "/sign-in")
    second = serve(folder, port)
    _out, told = second.communicate(timeout=60)
    assert second.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in told


def test_an_office_that_was_not_set_up_is_told(tmp_path: Path) -> None:
    process = serve(tmp_path / "nothing", free_port())
    _out, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "relief init" in told


def test_a_server_that_was_killed_leaves_nobody_behind(
    server: tuple[subprocess.Popen[str], int],
) -> None:
    process, port = server
    ask(port, "/sign-in")
    process.kill()
    process.wait(timeout=60)
    for _attempt in range(600):
        if not listens(port):
            return
        signal.sigtimedwait([], 0.05)
    raise AssertionError("its processes still answer")
