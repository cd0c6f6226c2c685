"""The scheme in words, as commands and pages tell it."""

from __future__ import annotations

from relief.households.scheme import SchemeTerms
from relief.kernel.money import format_yuan
from relief.kernel.months import format_month
from relief.kernel.text import Text, _

START_WORDS = {
    "next_month": _("counts from the month after the day"),
    "same_month": _("counts from the month of the day"),
}
STOP_WORDS = {
    "event_month_paid": _("the month of the day is still paid"),
    "event_month_unpaid": _("the month of the day is no longer paid"),
}


def scheme_in_words(terms: SchemeTerms, taken: int) -> list[tuple[Text, Text | str]]:
    """The terms, each with its name."""
    low, high = format_yuan(terms.band_low_fen), format_yuan(terms.band_high_fen)
    return [
        (_("places"), _("{taken} of {places} taken", taken=taken, places=terms.places_max)),
        (_("go-live month"), _month(terms.go_live_month)),
        (_("band of rates"), _("{low} to {high} yuan", low=low, high=high)),
        (_("start rule"), START_WORDS[terms.start_rule]),
        (_("stop rule"), STOP_WORDS[terms.stop_rule]),
        (
            _("recovery"),
            _("at most {percent} percent of what is due", percent=terms.recovery_percent_max),
        ),
        (
            _("days in the past"),
            _(
                "more than {months} months back are recorded by an approver only",
                months=terms.back_months_max,
            ),
        ),
        (
            _("the bank's answer"),
            _("is missed after {days} working days", days=terms.unanswered_days_max),
        ),
    ]


def _month(month: int | None) -> Text | str:
    return format_month(month) if month is not None else _("not set yet")
