"""All tables of the product, as the code describes them; migrations are compared with them."""

from __future__ import annotations

from sqlmodel import SQLModel

import relief.accounts.tables
import relief.desk.tables
import relief.engine.calendar.tables
import relief.engine.tables
import relief.households.life.tables
import relief.households.tables
import relief.kernel.numbering
import relief.kernel.unit_of_work
import relief.letters.tables
import relief.papers.tables
import relief.payouts.tables
import relief.people.tables
import relief.petitions.tables
import relief.reminders.tables
import relief.scheduler.tables
import relief.typed.tables  # noqa: F401  (each adds its tables to the metadata)

METADATA = SQLModel.metadata
