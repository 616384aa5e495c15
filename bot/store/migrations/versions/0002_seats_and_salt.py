"""Whether a delivery's channel hears of all watches, and the salt of the deliveries' identities."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and draw the salt."""
    op.add_column("deliveries", sa.Column("seat", sa.Boolean(), server_default=sa.true(), nullable=False))
    notes = sa.table("notes", sa.column("key"), sa.column("value"), sa.column("at"))
    op.execute(notes.insert().values(key="salt", value=secrets.token_hex(8), at="1970-01-01T00:00:00.000000Z"))
