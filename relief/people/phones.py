"""Phone numbers as they are kept beside whoever gave them: sealed, masked, and found by hashes.

Numbers are normalised, checked before. The place that a sealed number is bound to (`context`) is
named by whoever keeps it; the hashes are the same everywhere, so that one search finds all.
"""

from __future__ import annotations

import sqlalchemy as sa

from relief.kernel.crypto import FieldCipher
from relief.people.rules import mask_phone


def phone_hash(cipher: FieldCipher, phone: str) -> str:
    """What a phone number is found by, wherever it stands."""
    return cipher.blind_index(phone, "phone")


def phone_last4_hash(cipher: FieldCipher, phone: str) -> str:
    """What the last four digits of a phone number are found by."""
    return cipher.blind_index(phone[-4:], "phone.last4")


def phone_columns(cipher: FieldCipher, phone: str, context: str) -> dict[str, object]:
    """The three columns that keep a number; empty ones where there is none."""
    return {
        "sealed_phone": cipher.seal(phone, context) if phone else None,
        "phone_hash": phone_hash(cipher, phone) if phone else "",
        "phone_last4_hash": phone_last4_hash(cipher, phone) if phone else "",
    }


def has_phone(column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Rows that have a phone, by the column of a hash; who looks one up says so, because the index
    holds no others."""
    return column != sa.literal_column("''")


def open_phone(cipher: FieldCipher, sealed: bytes | None, context: str) -> str:
    """A kept number, whole; empty where there is none."""
    return cipher.open(sealed, context) if sealed else ""


def masked_phone(cipher: FieldCipher, sealed: bytes | None, context: str) -> str:
    """A kept number as it may be shown; empty where there is none."""
    phone = open_phone(cipher, sealed, context)
    return mask_phone(phone) if phone else ""
