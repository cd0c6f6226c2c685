"""Use cases of hardship files: taking over the register, and recording dated changes.

Both are judged whole: every fault at once, each with its place; one fault and nothing is written.
They take over decisions made on paper, so they check places, overlaps and order, not survey,
notice and separation of duties; the journal says that they were taken over.
"""

from relief.households.service.changes import record_changes
from relief.households.service.reading import FileTaken
from relief.households.service.register import import_register

__all__ = ["FileTaken", "import_register", "record_changes"]
