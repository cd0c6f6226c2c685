"""The house stands as it was drawn: who may commit, tell the time, and import what."""

from __future__ import annotations

import ast
import re

import pytest

from relief.engine.definitions.definition import MASKS
from relief.engine.definitions.lint import RESERVED
from relief.kernel.settings import Settings
from relief.migrations.tables import METADATA
from relief.petitions.one_case.reading import _MASKS
from relief.web.cases.asked import BESIDE
from tests.conventions.source import PACKAGE, ROOT, calls, imports, modules, project

# The outermost edges open a unit of work, and end it.
EDGES = ("kernel/unit_of_work.py", "bootstrap.py", "cli/", "scheduler/", "demo/", "web/")
ONLY_IMPORTED_BY = {
    "transitions": "engine/definitions/machine.py",
    "apscheduler": "scheduler/runner.py",
    "smtplib": "reminders/mail.py",
    "icalendar": "reminders/calendar_file.py",
    "chinese_calendar": "engine/calendar/announced.py",
    "alembic": "migrations/",
    "argon2": "accounts/",
    "cryptography": "kernel/crypto.py",
    "flask": "web/",
    "granian": "web/serving.py",
}
CLOCKS = re.compile(
    r"(?:\w+\.)*(?:(?:datetime|date)\.(?:now|utcnow|today)|func\.(?:now|current_\w+)"
    r"|time\.(?:time|time_ns|monotonic|monotonic_ns|localtime|gmtime|strftime|ctime))"
)
# Only a checkout whose catalogue is newer than its compiled form needs babel.
LATE_IMPORTS = {
    ("kernel/text.py", "babel.messages.mofile"),
    ("kernel/text.py", "babel.messages.pofile"),
}


def reads_of_the_clock(tree: ast.AST) -> list[str]:
    """Calls that tell real time."""
    return [name for name, _call in calls(tree) if CLOCKS.fullmatch(name)]


def test_nothing_commits_but_the_edges() -> None:
    committing = {
        place
        for place, tree in modules().items()
        for name, _call in calls(tree)
        if name.endswith(".commit") and not place.startswith(EDGES)
    }
    assert committing == set()


def test_nothing_reads_the_system_clock_but_the_clock() -> None:
    found = {
        place: reads for place, tree in modules().items() if (reads := reads_of_the_clock(tree))
    }
    assert found.keys() == {"kernel/clock.py"}, found


@pytest.mark.parametrize(
    "source",
    [
        "dt.datetime.now(dt.UTC)",
        "datetime.utcnow()",
        "date.today()",
        "time.time()",
        "sa.func.now()",
        "dt.date.today()",
        "time.monotonic_ns()",
    ],
)
def test_a_read_of_the_clock_is_seen_however_it_is_written(source: str) -> None:
    assert reads_of_the_clock(ast.parse(source))


@pytest.mark.parametrize("source", ["work.clock.now()", "work.clock.today()", "work.instant()"])
def test_asking_our_clock_is_no_read_of_the_system(source: str) -> None:
    assert not reads_of_the_clock(ast.parse(source))


@pytest.mark.parametrize(("package", "room"), ONLY_IMPORTED_BY.items())
def test_package_has_one_door(package: str, room: str) -> None:
    importing = {
        place
        for place, tree in modules().items()
        for name, _statement in imports(tree)
        if name.split(".")[0] == package
    }
    assert importing
    assert all(place.startswith(room) for place in importing), importing


def test_imports_stand_at_the_top() -> None:
    late = {
        (place, name)
        for place, tree in modules().items()
        for name, statement in imports(tree)
        if statement.col_offset and not name.startswith("relief")
    }
    assert late == LATE_IMPORTS


def test_late_imports_of_our_own_serve_types_alone() -> None:
    for place, tree in modules().items():
        for name, statement in imports(tree):
            if statement.col_offset and name.startswith("relief"):
                assert _stands_under_type_checking(tree, statement), f"{place} imports {name} late"


def _stands_under_type_checking(tree: ast.AST, statement: ast.stmt) -> bool:
    return any(
        isinstance(node, ast.If)
        and ast.unparse(node.test) == "TYPE_CHECKING"
        and statement in node.body
        for node in ast.walk(tree)
    )


def test_every_room_has_its_place_in_the_order_of_imports() -> None:
    orders = [
        each for each in project()["tool"]["importlinter"]["contracts"] if each["type"] == "layers"
    ]
    assert [each["name"] for each in orders if not each.get("exhaustive")] == []
    ordered = {name for each in orders for name in each["containers"]}
    rooms = {"relief", "relief.engine", "relief.payouts", "relief.households", "relief.web"}
    assert rooms <= ordered
    assert [each["name"] for each in orders if each.get("exhaustive_ignores")] == []
    excused = {name for each in orders for name in each.get("ignore_imports", ())}
    assert excused == {"relief.migrations.tables -> relief.**"}  # it names every table


def test_migrations_write_by_rules_of_their_own_that_stay_as_they_were() -> None:
    """A migration goes on writing what it wrote when it was new: it imports no rule that lives."""
    imported = {
        name
        for place, tree in modules().items()
        if place.startswith("migrations/versions/") or place == "migrations/rules_then.py"
        for name, _statement in imports(tree)
        if name.startswith("relief")
    }
    assert imported == {"relief.migrations.rules_then", "relief.kernel.columns"}


def test_migrations_know_every_table() -> None:
    rooms = {
        f"relief.{path.parent.relative_to(PACKAGE).as_posix().replace('/', '.')}.tables"
        for path in PACKAGE.rglob("tables.py")
    } - {"relief.migrations.tables"}
    known = {name for name, _statement in imports(modules()["migrations/tables.py"])}
    assert rooms <= known
    assert METADATA.tables


def test_every_setting_stands_in_the_readme() -> None:
    settings = {f"RELIEF_{name.upper()}" for name in Settings.model_fields}
    told = set(re.findall(r"RELIEF_[A-Z_]*[A-Z]", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert told - {"RELIEF_TEST_POSTGRES_URL"} == settings


def test_no_template_says_itself_how_long_a_field_may_be() -> None:
    """What a browser stops at is the rule's own number: web/forms.py, `CHARS_MAX`."""
    written_out = re.compile(r"""maxlength["']?\s*[=:]\s*["']?\d""")
    files = sorted((ROOT / "templates").rglob("*.html"))
    assert [str(each) for each in files if written_out.search(each.read_text("utf-8"))] == []


def test_no_field_of_a_workflow_bears_a_name_of_the_form_around_it() -> None:
    """What stands beside the fields of a step, whoever draws the form, is refused by the lint."""
    assert {*BESIDE, "once", "csrf_token"} <= RESERVED
    sent = (ROOT / "templates" / "cases" / "bulk.html").read_text(encoding="utf-8")
    assert set(re.findall(r'type="hidden" name="(\w+)"', sent)) <= RESERVED


def test_every_way_to_mask_is_known_to_who_masks() -> None:
    assert set(_MASKS) == set(MASKS)


def test_nothing_prints_past_the_console() -> None:
    printing = {
        place for place, tree in modules().items() for name, _c in calls(tree) if name == "print"
    }
    assert printing == set()


def test_who_works_on_cases_is_said_once() -> None:
    """A pair of roles written out is `CASE_ROLES`, from `relief.engine.actors`."""
    written_out = {
        place
        for place, tree in modules().items()
        if not place.startswith("demo/")
        for node in ast.walk(tree)
        for several in (getattr(node, "elts", None) or getattr(node, "args", None),)
        if isinstance(several, list)
        and [getattr(each, "value", None) for each in several] == ["clerk", "approver"]
    }
    assert written_out == {"engine/actors.py"}
