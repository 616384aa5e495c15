"""Who holds the claim on a delivery: whoever lost it may not write how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; claims from before expire with the process that made them."""
    op.add_column("deliveries", sa.Column("owner", sa.String(length=32), server_default="", nullable=False))
