"""One owner of the schedule and the gateway: a lock file beside the SQLite database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import BusyError, StoreError


@contextmanager
def only_owner(path: Path) -> Iterator[None]:
    """Hold the lock of the database at a path; the system lets go of it when the process dies, however it dies.

    Raises:
        BusyError: another copy of the program holds it.
        StoreError: the lock file cannot be written.
    """
    lock = path.with_name(path.name + ".lock")
    try:
        lock.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{lock} cannot be written: {error.strerror}. Set [storage] path in settings.toml.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise BusyError(f"Another copy already runs on {path}: end it first, or give this one a store of its own.") from error
    try:
        yield
    finally:
        os.close(handle)
