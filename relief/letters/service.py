"""Issuing a letter: it is made, sealed and kept in the step that says so; printed again it is the
same bytes. A second one of the same kind says that it is one."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from markupsafe import Markup

from relief.engine.actors import Actor
from relief.engine.cases import Case
from relief.engine.definitions.definition import LANGUAGES
from relief.engine.journal.history import history
from relief.engine.steps.advance import advance
from relief.engine.steps.recusal import check_not_aside
from relief.engine.work import Work
from relief.kernel.crypto import new_token
from relief.kernel.errors import Conflict, Invalid, refuse
from relief.kernel.text import HTML_LANGUAGE, LOCALE_OF, _
from relief.letters.language import checked, written
from relief.letters.offered import Offered, offered_letters
from relief.letters.queries import ListedLetter, letters_of, seal_context
from relief.letters.saying import NO_CODE, Occasion, values_of
from relief.letters.tables import IssuedLetter
from relief.letters.templates import LetterFiles, LetterFolder
from relief.petitions.check_code import code_of
from relief.petitions.life.issuing import ISSUE

# More than any matter brings forth.
LETTERS_MAX = 200
_LANGUAGE = re.compile(r'<html lang="([^"]+)">')
_BODY = re.compile(r"<body>\n(.*)\n</body>", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def issue_letter(
    work: Work, folder: LetterFolder, actor: Actor, case: Case, letter: str,
    language: str,
) -> ListedLetter:  # fmt: skip
    """Issue a letter of a case. Refused where it is not offered, its template is faulty, or as the
    step is; then nothing is kept."""
    at = work.instant()  # the lock comes first: what is read stands until the commit
    occasion, files = _occasion(work, folder, actor, case, letter, language)
    before = letters_of(work, case.kind.key, case.id)
    if len(before) >= LETTERS_MAX:
        text = _("{max} letters are the most of one case.", max=LETTERS_MAX)
        raise refuse(Conflict, "letter.too_many", text)
    page = _page(work, occasion, files)
    number, digest = len(before) + 1, hashlib.sha256(page).hexdigest()
    facts = {
        "letter": number,
        "letter_title": files.title,
        "which": letter,
        "language": language,
        "sha256": digest,
        "template_sha256": files.sha256,
        "issued_on": work.today.isoformat(),
    }
    entry = advance(work, case.kind.key, case.id, ISSUE, actor, facts=facts)
    token = new_token()
    listed = ListedLetter(
        number=number,
        letter=letter,
        title=files.title,
        language=language,
        sha256=digest,
        issued_on=work.today,
        recorded_at=entry.at,
        recorded_by=actor.username,
    )
    work.insert(
        IssuedLetter,
        **asdict(listed),
        subject_kind=case.kind.key,
        subject_id=case.id,
        token=token,
        sealed_page=work.cipher.seal(page, seal_context(token)),
        template_sha256=files.sha256,
    )
    assert entry.at == at, "one transaction, one instant"
    return listed


def preview_of(
    work: Work, folder: LetterFolder, actor: Actor, case: Case, letter: str,
    language: str,
) -> bytes:  # fmt: skip
    """The letter as it would be issued now, marked as a preview, without the check code; nothing is
    kept. Refused for who stands aside in the case."""
    check_not_aside(work, case, actor)
    occasion, files = _occasion(work, folder, actor, case, letter, language, preview=True)
    return _page(work, occasion, files)


@dataclass(frozen=True)
class Printed:
    """What of a letter's page another page can hold, to be printed."""

    language: str
    style: str
    body: str


def without_code(work: Work, case: Case, page: bytes) -> bytes:
    """An issued letter of a case as it is shown to who does not work on cases: the check code, by
    which a petitioner answers for themself, is blotted out."""
    code = code_of(work.cipher, case.reference, case.row["token"])
    return page.replace(code.encode(), NO_CODE.encode())


def printed_of(page: bytes) -> Printed | None:
    """The same of an issued letter; None where its page is not as `_page` makes it."""
    text = page.decode()
    found = [part.search(text) for part in (_LANGUAGE, _STYLE, _BODY)]
    return Printed(*(each[1] for each in found if each)) if all(found) else None


def style_hash(page: bytes) -> str:
    """What a browser is told of the style of a letter, so that it takes this one and no other."""
    found = _STYLE.search(page.decode())
    digest = hashlib.sha256((found[1] if found else "").encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _occasion(
    work: Work, folder: LetterFolder, actor: Actor, case: Case, letter: str,
    language: str, *, preview: bool = False,
) -> tuple[Occasion, LetterFiles]:  # fmt: skip
    if language not in LANGUAGES:
        text = _("Choose the language of the letter: {known}.", known=list(LANGUAGES))
        raise refuse(Invalid, "letter.language", text, "language")
    entries = history(work, case.kind.key, case.id)
    offered = _offered(offered_letters(work, case, entries), letter, case, folder)
    if not all(entry.readable for entry in entries):
        text = _("The words of {no} were erased; no letter can be made of it.", no=case.reference)
        raise refuse(Conflict, "letter.shredded", text)
    issued = letters_of(work, case.kind.key, case.id)
    occasion = Occasion(
        offered,
        case,
        entries,
        actor,
        language,
        folder.sender(language),
        work.as_known_now(),
        work.today,
        f"{case.reference}-{len(issued) + 1}",
        sum(each.letter == letter for each in issued),
        preview,
    )
    return occasion, folder.files_of(letter, language)


def _offered(offered: list[Offered], letter: str, case: Case, folder: LetterFolder) -> Offered:
    for each in offered:
        if each.letter == letter:
            return each
    if not letter:
        raise refuse(Invalid, "letter.none_chosen", _("Choose the letter."), "letter")
    text = _(
        "{no} has no such letter now; there are: {known}.",
        no=case.reference,
        known=[folder.title(each.letter) for each in offered] or _("none"),
    )
    raise refuse(Invalid, "letter.not_offered", text, "letter")


def _page(work: Work, occasion: Occasion, files: LetterFiles) -> bytes:
    """The whole page, which needs nothing but itself. It holds something that nobody guesses: else
    whoever knows the words could find the check code by the page's hash, which the journal tells.
    """
    values = values_of(work, occasion)
    body = Markup(written(files.body, values))  # noqa: S704  (every value in it was escaped)
    framed = checked(written(files.frame, _framed(values, files.title, body)))
    title = Markup.escape(f"{files.title} {occasion.number}")
    style = files.style.strip()
    head = (
        f'<meta charset="utf-8">\n<meta name="letter" content="{new_token()}">\n'
        f"<title>{title}</title>\n<style>{style}</style>"
    )
    language = HTML_LANGUAGE[LOCALE_OF[occasion.language]]
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n{head}\n</head>\n'
        f"<body>\n{framed}\n</body>\n</html>\n"
    ).encode()


def _framed(values: Mapping[str, object], title: str, body: Markup) -> dict[str, object]:
    letter = values["letter"]
    assert isinstance(letter, dict)
    return {**values, "letter": {**letter, "title": title}, "body": body}
