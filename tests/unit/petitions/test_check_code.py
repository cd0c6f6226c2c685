"""The check code on a receipt."""

from __future__ import annotations

import re

import pytest

from relief.kernel.crypto import FieldCipher
from relief.petitions.check_code import code_of, is_code

CIPHER = FieldCipher([bytes(range(32))])
NUMBER, TOKEN = "P-2026-0001", "5f" * 16
CODE = code_of(CIPHER, NUMBER, TOKEN)


def test_a_code_is_twelve_digits_in_groups_of_four():
    assert re.fullmatch(r"\d{4}-\d{4}-\d{4}", CODE)


def test_the_code_of_a_receipt_never_changes():
    # Printed ones are out: another way to reckon them would make them all wrong.
    assert CODE == "2940-3981-0005"


def test_new_keys_leave_the_codes_of_receipts_that_are_out():
    rotated = FieldCipher([bytes(reversed(range(32))), bytes(range(32))])
    assert code_of(rotated, NUMBER, TOKEN) == CODE


def test_another_number_another_token_and_another_office_have_other_codes():
    others = {
        code_of(CIPHER, "P-2026-0002", TOKEN),
        code_of(CIPHER, NUMBER, "60" * 16),
        code_of(FieldCipher([bytes(32)]), NUMBER, TOKEN),
    }
    assert len(others | {CODE}) == 4


@pytest.mark.parametrize(
    "typed",
    [
        CODE,
        CODE.replace("-", ""),
        CODE.replace("-", " "),
        f"  {CODE} \n",
        CODE.replace("-", "—"),
        CODE.replace("-", "－"),
        CODE.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)}),
    ],
)
def test_a_code_is_taken_as_people_type_it(typed: str):
    assert is_code(CIPHER, NUMBER, TOKEN, typed)


@pytest.mark.parametrize(
    "typed", ["", "-", CODE[:-1], f"{CODE}0", CODE[::-1], "十二", "\ud800", "\0", CODE + "\0"]
)
def test_anything_else_is_wrong(typed: str):
    assert not is_code(CIPHER, NUMBER, TOKEN, typed)
