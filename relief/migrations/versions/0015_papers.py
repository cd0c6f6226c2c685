"""Papers of cases: rows beside the steps that attached them. Never changed but to say, once, that
one was taken back; never removed."""

import sqlalchemy as sa
from alembic import op

from relief.kernel.columns import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLE = "paper"
TAKEN_BACK = ("detached_at", "detached_by")
STAYS = "rows of paper are never removed; take the paper back"
IS_FINAL = "rows of paper are never changed; take the paper back, and attach the right one"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", ID, primary_key=True),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("file_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("detached_at", Instant(), nullable=True),
        sa.Column("detached_by", sa.String(), nullable=False),
        sa.UniqueConstraint("subject_kind", "subject_id", "number"),
    )
    op.create_index("ix_paper_sha256", TABLE, ["sha256"])
    columns = [each["name"] for each in sa.inspect(op.get_bind()).get_columns(TABLE)]
    fixed = ", ".join(name for name in columns if name not in TAKEN_BACK)
    _refuse("stays", "DELETE", STAYS)
    _refuse("is_final", f"UPDATE OF {fixed}", IS_FINAL)
    _refuse("is_set_once", "UPDATE", IS_FINAL, "OLD.detached_at IS NOT NULL")


def downgrade() -> None:
    op.drop_table(TABLE)


def _refuse(rule: str, event: str, said: str, condition: str = "true") -> None:
    answer = (
        f"EXECUTE FUNCTION refuse_to_forget('{said}')"
        if op.get_bind().dialect.name == "postgresql"
        else f"BEGIN SELECT RAISE(ABORT, '{said}'); END"
    )
    op.execute(
        f"CREATE TRIGGER {TABLE}_{rule} BEFORE {event} ON {TABLE} "
        f"FOR EACH ROW WHEN ({condition}) {answer}"
    )
