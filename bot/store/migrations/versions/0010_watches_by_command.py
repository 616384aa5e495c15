"""Watches of servers: a cap of their own, from when they tell, how a server has a watch of the config told, what may be saved."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INSTANT = sa.String(27)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns and the table; what is there is told as before."""
    op.add_column("watches", sa.Column("per_hour", sa.Integer))
    op.add_column("watches", sa.Column("since", INSTANT))
    op.add_column("watches", sa.Column("routes", sa.Text, server_default="[]", nullable=False))
    op.add_column("watches", sa.Column("origin", sa.String(length=8), server_default="file", nullable=False))
    op.create_table(
        "watch_drafts",
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("watch_id", BIG_KEY, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("channels", sa.Text, nullable=False),
        sa.Column("role", sa.BigInteger),
        sa.Column("per_hour", sa.Integer),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_watch_drafts"),
    )
