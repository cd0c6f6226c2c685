"""What a receipt and its check code tell, and take: nothing else, and by nothing else."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from relief.accounts.guesses import TooManyGuesses
from relief.engine.actors import PETITIONER, SCHEDULER, Actor
from relief.engine.definitions.loader import read_folders
from relief.engine.journal.verification import verify_journal
from relief.engine.publishing import publish_definition
from relief.engine.steps.advance import advance
from relief.kernel.errors import Conflict, Invalid, NotAllowed, ReliefError, TransitionRefused
from relief.kernel.resources import shipped_folder
from relief.petitions.check_code import code_of
from relief.petitions.queries import CASE
from relief.petitions.rules import SHIPPED
from relief.public.rules import NUMBER_CHARS_MAX, PLAIN, REFUSED, normal_number
from relief.public.service import WRONG, Receipt, Told, find_matter, rate, tell
from tests.matters import do, entries, fields_of, opened, row, state, walk
from tests.office import CHEN, PING, ZONE, Office
from tests.reports.reading import rows, values

pytestmark = pytest.mark.postgresql_slow

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=ZONE)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def june(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    return office


def code(office: Office, reference: str) -> str:
    return code_of(office.relief.cipher, reference, row(office, reference)["token"])


def asked(office: Office, number: str, typed: str, now: dt.datetime = NOW,
          address: str = "10.0.0.1") -> Told | ReliefError:  # fmt: skip
    """What the page answers; a wrong one is kept, as the page keeps it."""
    with office.relief.work() as work:
        try:
            found = find_matter(work, Receipt(number, typed, address), now)
        except TooManyGuesses as refusal:
            return refusal
        answer = found if isinstance(found, ReliefError) else tell(work, found)
        work.commit()
    return answer


def told(office: Office, reference: str) -> Told:
    answer = asked(office, reference, code(office, reference))
    assert isinstance(answer, Told)
    return answer


def rated(office: Office, reference: str, word: str) -> None:
    with office.relief.work() as work:
        found = find_matter(work, Receipt(reference, code(office, reference), ""), NOW)
        assert not isinstance(found, ReliefError)
        rate(work, found, word)
        work.commit()


def ratings(office: Office, reference: str) -> list[str]:
    return [e.fields["rating"] for e in entries(office, reference) if e.action == "rate"]


def test_of_what_was_refused_it_is_not_said_that_it_is_carried_out(june: Office) -> None:
    granted, refused = opened(june, "relief"), opened(june, "relief")
    walk(june, granted, "accept", "handle")
    walk(june, refused, "accept")
    no = {"decision": "refused", "opinion": "不符合条件"}
    do(june, refused, "handle", PING, no, reason="收入高于标准")
    assert told(june, granted).says == PLAIN["handled"]
    assert told(june, refused).says == REFUSED
    walk(june, refused, "feedback")
    assert told(june, refused).says == PLAIN["feedback"]
    assert told(june, refused).may_rate


def test_receipt_tells_the_state_since_when_and_the_promised_day(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept")
    answer = told(june, case)
    assert answer.state["en"] == "Accepted"
    assert str(answer.says) == "We took it on, and are working on it."
    assert answer.since_on == dt.date(2005, 6, 15)
    assert answer.due_on == dt.date(2005, 8, 15)
    assert [answer.is_overdue, answer.joined, answer.may_rate] == [False] * 3


def test_what_is_told_holds_no_name_no_matter_and_nobody_who_works_here(june: Office) -> None:
    case = opened(june, matter="秘密的事", name="吴试甲", phone="13800000000")
    walk(june, case, "accept", "handle", "implement", "feedback")
    said = repr(asdict(told(june, case)))
    for word in ("秘密", "吴试甲", "1380", "chen", "ping", "企业"):
        assert word not in said


def test_day_that_has_passed_is_told(june: Office) -> None:
    case = opened(june)
    june.at("2005-07-20T09:00")
    assert told(june, case).is_overdue


def test_who_is_waited_for_is_told_without_saying_for_what(june: Office) -> None:
    case = opened(june, "relief")
    do(june, case, "await_papers", CHEN, {"papers_missing": "工伤认定书"})
    answer = told(june, case)
    assert answer.waits_for_petitioner
    assert answer.due_on is None
    assert "工伤" not in repr(answer)


def test_wrong_code_is_answered_as_a_number_that_is_not_there(june: Office) -> None:
    case = opened(june)
    wrong = asked(june, case, "1234-5678-9012")
    unknown = asked(june, "P2005-9999", "1234-5678-9012")
    assert isinstance(wrong, NotAllowed)
    assert isinstance(unknown, NotAllowed)
    assert wrong.problems == unknown.problems == (WRONG,)


def test_code_of_one_matter_opens_no_other(june: Office) -> None:
    first, second = opened(june), opened(june)
    assert isinstance(asked(june, second, code(june, first)), NotAllowed)


@pytest.mark.parametrize("number", ["P2005-9999", "", "\0", "%", "P2005-0001' OR 1=1 --", "\ud800"])
def test_what_is_no_number_of_a_receipt_is_a_wrong_one(june: Office, number: str) -> None:
    opened(june)
    assert isinstance(asked(june, number, "1"), NotAllowed)


@pytest.mark.parametrize("known", [True, False])
def test_tenth_wrong_code_is_the_last_that_is_answered(june: Office, known: bool) -> None:
    case = opened(june)
    number = case if known else "P2005-7777"
    for _ in range(10):
        answer = asked(june, number, "0")
        assert isinstance(answer, NotAllowed)
        assert not isinstance(answer, TooManyGuesses)
    refusal = asked(june, number, code(june, case))  # the right one, too
    assert isinstance(refusal, TooManyGuesses)
    assert refusal.minutes == 15
    later = asked(june, case, code(june, case), NOW + 15 * MINUTE)
    assert isinstance(later, Told)


def test_right_codes_are_asked_as_often_as_somebody_likes(june: Office) -> None:
    case = opened(june)
    typed = code(june, case)
    assert all(isinstance(asked(june, case, typed), Told) for _ in range(40))


def test_one_address_does_not_try_many_numbers(june: Office) -> None:
    case = opened(june)
    for number in range(30):
        assert isinstance(asked(june, f"P2005-{5000 + number}", "0"), NotAllowed)
    assert isinstance(asked(june, case, code(june, case)), TooManyGuesses)
    assert isinstance(asked(june, case, code(june, case), address="10.0.0.2"), Told)


def test_many_addresses_do_not_try_one_number(june: Office) -> None:
    case = opened(june)
    for number in range(60):
        answer = asked(june, case, "0", address=f"10.0.1.{number}")
        assert not isinstance(answer, TooManyGuesses)
    assert isinstance(asked(june, case, "0", address="10.0.2.1"), TooManyGuesses)


def test_throttled_answer_writes_nothing_more(june: Office) -> None:
    for number in range(60):
        asked(june, "P2005-0001", "0", NOW + number * MINUTE / 100)
    after = asked(june, "P2005-0001", "0", NOW + 16 * MINUTE)
    assert isinstance(after, NotAllowed)
    assert not isinstance(after, TooManyGuesses)


def test_restricted_matter_tells_its_state_to_who_has_the_code_and_takes_nothing(
    june: Office,
) -> None:
    case = opened(june, restricted=True)
    walk(june, case, "accept")
    assert told(june, case).state["en"] == "Accepted"
    do(june, case, "name_readers", CHEN, {"readers": "ping"})
    walk(june, case, "handle", "implement")
    assert not told(june, case).may_rate
    with pytest.raises(Conflict, match="takes no rating"):
        rated(june, case, "satisfied")


def test_merged_matter_tells_how_the_other_one_stands(june: Office) -> None:
    first, second = opened(june), opened(june)
    typed = code(june, second)
    do(june, second, "merge", CHEN, {"merge_into": first})
    walk(june, first, "accept", "handle", "implement")
    rated(june, first, "satisfied")
    answer = asked(june, second, typed)
    assert isinstance(answer, Told)
    assert answer.joined
    assert answer.number == second
    assert answer.state["en"] == "Implemented"
    assert (answer.rating, answer.may_rate) == ("", False)
    assert first not in repr(answer)


@pytest.mark.parametrize("kind", SHIPPED)
def test_petitioner_rates_what_was_done_and_it_is_a_step(june: Office, kind: str) -> None:
    case = opened(june, kind)
    walk(june, case, "accept", "handle", "implement")
    assert told(june, case).may_rate
    rated(june, case, "partly")
    entry = entries(june, case)[-1]
    assert (entry.action, entry.actor, entry.fields) == (
        "rate", PETITIONER.username, {"rating": "partly"},
    )  # fmt: skip
    assert state(june, case) == "implemented"
    assert told(june, case).rating == "partly"
    with june.relief.reading() as work:
        assert verify_journal(work) == []
    assert walk(june, case, "feedback") == "feedback"


def test_rating_is_put_right_twice_and_within_seven_days(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    rated(june, case, "satisfied")
    rated(june, case, "satisfied")  # said again is nothing new
    rated(june, case, "partly")
    rated(june, case, "dissatisfied")
    with pytest.raises(Conflict):
        rated(june, case, "satisfied")
    assert ratings(june, case) == ["satisfied", "partly", "dissatisfied"]
    other = opened(june)
    walk(june, other, "accept", "handle", "implement")
    rated(june, other, "satisfied")
    june.at("2005-06-22T09:01")
    with pytest.raises(Conflict):
        rated(june, other, "partly")


def test_what_is_done_anew_is_rated_anew(june: Office) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    rated(june, case, "dissatisfied")
    june.at("2005-07-15T09:00")
    do(june, case, "return", PING, reason="没有落实")
    assert not told(june, case).may_rate
    walk(june, case, "implement")
    assert told(june, case).rating == ""
    rated(june, case, "satisfied")
    assert ratings(june, case) == ["dissatisfied", "satisfied"]


@pytest.mark.parametrize("word", ["", "not_reached", "five stars"])
def test_other_words_are_no_rating(june: Office, word: str) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    with pytest.raises(Invalid):
        rated(june, case, word)


@pytest.mark.parametrize("actor", [CHEN, PING, SCHEDULER, PETITIONER])
def test_nobody_rates_but_the_public_page(june: Office, actor: Actor) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    with pytest.raises((TransitionRefused, NotAllowed)), june.relief.work() as work:
        advance(work, "petition", row(june, case)["id"], "rate", actor,
                fields={"rating": "satisfied"})  # fmt: skip


def test_own_word_goes_before_what_the_clerk_wrote_down(june: Office) -> None:
    names = ("satisfaction_known", "satisfaction_own", "satisfied_rate", "satisfied_percent")
    clerks, own, before, away = (opened(june) for _ in range(4))
    for case in (clerks, own, before, away):
        walk(june, case, "accept", "handle", "implement")
    rated(june, before, "satisfied")
    walk(june, clerks, "feedback")
    walk(june, own, "feedback")
    for case, word in ((before, "dissatisfied"), (away, "not_reached")):
        given = fields_of(june, case, "feedback") | {"satisfaction": word}
        do(june, case, "feedback", CHEN, given)
    rated(june, own, "dissatisfied")
    assert values(june, "2005H1", *names) == [3, 2, "2/3", "66.6"]
    assert rows(june, "2005H1", "satisfied_rate") == [
        (clerks, "2005-06-15", 1), (own, "2005-06-15", 0), (before, "2005-06-15", 1),
    ]  # fmt: skip


def test_rating_after_the_half_year_changes_nothing_in_it(june: Office) -> None:
    case = opened(june)
    june.at("2005-06-30T09:00")
    walk(june, case, "accept", "handle", "implement", "feedback")
    before = values(june, "2005H1", "satisfied_rate")
    june.at("2005-07-02T09:00")
    rated(june, case, "dissatisfied")
    assert values(june, "2005H1", "satisfied_rate") == before == ["1/1"]
    assert values(june, "2005H2", "satisfied_rate") == ["0/1"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("P2005-0001", "P2005-0001"),
        (" p2005 0001", "P2005-0001"),
        ("p2005－1", "P2005-0001"),
        ("Ｐ２００５-０００１", "P2005-0001"),
        ("L2005-12345", "L2005-12345"),
        ("no number", "NONUMBER"),
    ],
)
def test_number_is_taken_as_people_type_it(typed: str, number: str) -> None:
    assert normal_number(typed) == number


@given(st.text())
def test_anything_is_read_as_a_short_number(typed: str) -> None:
    assert len(normal_number(typed)) <= NUMBER_CHARS_MAX


@given(
    st.sampled_from("PRLJ"),
    st.integers(1000, 9999),
    st.integers(1, 99_999_999),
    st.lists(st.sampled_from(["", " ", "\u3000"]), min_size=20, max_size=20),
)
def test_number_with_blanks_in_it_is_the_same_number(
    letter: str, year: int, number: int, blanks: list[str]
) -> None:
    reference = f"{letter}{year}-{number:04d}"
    typed = "".join(map("".join, zip(reference.lower(), blanks, strict=False)))
    assert normal_number(typed) == reference


def before_ratings() -> str:
    """The petition's file as it was shipped before the fifth step asked when and how."""
    text = (shipped_folder("workflows") / "petition.toml").read_text(encoding="utf-8")
    asked = 'fields = ["satisfaction", "answered_on", "answered_by"]'
    assert asked in text
    text = text.replace(asked, 'fields = ["satisfaction"]')
    blocks = re.split(r"\n(?=\[\[)", text)
    gone = ('id = "rate"', 'id = "rating"', 'id = "answered_on"', 'id = "answered_by"')
    kept = [block for block in blocks if not any(each in block for each in gone)]
    assert len(blocks) - len(kept) == 4
    return "\n".join(kept)


def test_case_of_an_older_file_goes_on_as_it_began_and_takes_no_rating(
    june: Office, tmp_path: Path
) -> None:
    case = opened(june)
    own = tmp_path / "older"
    own.mkdir()
    (own / "petition.toml").write_text(before_ratings(), encoding="utf-8")
    definitions, problems = read_folders([own])
    assert not problems
    with june.relief.work() as work:
        publish_definition(work, definitions["petition"])
        sha256 = definitions["petition"].sha256
        work.connection.execute(sa.update(CASE).values(definition_sha256=sha256))
        work.commit()
    walk(june, case, "accept", "handle", "implement")
    assert not told(june, case).may_rate
    with pytest.raises(Conflict):
        rated(june, case, "satisfied")
    do(june, case, "feedback", CHEN, {"satisfaction": "satisfied"})
    assert state(june, case) == "feedback"
    assert values(june, "2005H1", "satisfied_rate", "satisfaction_own") == ["1/1", 0]


@pytest.mark.parametrize("reached_on", ["2005-06-14", "2005-06-16"])
def test_answer_is_given_on_a_day_that_has_come_and_not_before_the_matter(
    june: Office, reached_on: str
) -> None:
    case = opened(june)
    walk(june, case, "accept", "handle", "implement")
    fields = fields_of(june, case, "feedback") | {"answered_on": reached_on}
    with pytest.raises(TransitionRefused) as refused:
        do(june, case, "feedback", CHEN, fields)
    assert [each.field for each in refused.value.problems] == ["answered_on"]


def test_wrong_code_costs_as_many_statements_as_an_unknown_number(june: Office) -> None:
    case = opened(june)
    said: list[list[str]] = []
    engine = june.relief.database.engine

    def listen(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        said[-1].append(statement)

    sa.event.listen(engine, "before_cursor_execute", listen)
    for number in (case, "P2005-9999"):
        said.append([])
        asked(june, number, "0")
    sa.event.remove(engine, "before_cursor_execute", listen)
    assert said[0] == said[1]
    assert len(said[0]) > 3
