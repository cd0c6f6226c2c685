"""Commands that take an AMOUNT: what begins with a minus there is a wrong amount, no option."""

from __future__ import annotations

import re

import click

# "-5", "-1,800.00", "-.5"; no option of ours begins with a digit.
_BELOW_ZERO = re.compile(r"-[.,]?\d")


class AmountCommand(click.Command):
    """Hands "-5" on as it was typed, so that it is answered as an amount, with all else."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """A blank before it, which the amount's reader leaves out, keeps click from taking the
        digits for options. Ignoring unknown options would also ignore misspelt ones."""
        kept = [f" {word}" if _BELOW_ZERO.match(word) else word for word in args]
        return super().parse_args(ctx, kept)


def _as_typed(_ctx: click.Context, _param: click.Parameter, typed: str) -> str:
    return typed.strip()


amount = click.argument("amount", metavar="AMOUNT", callback=_as_typed)
