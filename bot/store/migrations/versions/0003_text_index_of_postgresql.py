"""The text index on PostgreSQL; on SQLite the first migration made it."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of words."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "create table articles_fts (article_id bigint primary key references articles (id),"
            " words text not null, vector tsvector not null)"
        )
        op.execute("create index articles_fts_vector on articles_fts using gin (vector)")
