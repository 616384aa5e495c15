"""What servers change about actors, and how the config's watches match for those that did."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INSTANT = sa.String(27)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "overrides",
        sa.Column("server", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("actor", sa.String(80), nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("taken", sa.Boolean, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("server", "actor", "folded", name="pk_overrides"),
    )
    op.create_table(
        "server_matches",
        sa.Column("article_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("watch_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("server", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("level", sa.SmallInteger, nullable=False),
        sa.Column("score", sa.Float, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_server_matches_article_id"),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name="fk_server_matches_watch_id"),
        sa.PrimaryKeyConstraint("article_id", "revision", "watch_id", "server", name="pk_server_matches"),
    )
