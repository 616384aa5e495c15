"""Carries an archive from one database to another, whole or not at all, and compares every row."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import islice
from typing import Any

import sqlalchemy as sa

from bot.errors import StoreError
from bot.store.articles.text_index import Text, text_index
from bot.store.columns import metadata
from bot.store.database import Database
from bot.store.migrate import migrate, require_current
from bot.store.schema import articles, notes

_CHUNK = 1_000


def copy(source: Database, target: Database) -> dict[str, int]:
    """Copy every table into an empty database; return the number of rows of each.

    Raises:
        StoreError: the source is of another version, the target is not empty, or a row did not arrive as it was.
    """
    require_current(source)
    migrate(target)

    def work(there: sa.Connection) -> dict[str, int]:
        if full := [table.name for table in metadata.sorted_tables if table is not notes and _count(there, table)]:
            raise StoreError(f"The archive {target.address.name} is not empty ({', '.join(full)}): name a new one.")
        there.execute(sa.delete(notes))
        return source.write_now(lambda here: {table.name: _copied(here, there, table) for table in metadata.sorted_tables})

    return target.write_now(work)


def _copied(here: sa.Connection, there: sa.Connection, table: sa.Table) -> int:
    itself = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    count = 0
    for rows in _chunks(here, table):
        try:
            there.execute(
                sa.insert(table), [dict.fromkeys(itself) | {k: v for k, v in row.items() if k not in itself} for row in rows]
            )
        except sa.exc.DataError as error:
            raise StoreError(f"A row of {table.name} does not fit into the other database: {error.orig}.") from error
        if table is articles:
            texts = [Text(article_id=row["id"], title=row["title"], text=row["text"]) for row in rows]
            text_index(there).add(there, texts)
        count += len(rows)
    for name in itself:  # once all rows are there
        for rows in _chunks(here, table):
            for row in rows:
                if row[name] is not None:
                    there.execute(sa.update(table).where(table.c.id == row["id"]).values({name: row[name]}))
    _go_on_counting(there, table)
    if _digest(here, table) != _digest(there, table):
        raise StoreError(f"The rows of {table.name} did not arrive as they were: nothing was copied.")
    return count


def _chunks(conn: sa.Connection, table: sa.Table) -> Iterator[list[dict[str, Any]]]:
    query = sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_CHUNK)
    found = conn.execute(query).mappings()
    while chunk := [dict(row) for row in islice(found, _CHUNK)]:
        yield chunk


def _digest(conn: sa.Connection, table: sa.Table) -> str:
    """Return a digest of all rows; order by bytes, which is the same on both databases, does not matter to it."""
    total = 0
    for rows in _chunks(conn, table):
        for row in rows:
            whole = repr([row[column.name] for column in table.c]).encode("utf-8", "surrogatepass")
            total ^= int.from_bytes(hashlib.blake2b(whole, digest_size=32).digest())
    return f"{total:064x}"


def _count(conn: sa.Connection, table: sa.Table) -> int:
    return conn.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def _go_on_counting(conn: sa.Connection, table: sa.Table) -> None:
    """Let PostgreSQL give the next row the number after the last; SQLite does so by itself."""
    key = table.primary_key.columns.values()[0]
    if (
        conn.dialect.name != "postgresql"
        or not isinstance(key.type, sa.BigInteger)
        or key.autoincrement is False
        or key.foreign_keys
    ):
        return
    sequence = conn.scalar(sa.select(sa.func.pg_get_serial_sequence(table.name, key.name)))
    last = conn.scalar(sa.select(sa.func.max(key)))
    if sequence is not None and last is not None:
        conn.execute(sa.select(sa.func.setval(sequence, last)))
