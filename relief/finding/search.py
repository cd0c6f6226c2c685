"""The search of the desk: one box, whatever is typed into it."""

from __future__ import annotations

import re
from typing import NamedTuple

from relief.desk.queries import find_contact
from relief.desk.rules import LETTER
from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.work import Work
from relief.finding.gathering import gather
from relief.finding.hits import Found
from relief.finding.seeds import number_meant, seeds_of
from relief.kernel.errors import NotFound
from relief.kernel.text import is_plain
from relief.kernel.typed_text import half_width
from relief.petitions.seeing import readable_contacts

# Who is not among so many types a letter more.
HITS = 12
# Nothing longer is anybody's name or number.
WORDS_CHARS_MAX = 100
NOTHING = Found((), more=False)
# What a number looks like, among them those of hardship files, which offices give: a letter and
# digits. (Digits alone are of an identity card or a phone.)
_NUMBER = re.compile(r"(?=.*[A-Za-z])(?=.*\d)[A-Za-z\d-]{2,40}", re.ASCII)


class Meant(NamedTuple):
    """The one thing whose number was typed: a contact, or a case (a hardship file is one)."""

    reference: str
    is_contact: bool


def meant(work: Work, actor: Actor, words: str) -> Meant | None:
    """What the words are the whole number of, where this actor may see it; else None, whether
    there is such a thing or not."""
    typed = half_width(words.strip())
    if not _NUMBER.fullmatch(typed):
        return None
    reference = number_meant(typed) or typed
    try:
        if reference.startswith(LETTER) and number_meant(typed):
            found = find_contact(work, reference, readable_contacts(actor.username))
            return Meant(found.reference, is_contact=True)
        return Meant(find_case(work, reference, actor).reference, is_contact=False)
    except NotFound:
        return None


def find(work: Work, actor: Actor, words: str, limit: int = HITS) -> Found:
    """Whoever is meant, with what the desk shows at once, as this actor may see it: by a part of
    the name, of its pinyin or its initials; by an identity number or a phone, or the last four of
    either; by the number of a case, a contact, a hardship file or a line of a list. It costs the
    same few statements whoever is found; what the actor may not see changes nothing in the
    answer."""
    typed = words.strip()
    if not typed or len(typed) > WORDS_CHARS_MAX or not is_plain(typed):
        return NOTHING  # nothing is stored that looks so, and no database takes it
    seeds = seeds_of(work, actor.username, typed, limit)
    if not seeds.whos:
        return NOTHING
    shown = seeds.whos[:limit]
    hits = gather(work, actor.username, seeds, shown)
    return Found(hits, more=len(seeds.whos) > limit)
