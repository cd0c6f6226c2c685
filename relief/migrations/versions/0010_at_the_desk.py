"""The desk in the browser: names by their parts, pages of long lists, what is typed and not saved
yet, forms that are saved once, numbers that were printed on paper."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from relief.migrations.rules_then import name_parts

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BY_CODE_POINT = sa.String().with_variant(sa.String(collation="C"), "postgresql")
STAYS = "rows of reserved_number are never removed"
IS_FINAL = "rows of reserved_number are never changed; what is to be put right is recorded anew"
# Where names stand.
NAMES = (("person", "name"), ("contact", "name"), ("petition_case", "petitioner_name"))
# No search uses these any more: it goes by the parts of names.
NO_MORE = (
    ("person", "pinyin"), ("contact", "pinyin"), ("petition_case", "pinyin"),
    ("petition_case", "received_on"),
)  # fmt: skip
PAGES = (
    ("contact", "happened_at", "id"), ("petition_case", "received_on", "id"),
    ("petition_case", "state", "id"), ("case_deadline", "due_on", "subject_id"),
)  # fmt: skip
ROWS = 20_000


def upgrade() -> None:
    for table, column in NO_MORE:
        op.drop_index(f"ix_{table}_{column}", table)
    for table, *columns in (*NAMES, *PAGES):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    parts = op.create_table(
        "name_part",
        sa.Column("part", BY_CODE_POINT, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("part", "name"),
        sqlite_with_rowid=False,
    )
    for portion in _parts_of_all_names():
        op.get_bind().execute(sa.insert(parts), portion)
    _typed()
    _reserved()


def downgrade() -> None:
    for rule in ("stays", "is_final", "is_set_once"):
        name = f"reserved_number_{rule}"
        op.execute(f"DROP TRIGGER {name}" + (" ON reserved_number" if _on_postgresql() else ""))
    for table in ("reserved_number", "form_once", "draft", "name_part"):
        op.drop_table(table)
    for table, *columns in (*NAMES, *PAGES):
        op.drop_index(f"ix_{table}_{'_'.join(columns)}", table)
    for table, column in NO_MORE:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _typed() -> None:
    op.create_table(
        "draft",
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("sealed_fields", sa.LargeBinary(), nullable=False),
        sa.Column("version_seen", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("owner", "form"),
    )
    op.create_index("ix_draft_saved_at", "draft", ["saved_at"])
    op.create_table(
        "form_once",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("body_index", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_form_once_at", "form_once", ["at"])


def _reserved() -> None:
    op.create_table(
        "reserved_number",
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("reserved_for_on", sa.Date(), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reserved_by", sa.String(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("reference"),
    )
    op.create_index("ix_reserved_number_reserved_for_on", "reserved_number", ["reserved_for_on"])
    _refuse("stays", "DELETE", STAYS)
    kept = "reference, reserved_for_on, reserved_at, reserved_by"
    _refuse("is_final", f"UPDATE OF {kept}", IS_FINAL)
    _refuse("is_set_once", "UPDATE OF used_at, used_by", IS_FINAL, "OLD.used_at IS NOT NULL")


def _parts_of_all_names() -> Iterator[list[dict[str, str]]]:
    """A row a part, each name once, in portions."""
    found: sa.CompoundSelect[Any] = sa.union(*(
        sa.select(sa.column(column)).select_from(sa.table(table)).where(sa.column(column) != "")
        for table, column in NAMES
    ))  # fmt: skip
    rows: list[dict[str, str]] = []
    for name in op.get_bind().execute(found).scalars().all():
        rows += [{"part": part, "name": name} for part in sorted(name_parts(name))]
        if len(rows) >= ROWS:
            yield rows
            rows = []
    if rows:
        yield rows


def _on_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _refuse(rule: str, event: str, said: str, condition: str = "true") -> None:
    """Refuse what happens to a row where the condition holds."""
    answer = (
        f"EXECUTE FUNCTION refuse_to_forget('{said}')"
        if _on_postgresql()
        else f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )
    op.execute(
        f"CREATE TRIGGER reserved_number_{rule} BEFORE {event} ON reserved_number "
        f"FOR EACH ROW WHEN ({condition}) {answer}"
    )
