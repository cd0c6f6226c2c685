"""A real SMTP server on a port of this machine, with the ways of real ones to refuse."""

from __future__ import annotations

import datetime as dt
import ipaddress
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from relief.reminders.mail import MailServer

USER, PASSWORD = "relief", "a password of the server"
HOST = "127.0.0.1"


@dataclass
class Server:
    """What it took, and what it refuses: `refuse` by recipient, `data` to every mail."""

    refuse: dict[str, str] = field(default_factory=dict)
    data: str = ""
    taken: list[tuple[str, Message]] = field(default_factory=list)
    connections: int = 0
    break_at_data: bool = False

    async def handle_EHLO(  # noqa: N802
        self, _server: SMTP, session: Session, _envelope: Envelope, name: str, replies: list[str]
    ) -> list[str]:
        session.host_name = name
        self.connections += 1
        return replies

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        if address in self.refuse:
            return self.refuse[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if self.data:
            return self.data
        assert isinstance(envelope.content, bytes)
        mail = message_from_bytes(envelope.content, policy=default)
        self.taken += [(to, mail) for to in envelope.rcpt_tos]
        if self.break_at_data:
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"


class _OnAnyPort(Controller):
    """On a port that is free."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(
    server: Server, *, certificate: Path | None = None, sign_in: bool = False
) -> Iterator[MailServer]:
    """The server, and how a program reaches it."""
    options: dict[str, Any] = {}
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        options |= {"tls_context": context, "require_starttls": True}
    if sign_in:
        secure = certificate is not None
        options |= {
            "authenticator": _knows, "auth_required": secure, "auth_require_tls": secure,
        }  # fmt: skip
    controller = _OnAnyPort(server, hostname=HOST, port=0, **options)
    controller.start()
    try:
        trust = ssl.create_default_context(cafile=str(certificate)) if certificate else None
        yield MailServer(
            HOST,
            controller.port,
            USER if sign_in else "",
            PASSWORD if sign_in else "",
            starttls=certificate is not None,
            sender="relief@example.org",
            trust=trust,
        )
    finally:
        controller.stop(no_assert=True)


def _knows(
    _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any
) -> AuthResult:
    assert isinstance(data, LoginPassword)
    return AuthResult(
        success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False
    )


def make_certificate(path: Path) -> Path:
    """A certificate of this machine, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(pem)
    )
    return path
