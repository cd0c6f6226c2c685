"""The office's calendar from the command line."""

from __future__ import annotations

from tests.cli.conftest import Shell

COLUMNS = ("day", "kind", "note", "document_no")


def test_calendar_is_shown_imported_and_shown_again(shell: Shell) -> None:
    assert shell.json("calendar", "show", "2998")["provisional"]
    assert "provisional" in shell.ok("calendar", "show", "2998")
    path = shell.file(
        "calendar.csv",
        COLUMNS,
        {"day": "2998-02-06", "kind": "休", "note": "春节", "document_no": "2997-31"},
        {"day": "2998-02-08", "kind": "班"},
    )
    words = ("calendar", "import", path, "--announces", "2998", "--actor", "an")
    assert "Only checked" in shell.ok(*words, "--dry-run")
    assert "declared anew: 2" in shell.ok(*words)
    assert "nothing changed" in shell.ok(*words)
    shown = shell.json("calendar", "show", "2998")
    assert (shown["provisional"], shown["announced_by"]) == (False, "2997-31")
    day = next(each for each in shown["days"] if each["day"] == "2998-02-06")
    assert day == {
        "day": "2998-02-06",
        "is_worked": False,
        "source": "office",
        "note": "春节",
        "document_no": "2997-31",
    }
    assert "announced, by document 2997-31" in shell.ok("calendar", "show", "2998")


def test_faulty_calendar_is_refused_with_every_fault(shell: Shell) -> None:
    path = shell.file("c.csv", COLUMNS, {"day": "soon", "kind": "holiday"}, {"kind": "half"})
    said = shell.refused("calendar", "import", path, "--actor", "an")
    assert len(said) == 3
    assert shell.refused("calendar", "import", path, "--actor", "chen") != []


def test_hours_are_set_and_shown(shell: Shell) -> None:
    said = shell.ok("calendar", "hours", "08:00-12:00", "13:00-17:00", "--actor", "an")
    assert "08:00-12:00 13:00-17:00" in said
    assert shell.json("calendar", "show", "2005")["hours"] == ["08:00-12:00", "13:00-17:00"]
    again = shell.ok("calendar", "hours", "08:00-12:00", "13:00-17:00", "--actor", "an")
    assert "nothing changed" in again
    assert len(shell.refused("calendar", "hours", "8-12", "x", "--actor", "an")) == 2
    assert (
        "overlap"
        in shell.refused("calendar", "hours", "08:00-12:00", "11:00-17:00", "--actor", "an")[0]
    )
    assert shell.misused("calendar", "hours", "--actor", "an")
