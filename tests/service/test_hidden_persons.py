"""Whom restricted matters alone know is not there for who may see none of them: whatever is typed,
asked or brought, an office answers as one that never heard of that person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
import sqlalchemy as sa

from relief.engine.actors import Actor
from relief.finding.hits import Found
from relief.finding.likely import likely_same
from relief.finding.search import NOTHING, find
from relief.households.queries import HOUSEHOLD
from relief.kernel.errors import ReliefError
from relief.people.queries import IDENTITY, PERSON
from tests.matters import MEI, answered, do, opened, row
from tests.office import AN, CHEN, FANG, PING, WEN, Office

pytestmark = pytest.mark.postgresql_slow

LIU = Actor("liu", frozenset({"clerk"}))
HIDDEN, TYPED, PHONE = "梅试丁", "王试戊", "13900000009"
ENROLLED = {"grade": "deep", "approved_on": "2005-03-24", "account_no": "4111111111111111"}
WORDS = (MEI, MEI[-4:], HIDDEN, TYPED, "msd", "wsw", PHONE, "0009")


@pytest.fixture
def both(new_office: Callable[[], Office]) -> tuple[Office, Office]:
    """An office that knows Mei by a restricted case, and one where an anonymous one came."""
    knows, never = new_office(), new_office()
    for office in (knows, never):
        office.scheme(go_live="2005-04")
        office.rates(("deep", "2005-01", 20_000))
        office.at("2005-06-15T09:00")
    opened(knows, restricted=True, name=HIDDEN, id_number=MEI, phone=PHONE)
    opened(never, restricted=True, name="", id_number="")
    return knows, never


def told(act: Callable[[], object]) -> object:
    """What an act comes to: its result, or every word of the refusal."""
    try:
        return act()
    except ReliefError as refused:
        return [(each.code, str(each.text), each.field) for each in refused.problems]


def looked(office: Office, actor: Actor, words: str) -> Found:
    """Whoever is found; the ids of rows aside."""
    with office.relief.reading() as work:
        found = find(work, actor, words)
    return replace(found, hits=tuple(replace(hit, person_id=0) for hit in found.hits))


def seen(office: Office) -> list[object]:
    """Everything that is shown of somebody to those who are not named."""
    found: list[object] = [looked(office, a, w) for w in WORDS for a in (LIU, PING, FANG, AN, WEN)]
    with office.relief.reading() as work:
        found += likely_same(work, LIU, "", "", MEI)
        found += likely_same(work, LIU, TYPED, PHONE, MEI)
    return found


def brought(office: Office, name: str, no: str = "H1") -> tuple[object, list[str]]:
    household = {"household_no": no, "applicant_name": name, "applicant_id": MEI}
    taken = office.register([household | ENROLLED])
    return taken.counts, [str(each.located()) for each in taken.warnings]


ACTS: dict[str, Callable[[Office], object]] = {
    "number alone": lambda office: answered(office, LIU, id_number=MEI),
    "number and another name": lambda office: answered(office, LIU, id_number=MEI, name=TYPED),
    "number and the name": lambda office: answered(office, LIU, id_number=MEI, name=HIDDEN),
    "case": lambda office: opened(office, actor=LIU, id_number=MEI, name=TYPED),
    "case without a name": lambda office: opened(office, actor=LIU, id_number=MEI, name=""),
    "register": lambda office: brought(office, TYPED),
    "ledger without a name": lambda office: office.change(
        {"household_no": "H2", "change": "join", "effective_on": "2005-06-01", "id_number": MEI}
    ).counts,
    "identified later": lambda office: do(
        office,
        opened(office, actor=LIU, id_number="", name=TYPED),
        "identify",
        LIU,
        {"id_number": MEI},
    ).to_state,
    "identified without a name": lambda office: do(
        office, opened(office, actor=LIU, id_number="", name=""), "identify", LIU,
        {"id_number": MEI},
    ).to_state,
}  # fmt: skip


def test_office_that_knows_somebody_by_a_restricted_matter_answers_as_one_that_does_not(
    both: tuple[Office, Office],
) -> None:
    """Every act in an office of its own would be slow: what an act wrote is in both offices when
    the next begins, which is refused in both alike, or goes on from there."""
    for office in both:
        other = {"household_no": "H2", "applicant_name": "吴试甲"}
        office.register([other | ENROLLED | {"applicant_id": "331002195406274937"}])
    assert seen(both[0]) == seen(both[1]) == [NOTHING] * (len(WORDS) * 5)
    for name in ("number alone", "case without a name", "identified without a name",
                 "ledger without a name", "number and another name", "number and the name",
                 "case", "identified later", "register"):  # fmt: skip
        knows, never = (told(partial(ACTS[name], office)) for office in both)
        assert knows == never, name
        assert seen(both[0]) == seen(both[1]), name
    assert looked(both[0], PING, MEI).hits[0].name == TYPED


@pytest.mark.parametrize("act", ["number and the name", "case", "register", "identified later"])
def test_first_thing_that_is_known_openly_is_all_that_is_known(
    both: tuple[Office, Office], act: str
) -> None:
    knows, never = (told(partial(ACTS[act], office)) for office in both)
    assert knows == never
    assert seen(both[0]) == seen(both[1]) != [NOTHING] * (len(WORDS) * 5)
    with both[0].relief.reading() as work:
        numbers = sa.select(sa.func.count()).select_from(IDENTITY)
        assert work.connection.execute(numbers).scalar_one() == 1  # nobody was doubled


def test_household_bears_the_name_that_its_register_said(both: tuple[Office, Office]) -> None:
    for office in both:
        assert brought(office, TYPED)[1] == []
        with office.relief.reading() as work:
            named = sa.select(PERSON.c.name).join(
                HOUSEHOLD, HOUSEHOLD.c.applicant_id == PERSON.c.id
            )
            assert work.connection.execute(named).scalars().all() == [TYPED]


def test_who_may_see_it_finds_the_person_by_its_own_matter(office: Office) -> None:
    opened(office, restricted=True, name=HIDDEN, id_number=MEI, phone=PHONE)
    answered(office, LIU, restricted=True, name=TYPED, id_number=MEI)
    for actor, name, other in ((CHEN, HIDDEN, TYPED), (LIU, TYPED, HIDDEN)):
        for words in (MEI, MEI[-4:], name):
            (hit,) = looked(office, actor, words).hits
            assert hit.name == name, words
        assert looked(office, actor, other) == NOTHING
        assert looked(office, PING, name) == NOTHING
    answered(office, LIU, name="公开名", id_number=MEI)
    for actor in (CHEN, LIU, FANG):
        assert looked(office, actor, MEI).hits[0].name == "公开名"


def test_who_is_known_by_nothing_else_goes_with_a_case_that_becomes_restricted(
    office: Office,
) -> None:
    case = opened(office, name=HIDDEN, id_number=MEI, phone=PHONE)
    known = opened(office)
    brought_in = opened(office, name=TYPED, id_number="")
    assert looked(office, FANG, MEI) != NOTHING
    for each in (case, known):
        do(office, each, "accept", CHEN, {"matter_class": "accusation"})
    assert looked(office, FANG, MEI) == NOTHING
    assert told(lambda: answered(office, LIU, id_number=MEI)) == [
        ("name.missing", "This person is not known yet; give the name, too.", "name")
    ]
    assert looked(office, CHEN, HIDDEN).hits[0].name == HIDDEN
    do(office, brought_in, "identify", LIU, {"id_number": MEI})
    assert looked(office, FANG, MEI).hits[0].name == TYPED
    do(office, brought_in, "merge", CHEN, {"merge_into": case})
    assert looked(office, FANG, MEI) == NOTHING
    assert row(office, case)["restricted"]


@pytest.mark.parametrize("where", ["household", "contact", "case"])
def test_who_is_known_openly_stays_when_a_case_becomes_restricted(
    office: Office, where: str
) -> None:
    office.scheme(go_live="2005-04")
    office.at("2005-06-15T09:00")
    case = opened(office, name=HIDDEN, id_number=MEI)
    if where == "household":
        brought(office, HIDDEN)
    elif where == "contact":
        answered(office, LIU, name=HIDDEN, id_number=MEI)
    else:
        other = opened(office, name=HIDDEN, id_number="")
        do(office, other, "identify", LIU, {"id_number": MEI})
    do(office, case, "accept", CHEN, {"matter_class": "accusation"})
    assert looked(office, FANG, MEI).hits[0].name == HIDDEN
    assert isinstance(answered(office, LIU, id_number=MEI), str)


def test_slip_in_a_name_is_put_right_as_if_no_restricted_matter_knew_the_person(
    both: tuple[Office, Office],
) -> None:
    """An open case and a restricted one beside it, in the one office; in the other the open case
    alone."""
    for office in both:
        case = opened(office, actor=LIU, name=HIDDEN, id_number=MEI)
        assert do(office, case, "identify", LIU, {"petitioner_name": TYPED}).to_state == "received"
        assert row(office, case)["petitioner_name"] == looked(office, LIU, MEI).hits[0].name
    assert seen(both[0]) == seen(both[1])
    for office in both:  # another open one: now it is told, in the same words
        opened(office, actor=LIU, name=TYPED, id_number=MEI)
    names = {"petitioner_name": HIDDEN}
    answers = [told(partial(do, office, case, "identify", LIU, names)) for office in both]
    assert answers[0] == answers[1]
    assert "petition.name_of_another" in str(answers[0])
