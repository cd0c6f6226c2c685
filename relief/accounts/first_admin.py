"""The code by which the first administrator proves to be at the machine that runs the program.

Where nobody works yet, whoever comes first would own the office: so the pages ask for what the
program prints where it was started. It is taken from the keys and kept nowhere.
"""

from __future__ import annotations

import hmac

from relief.kernel.crypto import FieldCipher
from relief.kernel.errors import NotAllowed, refuse
from relief.kernel.text import _

_DIGITS = 12  # hexadecimal ones: 48 bits, asked over the network


def code_of(cipher: FieldCipher) -> str:
    """The code of an office: twelve digits of sixteen, in groups of four."""
    digits = cipher.blind_index("first administrator", "first run")[:_DIGITS]
    return "-".join(digits[at : at + 4] for at in range(0, _DIGITS, 4))


def check_code(cipher: FieldCipher, typed: str) -> None:
    """Refuse (`NotAllowed`) whoever has not seen it; spaces, dashes and case do not matter."""
    if not hmac.compare_digest(_bare(typed), _bare(code_of(cipher))):
        text = _(
            "This is not the code of this office. Open the address that the program printed where "
            "it was started: the code is in it."
        )
        raise refuse(NotAllowed, "first_run.code", text, "code")


def _bare(code: str) -> bytes:
    return "".join(code.split()).replace("-", "").lower().encode("utf-8", "replace")
