"""Personal fields are encrypted, bound to their row, and found by keyed hashes.

AES-256-GCM; the context (table, column and the row's own token) is authenticated, so a cipher
text moved to another row does not open. The first byte of the stored form names the key by its
place in time, so keys can be rotated: new values use the newest, old values still open.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from relief.kernel.errors import Invalid, refuse
from relief.kernel.private_files import private_file
from relief.kernel.settings import Settings
from relief.kernel.text import _

KEY_FILE = "keys.json"
_NONCE_BYTES = 12


class FieldCipher:
    """Seals and opens personal fields; `keys` newest first, 32 bytes each."""

    def __init__(self, keys: list[bytes]) -> None:
        assert keys
        assert all(len(key) == 32 for key in keys)
        self._oldest_first = [AESGCM(key) for key in reversed(keys)]
        # The index key comes from the oldest key, so that rotation does not lose what is indexed.
        self._index_key = hashlib.sha256(b"relief blind index" + keys[-1]).digest()

    def seal(self, plain: str | bytes, context: str) -> bytes:
        """Encrypt a value for one place (`person_identity.number:<token>`)."""
        data = plain.encode() if isinstance(plain, str) else plain
        nonce = os.urandom(_NONCE_BYTES)
        newest = len(self._oldest_first) - 1
        sealed = self._oldest_first[newest].encrypt(nonce, data, context.encode())
        return bytes([newest]) + nonce + sealed

    def open_bytes(self, sealed: bytes, context: str) -> bytes:
        """Decrypt; a wrong key, another row's value or a damaged one is refused."""
        try:
            cipher = self._oldest_first[sealed[0]]
            return cipher.decrypt(
                sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :], context.encode()
            )
        except (InvalidTag, IndexError, ValueError) as fault:
            raise refuse(
                Invalid,
                "crypto.cannot_open",
                _(
                    "A protected field cannot be opened: the keys are not those it was written "
                    "with, or it was changed. Restore the key file that belongs to this data."
                ),
            ) from fault

    def open(self, sealed: bytes, context: str) -> str:
        """Decrypt a text."""
        return self.open_bytes(sealed, context).decode()

    def blind_index(self, plain: str, purpose: str) -> str:
        """A keyed hash by which a value is found without being readable."""
        return hmac.new(self._index_key, f"{purpose}\x00{plain}".encode(), "sha256").hexdigest()


def key_check(cipher: FieldCipher) -> str:
    """What tells these keys from others, without revealing them."""
    return cipher.blind_index("relief", "key check")


def sealed_key_check(cipher: FieldCipher) -> str:
    """The same of a database whose rows were sealed by the office: neither can be made of the
    other without the keys."""
    return cipher.blind_index("relief, its rows sealed", "key check")


def new_token() -> str:
    """A random name for a row, to bind its cipher texts to."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Keys:
    """The office's secrets."""

    secret_key: str
    field_keys: list[bytes]


def load_keys(settings: Settings) -> Keys:
    """The keys from the settings, else from the data folder, where they are made once."""
    stored = _stored_keys(settings.data_dir / KEY_FILE) if _incomplete(settings) else {}
    secret = settings.secret_key.get_secret_value() if settings.secret_key else stored["secret_key"]
    field_text = (
        settings.field_keys.get_secret_value() if settings.field_keys else stored["field_keys"]
    )
    try:
        keys = [urlsafe_b64decode(part) for part in field_text.split(",") if part]
    except ValueError:
        keys = []
    if not keys or any(len(key) != 32 for key in keys):
        raise refuse(
            Invalid,
            "keys.unreadable",
            _(
                "The field keys must be 32 bytes each in URL-safe base64, newest first, "
                "separated by commas."
            ),
            "RELIEF_FIELD_KEYS",
        )
    return Keys(secret, keys)


def _incomplete(settings: Settings) -> bool:
    return settings.secret_key is None or settings.field_keys is None


def _stored_keys(path: Path) -> dict[str, str]:
    if not path.exists():
        _make_key_file(path)
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {"secret_key": str(stored["secret_key"]), "field_keys": str(stored["field_keys"])}
    except (ValueError, KeyError, TypeError, OSError) as fault:
        raise refuse(
            Invalid,
            "keys.file_damaged",
            _(
                "The key file {path} cannot be read; without it protected fields stay closed. "
                "Put back the copy that belongs to this data.",
                path=path,
            ),
        ) from fault


def _make_key_file(path: Path) -> None:
    """Make the key file at once and whole, readable by the owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = json.dumps(
        {
            "secret_key": secrets.token_urlsafe(48),
            "field_keys": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
    )
    fresh = path.with_suffix(f".{secrets.token_hex(4)}.new")
    with private_file(fresh) as stream:
        stream.write(content.encode())
    try:
        os.link(fresh, path)  # fails where another process was quicker: its keys stand
    except FileExistsError:
        pass
    except OSError:
        if not path.exists():
            fresh.rename(path)
            return
    fresh.unlink(missing_ok=True)


def key_file_exists(settings: Settings) -> bool:
    """True where the keys are at hand: in the settings, or in the data folder."""
    return not _incomplete(settings) or (settings.data_dir / KEY_FILE).exists()


def others_can_read(settings: Settings) -> bool:
    """True where somebody but the owner can read the key file (POSIX)."""
    path = settings.data_dir / KEY_FILE
    return os.name == "posix" and path.exists() and bool(path.stat().st_mode & 0o077)
