"""What is typed about a contact: checked at once, stored whole, or refused with a clear answer."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relief.desk.forms import ContactForm, check_contact
from relief.desk.rules import CHANNELS, COLLECTIVE_HEADS_MIN, HEADS_MAX
from relief.kernel.errors import Invalid
from relief.kernel.moments import UNNAMED_TIME

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2005, 6, 15, 9, 30, tzinfo=ZONE)


def check(**values: object) -> ContactForm:
    return check_contact({"channel": "visit", "matter": "工资没有发"} | values, NOW, ZONE)


def faults(**values: object) -> set[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        check(**values)
    return {(problem.field, problem.code) for problem in refused.value.problems}


def test_contact_without_a_time_happens_now() -> None:
    assert check().moment == NOW
    assert check(on="2005-06-15").moment == NOW


def test_contact_of_an_earlier_day_without_a_time_happens_at_noon_of_that_day() -> None:
    local = check(on="2005-06-10").moment.astimezone(ZONE)
    assert (local.date(), local.time()) == (dt.date(2005, 6, 10), UNNAMED_TIME)


def test_time_is_taken_as_the_office_writes_it() -> None:
    moment = check(on="2005-06-10", at="8:05").moment
    assert moment == dt.datetime(2005, 6, 10, 8, 5, tzinfo=ZONE)


@pytest.mark.parametrize(
    "typed",
    ["2005-06-10", "2005/6/10", "2005.6.10", "20050610", "2005年6月10日", "２００５－６－１０"],
)
def test_day_is_taken_in_every_way_that_files_have_it(typed: str) -> None:
    assert check(on=typed).moment == check(on="2005-06-10").moment


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"on": "2005-06-16"}, ("on", "contact.future")),
        ({"at": "09:31"}, ("at", "contact.future")),
        ({"on": "2005-02-30"}, ("on", "contact.date")),
        ({"on": "2005063"}, ("on", "contact.date")),
        ({"on": "1905-06-15"}, ("on", "contact.too_old")),
        ({"on": "0001-01-01"}, ("on", "contact.too_old")),
        ({"on": "0001-01-01", "at": "00:30"}, ("at", "contact.too_old")),
        ({"at": "25:00"}, ("at", "contact.time")),
        ({"at": "half past two"}, ("at", "contact.time")),
        ({"channel": "fax"}, ("channel", "contact.channel")),
        ({"heads": "0"}, ("heads", "contact.heads")),
        ({"heads": "-3"}, ("heads", "contact.heads")),
        ({"heads": "2.5"}, ("heads", "contact.heads")),
        ({"heads": str(HEADS_MAX + 1)}, ("heads", "contact.heads")),
        ({"channel": "call", "heads": 2}, ("heads", "contact.heads_of_call")),
        ({"matter": "  \n "}, ("matter", "contact.matter")),
        ({"matter": "a\x00b"}, ("matter", "field.characters")),
        ({"matter": "a\u202eb"}, ("matter", "field.characters")),
        ({"matter": "a\ud800b"}, ("matter", "field.characters")),
        ({"matter": "\x1b[31mred"}, ("matter", "field.characters")),
        ({"matter": "长" * 20_000}, ("matter", "field.too_long")),
        ({"answer": "长" * 20_000}, ("answer", "field.too_long")),
        ({"name": "\u200b"}, ("name", "name.characters")),
        ({"name": "王" * 61}, ("name", "name.length")),
        ({"id_number": "33100219540627493"}, ("id_number", "identity.length")),
        ({"phone": "ring me"}, ("phone", "phone.form")),
        ({"urgent": "perhaps"}, ("urgent", "contact.yes_or_no")),
        ({"colour": "red"}, ("colour", "contact.field_unknown")),
    ],
)
def test_faulty_value_is_refused_where_it_stands(
    values: dict[str, object], fault: tuple[str, str]
) -> None:
    assert faults(**values) == {fault}


def test_all_faults_are_told_at_once() -> None:
    assert faults(channel="fax", on="tomorrow", heads="many", matter="", phone="x") == {
        ("channel", "contact.channel"),
        ("on", "contact.date"),
        ("heads", "contact.heads"),
        ("matter", "contact.matter"),
        ("phone", "phone.form"),
    }


@pytest.mark.parametrize("matter", ["👨‍👩‍👧 没有钱", "Ümläut ñ العربية", "一\n二\t三", "x" * 4000])
def test_any_script_and_emoji_are_stored_as_they_were_typed(matter: str) -> None:
    assert check(matter=matter).matter == matter


def test_line_ends_of_all_kinds_become_one() -> None:
    assert check(matter=" a\r\nb\rc ").matter == "a\nb\nc"


def test_contact_may_be_anonymous() -> None:
    form = check()
    assert (form.name, form.id_number, form.phone) == ("", "", "")


@pytest.mark.parametrize(
    ("channel", "heads", "said", "collective"),
    [
        ("visit", COLLECTIVE_HEADS_MIN - 1, None, False),
        ("visit", COLLECTIVE_HEADS_MIN, None, True),
        ("visit", COLLECTIVE_HEADS_MIN, False, False),
        ("visit", 1, True, True),
        ("letter", 12, None, False),
        ("letter", 12, True, True),
    ],
)
def test_group_visit_of_five_is_collective_where_nobody_says_otherwise(
    channel: str, heads: int, said: bool | None, collective: bool
) -> None:
    assert check(channel=channel, heads=heads, collective=said).is_collective is collective


anything = st.one_of(
    st.none(), st.text(max_size=40), st.integers(-5, 20_000), st.booleans(),
    st.sampled_from(["visit", "call", "letter", "2005-06-10", "14:30", "5", "王小明"]),
)  # fmt: skip
FIELDS = [name for name in ContactForm.model_fields if name != "happened_at"]


def checked(values: dict[str, object]) -> tuple[ContactForm | None, set[str]]:
    """The form, or the fields that are faulty."""
    try:
        return check_contact(values, NOW, ZONE), set()
    except Invalid as refused:
        return None, {problem.field for problem in refused.problems}


@given(st.dictionaries(st.sampled_from(FIELDS), anything))
def test_whatever_is_typed_is_a_sound_contact_or_a_list_of_reasons(
    values: dict[str, object],
) -> None:
    form, told = checked(values)
    assert told <= set(FIELDS)
    if form is None:
        assert told
        return
    assert form.moment <= NOW
    assert form.channel in CHANNELS
    assert 1 <= form.heads <= (1 if form.channel == "call" else HEADS_MAX)
    assert form.matter == form.matter.strip() != ""
    form.matter.encode()


@given(st.text(max_size=200))
def test_matter_that_is_taken_can_be_stored_and_comes_back(matter: str) -> None:
    try:
        form = check(matter=matter)
    except Invalid:
        return
    assert "\x00" not in form.matter
    assert form.matter.encode().decode() == form.matter
    assert check(matter=form.matter).matter == form.matter
