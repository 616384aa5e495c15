"""One owner of the schedule and the gateway: a lock file beside a SQLite database, an advisory lock on PostgreSQL.

A second copy is refused on SQLite. On PostgreSQL it waits and takes over: that is how a deploy hands over.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Protocol, TypeVar

import sqlalchemy as sa
import structlog

from bot.errors import BusyError, StoreError
from bot.store.address import Address
from bot.store.database import ALERT

_T = TypeVar("_T")

log = structlog.get_logger(__name__)

LOOK_EVERY = timedelta(seconds=0.1)
"""A copy that waits asks so often whether it may take over."""
BEAT_EVERY = timedelta(seconds=0.5)
"""The owner makes sure so often that it still is."""
RETRY = timedelta(seconds=2)
"""A database that cannot be reached is asked again after so long."""
GRACE = timedelta(seconds=15)
"""After a broken connection the server may take the owner for alive, and so for somebody else, for so long."""

_KEY = sa.func.hashtext("sitrep owner")
_CONNECT = {
    **ALERT,
    "application_name": "sitrep owner",
    # The server, too, finds out within seconds that the other machine is gone.
    "options": "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=2 -c tcp_user_timeout=10s",
}


class Ownership(Protocol):
    """The right to run, which one copy has at a time; the system takes it from a process that dies, however it dies."""

    async def acquire(self, stop: asyncio.Event) -> bool:
        """Get it, waiting for it where a second copy may wait; False if `stop` came first.

        Raises:
            BusyError: another copy has it, and waiting is no use.
            StoreError: nobody can tell.
        """
        ...

    async def acquire_now(self) -> None:
        """Get it at once or not at all.

        Raises:
            BusyError: another copy has it.
            StoreError: nobody can tell.
        """
        ...

    async def keep(self, held: asyncio.Event) -> None:
        """Watch over it until cancelled; `held` is clear while it is in question.

        Raises:
            BusyError: another copy has it now.
        """
        ...

    def release(self) -> None:
        """Give it back."""
        ...


def ownership(address: Address) -> Ownership:
    """Return the lock of a database, not yet acquired."""
    return AdvisoryLock(address) if address.path is None else LockFile(address.path)


class LockFile:
    """The lock file of a SQLite database (the protocol `Ownership`)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    async def acquire(self, stop: asyncio.Event) -> bool:  # noqa: ARG002 - the protocol's
        """Get it, or be refused: the owner is on this machine, and whoever started it can end it."""
        await self.acquire_now()
        return True

    async def acquire_now(self) -> None:
        """Get it at once or not at all."""
        lock = self._path.with_name(self._path.name + ".lock")
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise StoreError(f"{lock} cannot be written: {error.strerror}. Set [storage] path in settings.toml.") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(handle)
            raise BusyError(
                f"A bot already runs on the archive {self._path}: end it first, or give this one a store of its own."
            ) from error
        self._handle = handle

    async def keep(self, held: asyncio.Event) -> None:  # noqa: ARG002 - the protocol's
        """Nobody can take it."""
        await asyncio.Event().wait()

    def release(self) -> None:
        """Give it back."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


class AdvisoryLock:
    """A lock of a PostgreSQL session of its own (the protocol `Ownership`): losing the connection is losing the lock."""

    def __init__(self, address: Address) -> None:
        self._name = address.name
        self._engine = sa.create_engine(address.url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT", connect_args=_CONNECT)
        self._conn: sa.Connection | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="owner")

    async def acquire(self, stop: asyncio.Event) -> bool:
        """Get it, however long another copy has it or the database is away."""
        said = ""
        while True:
            try:
                if await self._in_thread(self._try):
                    return True
                line, pause = "another copy runs: waiting to take over from it", LOOK_EVERY
            except StoreError as error:
                line, pause = f"{error} Trying again until it can.", RETRY
            if line != said:
                log.warning(line)
                said = line
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause.total_seconds())
                return False

    async def acquire_now(self) -> None:
        """Get it at once or not at all."""
        if not await self._in_thread(self._try):
            raise BusyError(f"A bot runs on the archive {self._name}: end it first.")

    async def keep(self, held: asyncio.Event) -> None:
        """Ask for a sign of life of the session that has the lock; get it again, should the session have broken."""
        while True:
            await asyncio.sleep(BEAT_EVERY.total_seconds())
            try:
                await self._in_thread(self._beat)
            except StoreError as error:
                held.clear()
                log.error("paused: the lock of the archive is lost with its connection", reason=str(error))  # noqa: TRY400  # its message says it all
                await self._regain()
                log.warning("going on: the lock of the archive is held again")
                held.set()

    async def _regain(self) -> None:
        """Get the lock again after its session broke.

        Raises:
            BusyError: another copy got it first.
        """
        loop = asyncio.get_running_loop()
        until: float | None = None
        while True:
            try:
                if await self._in_thread(self._try):
                    return
                until = until or loop.time() + GRACE.total_seconds()
            except StoreError:
                until = None
            if until is not None and loop.time() > until:
                raise BusyError(f"Another copy has taken over the archive {self._name} while the connection to it was broken.")
            await asyncio.sleep(BEAT_EVERY.total_seconds())

    def release(self) -> None:
        """Give it back, by ending its session."""
        self._thread.submit(self._hang_up)
        self._thread.shutdown()
        self._engine.dispose()

    def _try(self) -> bool:
        if self._conn is None:
            self._conn = self._engine.connect()
        return bool(self._conn.scalar(sa.select(sa.func.pg_try_advisory_lock(_KEY))))

    def _beat(self) -> None:
        assert self._conn is not None
        self._conn.scalar(sa.select(1))

    def _hang_up(self) -> None:
        conn, self._conn = self._conn, None
        if conn is not None:
            with suppress(sa.exc.SQLAlchemyError):
                conn.invalidate()
                conn.close()

    async def _in_thread(self, work: Callable[[], _T]) -> _T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        except sa.exc.SQLAlchemyError as error:
            self._thread.submit(self._hang_up)
            said = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise StoreError(f"The database {self._name} cannot be used ({said}).") from error
