"""A round of the day's mails: each is claimed and committed before it is handed over, and settled
after; so a program that ends in between sends none of them twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from email.message import EmailMessage

from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.reminders import outbox
from relief.reminders.mail import NotHandedOver, Unsure
from relief.reminders.outbox import MailRoute, OutgoingMail

OpenWork = Callable[[], AbstractContextManager[Work]]


@dataclass
class Posted:
    """What became of a round of mails; `faults` are names with reasons."""

    sent: int = 0
    faults: list[Text] = field(default_factory=list)


def send_waiting(open_work: OpenWork, route: MailRoute) -> Posted | None:
    """Hand over what waits, each once; None where nothing did. One refused mail stops no other."""
    with open_work() as work:
        ready, lost = outbox.look(work)
        work.commit()
    posted = Posted(faults=lost)
    if not ready:
        return posted if lost else None
    try:
        with route.server.connected() as hand_over:
            for digest_id in ready:
                outgoing = _take(open_work, digest_id, route)
                if outgoing is not None:
                    _send(open_work, outgoing, hand_over, posted)
    except NotHandedOver as fault:  # nobody was let in: all of them wait
        _postpone(open_work, ready, fault)
        posted.faults.append(fault.text)
    return posted


def _postpone(open_work: OpenWork, ready: Sequence[int], fault: NotHandedOver) -> None:
    with open_work() as work:
        for digest_id in ready:
            outbox.was_refused(work, digest_id, fault, begun=False)
        work.commit()


def _take(open_work: OpenWork, digest_id: int, route: MailRoute) -> OutgoingMail | None:
    with open_work() as work:
        outgoing = outbox.take_to_send(work, digest_id, route)
        work.commit()
    return outgoing


def _send(
    open_work: OpenWork,
    outgoing: OutgoingMail,
    hand_over: Callable[[EmailMessage, str], None],
    posted: Posted,
) -> None:
    try:
        hand_over(outgoing.mail, outgoing.address)
    except NotHandedOver as fault:
        refusal = fault
        posted.faults.append(_("{name}: {reason}", name=outgoing.username, reason=fault.text))
        _settle(
            open_work,
            lambda work: outbox.was_refused(work, outgoing.digest_id, refusal, begun=True),
        )
    except Unsure:
        posted.faults.append(outbox.not_known(outgoing.username))
        _settle(open_work, lambda work: outbox.is_unsure(work, outgoing))
    else:
        posted.sent += 1
        _settle(open_work, lambda work: outbox.was_sent(work, outgoing))


def _settle(open_work: OpenWork, write: Callable[[Work], None]) -> None:
    with open_work() as work:
        write(work)
        work.commit()
