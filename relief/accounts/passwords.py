"""Passwords as they are kept: argon2id, the one place that chooses how costly.

A verification takes 64 MiB and a fifth of a second, so no more than four go on in a process at
once; nobody holds a transaction open meanwhile.
"""

from __future__ import annotations

import secrets
from base64 import b64encode
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# argon2-cffi's own choice (RFC 9106, low memory). Tests put a cheap one here.
HASHER = PasswordHasher()
_AT_ONCE_MAX = 4
_turns = BoundedSemaphore(_AT_ONCE_MAX)


@dataclass(frozen=True)
class NewPassword:
    """A password that somebody chose, and what is kept of it: made before any transaction, which
    must not wait for its turn among those who sign in."""

    typed: str = field(repr=False)
    kept: str = field(repr=False)

    @classmethod
    def of(cls, typed: str) -> NewPassword:
        """The same, hashed now."""
        return cls(typed, hashed(typed))


def hashed(password: str) -> str:
    """What is kept of a password."""
    with _turns:
        return HASHER.hash(_bytes(password))


def matches(kept: str, password: str) -> bool:
    """True where this is the password of which that was kept."""
    with _turns:
        try:
            return HASHER.verify(kept, _bytes(password))
        except (VerificationError, InvalidHashError):
            return False


def upgraded(kept: str, password: str) -> str:
    """The same password as it would be kept today; "" where it is kept so already."""
    return hashed(password) if HASHER.check_needs_rehash(kept) else ""


def matches_nothing() -> str:
    """A hash that no password has, as costly to verify as a real one: who tries a name that is
    not there learns as much, and waits as long, as who tries a wrong password."""
    parts = f"m={HASHER.memory_cost},t={HASHER.time_cost},p={HASHER.parallelism}"
    return f"$argon2id$v=19${parts}${_noise(HASHER.salt_len)}${_noise(HASHER.hash_len)}"


def _noise(length: int) -> str:
    return b64encode(secrets.token_bytes(length)).decode().rstrip("=")


def _bytes(password: str) -> bytes:
    """Half characters, which no keyboard types, match nothing and break nothing."""
    return password.encode("utf-8", "surrogatepass")
