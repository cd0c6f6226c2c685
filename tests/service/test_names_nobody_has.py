"""What cannot be a name is nobody's: PostgreSQL takes no NUL, and is not asked."""

from __future__ import annotations

import pytest

from relief.accounts.queries import find_actor
from relief.engine.cases import find_case
from relief.kernel.errors import NotFound
from relief.petitions.service import find_contact
from tests.office import CHEN, Office


@pytest.mark.parametrize("name", ["a\x00b", "\x00", "P2005-0001\x00", "\u202eP"])
def test_a_name_that_cannot_be_is_not_found(office: Office, name: str) -> None:
    with office.relief.reading() as work:
        with pytest.raises(NotFound):
            find_case(work, name, CHEN)
        with pytest.raises(NotFound):
            find_contact(work, name, "chen")
        with pytest.raises(NotFound):
            find_actor(work, "chen", name)
