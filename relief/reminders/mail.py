"""Handing mail over to a server (the only import of smtplib)."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from relief.kernel.settings import Settings
from relief.kernel.text import Text, _

_SECONDS = 20
_IMPLICIT_TLS = 465
_REFUSED_FOR_GOOD = 500


class NotHandedOver(Exception):
    """The server did not take a mail, for sure. `for_good`: it will not later, either."""

    def __init__(self, text: Text, *, for_good: bool = False) -> None:
        super().__init__(str(text))
        self.text = text
        self.for_good = for_good


class Unsure(Exception):
    """The line broke while a mail was handed over: nobody knows whether the server took it."""


@dataclass(frozen=True)
class MailServer:
    """The office's mail server. `trust` is what its certificate is held against."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    starttls: bool = True
    sender: str = ""
    trust: ssl.SSLContext | None = None

    @classmethod
    def of(cls, settings: Settings) -> MailServer:
        """The server that the settings name."""
        secret = settings.smtp_password
        return cls(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_user,
            secret.get_secret_value() if secret else "",
            settings.smtp_starttls,
            settings.smtp_from or settings.smtp_user,
        )

    @contextmanager
    def connected(self) -> Iterator[Callable[[EmailMessage, str], None]]:
        """Within, mails are handed over one by one: `NotHandedOver` or `Unsure` where one was not.
        `NotHandedOver` at the beginning: the server is not there, or does not let us in."""
        try:
            line = self._line()
        except smtplib.SMTPAuthenticationError as fault:
            text = _("the mail server takes neither user nor password ({code})",
                     code=fault.smtp_code)  # fmt: skip
            raise NotHandedOver(text) from fault
        except smtplib.SMTPNotSupportedError as fault:
            text = _("the mail server does not offer STARTTLS, or no sign-in")
            raise NotHandedOver(text) from fault
        except (smtplib.SMTPException, OSError) as fault:
            text = _("the mail server cannot be reached ({kind})", kind=type(fault).__name__)
            raise NotHandedOver(text) from fault
        try:
            yield lambda mail, to: _hand_over(line, mail, self.sender, to)
        finally:
            _say_goodbye(line)

    def _line(self) -> smtplib.SMTP:
        trust = self.trust or ssl.create_default_context()
        if self.port == _IMPLICIT_TLS:
            line: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=_SECONDS, context=trust
            )
        else:
            line = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        try:
            if self.starttls and self.port != _IMPLICIT_TLS:
                line.starttls(context=trust)
            if self.user:
                line.login(self.user, self.password)
        except BaseException:
            line.close()
            raise
        return line


def _hand_over(line: smtplib.SMTP, mail: EmailMessage, sender: str, to: str) -> None:
    try:
        line.send_message(mail, sender, [to])
    except smtplib.SMTPRecipientsRefused as fault:
        code = next(iter(fault.recipients.values()))[0]
        text = _("the mail server refused the address ({code})", code=code)
        raise NotHandedOver(text, for_good=code >= _REFUSED_FOR_GOOD) from fault
    except smtplib.SMTPResponseException as fault:
        text = _("the mail server refused the mail ({code})", code=fault.smtp_code)
        for_good = fault.smtp_code >= _REFUSED_FOR_GOOD
        raise NotHandedOver(text, for_good=for_good) from fault
    except (smtplib.SMTPException, OSError) as fault:
        raise Unsure from fault


def _say_goodbye(line: smtplib.SMTP) -> None:
    try:
        line.quit()
    except (smtplib.SMTPException, OSError):
        line.close()  # what was handed over stands
