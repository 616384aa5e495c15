"""Look-ups whose pages can be turned, notes, and the opening of the store."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.errors import BusyError, StoreError
from bot.model import Lookup
from bot.store.database import Database
from bot.store.lock import only_owner
from bot.store.migrate import migrate
from bot.store.schema import metadata
from tests.store.conftest import NOW, World


async def test_a_lookup_is_found_by_its_key_for_a_month(terminal: World) -> None:
    """A kept look-up comes back whole, and is forgotten after a month."""
    places = terminal.store.places
    lookup = Lookup(verb="search", words="North Korea", since=NOW, size=3)
    key = await places.keep_lookup(lookup, now=NOW)
    kept = await places.lookup(key)
    await places.keep_lookup(Lookup(verb="latest"), now=NOW + timedelta(days=31))

    assert (16, lookup, None) == (len(key), kept, await places.lookup(key))


async def test_the_same_lookup_has_the_same_key(terminal: World) -> None:
    """Asking the same again keeps one row."""
    keys = {await terminal.store.places.keep_lookup(Lookup(verb="latest", words="A"), now=NOW) for _ in range(2)}

    assert len(keys) == 1


async def test_a_note_is_what_was_noted_last(terminal: World) -> None:
    """A fact of the program is what was said of it last."""
    for value in ("one", "two"):
        await terminal.store.places.note("commands", value, now=NOW)

    assert (await terminal.store.places.noted("commands"), await terminal.store.places.noted("other")) == ("two", None)


def test_the_migrations_make_the_schema(tmp_path: Path) -> None:
    """The history of migrations ends at exactly the tables the program uses."""
    database = Database.at(tmp_path / "var" / "new.db")

    done = [migrate(database), migrate(database)]

    def difference(conn: sa.Connection) -> list[object]:
        context = MigrationContext.configure(
            conn, opts={"include_name": lambda name, *_: not (name or "").startswith("articles_fts")}
        )
        return list(compare_metadata(context, metadata))

    assert (done, database.write_now(difference)) == ([True, False], [])
    database.close()


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    """A database from a newer version is left alone, with a sentence."""
    database = Database.at(tmp_path / "new.db")
    migrate(database)
    database.write_now(lambda conn: conn.execute(sa.text("update alembic_version set version_num = '9999'")))

    with pytest.raises(StoreError, match="newer version"):
        migrate(database)

    database.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A file that is no database is named, and not written to."""
    path = tmp_path / "notes.db"
    path.write_text("these are my notes, not a database " * 100)
    database = Database.at(path)

    with pytest.raises(StoreError, match=r"notes\.db"):
        migrate(database)

    database.close()
    assert path.read_text().startswith("these are my notes")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A database below a file is refused with the folder's name."""
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="file"):
        Database.at(tmp_path / "file" / "sitrep.db")
    with pytest.raises(StoreError, match="lock"), only_owner(tmp_path / "file" / "sitrep.db"):
        pass


def test_a_store_has_one_owner(tmp_path: Path) -> None:
    """A second copy is refused while the first one holds the store, and not after."""
    path = tmp_path / "var" / "sitrep.db"
    with only_owner(path), pytest.raises(BusyError, match="Another copy"), only_owner(path):
        pass

    with only_owner(path):
        assert path.with_name("sitrep.db.lock").exists()
