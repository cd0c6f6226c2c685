"""Files of today's Office: zips of parts, each with a type in the list of types. What is in them is
told by the parts, never by the file's name (pure)."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from relief.kernel.files.xml_names import check_names
from relief.kernel.files.zips import UNREADABLE, opened_zip
from relief.papers.fields import has_fields, instructs

_XML_BYTES_MAX = _LINKS_BYTES_MAX = 256 * 1024
_TAGS_MAX = 10_000
# The parts of a Word document that may hold fields, unfolded, in all.
_WORDS_BYTES_MAX = 32 * 1024 * 1024
# Of those that have some each mark is looked at: a thousand pages.
_WORDS_TAGS_MAX = 400_000
# Workbooks behind the charts of a document, in all.
_WITHIN_BYTES_MAX, _WITHIN_MAX = 10 * 1024 * 1024, 50
_TYPES = "[Content_Types].xml"
# An OLE file within: a VBA project by whatever name, or an object that was put in.
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO_TYPES = ("macroenabled", "vbaproject", "vbadata", "macrosheet", "dialogsheet")
_MACRO_NAMES = ("vbaproject.bin", "vbadata.xml", "/macrosheets/", "/dialogsheets/")
_OBJECT_TYPES = ("oleobject", "activex")
_OBJECT_NAMES = ("/activex/", "/oleobject")
_ZIP = b"PK\x03\x04"
# A workbook that asks another program, or another workbook, for its figures.
_ASKING_TYPE = "externallink"
_WORDS_TYPES = "wordprocessingml."
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!")
_PROGRAM_ENDINGS = (
    ".exe", ".dll", ".com", ".scr", ".bat", ".cmd", ".msi", ".ps1", ".vbs", ".js", ".jse", ".wsf",
    ".hta", ".lnk", ".jar", ".sh",
)  # fmt: skip
# What a reader follows by a click of its own; a template, a picture, an object load by themselves.
_FOLLOWED = "/hyperlink"


@dataclass(frozen=True)
class Package:
    """An Office file: the types of its parts, in small letters; whether it holds programs, or
    objects of other programs, or loads something from elsewhere, or by another program, when it is
    opened. `is_plain` is
    False where it cannot be told: then it is not taken."""

    types: frozenset[str]
    is_plain: bool
    has_macros: bool
    has_objects: bool
    loads: bool


_UNTOLD = Package(frozenset(), is_plain=False, has_macros=False, has_objects=False, loads=False)


@lru_cache(maxsize=4)  # one file is asked several times what it is
def package_of(content: bytes) -> Package | None:
    """What an Office file is made of, with the workbooks behind its charts; None of a file that is
    none."""
    return _judged(content)


def _judged(content: bytes, *, within: bool = False) -> Package | None:
    opened = opened_zip(content)
    names = opened.namelist() if opened else []
    if opened is None or _TYPES not in names:
        return None
    try:
        begins = [_beginning(opened, name) for name in names]
        said = _Types.of(opened)
        types = said.of_parts(names)
        loads = _loads(opened, names) or _asks(opened, said, names)
        zips = [name for name, begin in zip(names, begins, strict=True) if begin.startswith(_ZIP)]
        inner = [] if within else _inner(opened, zips)
    except (*UNREADABLE, ParseError, DefusedXmlException):
        return _UNTOLD
    lower = [f"/{name}".lower() for name in names]
    has_macros = _holds(types, _MACRO_TYPES) or _holds(lower, _MACRO_NAMES)
    has_objects = _holds(types, _OBJECT_TYPES) or _holds(lower, _OBJECT_NAMES)
    return Package(
        types=frozenset(types),
        is_plain=len(set(lower)) == len(lower) and all(each.is_plain for each in inner),
        has_macros=has_macros or any(each.has_macros for each in inner),
        has_objects=has_objects
        or any(each.startswith(_OLE) for each in begins)
        or _has_programs(lower, begins)
        or len(inner) < len(zips)  # an archive, or a file within a file within this one
        or any(each.has_objects for each in inner),
        loads=loads or any(each.loads for each in inner),
    )


def _inner(opened: zipfile.ZipFile, zips: list[str]) -> list[Package]:
    """The Office files among the parts that are zips themselves. Raises what reading raises."""
    if len(zips) > _WITHIN_MAX:
        raise ValueError("more workbooks than any document has")
    left = _WITHIN_BYTES_MAX
    found: list[Package] = []
    for name in zips:
        content = _read(opened, name, left)
        left -= len(content)
        judged = _judged(content, within=True)
        found += [judged] if judged else []
    return found


def is_document_of(content: bytes, main_part: str) -> bool:
    """A zip that holds this part, and no program."""
    opened = opened_zip(content)
    names = opened.namelist() if opened else []
    if opened is None or main_part not in names:
        return False
    try:
        begins = [_beginning(opened, name) for name in names]
    except UNREADABLE:
        return False
    return not _has_programs([name.lower() for name in names], begins)


@dataclass(frozen=True)
class _Types:
    """The list of types: by the name of a part, by the ending of its name, in small letters."""

    by_name: Mapping[str, str]
    by_ending: Mapping[str, str]

    @classmethod
    def of(cls, opened: zipfile.ZipFile) -> _Types:
        """Read as XML, in whatever encoding, its entities resolved: what a program would read, not
        what stands in the bytes. Raises what reading raises."""
        by_ending: dict[str, str] = {}
        by_name: dict[str, str] = {}
        for each in fromstring(_xml_of(opened, _TYPES), forbid_dtd=True):
            kind = each.tag.rpartition("}")[2]
            if kind == "Default":
                by_ending[each.get("Extension", "").lower()] = each.get("ContentType", "").lower()
            elif kind == "Override":
                by_name[each.get("PartName", "").lower()] = each.get("ContentType", "").lower()
        return cls(by_name, by_ending)

    def of_part(self, name: str) -> str:
        """The type of one part; "" where none is said."""
        part = f"/{name}".lower()
        return self.by_name.get(part) or self.by_ending.get(part.rpartition(".")[2], "")

    def of_parts(self, names: list[str]) -> list[str]:
        """What is said of no part counts as well, but as a main part: that has to be there."""
        there = {self.of_part(name) for name in names}
        said = [*self.by_name.values(), *self.by_ending.values()]
        return [each for each in said if each in there or not each.endswith(".main+xml")]


def _asks(opened: zipfile.ZipFile, said: _Types, names: list[str]) -> bool:
    """Whether a workbook asks another program for its figures, or a field of a document does
    something of the kind. Raises what reading raises."""
    left, tags = _WORDS_BYTES_MAX, 0
    for name in names:
        kind = said.of_part(name)
        if _ASKING_TYPE in kind:
            return True
        if _WORDS_TYPES not in kind:
            continue
        content = _read(opened, name, left)
        left -= len(content)
        if not has_fields(content):
            continue
        tags += content.count(b"<")
        if tags > _WORDS_TAGS_MAX:
            raise ValueError("longer than any document with fields")
        if instructs(content):
            return True
    return False


def _loads(opened: zipfile.ZipFile, names: list[str]) -> bool:
    """Whether a part names something outside that is fetched without a click. Raises what reading
    raises."""
    read = 0
    for name in names:
        if not name.lower().endswith(".rels"):
            continue
        content = _xml_of(opened, name)
        read += len(content)
        if read > _LINKS_BYTES_MAX:
            raise ValueError("more links than any document has")
        for each in fromstring(content, forbid_dtd=True):
            is_outside = each.get("TargetMode", "").lower() == "external"
            if is_outside and not each.get("Type", "").lower().endswith(_FOLLOWED):
                return True
    return False


def _xml_of(opened: zipfile.ZipFile, name: str) -> bytes:
    """A part as bytes; nothing longer than any list of types or links is unfolded, and none whose
    names would grow when they are read."""
    content = _read(opened, name, _XML_BYTES_MAX)
    if content.count(b"<") > _TAGS_MAX:
        raise ValueError("longer than any list of types or links")
    check_names([content])
    return content


def _read(opened: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A part as bytes; of one that is longer no more is unfolded than shows it."""
    with opened.open(name) as part:
        content = part.read(most + 1)
    if len(content) > most:
        raise ValueError("longer than any such part")
    return content


def _has_programs(names: list[str], begins: list[bytes]) -> bool:
    return any(each.endswith(_PROGRAM_ENDINGS) for each in names) or any(
        each.startswith(_PROGRAMS) for each in begins
    )


def _beginning(opened: zipfile.ZipFile, name: str) -> bytes:
    """The first bytes of a part: a bomb stays folded."""
    with opened.open(name) as part:
        return part.read(len(_OLE))


def _holds(names: list[str], marks: tuple[str, ...]) -> bool:
    return any(mark in name for name in names for mark in marks)
