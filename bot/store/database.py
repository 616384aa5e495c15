"""Opens the database and runs units of work on it: one hop to a thread, one transaction each."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.errors import StoreError
from bot.store.address import Address

_T = TypeVar("_T")

_BUGS = (sa.exc.IntegrityError, sa.exc.ProgrammingError, sa.exc.DataError)
"""What a database says of wrong statements, not of itself."""
_NO_RIGHT = "42501"
"""The code under which PostgreSQL refuses what a role may not do (Appendix A, PostgreSQL Error Codes)."""
_READ_ONLY = "25006"
"""The code under which it refuses to write; such a session stays so when its server may be written again (a standby promoted)."""

THREADS = 4
"""On SQLite one writes at a time and the others read."""

_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000", "foreign_keys=ON")
ALERT = {
    "connect_timeout": 5,
    # A network that swallows everything is found out within seconds; the system alone would wait for a quarter of an hour.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
}
_CONNECT = {
    **ALERT,
    "application_name": "sitrep",
    # A plan that fits any words and any stretch of the archive fits none: each statement is planned for what it asks.
    "options": "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s -c plan_cache_mode=force_custom_plan",
}


class Database:
    """A SQLite or PostgreSQL database with a writing and a reading side.

    On SQLite writers begin IMMEDIATE, so that two threads never deadlock on an upgrade from reading to writing, and readers,
    which must not queue behind them, have an engine of their own. On PostgreSQL a reading unit of work sees one snapshot.
    """

    def __init__(self, address: Address) -> None:
        self.address = address
        self._writer: sa.Engine
        self._reader: sa.Engine
        self._line: AbstractContextManager[object] = nullcontext()
        if address.path is None:
            self._writer = sa.create_engine(
                address.url, pool_size=THREADS, max_overflow=0, pool_pre_ping=True, connect_args=_CONNECT
            )
            sa.event.listen(self._writer, "handle_error", _leave_read_only)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        else:
            _make_folder(address.path.parent)
            # SQLite lets who waits for another writer sleep and look again, in no order: its busy_timeout is for other processes.
            self._line = threading.Lock()
            self._writer = _sqlite(address.url, begin="BEGIN IMMEDIATE")
            in_memory = address.url.database == ":memory:"
            self._reader = self._writer if in_memory else _sqlite(address.url, begin="BEGIN")
        # Threads of its own: look-ups of names may hold those that everybody shares for minutes.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="store")
        # On SQLite one writes at a time: writers that wait for each other must not hold the threads that readers need.
        self._writing = (
            self._threads if self._reader is self._writer or address.path is None else ThreadPoolExecutor(1, "store")
        )

    async def write(self, work: Callable[[sa.Connection], _T]) -> _T:
        """Run a unit of work in one transaction that may write."""
        return await self._in_thread(self._writing, self._writer, work)

    def write_now(self, work: Callable[[sa.Connection], _T]) -> _T:
        """Run a unit of work in this thread; for start-up and for verbs, where nothing else runs."""
        return self._run(self._writer, work)

    async def read(self, work: Callable[[sa.Connection], _T]) -> _T:
        """Run a unit of work that only reads."""
        return await self._in_thread(self._threads, self._reader, work)

    async def _in_thread(self, threads: ThreadPoolExecutor, engine: sa.Engine, work: Callable[[sa.Connection], _T]) -> _T:
        return await asyncio.get_running_loop().run_in_executor(threads, self._run, engine, work)

    def _run(self, engine: sa.Engine, work: Callable[[sa.Connection], _T]) -> _T:
        try:
            with self._line if engine is self._writer else nullcontext(), engine.begin() as conn:
                return work(conn)
        except _BUGS as error:
            if getattr(error.orig, "sqlstate", None) == _NO_RIGHT:
                raise self._unusable(error) from error
            raise
        except (sa.exc.DatabaseError, sa.exc.TimeoutError) as error:
            raise self._unusable(error) from error

    def _unusable(self, error: sa.exc.SQLAlchemyError) -> StoreError:
        said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        mend = "see that it runs, that DATABASE_URL is right, and that the bot may write to it"
        if self.address.path is not None:
            mend = "see that the disk has room and the bot may write the file and its folder, or set [storage] path"
        return StoreError(f"The database {self.address.name} cannot be used ({said}): {mend}.")

    def close(self) -> None:
        """Close all connections."""
        self._writing.shutdown()
        self._threads.shutdown()
        self._reader.dispose()
        self._writer.dispose()


def upsert(conn: sa.Connection, table: sa.Table) -> Any:  # the two dialects share no type for it
    """Return the dialect's INSERT that knows ON CONFLICT."""
    return (sqlite if conn.dialect.name == "sqlite" else postgresql).insert(table)


def alone(conn: sa.Connection, what: str) -> None:
    """Let nobody else do the same until this transaction ends; on SQLite, where one writes at a time, that is so anyway."""
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtext(f"sitrep {what}"))))


def _leave_read_only(context: sa.engine.ExceptionContext) -> None:
    if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
        context.is_disconnect = True


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {folder} for the database cannot be made: {error.strerror}.") from error


def _sqlite(url: sa.URL, *, begin: str) -> sa.Engine:
    memory = url.database == ":memory:"
    engine = sa.create_engine(
        url,
        poolclass=sa.StaticPool if memory else None,
        connect_args={"check_same_thread": False} if memory else {},
    )
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", lambda conn: conn.exec_driver_sql(begin))
    return engine


def _prepare(raw: Any, _record: object) -> None:  # the driver's own connection
    raw.isolation_level = None  # the driver must not begin by itself
    for pragma in _PRAGMAS:
        raw.execute(f"pragma {pragma}")
