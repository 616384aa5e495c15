"""What sources are known by: their host, whether they were given up, zone and cap of a follow; of articles, what is only a part."""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; the host of what is there is read from its address."""
    op.add_column("sources", sa.Column("host", sa.Text, server_default="", nullable=False))
    op.add_column("sources", sa.Column("given_up_at", sa.String(length=27)))
    op.create_index("ix_sources_host", "sources", ["host"])
    op.add_column("follows", sa.Column("zone", sa.Text, server_default="", nullable=False))
    op.add_column("follows", sa.Column("per_poll", sa.Integer))
    op.add_column("articles", sa.Column("excerpt", sa.Text, server_default="", nullable=False))
    op.add_column("articles", sa.Column("withdrawn_at", sa.String(length=27)))
    op.create_index("ix_articles_source", "articles", ["source_id", "collected_at"])
    op.add_column("articles", sa.Column("place", sa.Text, server_default="", nullable=False))
    placed = sa.text("place != ''")
    op.create_index("ix_articles_place", "articles", ["source_id", "place"], sqlite_where=placed, postgresql_where=placed)
    conn = op.get_bind()
    sources = sa.table("sources", *map(sa.column, ("id", "address", "host")))
    for row in conn.execute(sa.select(sources.c.id, sources.c.address)).all():
        host = urlsplit(row.address).hostname or row.address
        conn.execute(sa.update(sources).where(sources.c.id == row.id).values(host=host))
    follows = sa.table("follows", sa.column("first_run"))
    conn.execute(sa.update(follows).where(follows.c.first_run == "none").values(first_run="silent"))
