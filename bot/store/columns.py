"""What all tables are made of: times and keys that are the same on both databases, and the names of indexes."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect

_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


class Instant(sa.TypeDecorator[datetime]):
    """An aware UTC time, kept as `2026-11-01T09:30:00.000000Z`: SQLite would drop the zone of a DateTime."""

    impl = sa.String(27)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write a time; a naive one is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC).strftime(_FORMAT).rjust(27, "0")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read a time."""
        return None if value is None else datetime.fromisoformat(value)


BigKey = sa.BigInteger().with_variant(sa.Integer, "sqlite")
"""SQLite counts up INTEGER PRIMARY KEY only."""

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
