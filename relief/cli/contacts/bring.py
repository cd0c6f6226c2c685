"""Logging contacts, and taking wrong ones out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from relief.accounts.queries import find_actor
from relief.cli import options
from relief.cli.console import tell
from relief.cli.language import say
from relief.cli.office import writing
from relief.desk.service import log_contact, read_form
from relief.engine.work import Work
from relief.kernel.text import Text, _
from relief.petitions.service import Joined, add_to_case, open_case, open_from_contact, void_contact

_FORM = (
    "channel", "on", "at", "name", "id_number", "phone", "matter", "heads", "urgent", "restricted",
    "collective", "answer", "reserved_number", "reserved_case",
)  # fmt: skip


def _option(
    name: str, metavar: str, about: Text, **more: Any
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(name, metavar=metavar, help=say(about), **more)


@click.command(
    help=say(
        _(
            "One of --answer, --open and --to says what became of it. Without --on and --at it "
            "happened now; on an earlier day without --at, at noon of that day. A group visit of "
            "five or more is collective unless you say otherwise."
        )
    )
)
@_option("--channel", "visit|call|letter", _("How they came."), required=True)
@_option("--on", "DAY", _("The day it happened, as 2005-06-28."), default="")
@_option("--at", "TIME", _("The time of day, as 14:30."), default="")
@_option("--name", "NAME", _("Who it was; left out: anonymous."), default="")
@_option("--id-number", "NUMBER", _("The identity number, kept under seal."), default="")
@_option("--phone", "NUMBER", _("The phone number, kept under seal."), default="")
@_option("--matter", "TEXT", _("What it was about, kept under seal."), required=True)
@_option("--heads", "N", _("Persons of a group visit, signers of a joint letter."), default="1")
@click.option("--urgent", is_flag=True, help=say(_("It cannot wait; it is reported upward.")))
@click.option("--restricted", is_flag=True, help=say(_("An accusation: seen only by those named.")))
@click.option(
    "--collective/--not-collective",
    default=None,
    help=say(_("Several people with one matter, or not.")),
)
@click.option("--chase-up", is_flag=True, help=say(_("With --to: they ask where it stands.")))
@_option("--answer", "TEXT", _("What was answered on the spot."), default="")
@_option(
    "--open",
    "KIND",
    _("Open a case: petition, relief, legal_aid, job_referral, or a kind of your office's own."),
    default="",
)
@_option("--to", "REF", _("Add it to the case of this number."), default="")
@_option("--reserved", "NO", _("The number on the paper form that it was written on."), default="")
@_option("--reserved-case", "NO", _("With --open: the number on the case's paper."), default="")
@options.acting_for
@options.actor
def add(username: str, acting_for: str, **typed: Any) -> None:
    """Log a contact."""
    kind, to = typed["open"].strip(), typed["to"].strip()
    typed["reserved_number"] = typed.pop("reserved")
    _check_outcome(typed, kind, to)
    with writing() as work:
        actor = find_actor(work, username, acting_for)
        form = read_form(work, {name: typed[name] for name in _FORM})
        if kind:
            joined = open_case(work, actor, kind, form)
        elif to:
            joined = add_to_case(work, actor, form, to, chase_up=typed["chase_up"])
        else:
            contact = log_contact(work, actor, form)
            work.commit()
            tell(_("{no}: answered on the spot.", no=contact.reference))
            return
        work.commit()
        _tell_joined(work, joined, opened=bool(kind))


def _check_outcome(typed: dict[str, Any], kind: str, to: str) -> None:
    if bool(kind) + bool(to) + (bool(typed["answer"]) and not (kind or to)) != 1:
        text = _("Say what became of it: one of --answer TEXT, --open KIND and --to REF.")
        raise click.UsageError(say(text))
    if typed["chase_up"] and not to:
        raise click.UsageError(say(_("--chase-up goes with --to REF: it is about a case.")))


@click.command(
    help=say(
        _(
            "KIND is as with contacts add --open. Nothing is typed again: the case takes over what "
            "the contact says."
        )
    )
)
@click.argument("reference", metavar="REF")
@click.argument("kind", metavar="KIND")
@options.acting_for
@options.actor
def open_later(reference: str, kind: str, username: str, acting_for: str) -> None:
    """Open a case by a contact."""
    with writing() as work:
        joined = open_from_contact(work, find_actor(work, username, acting_for), kind, reference)
        work.commit()
        _tell_joined(work, joined, opened=True)


@click.command(help=say(_("It is kept and shown as void, and counts no more.")))
@click.argument("reference", metavar="REF")
@options.reason
@options.acting_for
@options.actor
def void(reference: str, reason: str, username: str, acting_for: str) -> None:
    """Take a wrong entry out."""
    with writing() as work:
        contact = void_contact(work, find_actor(work, username, acting_for), reference, reason)
        work.commit()
    tell(_("{no} is void; it counts no more.", no=contact.reference))


def _tell_joined(work: Work, joined: Joined, *, opened: bool) -> None:
    values = {
        "no": joined.contact.reference,
        "case": joined.reference,
        "kind": work.workflows.definitions[joined.kind].title,
    }
    text = _("{no}: opened {case} ({kind}).") if opened else _("{no}: added to {case} ({kind}).")
    tell(Text(text.msgid, values))
