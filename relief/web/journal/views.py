"""The journal to leaf through, to verify and to take away."""

from __future__ import annotations

import tempfile
import threading
from typing import IO

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from relief.auditing import verify_office
from relief.engine.cases import Case, find_case
from relief.engine.journal.inspection import handed_out_lines, journal_size
from relief.engine.journal.leafing import JournalPage, journal_page
from relief.engine.work import Work
from relief.kernel.errors import Conflict, Problem, ReliefError, refuse
from relief.kernel.text import _
from relief.petitions.phones_shown import phones_shown
from relief.web.access import ANYBODY_HERE, Pages, may, only
from relief.web.errors import status_of
from relief.web.forms import Filled
from relief.web.journal.words import RECORDED, words_of
from relief.web.names import who
from relief.web.paging import pages_beside
from relief.web.request import actor, office, reader, reading

pages = Pages("journal", __name__, room="office.office")
INSPECTORS = only("auditor", "admin")
# Whoever verifies keeps a thread of this process: several at once would leave none for the others.
_verifying = threading.Lock()


@pages.page("/journal", ANYBODY_HERE)
def journal() -> ResponseReturnValue:
    """For those who inspect it how much there is, and every entry, the latest first. To others a
    number that moves would tell of a restricted case."""
    work = reading()
    form = Filled({"case": request.args.get("case", "")})
    try:
        page = _entries(work, form) if may("journal.export") else None
    except ReliefError as refusal:
        return _page(work, form.refused(refusal), None), status_of(refusal)
    return _page(work, form, page)


@pages.page("/journal/verify", ANYBODY_HERE, post=True)
def verify() -> ResponseReturnValue:
    """Recompute every hash, chain and seal, and hold the deadlines against them."""
    work = reading()
    problems = _verified(work)
    size = journal_size(work) if may("journal.export") else None
    return render_template("journal/verified.html", size=size, problems=problems)


@pages.page("/journal/export", INSPECTORS)
def export() -> ResponseReturnValue:
    """The whole journal, an entry a line, as a file: whole or not at all."""
    work = reading()
    return send_file(
        _written(work),
        mimetype="application/x-ndjson",
        as_attachment=True,
        download_name=f"journal-{work.today}.jsonl",
    )


def _verified(work: Work) -> list[Problem]:
    """What is wrong with it; refused (`Conflict`) while another asks the same of this process."""
    if not _verifying.acquire(blocking=False):
        text = _(
            "The journal is being verified for somebody else just now; ask again when that is "
            "done, in a minute or so."
        )
        raise refuse(Conflict, "journal.being_verified", text)
    try:
        return verify_office(work, office().papers)
    finally:
        _verifying.release()


def _written(work: Work) -> IO[bytes]:
    """The lines in a file without a name, which is gone when it was sent."""
    lines = handed_out_lines(work, actor(work))
    file = tempfile.TemporaryFile()  # noqa: SIM115  (Flask closes it)
    file.writelines(lines)
    file.seek(0)
    return file


def _entries(work: Work, form: Filled) -> JournalPage:
    of: Case | None = find_case(work, form["case"], reader()) if form["case"].strip() else None
    return journal_page(work, reader(), of=of, after=request.args.get("after", ""))


def _page(work: Work, form: Filled, page: JournalPage | None) -> str:
    return render_template(
        "journal/journal.html",
        form=form,
        names=("case",),
        recorded=RECORDED,
        size=journal_size(work) if may("journal.export") else None,
        rows=[(entry, who(entry), *words_of(work, entry)) for entry in page.entries]
        if page
        else [],
        shown=phones_shown(work, reader()) if may("journal.export") else [],
        **pages_beside(page.after if page else ""),
    )
