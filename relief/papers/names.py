"""The name of a file that somebody brings, and whether it says what the file is (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from relief.kernel.errors import Problem
from relief.kernel.text import Text, _
from relief.papers.contents import ENDINGS, FILE_BYTES_MAX, TYPES, FileType, other_name, type_of

NAME_CHARS_MAX = 120
# What a folder of some system could take amiss, once the file is saved there.
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
# What a folder takes of a name, counted in UTF-8.
NAME_BYTES_MAX = 255
# Devices of Windows: a file of such a name cannot be saved, whatever its ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])", re.IGNORECASE)
# What is not seen, or is nobody's: controls and marks of format (tags, joiners, marks of
# direction), halves, private ones, separators of lines.
_NOT_SEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
# Letters that are blank.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f\u17b4\u17b5")
_MEGABYTE = 1024 * 1024


def what_is_taken() -> Text:
    """Which files are taken, said before one is chosen."""
    return _(
        "One of: {known}; at most {max} MB.",
        known=[each.title for each in TYPES.values()],
        max=FILE_BYTES_MAX // _MEGABYTE,
    )


def name_of(sent: str) -> str:
    """The last part of a name: some browsers send the folders before it, too."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", sent))[-1]
    return last.strip(" .")


def file_problems(sent: str, content: bytes, field: str = "file") -> Iterator[Problem]:
    """Everything that stands against a file: its name, its size, and what it is."""
    name = name_of(sent)
    yield from _name_problems(name, field)
    if not content:
        text = _("This file is empty; choose the one that was meant.")
        yield Problem("paper.empty", text, field)
    elif len(content) > FILE_BYTES_MAX:
        text = _(
            "This file has more than {max} MB, the most that is taken; scan it in grey, or in "
            "parts.",
            max=FILE_BYTES_MAX // _MEGABYTE,
        )
        yield Problem("paper.too_large", text, field)
    else:
        yield from _type_problems(name, content, field)


def _name_problems(name: str, field: str) -> Iterator[Problem]:
    if not name:
        text = _("This file has no name; give it one that says what it is.")
        yield Problem("paper.no_name", text, field)
    if len(name) > NAME_CHARS_MAX:
        text = _(
            "The file's name is {chars} characters long; {max} are the most. Rename it.",
            chars=len(name),
            max=NAME_CHARS_MAX,
        )
        yield Problem("paper.name_too_long", text, field)
    elif len(name.encode("utf-8", "replace")) > NAME_BYTES_MAX:
        text = _(
            "The file's name takes {bytes} bytes, and {max} are the most that folders take (a "
            "Chinese character takes three). Rename it.",
            bytes=len(name.encode("utf-8", "replace")),
            max=NAME_BYTES_MAX,
        )
        yield Problem("paper.name_too_long", text, field)
    if _DEVICE.fullmatch(name.split(".")[0].rstrip()):
        text = _(
            'No folder of Windows takes a file called "{name}"; give it a name that says what it '
            "is.",
            name=name,
        )
        yield Problem("paper.name_device", text, field)
    if _NOT_IN_NAMES.search(name) or not all(_is_seen(each) for each in name):
        text = _(
            "The file's name holds characters that cannot be seen, or that no folder takes; "
            "rename it, with letters, digits, dots and hyphens."
        )
        yield Problem("paper.name_characters", text, field)


def _is_seen(character: str) -> bool:
    return character not in _BLANK and unicodedata.category(character) not in _NOT_SEEN


def _type_problems(name: str, content: bytes, field: str) -> Iterator[Problem]:
    found = type_of(content)
    if found is None:
        text = _(
            "This is {what}, whatever its name says; it is not taken. Bring it as one of: {known}. "
            "What was printed or photographed is best as a PDF or a JPEG.",
            what=other_name(content),
            known=[each.title for each in TYPES.values()],
        )
        yield Problem("paper.type_unknown", text, field)
    elif not name.lower().endswith(found.endings):
        yield _lie(name, found, field)


def _lie(name: str, found: FileType, field: str) -> Problem:
    said = next((ending for ending in ENDINGS if name.lower().endswith(ending)), "")
    if said or "." in name:
        text = _(
            'The name ends in "{said}", but the file is {what}. If it is the right file, rename it '
            "so that it ends in {ending}; else choose the other one.",
            said=said or name[name.rindex(".") :][:20],
            what=found.title,
            ending=found.endings[0],
        )
    else:
        text = _(
            "The file is {what}; rename it so that it ends in {ending}.",
            what=found.title,
            ending=found.endings[0],
        )
    return Problem("paper.lies", text, field)
