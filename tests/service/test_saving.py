"""A form that is taken once: its record, the answer to the next click, and the end of its draft."""

from __future__ import annotations

import pytest

from relief.kernel.errors import Conflict, Invalid
from relief.typed.drafts import draft_of, keep_draft
from relief.typed.once import new_key
from relief.typed.saving import keep_unless_saved, saved_once
from tests.office import CHEN, Office


def save(office: Office, key: str, body: dict[str, str], made: list[str]) -> tuple[str, bool]:
    """A form that makes something each time that it is taken."""

    def make() -> str:
        made.append(body["note"])
        return f"N{len(made)}"

    with office.relief.work() as work:
        saved = saved_once(work, CHEN, key, body, make, "a form")
        work.commit()
    return saved


def test_what_is_sent_twice_is_made_once_and_told_again(office: Office) -> None:
    key, made = new_key(), list[str]()
    with office.relief.work() as work:
        keep_draft(work, CHEN, "a form", {"note": "half"})
        work.commit()
    assert save(office, key, {"note": "x"}, made) == ("N1", True)
    with office.relief.reading() as work:
        assert draft_of(work, CHEN, "a form") is None
    assert save(office, key, {"note": "x"}, made) == ("N1", False)
    assert made == ["x"]


def test_a_draft_that_comes_after_its_record_is_not_kept(office: Office) -> None:
    key = new_key()
    save(office, key, {"note": "x"}, [])
    with office.relief.work() as work:
        keep_unless_saved(work, CHEN, key, "a form", {"note": "x"})
        assert draft_of(work, CHEN, "a form") is None
        keep_unless_saved(work, CHEN, new_key(), "a form", {"note": "another"}, 3)
        kept = draft_of(work, CHEN, "a form")
    assert kept is not None
    assert (kept.fields, kept.version_seen) == ({"note": "another"}, 3)


def test_a_key_that_was_used_or_is_none_makes_nothing(office: Office) -> None:
    key, made = new_key(), list[str]()
    save(office, key, {"note": "x"}, made)
    for wrong, refusal in ((key, Conflict), ("", Invalid)):
        with pytest.raises(refusal):
            save(office, wrong, {"note": "other words"}, made)
    assert made == ["x"]
