"""The family of refusals, and faults in what people bring.

Faults are values (`Problem`), collected and shown all at once. A refused action is an exception
of the small family below; each carries its problems. One table in the web layer maps the classes
to HTTP, and the command line maps them all to exit code 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from relief.kernel.text import Text, _


@dataclass(frozen=True)
class Problem:
    """One fault: what is wrong and what would be right, and where it stands."""

    code: str
    text: Text
    field: str = ""
    sheet: str = ""
    row: int = 0

    def located(self) -> Text:
        """The sentence with its place in front, as a list of faults shows it."""
        if self.row and self.sheet:
            return _(
                "{sheet}, row {row}, {field}: {problem}",
                sheet=self.sheet,
                row=self.row,
                field=self.field or "-",
                problem=self.text,
            )
        if self.row:
            return _(
                "row {row}, {field}: {problem}",
                row=self.row,
                field=self.field or "-",
                problem=self.text,
            )
        if self.sheet and self.field:
            return _(
                "{sheet}, {field}: {problem}",
                sheet=self.sheet,
                field=self.field,
                problem=self.text,
            )
        if self.sheet:
            return _("{sheet}: {problem}", sheet=self.sheet, problem=self.text)
        if self.field:
            return _("{field}: {problem}", field=self.field, problem=self.text)
        return self.text


class ReliefError(Exception):
    """Something was refused; nothing was written. `problems` holds every reason."""

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        assert self.problems, "a refusal needs a reason"
        super().__init__("; ".join(str(problem.located()) for problem in self.problems))


class NotInitialised(ReliefError):
    """The database holds no tables of ours, or those of another version."""


class NotFound(ReliefError):
    """What was named does not exist, or not for this person."""


class NotAllowed(ReliefError):
    """The actor may not do this."""


class Invalid(ReliefError):
    """What was brought is faulty: a form, a file, a setting."""


class Conflict(ReliefError):
    """It contradicts what stands: a stale version, a duplicate, a list that is another one."""


class TransitionRefused(ReliefError):
    """A step that cannot be taken from here, by this person, or now."""


def refuse(kind: type[ReliefError], code: str, text: Text, field: str = "") -> ReliefError:
    """Build a refusal with one reason: `raise refuse(NotFound, "run.unknown", _("…"))`."""
    return kind(Problem(code, text, field))
