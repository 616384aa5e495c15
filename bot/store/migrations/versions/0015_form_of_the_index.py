"""How words were folded when articles were put into the text index."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Note that what is there was folded by an earlier version: letters with a stroke and scripts without spaces as they stand."""
    newest = op.get_bind().scalar(sa.text("select coalesce(max(id), 0) from articles"))
    note = sa.text("insert into notes (key, value, at) values ('text index', :value, '1970-01-01T00:00:00.000000Z')")
    op.execute(note.bindparams(value=f"2 up to {newest}"))
