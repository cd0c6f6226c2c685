"""The outbox of the day's mails: one row a person and day, so that there is one mail.

At most once: that a mail is being handed over is written down, and committed, before it is. Where
the program ends in between nobody knows whether the server took it, and it is not sent again: the
next day's mail says the same once more. What the server refused is tried again, later each time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from email.message import EmailMessage

import sqlalchemy as sa

from relief.accounts.queries import USER
from relief.engine.work import Work
from relief.kernel.database import table_of
from relief.kernel.text import Text, Translator, _
from relief.reminders.addresses import ADDRESS, opened
from relief.reminders.digest import digest_mail
from relief.reminders.mail import MailServer, NotHandedOver, Unsure
from relief.reminders.queries import inbox
from relief.reminders.tables import DigestMail

DIGEST = table_of(DigestMail)
WAITING, SENDING, SENT, GIVEN_UP, UNSURE = "waiting", "sending", "sent", "given_up", "unsure"
# How long to wait after the first, second, third failure; after the next it is given up.
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 60))
# Nobody hands a mail over for so long: the program ended meanwhile.
_LOST_AFTER = dt.timedelta(minutes=15)
OpenWork = Callable[[], AbstractContextManager[Work]]


@dataclass(frozen=True)
class Post:
    """How mail leaves an office: by which server, in which language for who chose none, and where
    the pages are ("": nowhere that mail could say)."""

    server: MailServer
    locale: str
    pages: str


@dataclass
class Posted:
    """What became of a round of mails; `faults` are names with reasons."""

    sent: int = 0
    faults: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class _Letter:
    digest_id: int
    username: str
    address: str
    attempts: int
    mail: EmailMessage


def write_digests(work: Work) -> int:
    """Put today's mail into the outbox of everybody who has something to read, an address, and
    wants it; gives how many."""
    at, today = work.instant(), work.today
    written = 0
    for row in _receivers(work, today):
        if any(not each.is_read for each in inbox(work, row.username)):
            work.insert(
                DigestMail, user_id=row.id, on=today, state=WAITING, attempts=0, next_at=at,
                tried_at=None,
            )  # fmt: skip
            written += 1
    return written


def anything_to_write(work: Work) -> bool:
    """True where somebody is to get a mail today who has none in the outbox."""
    return any(
        not each.is_read
        for row in _receivers(work, work.today)
        for each in inbox(work, row.username)
    )


def anything_to_send(work: Work) -> bool:
    """True where a mail waits whose time has come, or one was lost."""
    now = work.clock.now()
    return bool(work.rows(sa.select(DIGEST.c.id).where(sa.or_(_ready(now), _lost(now))).limit(1)))


def send_waiting(open_work: OpenWork, post: Post) -> Posted | None:
    """Hand over what waits, each once; None where nothing did. One refused mail stops no other."""
    posted = Posted()
    ready = _look(open_work, posted)
    if not ready:
        return posted if posted.faults else None
    try:
        with post.server.connected() as hand_over:
            for digest_id in ready:
                letter = _claim(open_work, digest_id, post)
                if letter is not None:
                    _send(open_work, letter, hand_over, posted)
    except NotHandedOver as fault:  # nobody was let in: all of them wait
        for digest_id in ready:
            _postpone(open_work, digest_id, fault)
        posted.faults.append(fault.text)
    return posted


def _receivers(work: Work, today: dt.date) -> list[sa.Row[tuple[int, str]]]:
    there = sa.exists().where(DIGEST.c.user_id == USER.c.id, DIGEST.c.on == today)
    statement = (
        sa.select(USER.c.id, USER.c.username)
        .join(ADDRESS, ADDRESS.c.user_id == USER.c.id)
        .where(
            USER.c.disabled_at.is_(None),
            ADDRESS.c.ended_at.is_(None),
            ADDRESS.c.digest.is_(True),
            sa.not_(there),
        )
        .order_by(USER.c.username)
    )
    return list(work.rows(statement))


def _ready(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(DIGEST.c.state == WAITING, DIGEST.c.next_at <= now)


def _lost(now: dt.datetime) -> sa.ColumnElement[bool]:
    return sa.and_(DIGEST.c.state == SENDING, DIGEST.c.tried_at <= now - _LOST_AFTER)


def _look(open_work: OpenWork, posted: Posted) -> list[int]:
    """What waits; what was lost is written off, and what is of another day."""
    with open_work() as work:
        work.take_turn()
        now = work.clock.now()
        lost = work.rows(
            sa.select(DIGEST.c.id, USER.c.username)
            .join(USER, USER.c.id == DIGEST.c.user_id)
            .where(_lost(now))
        )
        for row in lost:
            _set(work, row.id, state=UNSURE)
            posted.faults.append(_unsure(row.username))
        past = sa.and_(DIGEST.c.state == WAITING, DIGEST.c.on < work.today)
        work.connection.execute(sa.update(DIGEST).where(past).values(state=GIVEN_UP))
        ready = [row.id for row in work.rows(sa.select(DIGEST.c.id).where(_ready(now)))]
        work.commit()
    return ready


def _claim(open_work: OpenWork, digest_id: int, post: Post) -> _Letter | None:
    """Take one for handing over, and write that down. None where another program was quicker, or
    there is nothing to say any more, or nobody to say it to."""
    with open_work() as work:
        work.take_turn()
        statement = (
            sa.select(DIGEST.c.attempts, DIGEST.c.on, USER.c.username, USER.c.locale, ADDRESS)
            .join(USER, USER.c.id == DIGEST.c.user_id)
            .join(ADDRESS, ADDRESS.c.user_id == USER.c.id)
            .where(
                DIGEST.c.id == digest_id,
                DIGEST.c.state == WAITING,
                USER.c.disabled_at.is_(None),
                ADDRESS.c.ended_at.is_(None),
                ADDRESS.c.digest.is_(True),
            )
        )
        row = work.connection.execute(statement).mappings().one_or_none()
        told = [each for each in inbox(work, row["username"]) if not each.is_read] if row else []
        address = opened(work, row) if row else ""
        if row is None or not told or not address:
            waits = sa.and_(DIGEST.c.id == digest_id, DIGEST.c.state == WAITING)
            work.connection.execute(sa.update(DIGEST).where(waits).values(state=GIVEN_UP))
            work.commit()
            return None
        now = work.clock.now()
        _set(work, digest_id, state=SENDING, attempts=row["attempts"] + 1, tried_at=now)
        work.commit()
    link = f"{post.pages.rstrip('/')}/reminders" if post.pages else ""
    name = f"{row['on'].isoformat()}.{digest_id}.{row['token'][:12]}"
    mail = digest_mail(told, Translator(row["locale"] or post.locale), now, link, name)
    mail["From"], mail["To"] = post.server.sender, address
    return _Letter(digest_id, row["username"], address, row["attempts"] + 1, mail)


def _send(
    open_work: OpenWork,
    letter: _Letter,
    hand_over: Callable[[EmailMessage, str], None],
    posted: Posted,
) -> None:
    try:
        hand_over(letter.mail, letter.address)
    except NotHandedOver as fault:
        name, why = letter.username, fault.text
        posted.faults.append(_("{name}: {reason}", name=name, reason=why))
        _settle(open_work, letter.digest_id, **_after(open_work, letter.attempts, fault))
    except Unsure:
        posted.faults.append(_unsure(letter.username))
        _settle(open_work, letter.digest_id, state=UNSURE)
    else:
        posted.sent += 1
        _settle(open_work, letter.digest_id, state=SENT)


def _postpone(open_work: OpenWork, digest_id: int, fault: NotHandedOver) -> None:
    """One that could not even be begun; where another program took it meanwhile, it is theirs."""
    with open_work() as work:
        work.take_turn()
        found = work.rows(
            sa.select(DIGEST.c.attempts).where(DIGEST.c.id == digest_id, DIGEST.c.state == WAITING)
        )
        for row in found:
            tried = row.attempts + 1
            later = _later(work.clock.now(), tried, fault)
            _set(work, digest_id, attempts=tried, tried_at=work.clock.now(), **later)
        work.commit()


def _after(open_work: OpenWork, attempts: int, fault: NotHandedOver) -> dict[str, object]:
    with open_work() as work:
        return _later(work.clock.now(), attempts, fault)


def _later(now: dt.datetime, attempts: int, fault: NotHandedOver) -> dict[str, object]:
    if fault.for_good or attempts > len(BACK_OFF):
        return {"state": GIVEN_UP}
    return {"state": WAITING, "next_at": now + BACK_OFF[attempts - 1]}


def _settle(open_work: OpenWork, digest_id: int, **values: object) -> None:
    with open_work() as work:
        work.take_turn()
        _set(work, digest_id, **values)
        work.commit()


def _set(work: Work, digest_id: int, **values: object) -> None:
    work.connection.execute(sa.update(DIGEST).where(DIGEST.c.id == digest_id).values(**values))


def _unsure(username: str) -> Text:
    return _(
        "{name}: whether the mail server took it is not known; it is not sent again", name=username
    )
