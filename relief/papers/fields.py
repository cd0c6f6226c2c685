"""What the fields of a Word document tell Word to do when it is opened (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from xml.parsers import expat

# A part with fields, in UTF-8 or UTF-16: their elements cannot be written otherwise.
_FIELDS = b"instr"
# Ten thousand fields: each word of them is looked at.
_CHARS_MAX = 1_000_000
# Talks to another program: the first word of a field, or what follows another one within it.
_TALKS = re.compile(r"[\s\"]*DDE(?:AUTO)?\b", re.IGNORECASE)
_ADDRESS = re.compile(r"\w://|[\s\"]\\\\")
# A picture that is not kept in the document: fetched whenever it is opened.
_NOT_KEPT = re.compile(r"\\d\b", re.IGNORECASE)


def has_fields(part: bytes) -> bool:
    """True of a part that may hold fields."""
    return _FIELDS in part or (b"\0" in part and _FIELDS in part.replace(b"\0", b""))


def instructs(part: bytes) -> bool:
    """True of a part with a field that starts another program, or fetches from elsewhere. Raises
    `ValueError` where it is no XML, or its fields say more than those of any document."""
    return any(_does(each) for each in _instructions(part))


def _does(field: str) -> bool:
    if _TALKS.match(field):
        return True
    if not _ADDRESS.search(field):
        return False
    words = field.upper()
    is_fetched = "INCLUDEPICTURE" in words and bool(_NOT_KEPT.search(field))
    return is_fetched or "INCLUDETEXT" in words


def _instructions(part: bytes) -> Iterable[str]:
    """What each field says: whole, however many pieces a run of it is cut into."""
    read = _Read()
    parser = expat.ParserCreate()
    parser.buffer_text = True  # else each line break is told by itself
    parser.StartElementHandler = read.starts
    parser.EndElementHandler = read.ends
    parser.CharacterDataHandler = read.says
    try:
        parser.Parse(part, True)
    except expat.ExpatError as fault:
        raise ValueError(fault) from fault
    return "".join(read.pieces).split("\n")


class _Read:
    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._within = False
        self._left = _CHARS_MAX

    def starts(self, name: str, attributes: Mapping[str, str]) -> None:
        self._within = name.endswith("instrText")
        if name.endswith("fldChar"):
            self._says("\n")
        elif name.endswith("fldSimple"):
            said = (value for each, value in attributes.items() if each.endswith("instr"))
            self._says("\n" + _line(" ".join(said)) + "\n")

    def ends(self, _name: str) -> None:
        self._within = False

    def says(self, text: str) -> None:
        if self._within:
            self._says(_line(text))

    def _says(self, text: str) -> None:
        self._left -= len(text)
        if self._left < 0:
            raise ValueError("more fields than any document has")
        self.pieces.append(text)


def _line(text: str) -> str:
    return text.replace("\n", " ")
