"""What a file is, told by its bytes, never by its name (pure).

The list is closed and short: what a petitioner brings, or a clerk photographs. A detector of all
the world's formats guesses where two are alike, and would have to be asked again what of it is
taken; here a file is one of these, to its structure, or it is refused by its right name.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from relief.kernel.files.zips import opened_zip
from relief.kernel.text import Text, _, is_plain
from relief.papers.packages import is_document_of, package_of

FILE_BYTES_MAX = 10 * 1024 * 1024
# Four hundred pages of words; each character is looked at.
_TEXT_BYTES_MAX = 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
# Characters that are nobody's: what is no text reads as such in a Chinese encoding.
_NO_WORDS = frozenset({"Cn", "Co"})
_PICTURE_BEGINS, _LENGTH_BYTES, _PIECES_MAX = b"\xda", 2, 10_000


def _name(word: str) -> bytes:
    """A name in a PDF, each of its letters plain or by its number."""
    return b"/" + b"".join(b"(?:%c|#(?i:%02x))" % (ord(each), ord(each)) for each in word)


_RUNS = re.compile(b"|".join(map(_name, ("Launch", "JavaScript"))))
_HOLDS_FILES = re.compile(_name("EmbeddedFile"))
_PROGRAM_WITHIN = re.compile(rb"stream\r?\n(?:MZ|\x7fELF|#!)")


@dataclass(frozen=True)
class FileType:
    """A kind of file that is taken: the endings that its name may have, the first is usual."""

    key: str
    title: Text
    endings: tuple[str, ...]
    media_type: str
    fits: Callable[[bytes], bool]


def _is_pdf(content: bytes) -> bool:
    """A PDF that says nowhere in the open that it starts a program or runs a script, and holds no
    program. What is packed within it is not unpacked: readers ask before they start anything."""
    return content.startswith((b"%PDF-1.", b"%PDF-2.")) and not _runs(content)


def _runs(content: bytes) -> bool:
    return bool(_RUNS.search(content)) or bool(
        _HOLDS_FILES.search(content) and _PROGRAM_WITHIN.search(content)
    )


def _is_png(content: bytes) -> bool:
    return content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR")


def _is_jpeg(content: bytes) -> bool:
    """Marked pieces, each as long as it says, until the picture begins."""
    at = 2
    for _piece in range(_PIECES_MAX):
        if not content.startswith(b"\xff\xd8") or content[at : at + 1] != b"\xff":
            return False
        mark = content[at + 1 : at + 2]
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        if mark == b"\xff":  # filling between two pieces
            at += 1
        elif length < _LENGTH_BYTES:
            return False
        elif mark == _PICTURE_BEGINS:
            return True
        else:
            at += 2 + length
    return False


def _is_heic(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"mif1", b"heim"}


def _is_document(content: bytes) -> bool:
    return _is_office(content, f"{_OFFICE}.wordprocessingml.document.main+xml")


def _is_workbook(content: bytes) -> bool:
    return _is_office(content, f"{_OFFICE}.spreadsheetml.sheet.main+xml")


def _is_ofd(content: bytes) -> bool:
    return is_document_of(content, "OFD.xml")


def _is_text(content: bytes) -> bool:
    """Words in UTF-8, or else in the encoding of a Chinese Windows, and nothing but words."""
    if len(content) > _TEXT_BYTES_MAX:
        return False
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return is_plain(words) and all(
            unicodedata.category(each) not in _NO_WORDS for each in words
        )
    return False


TYPES: dict[str, FileType] = {
    each.key: each
    for each in (
        FileType("pdf", _("a PDF document"), (".pdf",), "application/pdf", _is_pdf),
        FileType("jpeg", _("a JPEG picture"), (".jpg", ".jpeg"), "image/jpeg", _is_jpeg),
        FileType("png", _("a PNG picture"), (".png",), "image/png", _is_png),
        FileType("heic", _("a HEIC picture"), (".heic", ".heif"), "image/heic", _is_heic),
        FileType(
            "docx",
            _("a Word document"),
            (".docx",),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            _is_document,
        ),
        FileType(
            "xlsx",
            _("an Excel workbook"),
            (".xlsx",),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            _is_workbook,
        ),
        FileType("ofd", _("an OFD document"), (".ofd",), "application/ofd", _is_ofd),
        # What is none of the others, and reads as words from its first byte to its last.
        FileType("txt", _("a plain text"), (".txt",), "text/plain", _is_text),
    )
}
ENDINGS = tuple(ending for each in TYPES.values() for ending in each.endings)


def type_of(content: bytes) -> FileType | None:
    """What a file is; None where it is nothing that is taken."""
    for each in TYPES.values():
        if each.fits(content) and not (each.key == "txt" and _is_written(content)):
            return each
    return None


def other_name(content: bytes) -> Text:
    """What a file is that is not taken, as far as its first bytes tell."""
    package = package_of(content)
    if package is not None and package.has_macros:
        return _("an Office file with macros")
    if package is not None and package.has_objects:
        return _("an Office file with objects of other programs in it")
    if package is not None and package.loads:
        return _("an Office file that loads something from elsewhere, or starts another program")
    if package is not None and not package.is_plain:
        return _("an Office file whose parts cannot be read plainly")
    if content.startswith(b"%PDF-") and _runs(content):
        return _("a PDF document that starts a program or a script, or holds one")
    if content.startswith(b"PK") and "OFD.xml" in _names(content):
        return _("an OFD document with a program in it")
    return _mark_of(content) or _("a file of a kind that is not known here")


def _names(content: bytes) -> list[str]:
    opened = opened_zip(content)
    return opened.namelist() if opened else []


def _is_written(content: bytes) -> bool:
    """Words that are not there to be read: a page, a script. Other files hold what no text does."""
    return content.startswith((b"#!", b"%PDF-")) or _first_words(content).startswith(
        tuple(mark for mark, _name in _OTHERS if mark[:1] == b"<")
    )


def _first_words(content: bytes) -> bytes:
    return content[:_MARK_BYTES].removeprefix(codecs.BOM_UTF8).lstrip().lower()


def _mark_of(content: bytes) -> Text | None:
    """What is not taken, by its first bytes; a page by its first words, however they stand."""
    words = _first_words(content)
    for mark, name in _OTHERS:
        if content.startswith(mark) or (mark[:1] == b"<" and words.startswith(mark)):
            return name
    return None


# So far the first words of a page are looked for.
_MARK_BYTES = 1_000
# What people bring by mistake, by its first bytes; marks of pages in small letters.
_OTHERS: tuple[tuple[bytes, Text], ...] = (
    (b"MZ", _("a program")),
    (b"\x7fELF", _("a program")),
    (b"#!", _("a program")),
    (b"\xd0\xcf\x11\xe0", _("an Office file of the old kind, or one with a password")),
    (b"Rar!", _("an archive of files")),
    (b"7z\xbc\xaf", _("an archive of files")),
    (b"\x1f\x8b", _("an archive of files")),
    (b"PK", _("an archive of files")),
    (b"GIF8", _("a GIF picture")),
    (b"BM", _("a BMP picture")),
    (b"II*\x00", _("a TIFF picture")),
    (b"MM\x00*", _("a TIFF picture")),
    (b"RIFF", _("a WebP picture, a sound or a film")),
    (b"%PDF-", _("a file of a kind that is not known here")),
    (b"<!doctype", _("a web page")),
    (b"<html", _("a web page")),
    (b"<script", _("a web page")),
    (b"<svg", _("a web page")),
    (b"<?xml", _("an XML file")),
)


def _is_office(content: bytes, main_type: str) -> bool:
    """A file of today's Office by the type of its main part, and nothing in it that runs."""
    found = package_of(content)
    if found is None or main_type not in found.types:
        return False
    return found.is_plain and not (found.has_macros or found.has_objects or found.loads)
