"""The notices to those who run things."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; a bucket makes one notice of a trouble that several meet at once."""
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("server", sa.BigInteger(), nullable=False),
        sa.Column("destination", sa.String(64), nullable=False),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("bucket", sa.String(128), nullable=False),
        sa.Column("created_at", sa.String(27), nullable=False),
        sa.Column("mended_at", sa.String(27)),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint("bucket", name="uq_notices_bucket"),
    )
    op.create_index("ix_notices_about", "notices", ["about"])
