"""A database as its server has it."""

from __future__ import annotations

from contextlib import closing

import pytest
import sqlalchemy as sa

from bot.errors import StoreError
from bot.store.database import Database
from tests import postgres

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


async def test_a_server_that_is_not_to_be_written_is_not_written_after_reading_either() -> None:
    """A session that has read asks for no more rights than one that has not: a server that is nearly full wants no rows."""
    with postgres.scratch() as address:
        postgres.run(postgres.server(), f"alter database {address.url.database} set default_transaction_read_only = on")
        with closing(Database(address)) as database:
            await database.read(lambda conn: conn.scalar(sa.select(1)))

            with pytest.raises(StoreError, match="read-only"):
                await database.write(lambda conn: conn.execute(sa.text("create table t (n integer)")))
