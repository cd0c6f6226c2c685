"""A unit of work that knows the workflows and the office's calendar."""

from __future__ import annotations

from functools import cached_property

from sqlmodel import Session

from relief.engine.calendar import WorkingCalendar
from relief.engine.calendar.queries import office_calendar
from relief.engine.workflows import Workflows
from relief.kernel.clock import Clock
from relief.kernel.crypto import FieldCipher
from relief.kernel.database import UnitOfWork


class Work(UnitOfWork):
    """One transaction in which cases may take steps."""

    def __init__(
        self, session: Session, clock: Clock, cipher: FieldCipher, workflows: Workflows
    ) -> None:
        super().__init__(session, clock, cipher)
        self.workflows = workflows

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The office's working days and hours, read once."""
        return office_calendar(self)

    def read_calendar_anew(self) -> WorkingCalendar:
        """The same, after this unit of work has changed it."""
        self.__dict__.pop("calendar", None)
        return self.calendar
