"""A desk at which commands are typed that get killed, or told to stop."""

from __future__ import annotations

from relief.kernel.months import Quarter
from relief.payouts.runs.preparation import prepare_run
from tests.faults.acts import Act
from tests.faults.launcher import Ended, Launcher, Order
from tests.office import FANG, Office


class Desk:
    """Types commands at an office; each is a process of its own."""

    def __init__(self, launcher: Launcher, office: Office) -> None:
        self.launcher = launcher
        self.office = office

    def run(self, order: Order) -> Ended:
        """One command, whatever comes of it."""
        return self.launcher.run(order, **self.environment())

    def environment(self) -> dict[str, str]:
        """The settings that name the office."""
        settings = self.office.relief.settings
        return {"RELIEF_DATA_DIR": str(settings.data_dir), "RELIEF_DATABASE_URL": settings.url}

    def next_list(self, quarter: str, first: Act | None = None) -> str:
        """The hash of the list that `prepare` would give now, or after something else was done;
        nothing is kept of it."""
        with self.office.relief.work() as work:
            if first is not None:
                first(work, self.office.relief.settings.data_dir)
            return prepare_run(work, FANG, Quarter.parse(quarter)).sha256


def spread(statements: int, points: int) -> list[int]:
    """So many of the statements, from the first to the last."""
    return sorted({1 + (statements - 1) * place // (points - 1) for place in range(points)})
