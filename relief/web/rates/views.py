"""Rates: listed, proposed by a file, and confirmed by somebody else who saw what they change."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.kernel.errors import ReliefError
from relief.kernel.files.sources import fingerprint
from relief.kernel.months import format_month
from relief.kernel.text import Text, _
from relief.payouts.rate_file import parse_rates
from relief.payouts.rates import (
    confirm_rates,
    document_rates,
    documents_waiting,
    list_rates,
    months_compared,
    propose_rates,
    proposed_differences,
    waiting_mark,
)
from relief.payouts.words import GRADE_WORDS
from relief.web.access import ANYBODY_HERE, Pages, only
from relief.web.errors import status_of
from relief.web.forms import Filled
from relief.web.language import say
from relief.web.posting import Done, posted
from relief.web.request import actor, close_reading, person, reading, writing
from relief.web.uploads import brought

pages = Pages("rates", __name__, room="office.office")
MAY_PROPOSE, MAY_CONFIRM = only("admin"), only("approver")


@pages.page("/rates", ANYBODY_HERE)
def rates() -> ResponseReturnValue:
    """All rates, and the documents that wait to be confirmed."""
    return _page(reading(), Filled())


@pages.page("/rates", MAY_PROPOSE, post=True)
def propose() -> ResponseReturnValue:
    """Propose the rates of a file; with one fault nothing is taken."""
    try:
        told = _proposed()
    except ReliefError as refusal:
        return _page(reading(), Filled().refused(refusal)), status_of(refusal)
    flash(say(told))
    return redirect(url_for("rates.rates"), 303)


@pages.page("/rates/document", ANYBODY_HERE)
def document() -> ResponseReturnValue:
    """One document: its rates, and which households would differ by it."""
    return _document_page(reading(), request.args.get("no", ""), Filled())


@pages.page("/rates/document", MAY_CONFIRM, post=True)
def confirm() -> ResponseReturnValue:
    """Make a document's rates count from now on."""
    document_no = request.form.get("document_no", "")

    def count_from_now(work: Work, by: Actor) -> Done:
        differences = confirm_rates(work, by, document_no, seen=request.form.get("seen", ""))
        told = _(
            "The rates of document {no} count from now on; households that differ by it: {count}.",
            no=document_no,
            count=len(differences),
        )
        return Done(url_for("rates.rates"), (told,))

    return posted(
        count_from_now,
        lambda refusal: _document_page(reading(), document_no, Filled().refused(refusal)),
    )


def _proposed() -> Text:
    """Take the file, and tell what came of it."""
    close_reading()  # the file is read in no transaction
    with brought("file") as path:
        rows, problems = parse_rates(path)
        with writing() as work:
            fresh = propose_rates(
                work, actor(work), rows, fingerprint(path), path.name, problems=problems
            )
            work.commit()
    if not fresh:
        return _("This file was taken before; nothing changed.")
    return _("Rates proposed: {count}. An approver confirms them.", count=len(rows))


def _page(work: Work, form: Filled) -> str:
    return render_template(
        "rates/rates.html",
        rows=list_rates(work),
        waiting=documents_waiting(work),
        form=form,
        grades=GRADE_WORDS,
        month=format_month,
    )


def _document_page(work: Work, document_no: str, form: Filled) -> str:
    rows = document_rates(work, document_no)
    waits = any(row.confirmed_at is None for row in rows)
    differences = proposed_differences(work, rows[0].document_no) if waits else []
    return render_template(
        "rates/document.html",
        rows=rows,
        document_no=rows[0].document_no,
        waits=waits,
        differences=differences,
        seen=waiting_mark(work, rows[0].document_no),
        total=sum(each.amount_fen for each in differences),
        later=sum(each.later_fen for each in differences),
        any_later=any(each.later_fen for each in differences),
        months=months_compared(work, rows[0].document_no),
        form=form,
        is_own=any(row.proposed_by == person().username for row in rows),
        grades=GRADE_WORDS,
        month=format_month,
    )
