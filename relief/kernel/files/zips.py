"""Opening a zip that somebody brought, whatever its tail says of itself (pure)."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

# More members than any file of an office has.
MEMBERS_MAX = 2_000
# Stands before each member in the list that is read into memory.
_MEMBER_MARK = b"PK\x01\x02"
# Of these the library unfolds no more than is asked for; of bzip2 and LZMA whatever is in a piece.
_FOLDED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
# What reading a zip raises where it is torn, or made to do harm.
UNREADABLE = (
    zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, OSError,
    ValueError, LookupError, OverflowError, struct.error,
    zlib.error,
)  # fmt: skip


def opened_zip(content: bytes) -> zipfile.ZipFile | None:
    """A zip to read from; None where it is none, or holds more members than any of ours, or one is
    folded in a way that no Office writes.

    Members are counted before the library lists them: a tail says its own number in one of two
    places (the second, zip64, is written by some programs for small files, too), and a list of two
    hundred thousand costs seconds and gigabytes."""
    if not content.startswith(b"PK\x03\x04") or content.count(_MEMBER_MARK) > MEMBERS_MAX:
        return None
    try:
        opened = zipfile.ZipFile(io.BytesIO(content))
    except UNREADABLE:
        return None
    if any(each.compress_type not in _FOLDED for each in opened.infolist()):
        return None
    return opened
