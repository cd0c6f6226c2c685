"""The terms that hold, and changing them."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from relief.engine.actors import Actor
from relief.engine.work import Work
from relief.households.queries import places_taken
from relief.households.scheme import SchemeTerms, scheme_terms, scheme_version
from relief.households.scheme_words import START_WORDS, STOP_WORDS, scheme_in_words
from relief.kernel.money import format_yuan
from relief.kernel.months import format_month
from relief.kernel.text import _
from relief.payouts.scheme import change_scheme
from relief.web.access import ANYBODY_HERE, Pages, only
from relief.web.forms import FieldReader, Filled, filled, seen_version
from relief.web.posting import Done, posted
from relief.web.request import reading

pages = Pages("scheme", __name__, room="office.office")
MAY_CHANGE = only("admin")
_FIELDS = ("places", "go_live", "band_low", "band_high", "start_rule", "stop_rule", "below_taken")


@pages.page("/scheme", ANYBODY_HERE)
def scheme() -> ResponseReturnValue:
    """The terms that hold; for an admin with the form that changes them."""
    work = reading()
    return _page(work, Filled(_as_typed(scheme_terms(work))))


@pages.page("/scheme", MAY_CHANGE, post=True)
def change() -> ResponseReturnValue:
    """Change terms; what is left empty stays as it is."""
    form = filled(_FIELDS)

    def set_terms(work: Work, by: Actor) -> Done:
        before = scheme_terms(work)
        after = change_scheme(
            work,
            by,
            seen_version=seen_version(),
            below_taken=form["below_taken"] == "yes",
            **_changes(form),
        )
        changed, same = _("The scheme was changed."), _("These terms hold already.")
        return Done(url_for("scheme.scheme"), (changed if after != before else same,))

    return posted(set_terms, lambda refusal: _page(reading(), form.refused(refusal)))


def _changes(form: Filled) -> dict[str, Any]:
    """What was typed, read; every fault at once."""
    fields = FieldReader(form)
    readers = (
        ("places_max", "places", fields.number),
        ("go_live_month", "go_live", fields.month),
        ("band_low_fen", "band_low", fields.yuan),
        ("band_high_fen", "band_high", fields.yuan),
    )
    changes: dict[str, Any] = {
        name: form[name] for name in ("start_rule", "stop_rule") if form[name]
    }
    changes |= {name: read(field) for name, field, read in readers if not fields.is_blank(field)}
    fields.check()
    return changes


def _as_typed(terms: SchemeTerms) -> dict[str, str]:
    go_live = terms.go_live_month
    return {
        "places": str(terms.places_max),
        "go_live": format_month(go_live) if go_live is not None else "",
        "band_low": format_yuan(terms.band_low_fen),
        "band_high": format_yuan(terms.band_high_fen),
        "start_rule": terms.start_rule,
        "stop_rule": terms.stop_rule,
    }


def _page(work: Work, form: Filled) -> str:
    return render_template(
        "scheme/scheme.html",
        facts_shown=scheme_in_words(scheme_terms(work), places_taken(work)),
        version=scheme_version(work),
        form=form,
        names=_FIELDS,
        start_rules=START_WORDS.items(),
        stop_rules=STOP_WORDS.items(),
    )
