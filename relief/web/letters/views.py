"""Letters of a case. Each is a page of its own that needs nothing but itself; browsers are told to
take its style, and nothing else, and to run nothing in it."""

from __future__ import annotations

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.cases import Case, find_case
from relief.engine.journal.history import history
from relief.engine.steps.advance import available
from relief.engine.steps.recusal import all_aside, check_not_aside
from relief.engine.work import Work
from relief.kernel.text import LANGUAGE_OF, Text, _
from relief.letters.offered import issuing_roles
from relief.letters.queries import letter_of, page_of
from relief.letters.reading import view_letters
from relief.letters.service import issue_letter, preview_of, printed_of, style_hash, without_code
from relief.papers.reading import view_papers
from relief.petitions.one_case.bringing import what_to_bring
from relief.typed.once import new_key
from relief.typed.saving import saved_once
from relief.web.access import ANYBODY_HERE, CASE_WORKERS_OR_DEPUTIES, Pages
from relief.web.forms import Filled, filled
from relief.web.headers import around_a_letter
from relief.web.language import reader_locale
from relief.web.posting import Done, posted
from relief.web.request import office, person, reader, reading

pages = Pages("letters", __name__, room="cases.cases")
# The languages of letters, each by its word in both.
_SPOKEN = {"zh": {"zh": "中文", "en": "Chinese"}, "en": {"zh": "英文", "en": "English"}}
_FORM = ("letter", "language", "acting_for", "once")


@pages.page("/cases/<reference>/letters", ANYBODY_HERE)
def letters(reference: str) -> ResponseReturnValue:
    """The letters of a case, what to bring, and the form for the next letter; the address may name
    one."""
    begun = {"language": LANGUAGE_OF[reader_locale()], "letter": request.args.get("letter", "")}
    return _page(reading(), reference, Filled(begun))


@pages.page("/cases/<reference>/letters", CASE_WORKERS_OR_DEPUTIES, post=True)
def issue(reference: str) -> ResponseReturnValue:
    """Issue a letter, once however often the form is sent."""
    form = filled(_FORM)

    def issue_it(work: Work, by: Actor) -> Done:
        case = find_case(work, reference, by)
        told: list[Text] = []

        def make() -> str:
            made = issue_letter(work, office().letters, by, case, form["letter"], form["language"])
            told.append(_("Issued: {title}.", title=made.title))
            return f"{case.reference}-{made.number}"

        saved = saved_once(work, by, form["once"], {**form.values, "case": reference}, make)
        number = saved.reference.rpartition("-")[2]
        to = url_for("letters.letter", reference=case.reference, number=number)
        return Done(to, tuple(told) or (saved.already(),))

    return posted(issue_it, lambda refusal: _page(reading(), reference, form.refused(refusal)))


@pages.page("/cases/<reference>/letters/<number>", ANYBODY_HERE)
def letter(reference: str, number: str) -> ResponseReturnValue:
    """An issued letter within a page of ours, to print it and to go back. Its page holds the letter
    a second time, for the printer alone: a frame prints no more than it shows."""
    case, page, blotted = _issued(reference, number)
    listed = letter_of(reading(), case.kind.key, case.id, number)
    whole = render_template(
        "cases/letter.html", case=case, letter=listed, printed=printed_of(page), blotted=blotted
    )
    return around_a_letter(whole, style_hash(page))


@pages.page("/cases/<reference>/letters/<number>/sheet", ANYBODY_HERE)
def sheet(reference: str, number: str) -> ResponseReturnValue:
    """A letter as it was issued, byte for byte, but for a check code that is not for who reads."""
    _case, page, _blotted = _issued(reference, number)
    return _sheet(page, framed=True)


@pages.page("/cases/<reference>/letters/preview", CASE_WORKERS_OR_DEPUTIES)
def preview(reference: str) -> ResponseReturnValue:
    """A letter as it would be issued now; nothing is kept."""
    work = reading()
    case = find_case(work, reference, reader())
    wanted, language = request.args.get("letter", ""), request.args.get("language", "")
    if not wanted:
        return redirect(url_for("letters.letters", reference=case.reference), 303)
    return _sheet(preview_of(work, office().letters, reader(), case, wanted, language))


def _issued(reference: str, number: str) -> tuple[Case, bytes, bool]:
    """A letter of a case, and whether the check code was blotted out of it: whoever has that may
    answer in the petitioner's place, so it is for those who issue letters, each on record."""
    work = reading()
    case = find_case(work, reference, reader())
    check_not_aside(work, case, reader())
    page = page_of(work, case.kind.key, case.id, number)
    if CASE_WORKERS_OR_DEPUTIES.admits(person()):
        return case, page, False
    shown = without_code(work, case, page)
    return case, shown, shown != page


def _sheet(page: bytes, *, framed: bool = False) -> Response:
    """A letter for the browser; `framed` where a page of ours shows it, which may have it printed
    (`allow-modals`). Nothing runs in it either way."""
    answer = Response(page, mimetype="text/html")
    sandbox, ancestors = "sandbox", "'none'"
    if framed:
        sandbox, ancestors = "sandbox allow-same-origin allow-modals", "'self'"
        answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src '{style_hash(page)}'; {sandbox}; "
        f"frame-ancestors {ancestors}"
    )
    return answer


def _page(work: Work, reference: str, form: Filled) -> str:
    case = find_case(work, reference, reader())
    entries = history(work, case.kind.key, case.id)
    choices = available(work, case.kind.key, case.id, reader())
    view = view_letters(work, case, entries)
    titles = {name: office().letters.title(name) for name in view.offered}
    return render_template(
        "cases/letters.html",
        case=case,
        stands_aside=all_aside(work, case.kind.key, case.id, person().identities),
        form=form,
        view=view,
        to_bring=what_to_bring(work, case, entries, choices, view_papers(work, case).kinds),
        titles=titles,
        letters=[("", _("choose…")), *titles.items()],
        spoken=sorted(_SPOKEN.items(), key=lambda each: each[0] != LANGUAGE_OF[reader_locale()]),
        once=new_key(),
        acting=person().acting_for(issuing_roles(case)),
    )
