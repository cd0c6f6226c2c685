"""What a backup says of itself, and what is held against it before anything is unpacked (pure)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from relief.kernel.errors import Invalid, Problem, refuse
from relief.kernel.text import _

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "relief.db"
# The office's own folders in the data folder; the keys are in none of them.
FOLDERS = ("workflows", "templates", "letters", "attachments")
# Far above what an office has; a backup that says more is not read.
MANIFEST_BYTES_MAX = 64 * 1024 * 1024
# A name that is a name on every system: no drive, no backslash, nothing that cannot be seen.
_PLAIN_NAME = re.compile(r'[^\\/:*?"<>|\x00-\x1f]{1,255}')


@dataclass(frozen=True)
class Member:
    """One file inside, with its size in bytes and the SHA-256 of what it holds."""

    name: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True)
class Counts:
    """How much the database holds, to be counted again when it is back."""

    households: int
    cases: int
    payout_lines: int
    journal_entries: int
    last_journal_hash: str


@dataclass(frozen=True)
class Manifest:
    """Which office this was, when, under which program, and every file with its hash.

    `key_check` tells which keys belong to the database; it does not reveal them.
    """

    program: str
    made_at: str
    is_rehearsal: bool
    revision: str
    key_check: str
    counts: Counts
    members: tuple[Member, ...]
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        """The form in which it stands in the file."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2).encode()

    @property
    def size_bytes(self) -> int:
        """What all members take when they are unpacked."""
        return sum(member.size_bytes for member in self.members)


def read_manifest(data: bytes) -> Manifest:
    """Read what a backup says of itself; a newer format and unsafe names are refused."""
    try:
        said = json.loads(data)
        form = int(said["format"])
    except (ValueError, KeyError, TypeError) as fault:
        raise not_ours() from fault
    if form > FORMAT:
        text = _(
            "This backup was made by a newer version of the program ({program}); install that "
            "version, or a later one.",
            program=str(said.get("program"))[:40],
        )
        raise refuse(Invalid, "backup.newer", text)
    try:
        manifest = _from_json(said)
    except (ValueError, KeyError, TypeError) as fault:
        raise not_ours() from fault
    problems = list(_unsafe_names(manifest.members))
    if problems:
        raise Invalid(problems)
    return manifest


def not_ours() -> Invalid:
    """The refusal of a file that is no backup of this program."""
    text = _("This file is not a backup made by this program, or its end is missing.")
    return Invalid(Problem("backup.not_ours", text, "FILE"))


def damaged() -> Invalid:
    """The refusal of a backup that is not as it was written."""
    text = _(
        "This backup is damaged: it is not what was written. Take another one, or copy it anew "
        "from where it was kept."
    )
    return Invalid(Problem("backup.damaged", text, "FILE"))


def _from_json(said: Mapping[str, Any]) -> Manifest:
    members = tuple(
        Member(str(m["name"]), int(m["size_bytes"]), str(m["sha256"])) for m in said["members"]
    )
    plain = {name: said[name] for name in ("program", "made_at", "revision", "key_check")}
    rehearsal = bool(said["is_rehearsal"])
    return Manifest(**plain, is_rehearsal=rehearsal, counts=Counts(**said["counts"]),
                    members=members)  # fmt: skip


def _unsafe_names(members: tuple[Member, ...]) -> Iterator[Problem]:
    """The database, once; all else below the folders that are ours, and nowhere else."""
    names = [member.name for member in members]
    for name in names:
        if not is_safe(name) or names.count(name) > 1:
            text = _(
                'This backup holds a file named "{name}", which belongs to no place of ours; '
                "nothing of it is unpacked.",
                name=name[:80],
            )
            yield Problem("backup.unsafe_name", text, "FILE")
    if DATABASE not in names:
        yield not_ours().problems[0]
    if any(member.size_bytes < 0 for member in members):
        yield damaged().problems[0]


def is_safe(name: str) -> bool:
    """True for the database, and for a path that stays below one of the folders."""
    if name == DATABASE:
        return True
    folder, *parts = name.split("/")
    return (
        folder in FOLDERS
        and bool(parts)
        and all(_PLAIN_NAME.fullmatch(part) and part.strip(". ") for part in parts)
    )
