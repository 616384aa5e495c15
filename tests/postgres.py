"""A real PostgreSQL for tests: one from a package, started when first needed, or the one that TEST_DATABASE_URL names."""

from __future__ import annotations

import atexit
import itertools
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from bot.store.address import Address
from bot.store.database import Database
from bot.store.migrate import migrate

ROOM = 1_000_000_000
"""In bytes, for the files of one server."""
_NUMBERS = itertools.count(1)
_TEMPLATE = f"sitrep_template_{os.getpid()}"


@cache
def server() -> Address:
    """Return the address of a server on which databases can be made."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return Address.read(given)
    address = started(_memory())
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        run(address, f"alter system set {setting} = off")  # what a power cut does is not what is tested
    run(address, "alter system set max_wal_size = '128MB'", "select pg_reload_conf()")
    return address


def _memory() -> Path | None:
    """Return a folder in memory, where there is one with room for a server: a database is made there in a tenth of the time."""
    folder = Path("/dev/shm")
    return folder if os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM else None


def started(folder: Path | None = None) -> Address:
    """Start a server of one's own from the package, with its files below a folder; it ends with this process."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pgserver

        running = pgserver.postgres_server.get_server(tempfile.mkdtemp(prefix="sitrep-pg-", dir=folder), cleanup_mode="delete")
    return Address.read(running.get_uri())


def run(address: Address, *statements: str) -> None:
    """Run statements outside any transaction."""
    engine = sa.create_engine(address.url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as conn:
        for statement in statements:
            conn.execute(sa.text(statement))


@cache
def _template() -> str:
    """Make a migrated database to copy."""
    run(server(), f"create database {_TEMPLATE}")
    database = Database(_named(_TEMPLATE))
    migrate(database)
    database.close()
    atexit.register(lambda: run(server(), f"drop database if exists {_TEMPLATE}"))
    return _TEMPLATE


def _named(name: str) -> Address:
    return Address(server().url.set(database=name))


@contextmanager
def scratch(*, migrated: bool = True) -> Iterator[Address]:
    """Make a database of one's own, and drop it with whoever is still connected to it."""
    name = f"sitrep_{os.getpid()}_{next(_NUMBERS)}"
    run(server(), f"create database {name}" + (f" template {_template()}" if migrated else ""))
    try:
        yield _named(name)
    finally:
        run(server(), f"drop database {name} with (force)")


def end_sessions(address: Address, application: str = "%") -> None:
    """End the sessions on a database, as its server does when it restarts."""
    run(
        server(),
        "select pg_terminate_backend(pid) from pg_stat_activity"
        f" where datname = '{address.url.database}' and application_name like '{application}'",
    )


def url_of(address: Address) -> str:
    """Return an address as DATABASE_URL has it."""
    return address.url.set(drivername="postgres").render_as_string(hide_password=False)
