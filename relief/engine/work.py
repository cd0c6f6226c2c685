"""A unit of work that knows the workflows."""

from __future__ import annotations

from sqlmodel import Session

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
