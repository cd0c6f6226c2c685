"""A file that a form brought: it lies in a folder of its own while it is read, then it is gone."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import request

from relief.kernel.errors import Invalid, refuse
from relief.kernel.text import _
from relief.papers.contents import FILE_BYTES_MAX
from relief.papers.service import SentFile

_NAME_BYTES_MAX = 200  # file systems take 255
_ODD = re.compile(r"[^\w.\-() （）〔〕]")


@contextmanager
def brought(name: str) -> Iterator[Path]:
    """The file in a field of the form, under the name that it had there; refused where none was
    chosen."""
    file = request.files.get(name)
    if file is None or not file.filename:
        raise refuse(Invalid, "file.none", _("Choose a file first."), name)
    with tempfile.TemporaryDirectory(prefix="relief-") as folder:
        path = Path(folder) / plain_name(file.filename)
        file.save(path)
        yield path


def plain_name(named: str) -> str:
    """The last part of a name, with nothing in it that a folder could take amiss."""
    last = re.split(r"[/\\]", named)[-1]
    tail = _ODD.sub("_", last).encode("utf-8", "replace")[-_NAME_BYTES_MAX:]
    return tail.decode("utf-8", "ignore").strip(" .") or "file"


def sent_file(name: str) -> SentFile:
    """The file in a field of the form, under the name that it says, whatever that is; refused where
    none was chosen. Of one that is too large no more is read than shows it."""
    file = request.files.get(name)
    if file is None or not file.filename:
        raise refuse(Invalid, "file.none", _("Choose a file first."), name)
    return SentFile(file.filename, file.stream.read(FILE_BYTES_MAX + 1))
