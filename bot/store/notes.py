"""Single facts of the program, each under its key."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from bot.store.database import upsert
from bot.store.schema import notes


def keep(conn: sa.Connection, key: str, value: str, at: datetime) -> None:
    """Keep a fact, in place of what stood under its key."""
    insert = upsert(conn, notes).values(key=key, value=value, at=at)
    conn.execute(insert.on_conflict_do_update(index_elements=["key"], set_={"value": value, "at": at}))
