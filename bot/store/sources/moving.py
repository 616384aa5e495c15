"""Gives a source its new address, once that is certain: alone, or by joining the source that is already there."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import sqlalchemy as sa

from bot.model import Source
from bot.store.database import upsert
from bot.store.schema import follows, pauses, sources
from bot.store.sources.follows import find_source, wake_up


def move(conn: sa.Connection, source: Source, address: str, canonical: str, *, now: datetime) -> None:
    """Let a source be asked at its new address from now on; its old one is found again as an alias of what took its place."""
    there = find_source(conn, canonical)
    if there is not None and there != source.id:
        _merge(conn, source, there, now)
        return
    before = conn.scalar(sa.select(sources.c.canonical).where(sources.c.id == source.id))
    alias = conn.scalar(sa.select(sources.c.id).where(sources.c.canonical == canonical, sources.c.id != source.id))
    if alias is not None:  # it comes back to an address that it once left
        _rename(conn, alias, f"leaving {alias}")
    _rename(conn, source.id, canonical, address=address, host=urlsplit(address).hostname or address)
    if alias is not None:
        _rename(conn, alias, before, address=source.address)
    elif before != canonical:
        old = {"kind": source.kind, "address": source.address, "canonical": before, "host": source.host}
        conn.execute(sa.insert(sources).values(**old, merged_into=source.id))


def _copy_pauses(conn: sa.Connection, source_id: int, target: int, now: datetime) -> None:
    """Let whoever wanted to hear nothing of the one hear nothing of the other; what the one brought stays untold."""
    is_open = pauses.c.ended_at.is_(None)
    quiet = set(conn.scalars(sa.select(pauses.c.server).where(pauses.c.source_id == source_id, is_open)))
    quiet -= set(conn.scalars(sa.select(pauses.c.server).where(pauses.c.source_id == target, is_open)))
    for server in quiet:
        conn.execute(sa.insert(pauses).values(server=server, source_id=target, begun_at=now))


def _rename(conn: sa.Connection, source_id: int, canonical: str | None, **more: str) -> None:
    conn.execute(sa.update(sources).where(sources.c.id == source_id).values(canonical=canonical, **more))


def _merge(conn: sa.Connection, source: Source, target: int, now: datetime) -> None:
    """Let those who follow a source follow another from now on; they go on seeing what the old one brought them.

    They join it as of now, so that nothing of before is told to them: they have had it from the old one.
    """
    wake_up(conn, target, now)
    joining = sa.select(follows).where(follows.c.source_id == source.id, follows.c.retired_at.is_(None))
    for follow in conn.execute(joining).all():
        kept = {name: value for name, value in follow._asdict().items() if name not in {"id", "source_id", "since"}}
        insert = upsert(conn, follows).values(**kept, source_id=target, since=now)
        is_retired = follows.c.retired_at.is_not(None)
        again = {**kept, "since": now}
        conn.execute(insert.on_conflict_do_update(index_elements=["server", "source_id"], set_=again, where=is_retired))
    ended = sa.update(follows).where(follows.c.source_id == source.id, follows.c.retired_at.is_(None))
    conn.execute(ended.values(retired_at=now))
    _copy_pauses(conn, source.id, target, now)
    conn.execute(sa.update(sources).where(sources.c.id == source.id).values(merged_into=target))
