"""Contacts as they are logged, listed, counted, and taken out."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from relief.desk import queries
from relief.desk.queries import CONTACT, DayOfContacts, ListedContact, Sought, own_contacts
from relief.desk.service import (
    is_late,
    log_contact,
    read_form,
    record_contact,
    void_contact,
)
from relief.engine.actors import Actor
from relief.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from relief.kernel.numbering import next_number, next_numbers
from tests.office import CHEN, FANG, PING, ZONE, Office

WU, MEI = "331002195406274937", "33102119940822085X"
JUNE = (dt.date(2005, 6, 1), dt.date(2005, 6, 30))


def log(office: Office, actor: Actor = CHEN, **values: object) -> ListedContact:
    typed = {"channel": "visit", "matter": "工资没有发", "answer": "可以申请仲裁"} | values
    with office.relief.work() as work:
        contact = log_contact(work, actor, read_form(work, typed))
        work.commit()
    return contact


def listed(office: Office, username: str | None = None, **sought: object) -> list[str]:
    with office.relief.reading() as work:
        wanted = Sought(**sought)
        found = queries.list_contacts(work, wanted, own_contacts(username))
    return [contact.reference for contact in found]


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def test_contacts_are_numbered_by_the_year_in_which_they_happened(june: Office) -> None:
    assert log(june).reference == "C2005-0001"
    assert log(june, on="2004-12-30").reference == "C2004-0001"
    assert log(june).reference == "C2005-0002"


def test_restricted_contact_gets_a_number_by_chance_and_leaves_no_gap(
    june: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(("0", "0", "1"))
    monkeypatch.setattr("relief.desk.service.new_token", lambda: "token")
    monkeypatch.setattr(secrets, "token_hex", lambda _size: next(drawn))
    numbers = [log(june).reference]
    with june.relief.work() as work:
        for _each in range(2):  # the second draws what is taken, and draws again
            form = read_form(work, {"channel": "call", "matter": "x", "restricted": True})
            numbers.append(record_contact(work, CHEN, form, "added").reference)
        work.commit()
    numbers.append(log(june).reference)
    assert numbers == ["C2005-0001", "C2005-100000", "C2005-100001", "C2005-0002"]


def test_number_grows_past_four_digits_and_a_lost_one_is_given_again(june: Office) -> None:
    with june.relief.work() as work:
        numbers = next_numbers(work, "X", 2005, 10_000)
        assert next_number(work, "X", 2005) == "X2005-10001"
    assert (numbers[0], numbers[-1]) == ("X2005-0001", "X2005-10000")
    with june.relief.work() as work:
        assert next_number(work, "X", 2005) == "X2005-0001"  # nothing was committed


def test_words_are_sealed_and_come_back(june: Office) -> None:
    contact = log(june, name="吴试甲", phone="13800000017", matter="工资 🙏", id_number=WU)
    with june.relief.reading() as work:
        words = queries.words_of(work, contact.id)
        row = work.connection.execute(sa.select(CONTACT)).mappings().one()
    assert (words.matter, words.answer) == ("工资 🙏", "可以申请仲裁")
    assert words.phone_masked == "138****0017"
    assert "13800000017" not in repr(dict(row))
    assert "工资" not in repr(dict(row))


def test_contact_is_found_by_name_pinyin_and_phone(june: Office) -> None:
    wu = log(june, name="吴试甲", phone="13800000017").reference
    log(june, name="李试乙")
    for words in ("吴试", "wsj", "wushijia", "Wu Shi", "138-0000-0017", "0017"):
        assert listed(june, person=words) == [wu], words
    assert listed(june, person="0018") == []
    assert listed(june, person="%") == []
    assert listed(june, person="\ud800") == listed(june, person="a\x00b") == []


def test_contacts_are_listed_by_period_channel_and_outcome(june: Office) -> None:
    early = log(june, on="2005-03-01").reference
    call = log(june, channel="call").reference
    assert listed(june) == [early, call]
    assert listed(june, until_on=dt.date(2005, 3, 1)) == [early]
    assert listed(june, from_on=dt.date(2005, 3, 2)) == [call]
    assert listed(june, channel="call") == [call]
    assert listed(june, outcome="opened") == []


def test_contact_entered_on_a_later_day_is_shown_as_such(june: Office) -> None:
    assert not is_late(log(june), ZONE)
    assert is_late(log(june, on="2005-06-14"), ZONE)


def test_days_count_visits_and_person_times_but_no_void_contact(june: Office) -> None:
    log(june, heads=5)
    log(june, channel="call", restricted=True)
    wrong = log(june, channel="letter", heads=30)
    log(june, channel="letter", heads=3, on="2005-06-14")
    void(june, wrong)
    with june.relief.reading() as work:
        days = [
            queries.contacts_by_day(work, *JUNE, own_contacts(reader)) for reader in ("chen", "an")
        ]
    earlier = DayOfContacts(dt.date(2005, 6, 14), 0, 0, 1, 3)
    assert days == [
        [earlier, DayOfContacts(dt.date(2005, 6, 15), 1, 1, 0, 6)],
        [earlier, DayOfContacts(dt.date(2005, 6, 15), 1, 0, 0, 5)],
    ]


def void(
    office: Office, contact: ListedContact, actor: Actor = PING, reason: str = "twice"
) -> None:
    with office.relief.work() as work:
        void_contact(work, actor, contact, reason)
        work.commit()


def test_void_contact_is_kept_with_who_and_why(june: Office) -> None:
    contact = log(june)
    void(june, contact)
    with june.relief.reading() as work:
        found = queries.find_contact(work, contact.reference, own_contacts(None))
        words = queries.words_of(work, contact.id)
    assert (found.voided_by, words.void_reason) == ("ping", "twice")
    with pytest.raises(Conflict, match="void already, by ping"):
        void(june, found)


def test_void_needs_a_reason_and_a_role(june: Office) -> None:
    contact = log(june)
    with pytest.raises(Invalid, match="Say what was wrong"):
        void(june, contact, reason="  ")
    with pytest.raises(NotAllowed, match="fang is: finance"):
        void(june, contact, FANG)


def test_contact_is_logged_by_a_clerk_alone(june: Office) -> None:
    with pytest.raises(NotAllowed, match=r"This is for: clerk\. ping is: approver"):
        log(june, PING)


def test_contact_that_is_only_logged_needs_its_answer(june: Office) -> None:
    with pytest.raises(Invalid, match="what cannot be answered on the spot opens a case"):
        log(june, answer="")


def test_restricted_contact_is_listed_for_who_took_it_alone(june: Office) -> None:
    secret = log(june, restricted=True, name="吴试甲").reference
    open_one = log(june).reference
    assert listed(june, "chen") == [secret, open_one]
    assert listed(june, "an") == listed(june) == [open_one]
    with june.relief.reading() as work, pytest.raises(NotFound):
        queries.find_contact(work, secret, own_contacts("an"))


def test_identity_number_names_the_person_and_contradicts_another_name(june: Office) -> None:
    first = log(june, name="吴试甲", id_number=WU)
    again = log(june, id_number=WU)
    assert (again.name, again.person_id) == ("吴试甲", first.person_id)
    with pytest.raises(Conflict, match="belongs to 吴试甲 here, not to 李试乙"):
        log(june, name="李试乙", id_number=WU)
    with pytest.raises(Invalid, match="not known yet; give the name"):
        log(june, id_number=MEI)


def test_record_of_a_contact_cannot_be_rewritten_by_hand(
    new_office: Callable[[], Office],
) -> None:
    office = new_office()
    log(office)
    for change in ("UPDATE contact SET head_count = 50", "DELETE FROM contact"):
        with office.relief.work() as work, pytest.raises(sa.exc.IntegrityError):
            work.connection.execute(sa.text(change))
