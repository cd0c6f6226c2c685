"""What was written once is verified by every later program, on whatever machine: the hashes here
are those of journals that are kept, and never change."""

from __future__ import annotations

import datetime as dt

import pytest
from little_office import Office
from plea import ZONE, at

from relief.engine.journal.chain import entry_of, hash_of, opened
from relief.engine.journal.seals import Heads, verify_seals
from relief.engine.tables import JournalSeal
from relief.kernel.crypto import FieldCipher
from relief.kernel.text import as_json

pytestmark = pytest.mark.usefixtures("_machine_abroad")

ENTRY = {
    "subject_kind": "permit",
    "subject_id": 7,
    "number": 2,
    "action": "submit",
    "from_state": "draft",
    "to_state": "submitted",
    "actor": "梅",
    "on_behalf_of": None,
    "at": dt.datetime(2005, 6, 15, 9, 30, tzinfo=ZONE),
    "definition_sha256": "d" * 64,
    "facts": '{"lines":3}',
    "sealed": b"\x00\xff",
    "previous_hash": "p" * 64,
}
SEAL = {
    "sealed_on": dt.date(2005, 6, 15),
    "sealed_at": dt.datetime(2005, 6, 15, 23, 50, tzinfo=ZONE),
    "last_entry_id": 0,
    "entry_count": 0,
    "heads_hash": "",
    "previous_hash": "",
}
SEAL_HASH = "74fef0152eaed5ce5ceb50dbbd459e1bc3c2706c617180eca211ad4584790a7b"

JOURNAL_KEY = bytes.fromhex(
    "003ebd85a20d7829835f8e398200bd724c148befd391a075ce10860a0b41594b042c9c852f7588b639a717aa"
    "cf68c596eed8a6fc7a5dc5b7a967c9c650"
)
SEALED = bytes.fromhex(
    "007d343d86abf51d1c74534aa887419baccf14b6a31d570f5d6127f15ddaa080d314b5de83654eb0cb7e6301"
    "2873774e220a5a7bd552ef408516b43225c8f6e183ca3a18f09b9845a7a90dbeaa533952f58ed89c555af1b3"
    "dbce"
)


def test_hash_of_an_entry_stays_what_it_was() -> None:
    assert hash_of(ENTRY) == "6c669df0c90021bf798e7f146a86095a03a8e198971b48a8ff1e80b557f45fd8"
    utc = {**ENTRY, "at": dt.datetime(2005, 6, 15, 1, 30, tzinfo=dt.UTC)}
    assert hash_of(utc) == hash_of(ENTRY)


def test_digest_of_the_heads_stays_what_it_was() -> None:
    heads = Heads()
    for number, subject_id in enumerate((12, 3, 12), start=1):
        entry = {"id": number, "subject_kind": "permit", "subject_id": subject_id}
        heads.take({**entry, "number": number, "hash": f"{number}" * 64})
    assert (heads.entry_count, heads.last_entry_id) == (3, 3)
    assert heads.digest() == "ee290414a11b1954bb6b0de6d55f9733a49e57d0af405715c753c069cc81e272"


def test_seal_that_was_made_long_ago_still_holds(office: Office) -> None:
    with office.work() as work:
        work.insert(
            JournalSeal,
            **{
                **SEAL,
                "heads_hash": Heads().digest(),
                "hash": "74fef0152eaed5ce5ceb50dbbd459e1bc3c2706c617180eca211ad4584790a7b",
            },
        )
    with office.work(writes=False) as work:
        assert list(verify_seals(work)) == []


def test_words_that_were_sealed_long_ago_are_opened() -> None:
    record = {**ENTRY, "id": 1, "hash": "", "sealed": SEALED}
    entry = opened(FieldCipher([b"k" * 32]), record, JOURNAL_KEY)
    assert (entry.reason, entry.fields, entry.override) == ("再看", {"opinion": "fine"}, "")


@pytest.mark.parametrize(
    ("happened", "is_late"),
    [("2005-06-14T23:00", True), ("2005-06-15T01:00", False), ("2005-06-15T09:30", False)],
)
def test_entry_is_late_by_the_days_of_the_office(happened: str, is_late: bool) -> None:
    facts = as_json({"happened_at": at(happened).isoformat()})
    entry = entry_of({**ENTRY, "id": 1, "hash": "", "facts": facts}, {})
    assert entry.entered_late(ZONE) is is_late
