"""How many mentions a reading found, so that it can be told whether they are all there."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; of what was read before nobody counted."""
    op.add_column("articles", sa.Column("mentions_found", sa.Integer(), nullable=True))
