"""Opens the database and runs units of work on it: one hop to a thread, one transaction each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.errors import StoreError

_T = TypeVar("_T")

_BUGS = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError)
"""What a database says of wrong statements, not of itself."""

THREADS = 4
"""One writes at a time; the others read."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON")


class Database:
    """A SQLite file (or `:memory:`) with a writing and a reading side.

    Writers begin IMMEDIATE, so that two threads never deadlock on an upgrade from reading to writing; readers
    must not queue behind them and have an engine of their own.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._writer = _engine(url, begin="BEGIN IMMEDIATE")
        # Threads of its own: look-ups of names may hold those that everybody shares for minutes.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
        self._reader = self._writer if url.endswith(":memory:") else _engine(url, begin="BEGIN")

    @classmethod
    def at(cls, path: Path) -> Self:
        """Open the SQLite file at a path, making its folder where needed.

        Raises:
            StoreError: the folder cannot be made.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"The folder {path.parent} for the database cannot be made: {error.strerror}.") from error
        return cls(f"sqlite:///{path}")

    async def write(self, work: Callable[[sa.Connection], _T]) -> _T:
        """Run a unit of work in one transaction that may write."""
        return await self._in_thread(self._writer, work)

    def write_now(self, work: Callable[[sa.Connection], _T]) -> _T:
        """Run a unit of work in this thread; for start-up, where nothing else runs."""
        return _run(self._writer, work)

    async def read(self, work: Callable[[sa.Connection], _T]) -> _T:
        """Run a unit of work that only reads."""
        return await self._in_thread(self._reader, work)

    async def _in_thread(self, engine: sa.Engine, work: Callable[[sa.Connection], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _run, engine, work)

    def close(self) -> None:
        """Close all connections."""
        self._threads.shutdown()
        self._reader.dispose()
        self._writer.dispose()


def upsert(conn: sa.Connection, table: sa.Table) -> Any:  # the two dialects share no type for it
    """Return the dialect's INSERT that knows ON CONFLICT."""
    return (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(table)


def _run(engine: sa.Engine, work: Callable[[sa.Connection], _T]) -> _T:
    try:
        with engine.begin() as conn:
            return work(conn)
    except _BUGS:
        raise
    except sa.exc.DatabaseError as error:
        name = engine.url.database
        raise StoreError(
            f"The database {name} cannot be used ({error.orig}): see that the bot may write it and its folder, or set [storage] path."
        ) from error


def _engine(url: str, *, begin: str) -> sa.Engine:
    memory = url.endswith(":memory:")
    engine = sa.create_engine(
        url,
        poolclass=sa.StaticPool if memory else None,
        connect_args={"check_same_thread": False} if memory else {},
    )
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", lambda conn: conn.exec_driver_sql(begin))
    return engine


def _prepare(raw: Any, _record: object) -> None:  # the driver's own connection
    raw.isolation_level = None  # the driver must not begin by itself
    for pragma in _PRAGMAS:
        raw.execute(f"pragma {pragma}")
