"""Watches, and the numbered snapshot of the rules that readings are made with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import astuple, replace
from datetime import datetime
from itertools import groupby
from typing import TypeVar

import sqlalchemy as sa

from bot.model import CONFIG_SERVER, Catalogue, Kind, Origin, Overlay, Override, Rules, State, Watch
from bot.store import rows
from bot.store.articles.definitions import Definitions
from bot.store.database import Database, alone
from bot.store.schema import articles, deliveries, overrides, watches
from bot.store.schema import rules as rule_numbers

_T = TypeVar("_T")


class Watches:
    """The watches of all servers, beside the catalogue the program was started with."""

    def __init__(self, database: Database, catalogue: Catalogue, definitions: Definitions) -> None:
        self._database = database
        self._catalogue = catalogue
        self._definitions = definitions
        self._rules: Rules | None = None

    async def copy_config(self, wanted: Sequence[Watch], *, now: datetime) -> Rules:
        """Make the config's watches what is wanted, and number the rules anew if anything changed."""

        def work(conn: sa.Connection) -> Rules:
            alone(conn, "place")  # no reading by the old rules may be written after this
            of_file = (watches.c.server == CONFIG_SERVER) & (watches.c.origin == Origin.FILE)
            conn.execute(sa.update(watches).where(of_file).values(retired_at=now))
            for watch in wanted:
                _copy(conn, watch)
            self._definitions.note(conn)
            return self._numbered(conn, now)

        self._rules = await self._database.write(work)
        return self._rules

    async def change(self, work: Callable[[sa.Connection], _T], *, now: datetime) -> _T:
        """Change watches, and number the rules anew, in one transaction; what an exception ends changes nothing."""

        def changing(conn: sa.Connection) -> _T:
            alone(conn, "place")
            done = work(conn)
            self._numbered(conn, now)
            return done

        return await self._database.write(changing)

    def _numbered(self, conn: sa.Connection, now: datetime) -> Rules:
        rules = self._read(conn, 0)
        digest = _digest(rules)
        last = conn.execute(sa.select(rule_numbers).order_by(rule_numbers.c.number.desc()).limit(1)).first()
        if last is not None and last.digest == digest:
            return replace(rules, number=last.number)
        values = {"digest": digest, "made_at": now}
        number = conn.execute(sa.insert(rule_numbers).values(**values).returning(rule_numbers.c.number)).scalar_one()
        _read_waiting_again(conn)
        return replace(rules, number=number)

    def _read(self, conn: sa.Connection, number: int) -> Rules:
        return Rules(number=number, catalogue=self._catalogue, watches=active_watches(conn), overlays=all_overlays(conn))

    async def rules(self) -> Rules:
        """Return the current snapshot."""

        def work(conn: sa.Connection) -> Rules:
            number = current_number(conn)
            if self._rules is not None and self._rules.number == number:
                return self._rules
            return self._read(conn, number)

        self._rules = await self._database.read(work)
        return self._rules


def current_number(conn: sa.Connection) -> int:
    """Return the number of the rules in force, 0 before there are any."""
    return conn.scalar(sa.select(sa.func.max(rule_numbers.c.number))) or 0


def active_watches(conn: sa.Connection, *, among: Collection[int] | None = None) -> tuple[Watch, ...]:
    """Return the watches that are not retired, by id; all, or those among some ids."""
    query = sa.select(watches).where(watches.c.retired_at.is_(None)).order_by(watches.c.id)
    if among is not None:
        query = query.where(watches.c.id.in_(among))
    return tuple(rows.watch(row) for row in conn.execute(query))


def all_overlays(conn: sa.Connection) -> tuple[Overlay, ...]:
    """Return what each server has changed about actors, in the order in which it did."""
    order = (overrides.c.server, overrides.c.at, overrides.c.actor, overrides.c.folded)
    by_server = groupby(conn.execute(sa.select(overrides).order_by(*order)), key=lambda row: row.server)
    return tuple(Overlay(server=server, overrides=tuple(map(rows.override, mine))) for server, mine in by_server)


def shared_changes(conn: sa.Connection) -> tuple[Override, ...]:
    """Return what commands have changed about actors for everybody; nothing where the schema is older than that."""
    if not sa.inspect(conn).has_table(overrides.name):
        return ()
    return next((one.overrides for one in all_overlays(conn) if one.server == CONFIG_SERVER), ())


def _copy(conn: sa.Connection, watch: Watch) -> None:
    """Write one watch of the config; its revision counts up when what it looks for changes."""
    values = {
        "name": watch.name,
        "query": watch.query,
        "level": int(watch.level),
        "channels": json.dumps(watch.channels),
        "role": watch.role,
        "per_hour": watch.per_hour,
        "origin": watch.origin,
        "retired_at": None,
    }
    where = (watches.c.server == watch.server) & (watches.c.folded == watch.name.casefold())
    known = conn.execute(sa.select(watches).where(where)).first()
    if known is None:
        conn.execute(sa.insert(watches).values(server=watch.server, folded=watch.name.casefold(), **values))
        return
    changed = (known.query, known.level) != (watch.query, watch.level)
    conn.execute(sa.update(watches).where(where).values(**values, revision=known.revision + changed))


def _read_waiting_again(conn: sa.Connection) -> None:
    """Let the articles of alerts that are still to be told be read by the new rules: under a new name a watch is another one."""
    waits = deliveries.c.state.in_([State.PENDING, State.SENDING, State.HELD])
    folds = sa.select(deliveries.c.subject).where(deliveries.c.kind == Kind.FOLD, waits)
    to_tell = deliveries.c.fold_id.is_(None) | deliveries.c.fold_id.in_(folds)
    waiting = sa.select(deliveries.c.subject).where(deliveries.c.kind == Kind.ALERT, waits, to_tell)
    done = articles.c.story_id.in_(waiting) & (articles.c.state == "done")  # what waits for its page goes on waiting
    conn.execute(sa.update(articles).where(done).values(state="new", lease_until=None))


def _digest(rules: Rules) -> str:
    parts = (astuple(rules.catalogue), [astuple(one) for one in rules.watches], [astuple(one) for one in rules.overlays])
    return hashlib.blake2b(repr(parts).encode(), digest_size=32).hexdigest()
