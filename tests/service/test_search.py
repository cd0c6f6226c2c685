"""One search: whoever is recorded is found by each of the ways, as far as somebody may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from relief.desk.queries import ListedContact
from relief.desk.service import log_contact, read_form
from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.finding.hits import Found, Hit, HitHousehold, HitPayout
from relief.finding.search import find
from relief.people.rules import check_character, pinyin_of
from relief.petitions.service import open_case
from tests.matters import MEI, WU, added, answered, contacts, do, opened, walk
from tests.office import CHEN, FANG, PING, Office

pytestmark = pytest.mark.postgresql_slow

PHONE = "13800000017"


@pytest.fixture
def desk(office: Office) -> Office:
    """Wu has a hardship file that was paid, a case and contacts; Li gave only a name."""
    office.scheme(go_live="2005-04")
    office.rates(("deep", "2005-01", 20_000))
    office.at("2005-03-25T09:00")
    household = {
        "household_no": "H1", "applicant_name": "吴试甲", "applicant_id": WU, "grade": "deep",
        "approved_on": "2005-03-24", "account_name": "吴试甲", "bank_name": "信用社",
        "account_no": "6228480000000000019",
    }  # fmt: skip
    office.register([household])
    office.at("2005-06-15T09:00")
    office.prepare("2005Q2")
    opened(office, phone=PHONE)
    opened(office, "legal_aid", name="李试乙", id_number="", phone="057687001234")
    added(office, "L2005-0001")
    return office


def found(office: Office, words: str, actor: Actor = CHEN, limit: int = 20) -> Found:
    with office.relief.reading() as work:
        return find(work, actor, words, limit)


def names(office: Office, words: str, actor: Actor = CHEN) -> list[str]:
    return [hit.name for hit in found(office, words, actor).hits]


WAYS = [
    "吴试甲", "吴试", "试甲", "甲", " 吴 试 甲 ", "wushijia", "Wu Shi", "shijia", "wsj", "WS", "sj",
    "ｗｓｊ",
    WU, WU[-4:], PHONE, "138-0000-0017", "0017", "P2005-0001", "p2005-1", "P20050001", "C2005-0001",
    "H1", "h1", "2005Q2-r1-00001", "2005q2-R1-00001",
]  # fmt: skip


def test_person_is_found_by_each_of_the_ways(desk: Office) -> None:
    assert [words for words in WAYS if "吴试甲" not in names(desk, words)] == []


NOBODY_S = [
    "", "  ", "%", "_", "吴_甲", "孙", "wsjx", "0018", MEI, "P2005-0009", "C2005-0009", "H2",
    "2005Q2-r1-00009", "\x00", "a\x00b", "\ud800", "\u202e吴", "' OR 1=1 --", "吴" * 200, "🙏",
]  # fmt: skip


def test_nobody_is_found_by_what_nothing_is_called(desk: Office) -> None:
    none = Found((), more=False)
    assert [words for words in NOBODY_S if found(desk, words) != none] == []


def test_hit_shows_cases_contacts_household_and_masked_numbers(desk: Office) -> None:
    (hit,) = found(desk, "wsj").hits
    (case,), (contact,) = hit.cases, hit.contacts
    assert (hit.name, hit.identity_masked, hit.phone_masked) == (
        "吴试甲",
        WU[:3] + "*" * 11 + WU[-4:],
        "138****0017",
    )
    assert (case.reference, case.kind, case.state) == ("P2005-0001", "petition", "received")
    assert case.due_on is not None
    assert (contact.reference, contact.on) == ("C2005-0001", dt.date(2005, 6, 15))
    assert (contact.channel, contact.outcome) == ("visit", "opened")
    assert hit.household == HitHousehold("H1", "active")
    assert hit.payout is None  # the list was not released


def test_who_is_known_from_a_register_alone_is_found(desk: Office) -> None:
    household = {
        "household_no": "H2", "applicant_name": "郑试戊", "applicant_id": MEI, "grade": "deep",
        "approved_on": "2005-06-14",
    }  # fmt: skip
    desk.register([household])
    for words in ("试戊", "zsw", "zhengshiwu", MEI[-4:], "H2"):
        (hit,) = found(desk, words, FANG).hits
        assert (hit.name, hit.household) == ("郑试戊", HitHousehold("H2", "active")), words


def test_name_that_was_told_later_is_found(desk: Office) -> None:
    case = opened(desk, name="", id_number="")
    do(desk, case, "identify", CHEN, {"petitioner_name": "冯试己"})
    (hit,) = found(desk, "fsj").hits
    assert [each.reference for each in hit.cases] == [case]


def test_last_payout_is_a_line_of_a_released_list(desk: Office) -> None:
    named = HitPayout("2005Q2-r1-00001", "2005Q2", 60_000, "prepared")
    assert found(desk, "2005Q2-r1-00001").hits[0].payout == named
    desk.release("2005Q2-r1")
    assert found(desk, "H1").hits[0].payout == replace(named, state="sent")
    desk.answer("2005Q2", {"H1": "success"})
    assert found(desk, "吴").hits[0].payout == replace(named, state="paid")


def test_somebody_who_gave_a_name_only_is_found_with_the_case_and_its_contacts(
    desk: Office,
) -> None:
    for words in ("李试", "lsy", "1234", "0576-87001234", "L2005-0001", "C2005-0002", "C2005-0003"):
        (hit,) = found(desk, words).hits
        assert (hit.person_id, hit.name, hit.identity_masked) == (None, "李试乙", "")
        assert hit.phone_masked == "0576-****1234"
        assert [case.reference for case in hit.cases] == ["L2005-0001"], words
        assert {each.reference for each in hit.contacts} == {"C2005-0002", "C2005-0003"}
        assert (hit.household, hit.payout) == (None, None)


def test_two_who_gave_one_name_are_told_apart_by_their_phones(desk: Office) -> None:
    answered(desk, name="孙试丙", phone="13900000001")
    answered(desk, name="孙试丙", phone="13900000002")
    assert len(found(desk, "孙试丙").hits) == 2
    assert len(found(desk, "13900000002").hits) == 1


def test_anonymous_contact_is_found_by_its_number_and_its_phone(desk: Office) -> None:
    silent = answered(desk)
    calling = answered(desk, channel="call", phone="13900000001")
    (by_number,) = found(desk, silent).hits
    (by_phone,) = found(desk, "0001").hits
    assert (by_number.name, [each.reference for each in by_number.contacts]) == ("", [silent])
    assert [each.reference for each in by_phone.contacts] == [calling]


def test_closed_case_is_shown_when_its_number_is_named_and_else_not(desk: Office) -> None:
    closed = opened(desk, "relief")
    walk(desk, closed, "accept", "handle", "implement", "feedback")
    assert closed not in {case.reference for case in found(desk, "吴试甲").hits[0].cases}
    assert closed in {case.reference for case in found(desk, closed).hits[0].cases}


def test_three_last_contacts_are_shown_and_the_one_that_was_named(desk: Office) -> None:
    late = [added(desk, "P2005-0001").contact.reference for _ in range(4)]
    shown = [each.reference for each in found(desk, "wsj").hits[0].contacts]
    assert shown == late[:0:-1]
    named = [each.reference for each in found(desk, "C2005-0001").hits[0].contacts]
    assert named == ["C2005-0001", late[3], late[2]]


def test_name_that_is_the_words_stands_before_one_that_holds_them(desk: Office) -> None:
    for name in ("王小试", "小试", "王小试甲"):
        answered(desk, name=name)
    assert names(desk, "小试") == ["小试", "王小试", "王小试甲"]
    assert [hit.name for hit in found(desk, "小试", limit=2).hits] == ["小试", "王小试"]
    assert found(desk, "小试", limit=2).more
    assert not found(desk, "小试", limit=3).more


def test_nearest_name_stands_first_whoever_else_is_called_alike(desk: Office) -> None:
    for number in range(5):  # in the order of characters theirs comes first
        answered(desk, name="史甲", phone=f"1390000000{number}")
    answered(desk, name="石")
    assert [hit.name for hit in found(desk, "shi", limit=2).hits] == ["石", "史甲"]


def test_last_contacts_of_who_never_had_a_case_are_three(desk: Office) -> None:
    came = [answered(desk, name="郑试庚") for _ in range(5)]
    (hit,) = found(desk, "郑试庚").hits
    assert [each.reference for each in hit.contacts] == came[:1:-1]


def test_who_came_often_leaves_room_for_others(desk: Office) -> None:
    for _ in range(9):
        answered(desk, name="常试来", phone="13900005678")
    answered(desk, name="少试来", phone="13800005678")
    assert names(desk, "5678") == ["常试来", "少试来"]
    assert len(found(desk, "5678", limit=2).hits) == len(found(desk, "试来", limit=2).hits) == 2
    assert not found(desk, "5678", limit=2).more


def test_names_that_are_not_for_a_reader_take_no_room_from_those_that_are(desk: Office) -> None:
    for number in range(12):
        opened(
            desk, name=f"章试{'一二三四五六七八九十百千'[number]}", id_number="", restricted=True
        )
    answered(desk, name="章试赵")
    for words in ("章试", "zhang", "zs", "z"):
        assert [hit.name for hit in found(desk, words, FANG, limit=1).hits] == ["章试赵"], words
        assert not found(desk, words, FANG, limit=1).more, words
        assert found(desk, words, CHEN, limit=1).more, words


def test_restricted_matter_is_found_by_who_may_see_it_alone(desk: Office) -> None:
    mei = {"name": "梅试丁", "id_number": MEI, "phone": "13900000009"}
    case = opened(desk, restricted=True, **mei)
    ((contact, _opened),) = contacts(desk, case)
    for words in ("梅", "mei", "msd", MEI, MEI[-4:], "13900000009", "0009", case, contact):
        assert names(desk, words) == ["梅试丁"], words
        for actor in (FANG, PING):
            assert found(desk, words, actor) == Found((), more=False), words
    do(desk, case, "name_readers", CHEN, {"readers": "ping"})
    assert found(desk, "梅", PING).hits == found(desk, "梅").hits
    assert found(desk, "梅", FANG).hits == ()


def test_restricted_matter_of_somebody_who_is_known_shows_to_nobody_else(desk: Office) -> None:
    before = found(desk, "吴试甲", FANG)
    opened(desk, restricted=True, phone="13900000009", channel="call")
    assert found(desk, "吴试甲", FANG) == before
    assert found(desk, "13900000009", FANG).hits == ()
    assert len(found(desk, "吴试甲").hits[0].cases) == 2


def test_statements_do_not_grow_with_what_is_found(desk: Office) -> None:
    said: list[str] = []
    listen = (desk.relief.database.engine, "before_cursor_execute")

    def count(*execution: object) -> None:
        said.append(str(execution[2]))

    few, many = [], []
    sa.event.listen(*listen, count)
    for counts in (few, many):
        said.clear()
        assert found(desk, "试").hits
        counts += said
        sa.event.remove(*listen, count)
        for number in range(12):
            opened(desk, name=f"张试{'一二三四五六七八九十百千'[number]}", id_number="")
        sa.event.listen(*listen, count)
    sa.event.remove(*listen, count)
    assert len(few) == len(many) <= 11


@dataclass(frozen=True)
class Came:
    """Somebody out of a few comes to the desk."""

    who: int
    identified: bool
    called: bool
    opens: bool
    restricted: bool


PEOPLE = ["吴试甲", "吴试", "Maria Wu", "单小", "买买提·吐尔逊", "", "小吴", "a1"]
CAME = st.builds(
    Came,
    who=st.integers(0, len(PEOPLE) - 1),
    identified=st.booleans(),
    called=st.booleans(),
    opens=st.booleans(),
    restricted=st.booleans(),
)


def number_of(who: int) -> str:
    first17 = f"3310021954062{who:02d}{who:02d}"
    return first17 + check_character(first17)


def phone_of(who: int) -> str:
    return f"1390000{who:04d}"


def comes(work: Work, each: Came) -> ListedContact:
    typed: dict[str, object] = {"channel": "visit", "matter": "问", "name": PEOPLE[each.who]}
    if each.identified and PEOPLE[each.who]:
        typed["id_number"] = number_of(each.who)
    if each.called:
        typed["phone"] = phone_of(each.who)
    typed["restricted"] = each.restricted
    if each.opens:
        return open_case(work, CHEN, "petition", read_form(work, typed)).contact
    return log_contact(work, CHEN, read_form(work, typed | {"answer": "好"}))


def ways_to(each: Came, contact: ListedContact) -> list[str]:
    name = PEOPLE[each.who]
    ways = [contact.reference]
    if name:
        ways += [name, name[-1:], *pinyin_of(name).split()]
    if each.identified and name:
        ways += [number_of(each.who), number_of(each.who)[-4:]]
    if each.called:
        ways += [phone_of(each.who), phone_of(each.who)[-4:]]
    return ways


def mentions(hit: Hit, contact: ListedContact) -> bool:
    shown = {each.reference for each in hit.contacts}
    return contact.reference in shown or (len(shown) == 3 and hit.name == contact.name)


@given(came=st.lists(CAME, min_size=1, max_size=5))
@settings(max_examples=12)
def test_whoever_came_is_found_by_who_may_see_it_and_shows_to_nobody_else(
    office: Office, came: list[Came]
) -> None:
    with office.relief.work() as work:  # never committed: each life begins in an empty office
        plain = [(each, comes(work, each)) for each in came if not each.restricted]
        ways = [way for each in plain for way in ways_to(*each)]
        hidden_ways = ["吴", "wu", "w", "1", "13900000001", number_of(0), "0000", "C2005-0001"]
        before = {way: find(work, FANG, way, 50) for way in (*ways, *hidden_ways)}
        first = {way: find(work, FANG, way, 1) for way in before}
        for each, contact in plain:
            for way in ways_to(each, contact):
                assert any(mentions(hit, contact) for hit in before[way].hits), (way, before[way])
        secret = [(each, comes(work, each)) for each in came if each.restricted]
        numbers = {contact.reference for _each, contact in secret}
        for each, contact in secret:
            for way in ways_to(each, contact):
                assert any(mentions(hit, contact) for hit in find(work, CHEN, way, 50).hits), way
                seen = find(work, FANG, way, 50).hits
                assert not any({c.reference for c in hit.contacts} & numbers for hit in seen)
        for way in before.keys() - numbers:
            assert find(work, FANG, way, 50) == before[way], way
            assert find(work, FANG, way, 1) == first[way], way
