"""What servers follow by themselves: where a follow was written, when a server wants to hear nothing of a source, what may be confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.String(27)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the column and the tables; what is there was written in the file."""
    op.add_column("follows", sa.Column("origin", sa.String(length=8), server_default="file", nullable=False))
    op.create_table(
        "pauses",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("begun_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_pauses_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pauses"),
    )
    op.create_index("ix_pauses_source_id", "pauses", ["source_id"])
    op.create_table(
        "proposals",
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("every_s", sa.Float, nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_proposals"),
    )
