"""An archive is carried from one database to another whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.errors import StoreError
from bot.model import AliasKind, Catalogue, Override, Phrase, Viewer
from bot.store import copying
from bot.store.address import Address
from bot.store.copying import copy
from bot.store.database import Database
from bot.store.doctor import examine
from bot.store.store import Store
from bot.store.telling.audience import Audience
from tests import postgres
from tests.store.conftest import FINGERPRINTS, NOW, World, draft, folder, match

VIEWER = Viewer(server=7)


@pytest.fixture
def target(backend: str, tmp_path: Path) -> Iterator[Database]:
    """Make an empty database of the other kind."""
    if backend == "postgresql":
        database = Database(Address.read(str(tmp_path / "copy.db")))
        yield database
        database.close()
        return
    with postgres.scratch(migrated=False) as address:
        database = Database(address)
        yield database
        database.close()


@pytest.fixture
async def archive(discord: World) -> World:
    """Make an archive in which something of everything is."""
    [source] = await discord.follow(folder())
    own_name = Override(actor="north-korea", text="Hermit Kingdom", kind=AliasKind.NAME)
    assert await discord.store.overrides.put(7, own_name, most=None, now=NOW)
    discord.rules = await discord.store.analysis.rules()
    await discord.poll(source, *(draft(number) for number in range(30)))
    await discord.read(match())
    await discord.poll(source, draft(1, text="Mended, in Séoul 서울."))
    await discord.read(match())
    return discord


async def test_a_copy_is_an_archive_to_go_on_with(archive: World, target: Database) -> None:
    """The copy holds the same rows, finds the same texts, goes on counting, and breaks no law."""
    counts = copy(archive.store.deliveries._database, target)

    store = Store(target, catalogue=Catalogue(), audience=Audience(discord=True), fingerprints=FINGERPRINTS)
    world = World(store, archive.rules, now=NOW + timedelta(minutes=1))
    found = [
        [one.id for one in await each.archive.candidates(VIEWER, Phrase(words="in seoul"), since=None, limit=9)]
        for each in (archive.store, store)
    ]
    [source] = await store.sources.all_sources()
    await world.poll(source, draft(99, text="Something new."), batch="later")
    await world.read(match())

    assert (counts["articles"], counts["revisions"]) == (30, 1)
    assert found[0] == found[1] != []
    assert all(one.is_well for one in examine(target, now=world.now, mend=False))


async def test_an_archive_that_is_not_empty_is_not_copied_over(archive: World, target: Database) -> None:
    """A target that holds something is refused and left as it was."""
    copy(archive.store.deliveries._database, target)

    with pytest.raises(StoreError, match="is not empty"):
        copy(archive.store.deliveries._database, target)


async def test_a_copy_that_differs_is_none(archive: World, target: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """If one row does not arrive as it was, nothing is left of the copy."""
    real = copying._digest
    monkeypatch.setattr(copying, "_digest", lambda conn, table: f"{conn.dialect.name} {real(conn, table)}")

    with pytest.raises(StoreError, match="did not arrive"):
        copy(archive.store.deliveries._database, target)

    assert target.write_now(lambda conn: conn.scalar(sa.text("select count(*) from sources"))) == 0


async def test_an_old_archive_is_brought_up_to_date_first(archive: World, target: Database) -> None:
    """An archive of an earlier version is not copied, with a sentence that says what to do."""
    here = archive.store.deliveries._database
    here.write_now(lambda conn: conn.execute(sa.text("update alembic_version set version_num = '0001'")))

    with pytest.raises(StoreError, match="python -m bot migrate"):
        copy(here, target)
