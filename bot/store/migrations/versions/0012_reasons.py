"""Why an article is about what is watched, in one line beside each match."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was read before there is no line."""
    op.add_column("matches", sa.Column("reason", sa.Text, server_default="", nullable=False))
