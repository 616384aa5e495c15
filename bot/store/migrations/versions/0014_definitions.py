"""By which definitions of actors and topics articles were read."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table; until a bot starts on it, everything may have been read by something else."""
    op.create_table(
        "definitions",
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("since", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("subject", name="pk_definitions"),
    )
