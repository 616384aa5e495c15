"""Brings a database to the newest schema, through the one Alembic history."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from bot.errors import StoreError
from bot.store.address import Address
from bot.store.database import Database, alone

_HISTORY = Path(__file__).with_name("migrations")


def require_current(database: Database) -> None:
    """Do nothing if a database has the newest schema.

    Raises:
        StoreError: it has another one, or none.
    """
    history = ScriptDirectory(str(_HISTORY))
    found = database.write_now(lambda conn: MigrationContext.configure(conn).get_current_revision())
    if found == history.get_current_head():
        return
    if found is not None and found not in {known.revision for known in history.walk_revisions()}:
        raise _newer(database)
    raise StoreError(f"The archive {database.address.name} is not up to date: bring it there with python -m bot migrate first.")


def _newer(database: Database) -> StoreError:
    return StoreError(f"The archive {database.address.name} was made by a newer version of the program: update the program.")


def is_made(address: Address) -> bool:
    """Tell whether a database has a schema of ours, without making one.

    Raises:
        StoreError: it cannot be asked.
    """
    if address.path is not None and not address.path.exists():
        return False
    database = Database(address)
    try:
        return database.write_now(lambda conn: MigrationContext.configure(conn).get_current_revision()) is not None
    finally:
        database.close()


def migrate(database: Database) -> bool:
    """Bring a database to the newest schema; return whether anything had to be done.

    Raises:
        StoreError: the database is newer than the program.
    """
    config = Config()
    config.set_main_option("script_location", str(_HISTORY))
    head = ScriptDirectory.from_config(config).get_current_head()

    def work(conn: sa.Connection) -> bool:
        alone(conn, "migrate")
        if MigrationContext.configure(conn).get_current_revision() == head:
            return False
        config.attributes["connection"] = conn
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise _newer(database) from error
        return True

    return database.write_now(work)
