"""Views: lists of cases under a name, of one's own or for the office."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from relief.accounts.service import disable_user
from relief.engine.actors import Actor
from relief.kernel.errors import Invalid, NotFound
from relief.petitions.lists.kept_lists import (
    LIST,
    NAME_CHARS_MAX,
    NamedList,
    change_list,
    drop_list,
    keep_list,
    lists_of,
    unreadable_lists,
)
from relief.petitions.lists.queues import Asked
from tests.asked import ASKED, KEPT, NEVER_KEPT, asked_for
from tests.office import AN, CHEN, PING, Office

pytestmark = pytest.mark.postgresql_slow

LATE = Asked(queue="overdue", kind="petition", from_on=dt.date(2005, 1, 1), urgent=True)


def keep(
    office: Office, actor: Actor, name: str, asked: Asked = LATE, *, shared: bool = False
) -> NamedList:
    with office.relief.work() as work:
        view = keep_list(work, actor, name, asked, shared=shared)
        work.commit()
    return view


def names(office: Office, username: str) -> list[str]:
    with office.relief.reading() as work:
        return [view.name for view in lists_of(work, username)]


def refusal(office: Office, name: str) -> list[str]:
    with pytest.raises(Invalid) as refused:
        keep(office, CHEN, name)
    return [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize(
    "asked",
    [
        LATE,
        Asked(),
        Asked(queue="mine", closed=True, latest_first=False, until_on=dt.date(2005, 6, 30)),
        Asked(state="handled", case_worker="ping", collective=True, restricted=True,
              latest_first=True),
    ],
)  # fmt: skip
def test_view_asks_again_for_what_was_asked(office: Office, asked: Asked) -> None:
    keep(office, CHEN, "逾期的", asked)
    with office.relief.reading() as work:
        (view,) = lists_of(work, "chen")
    assert (view.name, view.owner, view.asked, view.shared) == ("逾期的", "chen", asked, False)


def test_view_keeps_every_filter_but_the_person(office: Office) -> None:
    """A filter that is new is kept, too: `tests/web/test_filters.py` asks that `ASKED` has it."""
    for name in ASKED:
        keep(office, CHEN, name, asked_for(name))
    keep(office, CHEN, "全部", asked_for(*ASKED))
    with office.relief.reading() as work:
        found = {view.name: view.asked for view in lists_of(work, "chen")}
    expected = {name: asked_for(name) for name in KEPT}
    assert found == expected | {NEVER_KEPT: Asked(), "全部": asked_for(*KEPT)}


def test_nothing_about_people_is_kept_and_the_name_is_sealed(office: Office) -> None:
    view = keep(office, CHEN, "吴试甲的", Asked(person="吴试甲", kind="relief"))
    assert view.asked == Asked(kind="relief")
    with office.relief.reading() as work:
        (row,) = work.rows(sa.select(LIST))
    assert "吴试甲" not in row.asked
    assert "吴试甲".encode() not in row.sealed_name


def test_ones_own_come_first_then_those_that_others_share(office: Office) -> None:
    keep(office, CHEN, "我的")
    keep(office, PING, "大家的", shared=True)
    keep(office, PING, "平的")
    assert names(office, "chen") == ["我的", "大家的"]
    assert names(office, "ping") == ["大家的", "平的"]


def test_views_of_who_works_here_no_more_are_shared_no_more(office: Office) -> None:
    keep(office, PING, "大家的", shared=True)
    with office.relief.work() as work:
        disable_user(work, AN, "ping")
        work.commit()
    assert names(office, "chen") == []


def test_name_is_told_all_that_is_wrong_with_it(office: Office) -> None:
    keep(office, CHEN, "逾期的")
    assert refusal(office, " ") == ["view.nameless"]
    assert refusal(office, " 逾期的 ") == ["view.name_taken"]
    assert refusal(office, "长" * (NAME_CHARS_MAX + 1)) == ["field.too_long"]
    assert refusal(office, "a\x00") == ["field.characters"]
    keep(office, PING, "逾期的")  # another owner's


def test_no_more_than_some_tens_are_kept(office: Office) -> None:
    for number in range(30):
        keep(office, CHEN, f"第{number}")
    assert refusal(office, "多一个") == ["view.too_many"]


def test_view_is_renamed_shared_and_thrown_away_by_its_owner_alone(office: Office) -> None:
    view, other = keep(office, CHEN, "旧名"), keep(office, CHEN, "另一")
    with office.relief.work() as work:
        change_list(work, CHEN, view.id, " 新名 ", shared=True)
        work.commit()
    assert names(office, "ping") == ["新名"]
    for change in (
        lambda work: change_list(work, PING, view.id, "抢", shared=True),
        lambda work: drop_list(work, PING, view.id),
        lambda work: drop_list(work, CHEN, 999),
    ):
        with pytest.raises(NotFound), office.relief.work() as work:
            change(work)
    with pytest.raises(Invalid), office.relief.work() as work:
        change_list(work, CHEN, view.id, other.name, shared=False)
    with office.relief.work() as work:
        drop_list(work, CHEN, view.id)
        work.commit()
    assert names(office, "chen") == ["另一"]


def test_view_of_an_older_program_asks_for_what_is_known_of_it(office: Office) -> None:
    view = keep(office, CHEN, "旧")
    with office.relief.work() as work:
        odd = '{"kind":"petition","no_longer_asked":true}'
        work.connection.execute(sa.update(LIST).where(LIST.c.id == view.id).values(asked=odd))
        work.commit()
    with office.relief.reading() as work:
        assert [each.asked for each in lists_of(work, "chen")] == [Asked(kind="petition")]


@pytest.mark.parametrize(
    "asked",
    ["not json", "[]", '{"kind": 1}', '{"from_on": "then"}', '{"closed": "yes"}', '"words"'],
)
def test_view_that_was_altered_past_reading_is_left_out_and_thrown_away(
    office: Office, asked: str
) -> None:
    good, bad = keep(office, CHEN, "好", shared=True), keep(office, CHEN, "坏", shared=True)
    with office.relief.work() as work:
        work.connection.execute(sa.update(LIST).where(LIST.c.id == bad.id).values(asked=asked))
        work.commit()
    for reader in ("chen", "ping"):
        assert names(office, reader) == [good.name]
    with office.relief.work() as work:
        assert unreadable_lists(work, "chen") == [bad.id]
        assert unreadable_lists(work, "ping") == []
        drop_list(work, CHEN, bad.id)
        assert unreadable_lists(work, "chen") == []
