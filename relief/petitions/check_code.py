"""The check code on a receipt: who has both, number and code, may ask how the matter stands.

It is taken from the office's keys, the number and the token of the case, and kept nowhere: no copy
of the database tells it. Twelve digits are 40 bits, asked over the network by a throttle; digits,
because they can be typed on any phone, read out over one, and look like nothing else.
"""

from __future__ import annotations

import hmac
import unicodedata

from relief.kernel.crypto import FieldCipher

_DIGITS, _GROUP = 12, 4
# What people put between the groups; a Chinese keyboard has dashes of its own.
_BETWEEN = dict.fromkeys(map(ord, "-‐‑‒–—―−_.·"))


def code_of(cipher: FieldCipher, reference: str, token: str) -> str:
    """The code of a case, of its `reference` and `token`: twelve digits in groups of four."""
    digest = cipher.blind_index(f"{reference}\x00{token}", "petition check code")
    digits = str(int(digest, 16) % 10**_DIGITS).zfill(_DIGITS)
    return "-".join(digits[at : at + _GROUP] for at in range(0, _DIGITS, _GROUP))


def is_code(cipher: FieldCipher, reference: str, token: str, typed: str) -> bool:
    """True of the code of a case as people type it: spaces and dashes do not matter, nor whether
    the digits are wide ones. It takes as long wherever a wrong one differs."""
    right = _bare(code_of(cipher, reference, token))
    return hmac.compare_digest(_bare(typed), right)


def _bare(code: str) -> bytes:
    plain = "".join(unicodedata.normalize("NFKC", code).split()).translate(_BETWEEN)
    return plain.encode("utf-8", "replace")
