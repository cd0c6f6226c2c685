"""The outbox of the day's mails: one row a person and day, so that there is one mail.

At most once: that a mail is being handed over is written down, and committed, before it is. Where
the program ends in between nobody knows whether the server took it, and it is not sent again: the
next day's mail says the same once more. What the server refused is tried again, later each time.
The steps of a round are units of work of their own (scheduler/jobs/mail_round.py commits them).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from email.message import EmailMessage

import sqlalchemy as sa

from relief.accounts.queries import USER
from relief.engine.work import Work
from relief.kernel.columns import table_of
from relief.kernel.text import Text, Translator, _
from relief.reminders.addresses import ADDRESS, opened
from relief.reminders.digest import digest_mail
from relief.reminders.mail import MailServer, NotHandedOver
from relief.reminders.queries import inbox
from relief.reminders.tables import DigestMail

DIGEST = table_of(DigestMail)
WAITING, SENDING, SENT, GIVEN_UP, UNSURE = "waiting", "sending", "sent", "given_up", "unsure"
# How long to wait after the first, second, third failure; after the next it is given up.
BACK_OFF = tuple(dt.timedelta(minutes=minutes) for minutes in (5, 15, 60))
# Nobody hands a mail over for so long: the program ended meanwhile.
_LOST_AFTER = dt.timedelta(minutes=15)


@dataclass(frozen=True)
class MailRoute:
    """How mail leaves an office: by which server, in which language for who chose none, and where
    the pages are ("": nowhere that mail could say)."""

    server: MailServer
    locale: str
    pages: str


@dataclass(frozen=True)
class OutgoingMail:
    """A mail that is to be handed over."""

    digest_id: int
    username: str
    address: str
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


def look(work: Work) -> tuple[list[int], list[Text]]:
    """What waits; and what was lost, which is written off, as is what is of another day."""
    work.take_turn()
    now = work.clock.now()
    lost = work.rows(
        sa.select(DIGEST.c.id, USER.c.username)
        .join(USER, USER.c.id == DIGEST.c.user_id)
        .where(_lost(now))
    )
    for row in lost:
        _set(work, row.id, state=UNSURE)
    past = sa.and_(DIGEST.c.state == WAITING, DIGEST.c.on < work.today)
    work.connection.execute(sa.update(DIGEST).where(past).values(state=GIVEN_UP))
    ready = [row.id for row in work.rows(sa.select(DIGEST.c.id).where(_ready(now)))]
    return ready, [not_known(row.username) for row in lost]


def take_to_send(work: Work, digest_id: int, route: MailRoute) -> OutgoingMail | None:
    """Take one for handing over, and write that down. None where another program was quicker, or
    there is nothing to say any more, or nobody to say it to."""
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
    address = opened(work, dict(row)) if row else ""
    if row is None or not told or not address:
        waits = sa.and_(DIGEST.c.id == digest_id, DIGEST.c.state == WAITING)
        work.connection.execute(sa.update(DIGEST).where(waits).values(state=GIVEN_UP))
        return None
    now, attempts = work.clock.now(), row["attempts"] + 1
    _set(work, digest_id, state=SENDING, attempts=attempts, tried_at=now)
    link = f"{route.pages.rstrip('/')}/reminders" if route.pages else ""
    name = f"{row['on'].isoformat()}.{digest_id}.{row['token'][:12]}"
    mail = digest_mail(told, Translator(row["locale"] or route.locale), now, link, name)
    mail["From"], mail["To"] = route.server.sender, address
    return OutgoingMail(digest_id, row["username"], address, mail)


def was_sent(work: Work, outgoing: OutgoingMail) -> None:
    """The server took it."""
    _settle(work, outgoing, state=SENT)


def is_unsure(work: Work, outgoing: OutgoingMail) -> None:
    """Nobody knows whether the server took it: it is not sent again."""
    _settle(work, outgoing, state=UNSURE)


def was_refused(work: Work, digest_id: int, fault: NotHandedOver, *, begun: bool) -> None:
    """The server did not take it: it waits, or is given up. Where nothing could even be begun
    (`begun` is False) and another program took it meanwhile, it is theirs."""
    work.take_turn()
    state = SENDING if begun else WAITING
    found = work.rows(
        sa.select(DIGEST.c.attempts).where(DIGEST.c.id == digest_id, DIGEST.c.state == state)
    )
    now = work.clock.now()
    for row in found:
        attempts = row.attempts if begun else row.attempts + 1
        values: dict[str, object] = {"state": WAITING, "attempts": attempts, "tried_at": now}
        if fault.for_good or attempts > len(BACK_OFF):
            values["state"] = GIVEN_UP
        else:
            values["next_at"] = now + BACK_OFF[attempts - 1]
        _set(work, digest_id, **values)


def not_known(username: str) -> Text:
    """What is told of a mail of which nobody knows whether it went."""
    return _(
        "{name}: whether the mail server took it is not known; it is not sent again", name=username
    )


def _settle(work: Work, outgoing: OutgoingMail, **values: object) -> None:
    work.take_turn()
    _set(work, outgoing.digest_id, **values)


def _set(work: Work, digest_id: int, **values: object) -> None:
    work.connection.execute(sa.update(DIGEST).where(DIGEST.c.id == digest_id).values(**values))
