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
from bot.store.database import Database

_HISTORY = Path(__file__).with_name("migrations")


def migrate(database: Database) -> bool:
    """Bring a database to the newest schema; return whether anything had to be done.

    Raises:
        StoreError: the database is newer than the program.
    """
    config = Config()
    config.set_main_option("script_location", str(_HISTORY))
    head = ScriptDirectory.from_config(config).get_current_head()

    def work(conn: sa.Connection) -> bool:
        if MigrationContext.configure(conn).get_current_revision() == head:
            return False
        config.attributes["connection"] = conn
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError("The database was made by a newer version of the program: update the program.") from error
        return True

    return database.write_now(work)
