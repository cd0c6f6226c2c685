"""A form that is sent twice makes one record, also when both arrive at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.desk.queries import CONTACT
from relief.desk.service import log_contact, read_form
from relief.engine.actors import Actor
from relief.kernel.errors import Invalid, NotAllowed
from relief.typed.once import FORM, claim, fulfil, new_key
from tests.office import CHEN, PING, Office

TYPED: dict[str, object] = {"channel": "visit", "matter": "工资", "answer": "可以"}


def save(office: Office, key: str, actor: Actor = CHEN, *, fails: bool = False) -> str:
    """Send the form; gives what is told of it (nothing where it fails on the way)."""
    with office.relief.work() as work:
        claimed = claim(work, actor, key)
        if claimed.made:
            return claimed.made
        contact = log_contact(work, actor, read_form(work, TYPED))
        fulfil(work, claimed, contact.reference)
        if fails:
            return ""
        work.commit()
    return contact.reference


def contacts(office: Office) -> int:
    with office.relief.reading() as work:
        return int(
            work.connection.execute(sa.select(sa.func.count()).select_from(CONTACT)).scalar_one()
        )


def test_second_click_is_told_what_the_first_made(office: Office) -> None:
    key = new_key()
    assert save(office, key) == save(office, key) == "C2005-0001"
    assert contacts(office) == 1
    assert save(office, new_key()) == "C2005-0002"


def test_form_that_failed_can_be_sent_again(office: Office) -> None:
    key = new_key()
    assert save(office, key, fails=True) == ""
    assert save(office, key) == "C2005-0001"


def test_form_of_somebody_else_is_refused(office: Office) -> None:
    key = new_key()
    save(office, key)
    with pytest.raises(NotAllowed) as refused:
        save(office, key, PING)
    assert refused.value.problems[0].code == "form.owner"


@pytest.mark.parametrize("key", ["", "0", "g" * 32, "A" * 32, "0" * 33, "\x00" * 32])
def test_what_is_no_key_is_refused(office: Office, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(office, key)
    assert refused.value.problems[0].code == "form.key"
    assert contacts(office) == 0


def test_keys_are_never_the_same(office: Office) -> None:
    keys = {new_key() for _ in range(1_000)}
    assert len(keys) == 1_000
    assert {len(key) for key in keys} == {32}


def test_database_keeps_a_key_once_whoever_writes(office: Office) -> None:
    row = {"key": new_key(), "owner": "chen", "reference": "", "at": office.relief.clock.now()}
    with office.relief.work() as work:
        work.connection.execute(sa.insert(FORM), row)
        with pytest.raises(sa.exc.IntegrityError):
            work.connection.execute(sa.insert(FORM), row)


@given(fails=st.lists(st.booleans(), min_size=2, max_size=4))
@settings(max_examples=8)
def test_clicks_at_once_make_one_record_or_none(office: Office, fails: list[bool]) -> None:
    key, before = new_key(), contacts(office)
    gate = threading.Barrier(len(fails))

    def click(failing: bool) -> str:
        gate.wait()
        return save(office, key, fails=failing)

    with ThreadPoolExecutor(len(fails)) as clicking:
        told = list(clicking.map(click, fails))
    made = {reference for reference in told if reference}
    assert contacts(office) - before == len(made) == (0 if all(fails) else 1)
    # Who was told nothing failed on the way itself.
    assert all(failing for failing, reference in zip(fails, told, strict=True) if not reference)
