"""Files that go out: whole or not at all, readable by their owner alone, over nobody's work."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from relief.kernel.errors import Conflict, Invalid, refuse
from relief.kernel.private_files import private_file
from relief.kernel.text import _


@contextmanager
def file_out(path: Path, content: Iterable[bytes]) -> Iterator[None]:
    """Write a file beside its place; it takes its place when what the caller does meanwhile (the
    commit) has succeeded. A file of other content is never replaced."""
    if not path.parent.is_dir():
        text = _("There is no folder {folder}; make it first.", folder=path.parent)
        raise refuse(Invalid, "out.no_folder", text, "out")
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        _write(fresh, content)
        _refuse_other_content(path, fresh)
        yield
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _write(path: Path, content: Iterable[bytes]) -> None:
    with private_file(path) as stream:
        stream.writelines(content)


def _refuse_other_content(path: Path, fresh: Path) -> None:
    if path.is_dir() or (path.exists() and _sha256(path) != _sha256(fresh)):
        text = _(
            "{path} is there already and holds something else; name another file, or move it away.",
            path=path,
        )
        raise refuse(Conflict, "out.exists", text, "out")


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
