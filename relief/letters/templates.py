"""The files of letters: `<letter>.<language>.html`, the frame around each, and the style sheet. An
office's own stand in the folder `letters/` of its data folder, and go before ours, file by file."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from relief.engine.definitions.definition import LANGUAGES, Titles
from relief.kernel.errors import Invalid, NotFound, Problem
from relief.kernel.resources import shipped_folder
from relief.kernel.settings import Settings
from relief.kernel.text import _
from relief.letters.language import TEMPLATE_CHARS_MAX, Fault, faults_of, problems_of, title_of
from relief.letters.shape import FRAME_SHAPE, LETTER_SHAPE

FOLDER = "letters"
FRAME, STYLE = "frame", "letter.css"
_NAME = re.compile(r"([a-z][a-z0-9_]{0,63})\.(en|zh)\.html")
# Bytes of a file that is read at all; a character takes four at most.
_BYTES_MAX = 4 * TEMPLATE_CHARS_MAX
# Nothing is fetched for a letter, and its style ends where it ends.
_NOT_IN_STYLE = re.compile(
    r"</|<!--|//|\\|@import|(?:url|src|image|image-set|expression)\(", re.IGNORECASE
)


@dataclass(frozen=True)
class LetterFiles:
    """What a letter is made of in one language, all without faults; `sha256` is over all of it."""

    letter: str
    language: str
    title: str
    body: str
    frame: str
    style: str

    @property
    def sha256(self) -> str:
        """What this version of the template is known by."""
        parts = "\x00".join((self.body, self.frame, self.style))
        return hashlib.sha256(parts.encode()).hexdigest()


@dataclass(frozen=True)
class Sender:
    """Who a letter is from: the office's name; whether petitioners may ask on a page how their
    matter stands, and its address; where, by which phone and when they find the office ("" where
    nobody said it)."""

    name: str
    has_page: bool
    page: str
    address: str
    phone: str
    hours: str


class LetterFolder:
    """The folders in which letters are looked for, the office's own first. Files are read when a
    letter is made: what an office changes holds from the next letter on."""

    def __init__(self, settings: Settings) -> None:
        own = settings.data_dir / FOLDER
        self._names: Titles = settings.office_titles
        self._found = settings.office_found
        self._has_page = settings.public_page
        self._page = f"{settings.pages_url.rstrip('/')}/status" if settings.pages_url else ""
        self.folders = (own, shipped_folder("templates") / FOLDER)

    def sender(self, language: str) -> Sender:
        """Who letters of a language are from."""
        page = self._page if self._has_page else ""
        return Sender(self._names[language], self._has_page, page, *self._found)

    def files_of(self, letter: str, language: str) -> LetterFiles:
        """What a letter is made of; refused with every fault of its files."""
        names = (f"{letter}.{language}.html", f"{FRAME}.{language}.html", STYLE)
        problems = [problem for name in names for problem in self.problems_of(name)]
        if problems:
            raise Invalid(problems)
        body, frame, style = (self._read(self._path(name)) for name in names)
        return LetterFiles(letter, language, title_of(body), body, frame, style)

    def title(self, letter: str) -> Titles:
        """What a letter is called, in every language; its name where the template does not say."""
        titles = {}
        for language in LANGUAGES:
            name = f"{letter}.{language}.html"
            sound = self._path(name) is not None and not self.problems_of(name)
            titles[language] = title_of(self._read(self._path(name))) if sound else letter
        return titles

    def names(self) -> list[str]:
        """Every file that stands in one of the folders."""
        found = {path.name for folder in self.folders for path in folder.glob("*")}
        return sorted(name for name in found if _NAME.fullmatch(name) or name == STYLE)

    def problems_of(self, name: str) -> list[Problem]:
        """Every fault of one file, or that it is missing."""
        path = self._path(name)
        if path is None:
            text = _(
                'The template {file} is missing; write it into the folder "{folder}" of the data '
                "folder.",
                file=name,
                folder=FOLDER,
            )
            return [Problem("letter.no_template", text)]
        try:
            source = self._read(path)
        except UnicodeDecodeError:
            text = _(
                "This file is not UTF-8; save it as UTF-8 (in the editor's dialogue: encoding)."
            )
            return problems_of([Fault(1, text)], name)
        except OSError as fault:
            text = _("This file cannot be read: {fault}.", fault=fault.strerror or "?")
            return problems_of([Fault(1, text)], name)
        if name == STYLE:
            return problems_of([*_style_faults(source)], name)
        return problems_of(_judged(source, is_frame=name.startswith(f"{FRAME}.")), name)

    def unknown(self) -> Sequence[Path]:
        """Files of the office's own that are no letter's: a name mistyped is not silent."""
        own = self.folders[0]
        paths = sorted(own.glob("*")) if own.is_dir() else []
        return [path for path in paths if not (_NAME.fullmatch(path.name) or path.name == STYLE)]

    def _path(self, name: str) -> Path | None:
        if not (_NAME.fullmatch(name) or name == STYLE):
            return None  # a workflow that an earlier program took may name what is no letter
        return next((f / name for f in self.folders if (f / name).is_file()), None)

    def _read(self, path: Path | None) -> str:
        if path is None:
            raise NotFound(Problem("letter.no_template", _("The template is missing.")))
        with path.open("rb") as stream:
            return stream.read(_BYTES_MAX + 1).decode("utf-8-sig").replace("\r\n", "\n")


@lru_cache(maxsize=64)  # the same words have the same faults
def _judged(source: str, *, is_frame: bool) -> Sequence[Fault]:
    return faults_of(source, FRAME_SHAPE if is_frame else LETTER_SHAPE, titled=not is_frame)


def _style_faults(source: str) -> Iterator[Fault]:
    if len(source) > TEMPLATE_CHARS_MAX:
        text = _("This is {chars} characters long; {max} are the most.",
                 chars=len(source), max=TEMPLATE_CHARS_MAX)  # fmt: skip
        yield Fault(1, text)
    for each in _NOT_IN_STYLE.finditer(source):
        text = _('"{markup}" has no place in the style of a letter, which fetches nothing.',
                 markup=each[0])  # fmt: skip
        yield Fault(source[: each.start()].count("\n") + 1, text)
