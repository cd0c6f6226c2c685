"""The file of a backup: a zip, streamed, with a tail that vouches for every byte before it.

The tail is the end of the zip's comment: the SHA-256 of all that stands before it, and that hash
under the office's keys, so that a file that somebody altered on the way shows as well as one that
a stick has spoilt. Nothing is held in memory but a portion.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from relief.backup.manifest import (
    MANIFEST,
    MANIFEST_BYTES_MAX,
    Manifest,
    Member,
    damaged,
    not_ours,
    read_manifest,
)
from relief.kernel.crypto import FieldCipher, key_check, sealed_key_check
from relief.kernel.errors import Conflict, ReliefError, refuse
from relief.kernel.private_files import private_file
from relief.kernel.text import _

_PORTION_BYTES = 1024 * 1024
_MARK = b"relief backup "
_TAIL_CHARS = 64 + 64
# Most of a database of ours is ciphertext: a higher level costs time and saves nothing.
_DEFLATE_LEVEL = 1


@contextmanager
def writing(path: Path) -> Iterator[zipfile.ZipFile]:
    """A new file, readable by its owner alone."""
    with (
        private_file(path) as stream,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_DEFLATE_LEVEL) as archive,
    ):
        archive.comment = _MARK + b"0" * _TAIL_CHARS
        yield archive


def add(archive: zipfile.ZipFile, name: str, path: Path) -> Member:
    """Put a file in, and say what was read."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
        for portion in portions(source):
            digest.update(portion)
            size += len(portion)
            target.write(portion)
    return Member(name, size, digest.hexdigest())


def seal(path: Path, cipher: FieldCipher) -> None:
    """Write the tail, and bring all of it to the disk."""
    with path.open("r+b") as stream:
        sha256 = _sha256_before_tail(stream, path.stat().st_size)
        stream.seek(-_TAIL_CHARS, os.SEEK_END)
        stream.write((sha256 + _vouched(cipher, sha256)).encode())
        stream.flush()
        os.fsync(stream.fileno())


def read_whole(path: Path, cipher: FieldCipher) -> Manifest:
    """Read a backup from its first byte to its last: refused where it is not ours, damaged, made
    under other keys, or of a newer format; every member's size and hash is compared."""
    manifest = read_outside(path)
    check_keys(manifest, cipher)
    with path.open("rb") as stream:
        stream.seek(-64, os.SEEK_END)
        vouched = stream.read().decode("ascii", "replace")
        if vouched != _vouched(cipher, _sha256_before_tail(stream, path.stat().st_size)):
            raise damaged()
    with opened(path) as archive:
        for member in manifest.members:
            for _portion in unpacked(archive, member):
                pass
    return manifest


def is_backup(path: Path) -> bool:
    """True for a backup, of whatever office, every byte as it was written."""
    try:
        read_outside(path)
    except ReliefError:
        return False
    return True


def read_outside(path: Path) -> Manifest:
    """What can be checked without the keys: that every byte is as it was written, and what the
    backup says of itself."""
    with path.open("rb") as stream:
        size = path.stat().st_size
        if size < _TAIL_CHARS + len(_MARK):
            raise not_ours()
        stream.seek(-_TAIL_CHARS - len(_MARK), os.SEEK_END)
        if stream.read(len(_MARK)) != _MARK:
            raise damaged() if _begins_as_zip(stream) else not_ours()
        said = stream.read(64).decode("ascii", "replace")
        if said != _sha256_before_tail(stream, size):
            raise damaged()
    with opened(path) as archive:
        return read_manifest(_manifest_of(archive))


def opened(path: Path) -> zipfile.ZipFile:
    """The zip, to read from."""
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as fault:
        raise not_ours() from fault


def unpacked(archive: zipfile.ZipFile, member: Member) -> Iterator[bytes]:
    """What a member holds, by portions, never more than the manifest says; refused at the end
    where it is not what was put in."""
    digest, left = hashlib.sha256(), member.size_bytes
    try:
        with archive.open(member.name) as source:
            while portion := source.read(_PORTION_BYTES):
                left -= len(portion)
                if left < 0:
                    raise damaged()
                digest.update(portion)
                yield portion
    except (zipfile.BadZipFile, KeyError, EOFError, NotImplementedError, RuntimeError) as fault:
        raise damaged() from fault
    if left or digest.hexdigest() != member.sha256:
        raise damaged()


def portions(stream: IO[bytes]) -> Iterator[bytes]:
    """A stream, in portions that take no room."""
    while portion := stream.read(_PORTION_BYTES):
        yield portion


def check_keys(manifest: Manifest, cipher: FieldCipher) -> None:
    """Refuse keys that are not those of the backup."""
    if manifest.key_check not in (key_check(cipher), sealed_key_check(cipher)):
        raise refuse(
            Conflict,
            "backup.other_keys",
            _(
                "The keys here are not those of this backup. Put the key file that belongs to it "
                "into the data folder first: a backup does not hold the keys."
            ),
            "RELIEF_FIELD_KEYS",
        )


def _manifest_of(archive: zipfile.ZipFile) -> bytes:
    try:
        with archive.open(MANIFEST) as stream:
            data = stream.read(MANIFEST_BYTES_MAX + 1)
    except (zipfile.BadZipFile, KeyError, EOFError) as fault:
        raise not_ours() from fault
    if len(data) > MANIFEST_BYTES_MAX:
        raise not_ours()
    return data


def _begins_as_zip(stream: IO[bytes]) -> bool:
    stream.seek(0)
    return stream.read(4) == b"PK\x03\x04"


def _sha256_before_tail(stream: IO[bytes], size: int) -> str:
    stream.seek(0)
    digest, left = hashlib.sha256(), size - _TAIL_CHARS
    while left > 0 and (portion := stream.read(min(left, _PORTION_BYTES))):
        digest.update(portion)
        left -= len(portion)
    return digest.hexdigest()


def _vouched(cipher: FieldCipher, sha256: str) -> str:
    return cipher.blind_index(sha256, "backup")
