"""Figures of satisfaction. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from relief.kernel.text import Text, _
from relief.petitions.rules import RATINGS
from relief.reports.rules import FRACTION, PERCENT, PIECES, RESTRICTED, Figure, Row, figure
from relief.reports.satisfaction.queries import Word

_PLEASED = frozenset({"satisfied", "partly"})


def satisfaction_figures(words: Sequence[Word]) -> list[Figure]:
    """How many were asked, how many said it themselves, and how many of them are satisfied."""
    known = [word for word in words if word.satisfaction in RATINGS]
    share = _(
        "Of the cases whose petitioner said within the half-year how satisfied they are, those "
        "who are satisfied or partly satisfied. What a petitioner said on the public page goes "
        "before what the clerk wrote down; who could not be reached is left out."
    )
    return [
        figure(
            "satisfaction_known",
            _("Petitioners who said how satisfied they are"),
            _("Cases whose petitioner said it within the half-year, to the clerk or themselves."),
            PIECES,
            _rows(known, counted=frozenset(RATINGS)),
        ),
        figure(
            "satisfaction_own",
            _("By their own word on the public page"),
            _("Those among them who said it themselves, with the check code of their receipt."),
            PIECES,
            _rows([word for word in known if word.own], counted=frozenset(RATINGS)),
        ),
        figure("satisfied_rate", _("Satisfied"), share, FRACTION, _rows(known, counted=_PLEASED)),
        figure(
            "satisfied_percent",
            _("Satisfied in percent, cut off"),
            share,
            PERCENT,
            _rows(known, counted=_PLEASED),
        ),
    ]


def _rows(words: Sequence[Word], *, counted: frozenset[str]) -> Iterator[Row]:
    for word in words:
        why = RESTRICTED if word.restricted else _why(word)
        yield Row(word.case_reference, word.on, 1 if word.satisfaction in counted else 0, why)


def _why(word: Word) -> Text:
    values = {"said": RATINGS[word.satisfaction], "day": word.on}
    if word.own:
        return _("{said}, by their own word on {day}", **values)
    return _("{said}, as written down on {day}", **values)
