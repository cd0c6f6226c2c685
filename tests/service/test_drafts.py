"""What is typed is kept until it is saved or thrown away, for its owner alone."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.engine.actors import Actor
from relief.kernel.errors import Invalid
from relief.kernel.unit_of_work import DEPLOYMENT
from relief.typed.drafts import DRAFT, draft_of, drafts_of, drop_draft, keep_draft
from tests.office import CHEN, PING, Office


def keep(
    office: Office, form: str, fields: dict[str, str], actor: Actor = CHEN, seen: int | None = None
) -> None:
    with office.relief.work() as work:
        keep_draft(work, actor, form, fields, seen)
        work.commit()


def kept(office: Office, form: str, actor: Actor = CHEN) -> dict[str, str] | None:
    with office.relief.reading() as work:
        found = draft_of(work, actor, form)
    return dict(found.fields) if found else None


def test_draft_comes_back_as_it_was_typed_last(office: Office) -> None:
    office.at("2005-06-15T09:00")
    keep(office, "contact", {"matter": "工资"})
    keep(office, "contact", {"matter": "工资没有发", "name": ""}, seen=3)
    with office.relief.reading() as work:
        draft = draft_of(work, CHEN, "contact")
    assert draft
    assert (draft.form, draft.fields) == ("contact", {"matter": "工资没有发", "name": ""})
    assert draft.version_seen == 3
    assert draft.saved_at.date() == dt.date(2005, 6, 15)


@given(
    fields=st.dictionaries(
        st.text(max_size=20), st.text(st.characters(codec=None), max_size=200), max_size=10
    )
)
@settings(max_examples=25)
def test_whatever_was_typed_is_kept_as_it_is(office: Office, fields: dict[str, str]) -> None:
    keep(office, "contact", fields)
    assert kept(office, "contact") == fields


def test_nobody_else_has_the_draft_and_the_database_does_not_hold_its_words(
    office: Office,
) -> None:
    keep(office, "contact", {"matter": "举报厂长"})
    assert kept(office, "contact", PING) is None
    with office.relief.reading() as work:
        (row,) = work.connection.execute(sa.select(DRAFT)).mappings()
    assert "举报" not in repr(dict(row))


def test_draft_that_was_put_under_another_name_does_not_open(office: Office) -> None:
    keep(office, "contact", {"matter": "举报厂长"})
    with office.relief.work() as work:
        work.connection.execute(sa.update(DRAFT).values(owner="ping"))
        work.commit()
    with pytest.raises(Invalid, match="cannot be opened"):
        kept(office, "contact", PING)


def test_draft_is_gone_when_it_was_dropped_and_others_stay(office: Office) -> None:
    keep(office, "contact", {"matter": "一"})
    keep(office, "case:P2005-0001:accept", {"matter": "二"})
    keep(office, "contact", {"matter": "三"}, PING)
    with office.relief.work() as work:
        drop_draft(work, CHEN, "contact")
        work.commit()
    assert kept(office, "contact") is None
    assert kept(office, "case:P2005-0001:accept") == {"matter": "二"}
    assert kept(office, "contact", PING) == {"matter": "三"}


def test_of_more_than_twenty_drafts_the_oldest_goes(office: Office) -> None:
    keep(office, "contact", {"matter": "ping"}, PING)
    for number in range(22):
        keep(office, f"form{number}", {"matter": str(number)})
    with office.relief.reading() as work:
        forms = [form for form, _saved_at in drafts_of(work, CHEN)]
    assert forms == [f"form{number}" for number in range(21, 1, -1)]
    assert kept(office, "contact", PING) == {"matter": "ping"}


def test_forms_of_the_greatest_size_are_kept_and_larger_ones_refused(office: Office) -> None:
    most = {f"field{number}": "甲" for number in range(39)} | {"matter": "乙" * 20_000}
    keep(office, "contact", most)
    with pytest.raises(Invalid) as refused:
        keep(office, "", most | {"more": "", "answer": "乙" * 20_001, "n" * 201: ""})
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [
        ("draft.form", "form"),
        ("draft.fields", ""),
        ("field.too_long", "answer"),
        ("draft.name", ""),
    ]
    assert kept(office, "contact") == most


def test_draft_is_no_record(office: Office) -> None:
    with office.relief.reading() as work:
        before = work.rows(sa.select(DEPLOYMENT.c.last_instant))
    office.at("2005-06-15T09:00")
    keep(office, "contact", {"matter": "工资"})
    with office.relief.reading() as work:
        assert work.rows(sa.select(DEPLOYMENT.c.last_instant)) == before
