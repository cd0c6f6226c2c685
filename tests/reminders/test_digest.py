"""The day's mail, handed over to a real server: what it says, and that there is one."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage, Message
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from relief.accounts.service import disable_user
from relief.engine.actors import Actor
from relief.kernel.clock import RehearsalClock
from relief.kernel.errors import Invalid, NotAllowed
from relief.reminders.addresses import ADDRESS, OwnMail, mail_of, set_mail
from relief.reminders.inbox import mark_read
from relief.reminders.mail import MailServer
from relief.reminders.outbox import (
    BACK_OFF,
    DIGEST,
    MailRoute,
    anything_to_send,
    write_digests,
)
from relief.scheduler.diary import unfinished
from relief.scheduler.jobs import mail_round
from relief.scheduler.jobs.mail_round import Posted, send_waiting
from relief.scheduler.jobs.reminders import MAKE_REMINDERS, SEND_DIGESTS, WRITE_DIGESTS
from relief.scheduler.runner import tick
from tests.matters import do, opened
from tests.office import AN, CHEN, PING, WEN, Office
from tests.reminders.mail_server import Server, make_certificate, serving
from tests.reminders.readers import look

pytestmark = pytest.mark.postgresql_slow

SOON = "2005-06-27T09:00"
PAGES = "https://relief.example.org"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls") / "server.pem")


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def line(server: Server) -> Iterator[MailServer]:
    with serving(server) as line:
        yield line


@pytest.fixture
def soon(sqlite_office: Office) -> Office:
    """Chen has a case that is due in three days, and an address."""
    return due_soon(sqlite_office)


@pytest.fixture
def soon_on_both(office: Office) -> Office:
    """The same, on each database."""
    return due_soon(office)


def due_soon(office: Office) -> Office:
    office.at("2005-06-15T09:00")
    opened(office, matter="秘密的事")
    office.at(SOON)
    look(office)
    give_address(office, CHEN, "chen@example.org")
    return office


def give_address(office: Office, actor: Actor, address: str, *, digest: bool = True) -> None:
    with office.relief.work() as work:
        set_mail(work, actor, actor.username, address, digest=digest)
        work.commit()


def write(office: Office) -> int:
    with office.relief.work() as work:
        written = write_digests(work)
        work.commit()
    return written


def send(office: Office, line: MailServer, locale: str = "en") -> Posted | None:
    return send_waiting(office.relief.work, MailRoute(line, locale, PAGES))


def states(office: Office) -> list[tuple[str, int]]:
    with office.relief.reading() as work:
        rows = work.rows(sa.select(DIGEST.c.state, DIGEST.c.attempts).order_by(DIGEST.c.id))
    return [tuple(row) for row in rows]


def later(office: Office, by: dt.timedelta) -> None:
    clock = office.relief.clock
    assert isinstance(clock, RehearsalClock)
    clock.put_forward(clock.now() + by)


def body(mail: Message) -> str:
    assert isinstance(mail, EmailMessage)
    return str(mail.get_content())


def faults(posted: Posted | None) -> list[str]:
    assert posted is not None
    return [str(text) for text in posted.faults]


def test_mail_says_numbers_kinds_days_and_a_link_and_nothing_personal(
    soon: Office, server: Server, line: MailServer
) -> None:
    assert write(soon) == 1
    posted = send(soon, line)
    assert posted is not None
    assert (posted.sent, posted.faults) == (1, [])
    ((to, mail),) = server.taken
    assert to == mail["To"] == "chen@example.org"
    assert mail["From"] == "relief@example.org"
    assert mail["Subject"] == "relief: overdue 0, due soon 1"
    text = body(mail)
    assert "P2005-0001 Petition, Received: 2005-06-30" in text
    assert f"{PAGES}/reminders" in text
    for word in ("秘密", "吴试甲", "chen", "ping"):
        assert word not in text
    assert states(soon) == [("sent", 1)]


def test_mail_speaks_the_language_of_who_reads_it(
    soon: Office, server: Server, line: MailServer
) -> None:
    write(soon)
    send(soon, line, "zh_Hans_CN")
    assert "信访" in body(server.taken[0][1])


def test_restricted_matter_is_told_without_its_number(
    office: Office, server: Server, line: MailServer
) -> None:
    office.at("2005-06-15T09:00")
    case = opened(office, restricted=True)
    office.at(SOON)
    look(office)
    for who in (CHEN, PING, WEN):
        give_address(office, who, f"{who.username}@example.org")
    assert write(office) == 1
    send(office, line)
    ((to, mail),) = server.taken
    assert to == "chen@example.org"
    assert "a restricted matter: 2005-06-30" in body(mail)
    assert case not in mail.as_string()


def test_matter_that_came_to_be_restricted_meanwhile_is_not_in_the_mail(
    soon_on_both: Office, server: Server, line: MailServer
) -> None:
    soon = soon_on_both
    do(soon, "P2005-0001", "assign", CHEN, {"case_worker": "ping"})
    look(soon)
    give_address(soon, PING, "ping@example.org")
    assert write(soon) == 1
    do(soon, "P2005-0001", "assign", CHEN, {"case_worker": "chen"})
    do(soon, "P2005-0001", "accept", CHEN, {"matter_class": "accusation"})
    assert send(soon, line) is not None
    assert server.taken == []
    assert states(soon) == [("given_up", 0)]


def test_one_mail_a_day(soon_on_both: Office, server: Server, line: MailServer) -> None:
    soon = soon_on_both
    assert [write(soon), write(soon)] == [1, 0]
    send(soon, line)
    assert send(soon, line) is None
    later(soon, dt.timedelta(hours=2))
    assert [write(soon), send(soon, line), len(server.taken)] == [0, None, 1]
    soon.at("2005-06-28T09:00")
    look(soon)
    assert write(soon) == 1
    send(soon, line)
    assert len(server.taken) == 2
    assert server.taken[0][1]["Message-ID"] != server.taken[1][1]["Message-ID"]


def test_nobody_gets_a_mail_who_read_everything_switched_it_off_or_was_disabled(
    soon: Office,
) -> None:
    give_address(soon, CHEN, "chen@example.org", digest=False)
    assert write(soon) == 0
    give_address(soon, CHEN, "chen@example.org")
    with soon.relief.work() as work:
        mark_read(work, "chen")
        assert write_digests(work) == 0
    with soon.relief.work() as work:
        disable_user(work, AN, "chen", 1)
        assert write_digests(work) == 0


def test_who_switches_it_off_before_it_is_sent_gets_none(
    soon: Office, server: Server, line: MailServer
) -> None:
    write(soon)
    give_address(soon, CHEN, "chen@example.org", digest=False)
    send(soon, line)
    assert server.taken == []


def test_mail_goes_by_starttls_and_sign_in(soon: Office, server: Server, certificate: Path) -> None:
    write(soon)
    with serving(server, certificate=certificate, sign_in=True) as line:
        assert send(soon, line) == Posted(1, [])
    assert len(server.taken) == 1


def test_server_whose_certificate_is_not_trusted_gets_nothing(
    soon: Office, server: Server, certificate: Path
) -> None:
    write(soon)
    with serving(server, certificate=certificate, sign_in=True) as line:
        stranger = MailServer(line.host, line.port, line.user, line.password)
        assert "cannot be reached" in faults(send(soon, stranger))[0]
    assert server.taken == []
    assert states(soon) == [("waiting", 1)]


def test_server_without_starttls_gets_no_password(soon: Office, server: Server) -> None:
    write(soon)
    with serving(server, sign_in=True) as line:
        careful = MailServer(line.host, line.port, line.user, line.password, starttls=True)
        assert faults(send(soon, careful)) == [
            "the mail server does not offer STARTTLS, or no sign-in"
        ]
    assert server.taken == []


def test_wrong_password_is_told_and_tried_again(soon: Office, server: Server) -> None:
    write(soon)
    with serving(server, sign_in=True) as line:
        wrong = MailServer(line.host, line.port, line.user, "wrong", starttls=False)
        assert faults(send(soon, wrong)) == [
            "the mail server takes neither user nor password (535)"
        ]
        assert states(soon) == [("waiting", 1)]
        assert send(soon, line) is None  # not yet
        later(soon, BACK_OFF[0])
        assert send(soon, line) == Posted(1, [])


def test_server_that_is_not_there_is_tried_later_each_time_and_then_given_up(
    soon: Office,
) -> None:
    write(soon)
    nowhere = MailServer("127.0.0.1", 9, starttls=False)
    for pause in (*BACK_OFF, dt.timedelta()):
        assert faults(send(soon, nowhere))
        assert send(soon, nowhere) is None
        later(soon, pause)
    assert states(soon) == [("given_up", len(BACK_OFF) + 1)]


@pytest.mark.parametrize(
    ("answer", "state"),
    [("550 no such user", ("given_up", 1)), ("451 come again later", ("waiting", 1))],
)
def test_refused_address_stops_no_other_mail(
    soon: Office, server: Server, line: MailServer, answer: str, state: tuple[str, int]
) -> None:
    do(soon, opened(soon), "assign", CHEN, {"case_worker": "ping"})
    soon.at("2005-07-11T09:00")
    look(soon)
    give_address(soon, PING, "ping@example.org")
    server.refuse["chen@example.org"] = answer
    assert write(soon) == 2
    posted = send(soon, line)
    assert posted is not None
    assert posted.sent == 1
    assert faults(posted) == [f"chen: the mail server refused the address ({answer[:3]})"]
    assert "example.org" not in faults(posted)[0]
    assert states(soon) == [state, ("sent", 1)]


def test_mail_that_is_refused_for_the_moment_is_sent_later(
    soon: Office, server: Server, line: MailServer
) -> None:
    write(soon)
    server.data = "452 no room"
    assert faults(send(soon, line)) == ["chen: the mail server refused the mail (452)"]
    server.data = ""
    later(soon, BACK_OFF[0])
    assert send(soon, line) == Posted(1, [])
    assert len(server.taken) == 1


def test_mail_is_not_sent_again_where_the_line_broke_while_it_was_handed_over(
    soon: Office, server: Server, line: MailServer
) -> None:
    write(soon)
    server.break_at_data = True
    assert faults(send(soon, line)) == [
        "chen: whether the mail server took it is not known; it is not sent again"
    ]
    later(soon, dt.timedelta(hours=1))
    assert send(soon, line) is None
    assert states(soon) == [("unsure", 1)]


class Killed(BaseException):
    """The process ends here."""


def test_mail_is_not_sent_twice_where_the_program_ended_after_it_was_handed_over(
    soon_on_both: Office, server: Server, line: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = soon_on_both

    def end(*_args: Any, **_values: Any) -> None:
        raise Killed

    write(soon)
    with monkeypatch.context() as patched:
        patched.setattr(mail_round, "_settle", end)
        with pytest.raises(Killed):
            send(soon, line)
    assert states(soon) == [("sending", 1)]
    assert send(soon, line) is None
    with soon.relief.reading() as work:
        assert not anything_to_send(work)
    later(soon, dt.timedelta(minutes=15))
    with soon.relief.reading() as work:
        assert anything_to_send(work)
    assert "is not known" in faults(send(soon, line))[0]
    assert states(soon) == [("unsure", 1)]
    assert len(server.taken) == 1


def test_mail_is_sent_where_the_program_ended_before_it_was_taken_for_sending(
    soon: Office, server: Server, line: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(*_args: Any, **_values: Any) -> None:
        raise Killed

    write(soon)
    with monkeypatch.context() as patched:
        patched.setattr(mail_round, "_take", end)
        with pytest.raises(Killed):
            send(soon, line)
    assert send(soon, line) == Posted(1, [])
    assert len(server.taken) == 1


def test_two_programs_that_send_at_once_send_one_mail_each(
    soon_on_both: Office, server: Server, line: MailServer
) -> None:
    soon = soon_on_both
    do(soon, opened(soon), "assign", CHEN, {"case_worker": "ping"})
    soon.at("2005-07-11T09:00")
    look(soon)
    give_address(soon, PING, "ping@example.org")
    write(soon)
    together = threading.Barrier(4)

    def round_of_mails() -> Posted | None:
        together.wait()
        return send(soon, line)

    with ThreadPoolExecutor(4) as programs:
        posted = [each.result() for each in [programs.submit(round_of_mails) for _ in range(4)]]
    assert sum(each.sent for each in posted if each) == 2
    assert sorted(to for to, _mail in server.taken) == ["chen@example.org", "ping@example.org"]
    assert [each.faults for each in posted if each and each.faults] == []
    assert states(soon) == [("sent", 1), ("sent", 1)]


def test_mail_of_yesterday_is_not_sent_today(
    soon: Office, server: Server, line: MailServer
) -> None:
    write(soon)
    soon.at("2005-06-28T09:00")
    assert send(soon, line) is None
    assert states(soon) == [("given_up", 0)]
    assert server.taken == []


def with_mail(office: Office, line: MailServer) -> Office:
    """The same office, whose settings name the server."""
    named = {
        "smtp_host": line.host, "smtp_port": line.port, "smtp_starttls": False,
        "smtp_user": line.user, "smtp_password": SecretStr(line.password),
        "smtp_from": line.sender, "pages_url": PAGES,
    }  # fmt: skip
    office.relief.settings = office.relief.settings.model_copy(update=named)
    return office


def test_scheduler_makes_writes_and_sends_and_says_so(
    soon: Office, server: Server, line: MailServer
) -> None:
    office = with_mail(soon, line)
    told = {each.job: str(each.text) for each in tick(office.relief)}
    assert told[WRITE_DIGESTS.key] == "Mails of 2005-06-27 are written: 1."
    told |= {each.job: str(each.text) for each in tick(office.relief)}
    assert told[SEND_DIGESTS.key] == "Mails sent: 1."
    assert not tick(office.relief)
    assert len(server.taken) == 1
    assert MAKE_REMINDERS.key not in told  # a look made them before


def test_failure_stands_in_the_diary_until_mail_goes_again(
    soon_on_both: Office, server: Server, line: MailServer
) -> None:
    soon = soon_on_both
    office = with_mail(soon, line)
    server.data = "452 no room"
    tick(office.relief)
    (failed,) = [each for each in tick(office.relief) if each.job == SEND_DIGESTS.key]
    assert failed.failed
    assert "0 were sent; of the others: chen: the mail server refused the mail (452)" in str(
        failed.text
    )
    tick(office.relief)
    with office.relief.reading() as work:
        assert [each.job for each in unfinished(work)] == [SEND_DIGESTS.key]
    server.data = ""
    later(office, BACK_OFF[0])
    assert [str(e.text) for e in tick(office.relief) if e.job == SEND_DIGESTS.key] == [
        "Mails sent: 1."
    ]
    with office.relief.reading() as work:
        assert unfinished(work) == []


def test_office_without_a_mail_server_writes_no_mail(soon: Office) -> None:
    jobs = {each.job for each in tick(soon.relief)}
    assert not jobs & {WRITE_DIGESTS.key, SEND_DIGESTS.key}


def test_address_is_sealed_and_each_change_stands(office: Office) -> None:
    give_address(office, CHEN, "chen@example.org")
    with office.relief.work() as work:
        set_mail(work, AN, "chen", "c.chen@example.org", digest=False)
        work.commit()
    with office.relief.reading() as work:
        assert mail_of(work, "chen") == OwnMail("c.chen@example.org", digest=False)
        rows = work.rows(sa.select(ADDRESS).order_by(ADDRESS.c.id))
    assert [(row.recorded_by, row.ended_at is None) for row in rows] == [
        ("chen", False), ("an", True),
    ]  # fmt: skip
    assert all(b"example" not in row.sealed_address for row in rows)


def test_nobody_sets_where_anothers_mail_goes_but_an_admin(office: Office) -> None:
    with pytest.raises(NotAllowed), office.relief.work() as work:
        set_mail(work, PING, "chen", "ping@example.org", digest=True)


@pytest.mark.parametrize(
    "address",
    ["chen", "chen@", "@example.org", "a b@example.org", "a@b", "a@example.org\nBcc: x@y.org",
     "a@example.org,b@example.org", "陈@example.org", "a@-x.org", "x" * 65 + "@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(sqlite_office: Office, address: str) -> None:
    with pytest.raises(Invalid, match="no e-mail address"), sqlite_office.relief.work() as work:
        set_mail(work, CHEN, "chen", address, digest=True)
