"""The day's seal over the head of every case's chain, so that a tail or a case that was removed,
with everything that remembered it, shows all the same. Anybody can take a seal's hash again; the
office's own mark over the last one, in `deployment`, nobody else can make."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from relief.engine.journal.chain import JOURNAL, hash_of
from relief.engine.tables import JournalSeal
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.crypto import sealed_key_check
from relief.kernel.errors import Problem
from relief.kernel.text import _
from relief.kernel.unit_of_work import DEPLOYMENT, UnitOfWork

SEALS = table_of(JournalSeal)
_HASHED = tuple(column.name for column in SEALS.c if column.name not in ("id", "hash"))
_ENTRIES = sa.select(
    JOURNAL.c.id, JOURNAL.c.subject_kind, JOURNAL.c.subject_id, JOURNAL.c.number, JOURNAL.c.hash
).order_by(JOURNAL.c.id)
_KEY_CHECK = sa.select(DEPLOYMENT.c.key_check)
_SEALS_MARK = sa.select(DEPLOYMENT.c.seals_mark)


@dataclass(frozen=True)
class Seal:
    """What one day's seal holds."""

    sealed_on: dt.date
    sealed_at: dt.datetime
    last_entry_id: int
    entry_count: int
    heads_hash: str
    previous_hash: str
    hash: str


class Heads:
    """The last entry of every case, as entries go by in the order of their ids."""

    def __init__(self) -> None:
        self.entry_count = 0
        self.last_entry_id = 0
        self._last: dict[tuple[str, int], tuple[int, str]] = {}

    def take(self, entry: Mapping[Any, Any]) -> None:
        """Let one more entry go by."""
        self.entry_count += 1
        self.last_entry_id = entry["id"]
        case = (entry["subject_kind"], entry["subject_id"])
        head = (entry["number"], entry["hash"])
        self._last[case] = max(head, self._last.get(case, head))

    def digest(self) -> str:
        """SHA-256 over the sorted lines `kind:id:number:hash`."""
        lines = sorted(
            f"{kind}:{subject_id}:{number}:{digest}"
            for (kind, subject_id), (number, digest) in self._last.items()
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def seal_day(work: Work, day: dt.date) -> Seal:
    """Seal the journal as it stands, once a day; asked again it gives the day's seal."""
    at = work.instant()
    seals = _seals(work)
    for seal in seals:
        if seal.sealed_on == day:
            return seal
    heads = Heads()
    for entry in work.stream(_ENTRIES):
        heads.take(entry)
    record: dict[str, Any] = {
        "sealed_on": day,
        "sealed_at": at,
        "last_entry_id": heads.last_entry_id,
        "entry_count": heads.entry_count,
        "heads_hash": heads.digest(),
        "previous_hash": seals[-1].hash if seals else "",
    }
    seal = Seal(**record, hash=_hash(record))
    work.insert(JournalSeal, **vars(seal))
    if _bear_mark(work, seals):  # seals that were made anew by hand get no mark
        _mark(work, [*seals, seal])
    return seal


def mark_seals(work: UnitOfWork) -> None:
    """Put the office's mark over the seals that stand: none but the office can make it."""
    _mark(work, _seals(work))


def verify_seals(work: UnitOfWork) -> Iterator[Problem]:
    """Compare every seal with the entries that it covers, and with the seal before it."""
    heads = Heads()
    entries = work.stream(_ENTRIES)
    waiting = next(entries, None)
    previous_hash = ""
    seals = _seals(work)
    for seal in seals:
        while waiting is not None and waiting["id"] <= seal.last_entry_id:
            heads.take(waiting)
            waiting = next(entries, None)
        yield from _faults_of(seal, previous_hash, heads)
        previous_hash = seal.hash
    if _is_marking(work) and not _bear_mark(work, seals):
        text = _(
            "The daily seals do not bear the office's mark: the last were removed, or all were "
            "made anew by hand."
        )
        yield Problem("journal.seals_unmarked", text)


def _is_marking(work: UnitOfWork) -> bool:
    """Whether the office has begun to mark its seals."""
    return bool(
        work.rows(_KEY_CHECK.where(DEPLOYMENT.c.key_check == sealed_key_check(work.cipher)))
    )


def _bear_mark(work: UnitOfWork, seals: Sequence[Seal]) -> bool:
    stored = str(work.connection.execute(_SEALS_MARK).scalar_one())
    return hmac.compare_digest(stored.encode(), _mark_of(work, seals).encode())


def _mark(work: UnitOfWork, seals: Sequence[Seal]) -> None:
    work.connection.execute(sa.update(DEPLOYMENT).values(seals_mark=_mark_of(work, seals)))


def _mark_of(work: UnitOfWork, seals: Sequence[Seal]) -> str:
    """Over the last alone: its hash holds the hash of the one before, and so on to the first."""
    last = seals[-1].hash if seals else ""
    return work.cipher.blind_index(f"{len(seals)}:{last}", "journal seals")


def _faults_of(seal: Seal, previous_hash: str, heads: Heads) -> Iterator[Problem]:
    day = seal.sealed_on
    if _hash(vars(seal)) != seal.hash:
        text = _("The seal of {day} was changed after it was made.", day=day)
        yield Problem("journal.seal_changed", text)
    elif seal.previous_hash != previous_hash:
        text = _("The seal before that of {day} was removed or replaced.", day=day)
        yield Problem("journal.seal_missing", text)
    if heads.entry_count != seal.entry_count:
        text = _(
            "The seal of {day} covers {sealed} journal entries, but {found} are there: entries "
            "were removed or put in.",
            day=day,
            sealed=seal.entry_count,
            found=heads.entry_count,
        )
        yield Problem("journal.count_differs", text)
    elif heads.digest() != seal.heads_hash:
        text = _("The journal differs from what was sealed on {day}.", day=day)
        yield Problem("journal.seal_broken", text)


def _seals(work: UnitOfWork) -> list[Seal]:
    columns = [SEALS.c[name] for name in (*_HASHED, "hash")]
    rows = work.rows(sa.select(*columns).order_by(SEALS.c.id))
    return [Seal(**row._mapping) for row in rows]


def _hash(record: Mapping[str, object]) -> str:
    return hash_of({name: _plain(record[name]) for name in _HASHED}, _HASHED)


def _plain(value: object) -> object:
    plain_day = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
    return str(value) if plain_day else value
