"""How what was typed is shown: numbers and objectors are masked whatever a file says."""

from __future__ import annotations

import pytest

from relief.engine.definitions.definition import Field
from relief.petitions.life.steps import KINDS
from relief.petitions.one_case.reading import _MASKS, masks_said
from tests.office import WEN

TITLE = {"en": "A", "zh": "甲"}


@pytest.mark.parametrize("said", ["", "phone", "identity", "objector"])
@pytest.mark.parametrize(
    ("name", "typed", "shown"),
    [
        ("id_number", "331002195406274937", "331***********4937"),
        ("phone", "13800000018", "138****0018"),
        ("objector", "林试甲", "林**"),
    ],
)
def test_these_are_masked_their_own_way_whatever_a_file_says(
    name: str, typed: str, shown: str, said: str
) -> None:
    masks = masks_said([Field(name, TITLE, masked=said)])
    assert _MASKS[masks[name]](typed, WEN) == shown


def test_what_else_a_file_masks_is_masked_as_it_says() -> None:
    assert masks_said([Field("school", TITLE, masked="phone"), Field("note", TITLE)]).items() >= {
        ("school", "phone")
    }


def test_every_kind_is_told_where_its_file_masks_them_otherwise() -> None:
    for kind in KINDS:
        assert kind.kept is not None
        held = {name: read.masked for name, read in kind.kept.read.items() if read.masked}
        assert held == {"id_number": "identity", "phone": "phone", "objector": "objector"}
