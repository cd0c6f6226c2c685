"""The papers of a case. They are handed out as downloads alone: nothing that somebody brought is
ever shown, or run, under our address."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.cases import find_case
from relief.engine.steps.advance import advance
from relief.engine.steps.recusal import all_aside
from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.kernel.text import _
from relief.papers.contents import ENDINGS, TYPES
from relief.papers.names import what_is_taken
from relief.papers.queries import ListedPaper, paper_of
from relief.papers.reading import view_papers
from relief.papers.service import SentFile, attach
from relief.papers.steps import DETACH, KIND, NUMBER
from relief.typed.once import new_key
from relief.typed.saving import saved_once
from relief.web.access import ANYBODY_HERE, CASE_WORKERS_OR_DEPUTIES, Pages
from relief.web.errors import status_of
from relief.web.forms import Filled, filled
from relief.web.posting import Done, posted
from relief.web.request import close_reading, office, person, reader, reading
from relief.web.uploads import sent_file

pages = Pages("papers", __name__, room="cases.cases")
# What a browser may do with a paper that somebody opens in it all the same.
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@pages.page("/cases/<reference>/papers", ANYBODY_HERE)
def papers(reference: str) -> ResponseReturnValue:
    """The papers of a case, and the form for the next one."""
    return _page(reading(), reference, Filled())


@pages.page("/cases/<reference>/papers", CASE_WORKERS_OR_DEPUTIES, post=True)
def add_paper(reference: str) -> ResponseReturnValue:
    """Attach a file, once however often it is sent."""
    form = filled((KIND, "acting_for", "once"))

    def again(refusal: ReliefError) -> str:
        return _page(reading(), reference, form.refused(refusal))

    try:
        file = _looked_at()
    except ReliefError as refusal:
        return again(refusal), status_of(refusal)

    def attach_it(work: Work, by: Actor) -> Done:
        case = find_case(work, reference, by)
        body = {**form.values, "case": reference, "name": file.name, "sha256": file.sha256}

        def make() -> str:
            paper = attach(work, office().papers, by, case, file, form[KIND])
            return f"{case.reference}-{paper.number}"

        saved = saved_once(work, by, form["once"], body, make)
        told = _("Attached: {name}.", name=file.name) if saved.anew else saved.already()
        return Done(_address(reference), (told,))

    return posted(attach_it, again)


@pages.page("/cases/<reference>/detach", CASE_WORKERS_OR_DEPUTIES, post=True)
def take_back(reference: str) -> ResponseReturnValue:
    """Take a paper back, with a reason; it stays for the record."""
    form = filled((NUMBER, "reason", "acting_for"))

    def detach(work: Work, by: Actor) -> Done:
        case = find_case(work, reference, by)
        fields = {NUMBER: form[NUMBER]}
        advance(work, case.kind.key, case.id, DETACH, by, fields=fields, reason=form["reason"])
        return Done(
            _address(reference), (_("Paper {number} was taken back.", number=form[NUMBER]),)
        )

    return posted(detach, lambda refusal: _page(reading(), reference, form.refused(refusal)))


@pages.page("/cases/<reference>/papers/<number>", ANYBODY_HERE)
def save(reference: str, number: str) -> ResponseReturnValue:
    """A paper as it was attached, to be saved; one whose file is missing or altered is told so."""
    work = reading()
    case = find_case(work, reference, reader())
    paper = paper_of(work, case.kind.key, case.id, number)
    answer = Response(
        office().papers.read(paper.sha256), mimetype=TYPES[paper.file_type].media_type
    )
    answer.headers["Content-Disposition"] = disposition(paper)
    answer.headers["Content-Security-Policy"] = SANDBOX
    return answer


def disposition(paper: ListedPaper) -> str:
    """Under which name a browser saves it: RFC 6266, the real one as RFC 5987 writes it."""
    plain = f"paper-{paper.number}{TYPES[paper.file_type].endings[0]}"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(paper.name, safe='')}"


def _looked_at() -> SentFile:
    """The file that was sent, judged in no transaction: nobody waits for one that takes long."""
    close_reading()
    return sent_file("file").looked_at()


def _address(reference: str) -> str:
    """Where somebody goes on: back to the page of the case, to where its papers stand."""
    return url_for("one_case.case", reference=reference, _anchor="papers")


def _page(work: Work, reference: str, form: Filled) -> str:
    case = find_case(work, reference, reader())
    view = view_papers(work, case)
    return render_template(
        "papers/papers.html",
        case=case,
        stands_aside=all_aside(work, case.kind.key, case.id, person().identities),
        form=form,
        view=view,
        standing=[
            (str(paper.number), f"{paper.number}. {paper.name}")
            for paper in view.papers
            if paper.stands
        ],
        kinds=[("", _("not said")), *view.titles.items()],
        endings=",".join(ENDINGS),
        taken=what_is_taken(),
        once=new_key(),
        acting=person().acting_for(CASE_WORKERS_OR_DEPUTIES.roles),
    )
