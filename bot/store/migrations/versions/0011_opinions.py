"""What people think of alerts, by server and watch."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

INSTANT = sa.String(27)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "opinions",
        sa.Column("server", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("watch_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("article_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("user", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("relevant", sa.Boolean, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["watch_id"], ["watches.id"], name="fk_opinions_watch_id"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name="fk_opinions_article_id"),
        sa.PrimaryKeyConstraint("server", "watch_id", "article_id", "user", name="pk_opinions"),
    )
    op.create_index("ix_opinions_watch", "opinions", ["watch_id", "server"])
