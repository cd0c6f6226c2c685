"""The search of the desk: one box, whatever is typed into it."""

from __future__ import annotations

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.finding.gathering import gather
from relief.finding.hits import Found
from relief.finding.seeds import seeds_of
from relief.kernel.text import is_plain

# Who is not among so many types a letter more.
HITS = 12
# Nothing longer is anybody's name or number.
WORDS_CHARS_MAX = 100
NOTHING = Found((), more=False)


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
