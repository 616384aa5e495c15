"""What articles and sources need at full strength: the page behind a teaser, what a source gives a day, caps of one channel, what hubs push."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

INSTANT = sa.String(27)
BIG_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns and tables; what is there counts as given whole."""
    _add_merged_into()
    op.add_column("articles", sa.Column("given_hash", sa.String(length=32), server_default="", nullable=False))
    op.add_column("articles", sa.Column("page_tries", sa.SmallInteger, server_default="0", nullable=False))
    op.add_column("articles", sa.Column("untold", sa.Text, server_default="", nullable=False))
    op.create_table(
        "caps",
        sa.Column("destination", sa.String(length=64), nullable=False),
        sa.Column("server", sa.BigInteger, nullable=False),
        sa.Column("per_poll", sa.Integer),
        sa.Column("per_hour", sa.Integer),
        sa.PrimaryKeyConstraint("destination", name="pk_caps"),
    )
    teaser = sa.text("state = 'teaser'")
    op.create_index("ix_articles_teasers", "articles", ["id"], sqlite_where=teaser, postgresql_where=teaser)
    op.create_table(
        "volumes",
        sa.Column("source_id", BIG_KEY, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("articles", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_volumes_source_id"),
        sa.PrimaryKeyConstraint("source_id", "day", name="pk_volumes"),
    )
    op.create_table(
        "subscriptions",
        sa.Column("source_id", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("hub", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("token", sa.String(length=32), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT),
        sa.Column("lease_until", INSTANT),
        sa.Column("reason", sa.Text, server_default="", nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name="fk_subscriptions_source_id"),
        sa.PrimaryKeyConstraint("source_id", name="pk_subscriptions"),
        sa.UniqueConstraint("token", name="uq_subscriptions_token"),
    )


def _add_merged_into() -> None:
    """Add a column that refers to its own table; on SQLite in words of its own, since a table made anew would take its rows along."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE sources ADD COLUMN merged_into INTEGER CONSTRAINT fk_sources_merged_into REFERENCES sources (id)"
        )
        return
    op.add_column("sources", sa.Column("merged_into", BIG_KEY))
    op.create_foreign_key("fk_sources_merged_into", "sources", "sources", ["merged_into"], ["id"])
