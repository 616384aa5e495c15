"""Opening the store: its address, its schema, and who owns it."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from bot.errors import BusyError, StoreError
from bot.model import FirstRun, Opinion, Viewer, Watch
from bot.store import database as database_module
from bot.store import lock
from bot.store.address import Address
from bot.store.columns import metadata
from bot.store.database import Database
from bot.store.lock import ownership
from bot.store.migrate import _HISTORY, is_made, migrate, require_current
from bot.store.schema import articles, sources
from bot.store.store import Store
from bot.store.telling.audience import Audience
from tests import postgres
from tests.store.conftest import EMPTY, FINGERPRINTS, HOUR, NOW, feed


@pytest.fixture
def address(backend: str, tmp_path: Path) -> Iterator[Address]:
    """Name a database that is empty or not yet there."""
    if backend == "sqlite":
        yield Address.read(str(tmp_path / "var" / "new.db"))
    else:
        with postgres.scratch(migrated=False) as address:
            yield address


def test_the_migrations_make_the_schema(address: Address) -> None:
    """The history of migrations ends at exactly the tables the program uses."""
    database = Database(address)

    done = [migrate(database), migrate(database)]

    def difference(conn: sa.Connection) -> list[object]:
        context = MigrationContext.configure(
            conn, opts={"include_name": lambda name, *_: not (name or "").startswith("articles_fts")}
        )
        return list(compare_metadata(context, metadata))

    assert (done, database.write_now(difference)) == ([True, False], [])
    database.close()


def test_an_archive_of_an_earlier_schema_is_brought_along_whole(address: Address) -> None:
    """A database with articles in it comes to the newest schema, and what is in it stays."""
    database = Database(address)
    history = Config()
    history.set_main_option("script_location", str(_HISTORY))

    def fill(conn: sa.Connection) -> None:
        history.attributes["connection"] = conn
        command.upgrade(history, "0007")
        conn.execute(sa.text("insert into sources (id, kind, address, canonical) values (1, 'feed', 'a', 'a')"))
        conn.execute(
            sa.text(
                "insert into articles (id, source_id, key, guid, url, canonical, title, text, caption, headless, text_hash,"
                " collected_at, tell, batch) values (1, 1, 'k', '', '', '', 'T', 'T', '', false, 'h', '2026', true, '')"
            )
        )

    database.write_now(fill)
    migrate(database)

    count = sa.select(sa.func.count()).select_from(articles.join(sources, sources.c.id == articles.c.source_id))
    assert database.write_now(lambda conn: conn.scalar(count)) == 1
    database.close()


_THEN = "2026-11-01T00:00:00.000000Z"
_EVIDENCE = {
    "sentence": "North Korea.",
    "spans": [[0, 11]],
    "place": "lead",
    "terms": [["North Korea", "actor:north-korea", "name", 1]],
}
_OF_BEFORE: dict[str, dict[str, object]] = {
    "sources": {"id": 1, "kind": "feed", "address": feed().address, "canonical": feed().address},
    "follows": {"server": 0, "source_id": 1, "name": "Wire", "every_s": 60, "first_run": "all", "since": _THEN},
    "stories": {"id": 1, "created_at": _THEN},
    "articles": {
        "id": 1,
        "source_id": 1,
        "key": "k",
        "guid": "g",
        "url": "",
        "canonical": "",
        "title": "Title 1",
        "text": "Text.",
        "caption": "",
        "headless": False,
        "text_hash": "h",
        "collected_at": _THEN,
        "tell": True,
        "batch": "poll",
        "state": "done",
        "story_id": 1,
        "rules_number": 1,
        "mentions_found": 0,
    },
    "watches": {
        "id": 1,
        "server": 0,
        "name": "North Korea",
        "folded": "north korea",
        "query": "actor:north-korea",
        "level": 2,
        "channels": "[]",
    },
    "matches": {
        "article_id": 1,
        "revision": 1,
        "watch_id": 1,
        "watch_revision": 1,
        "level": 2,
        "score": 0.8,
        "evidence": json.dumps(_EVIDENCE),
        "summary": "[]",
    },
    "places": {"server": 7, "channel": 70, "chosen": True, "since": _THEN},
    "deliveries": {
        "id": "abc",
        "kind": "alert",
        "subject": 1,
        "destination": "channel:70",
        "server": 7,
        "state": "sent",
        "nonce": "n",
        "told": "[(1, 2)]",
        "shown": 1,
        "due_at": _THEN,
        "message_id": 5,
        "created_at": _THEN,
        "batch": "poll",
    },
}
"""An archive of one told article, as every schema since the seventh could hold it."""


@pytest.mark.parametrize("schema", ["0007", "0009", "0011"])
async def test_what_an_earlier_program_told_goes_on(address: Address, schema: str) -> None:
    """After an upgrade the alerts of before are found, explained and judged, nothing is told again, and a server may change its mind."""
    database = Database(address)
    history = Config()
    history.set_main_option("script_location", str(_HISTORY))

    def fill(conn: sa.Connection) -> None:
        history.attributes["connection"] = conn
        command.upgrade(history, schema)
        for table, row in _OF_BEFORE.items():
            conn.execute(sa.insert(sa.table(table, *map(sa.column, row))).values(row))

    database.write_now(fill)
    store = Store.open(database, catalogue=EMPTY, audience=Audience(discord=True), fingerprints=FINGERPRINTS)
    here, [follow] = Viewer(server=7), [feed(first_run=FirstRun.ALL)]
    rules = await store.copy_config([follow], [Watch(name="North Korea", query="actor:north-korea")], now=NOW)
    [headline] = await store.archive.latest(here, watch=None, limit=5, offset=0)
    [reason] = await store.archive.reasons(here, "abc")
    opinion = Opinion(server=7, watch_id=1, delivery_id="abc", user=1, relevant=False)
    await store.feedback.keep(opinion, now=NOW)

    assert (headline.title, reason.watch, rules.watches[0].per_hour) == ("Title 1", "North Korea", None)
    assert [one.irrelevant for one in await store.feedback.judged(here, 1)] == [1]
    assert await store.analysis.lease_articles(NOW, lease=HOUR, limit=5) == []
    assert await store.deliveries.due_deliveries(NOW, 5) == []
    assert await store.watches.pause(7, rules.watches[0], paused=True, now=NOW)
    store.close()


def test_a_database_without_a_schema_is_known(address: Address) -> None:
    """Whether there is an archive can be told without making one."""
    before = is_made(address)
    database = Database(address)
    migrate(database)
    database.close()

    assert (before, is_made(address)) == (False, True)


def test_a_database_of_a_newer_program_is_not_sent_to_be_migrated(address: Address) -> None:
    """Who changes no schema says, too, that the program is what has to be brought up to date."""
    database = Database(address)
    migrate(database)
    database.write_now(lambda conn: conn.execute(sa.text("update alembic_version set version_num = '9999'")))

    with pytest.raises(StoreError, match="newer version of the program"):
        require_current(database)
    database.close()


def test_a_database_of_a_newer_program_is_refused(address: Address) -> None:
    """A database from a newer version is left alone, with a sentence."""
    database = Database(address)
    migrate(database)
    database.write_now(lambda conn: conn.execute(sa.text("update alembic_version set version_num = '9999'")))

    with pytest.raises(StoreError, match="newer version"):
        migrate(database)

    database.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A file that is no database is named, and not written to."""
    path = tmp_path / "notes.db"
    path.write_text("these are my notes, not a database " * 100)
    database = Database(Address.read(str(path)))

    with pytest.raises(StoreError, match=r"notes\.db"):
        migrate(database)

    database.close()
    assert path.read_text().startswith("these are my notes")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A database below a file is refused with the folder's name."""
    (tmp_path / "file").write_text("")
    address = Address.read(str(tmp_path / "file" / "sitrep.db"))

    with pytest.raises(StoreError, match="file"):
        Database(address)
    with pytest.raises(StoreError, match="lock"):
        asyncio.run(ownership(address).acquire(asyncio.Event()))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("postgres://me:secret@db.example:5433/news", "news at db.example"),
        ("postgresql://me:secret@db.example/news?sslmode=require", "news at db.example"),
        ("postgresql:///news", "news at this machine"),
        ("var/sitrep.db", "var/sitrep.db"),
        ("sqlite:////srv/sitrep.db", "/srv/sitrep.db"),
    ],
)
def test_an_address_is_shown_without_its_password(text: str, name: str) -> None:
    """Whatever form an address has, what is shown of it holds no password."""
    address = Address.read(text)

    assert (address.name, "secret" in repr(address)) == (name, False)


@pytest.mark.parametrize("text", ["mysql://me:secret@host/x", "postgres://", "postgres://me:secret@host:port/x", "sqlite://"])
def test_an_address_that_cannot_be_used_is_not_repeated(text: str) -> None:
    """What is no address of ours is refused in a sentence that shows the right form and no secret."""
    with pytest.raises(StoreError, match="postgresql://user:password@host/name") as refused:
        Address.read(text)

    assert "secret" not in str(refused.value)


async def test_a_database_that_cannot_be_reached_is_one_sentence(backend: str) -> None:
    """A server that is not there is named, with what to look at."""
    database = Database(Address.read("postgresql://me:secret@127.0.0.1:9/news"))

    with pytest.raises(StoreError, match=r"news at 127\.0\.0\.1 cannot be used") as refused:
        await database.read(lambda conn: conn.scalar(sa.select(1)))

    database.close()
    assert "secret" not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


async def test_a_store_has_one_owner(address: Address, backend: str) -> None:
    """A second copy is refused or waits while the first one holds the store, and has it afterwards."""
    stop = asyncio.Event()
    first, second = ownership(address), ownership(address)
    assert await first.acquire(stop)

    with pytest.raises(BusyError, match="runs on"):
        await second.acquire_now()
    if backend == "sqlite":
        with pytest.raises(BusyError, match="A bot already runs"):
            await second.acquire(stop)
        first.release()
        assert await second.acquire(stop)
    else:
        waiting = asyncio.ensure_future(second.acquire(stop))
        await asyncio.wait({waiting}, timeout=2 * lock.LOOK_EVERY.total_seconds())
        assert not waiting.done()
        first.release()
        assert await asyncio.wait_for(waiting, 5)
    second.release()


async def test_who_waits_for_a_store_can_be_stopped() -> None:
    """A copy that waits ends when it is told to."""
    with postgres.scratch(migrated=False) as address:
        first, second = ownership(address), ownership(address)
        stop = asyncio.Event()
        assert await first.acquire(stop)
        waiting = asyncio.ensure_future(second.acquire(stop))
        stop.set()

        assert not await asyncio.wait_for(waiting, 5)
        first.release()
        second.release()


async def _keep(owner: lock.Ownership, held: asyncio.Event) -> asyncio.Task[None]:
    held.set()
    return asyncio.ensure_future(owner.keep(held))


async def test_an_owner_pauses_while_its_session_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """An owner whose session the server ends pauses, and goes on once it has the lock again."""
    stop, held = asyncio.Event(), _Gate()
    with postgres.scratch(migrated=False) as address:
        owner = ownership(address)
        assert await owner.acquire(stop)
        keeping = await _keep(owner, held)
        postgres.end_sessions(address, "sitrep owner")

        await asyncio.wait_for(held.was_clear.wait(), 10)
        await asyncio.wait_for(held.wait(), 10)

        keeping.cancel()
        owner.release()


async def test_an_owner_that_was_replaced_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """An owner whose lock another copy got meanwhile never works beside it."""
    monkeypatch.setattr(lock, "GRACE", lock.BEAT_EVERY)
    stop, held = asyncio.Event(), asyncio.Event()
    with postgres.scratch(migrated=False) as address:
        owner, other = ownership(address), ownership(address)
        assert await owner.acquire(stop)
        waiting = asyncio.ensure_future(other.acquire(stop))
        postgres.end_sessions(address, "sitrep owner")
        assert await asyncio.wait_for(waiting, 10)

        with pytest.raises(BusyError, match="taken over"):
            await asyncio.wait_for(await _keep(owner, held), 20)

        assert not held.is_set()
        owner.release()
        other.release()


class _Gate(asyncio.Event):
    """An event that remembers that it was clear."""

    def __init__(self) -> None:
        super().__init__()
        self.was_clear = asyncio.Event()

    def clear(self) -> None:
        super().clear()
        self.was_clear.set()


async def test_writers_of_one_process_wait_for_each_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that takes longer than SQLite is patient makes no other of the same program fail."""
    monkeypatch.setattr(database_module, "_PRAGMAS", ("journal_mode=WAL", "busy_timeout=1"))
    database = Database(Address.read(str(tmp_path / "new.db")))
    begun, done = threading.Event(), threading.Event()

    def slow(_conn: sa.Connection) -> None:
        begun.set()
        done.wait(5)

    first = asyncio.ensure_future(database.write(slow))
    await asyncio.to_thread(begun.wait, 5)
    second = asyncio.ensure_future(database.write(lambda conn: conn.scalar(sa.text("select 2"))))
    await asyncio.wait({second}, timeout=0.1)
    done.set()

    await first
    assert await second == 2
    database.close()


def test_a_network_that_swallows_everything_is_noticed_within_seconds() -> None:
    """A connection whose other end has vanished breaks soon, where the system alone would wait for a quarter of an hour."""
    with postgres.scratch(migrated=False) as address:
        database = Database(address)

        chosen = database.write_now(lambda conn: conn.connection.dbapi_connection.info.get_parameters())  # type: ignore[union-attr]  # the driver's own

        database.close()
    assert int(chosen["tcp_user_timeout"]) <= 10_000
    assert int(chosen["keepalives_idle"]) + int(chosen["keepalives_interval"]) * int(chosen["keepalives_count"]) <= 10


async def test_readers_do_not_wait_for_writers(address: Address, backend: str) -> None:
    """However many units of work wait to write, a question is answered."""
    if backend != "sqlite":
        pytest.skip("there writers do not wait for each other")
    database = Database(address)
    migrate(database)
    go_on, began = threading.Event(), threading.Event()

    def slow(_conn: sa.Connection) -> None:
        began.set()
        go_on.wait(20)

    writes = [asyncio.ensure_future(database.write(slow)) for _ in range(6)]
    await asyncio.to_thread(began.wait, 20)

    assert await asyncio.wait_for(database.read(lambda conn: conn.scalar(sa.select(1))), 20) == 1
    go_on.set()
    await asyncio.gather(*writes)
    database.close()
