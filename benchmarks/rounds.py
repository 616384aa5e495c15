"""A round of the health of ten thousand sources: how long it takes, and that it does not hold the event loop meanwhile."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from benchmarks.lateness import Idle, Stalls
from bot import logs
from bot.app import stay_quick
from bot.desks import FINGERPRINTS
from bot.health.rounds import Rounds
from bot.model import Catalogue, FirstRun, Follow, SourceKind, now_utc
from bot.store.address import Address
from bot.store.database import Database
from bot.store.schema import sources, volumes
from bot.store.store import Store
from bot.store.telling.audience import Audience

SOURCES = 10_000
DAYS = 100
"""So far back a round reads how much each source gave."""
ROUNDS = 20
"""As many as it takes to look at every source that is well."""
FAILING = 0.5
"""In bad weather: the share of the sources that have failed for long, all of which are looked at in every round."""


def main() -> None:
    """Print the figures."""
    logs.set_up(level="error")
    asyncio.run(_measure())


async def _measure() -> None:
    with tempfile.TemporaryDirectory() as home, Idle() as idle:
        store = Store.open(
            Database(Address.read(str(Path(home) / "sitrep.db"))),
            catalogue=Catalogue(),
            audience=Audience(discord=False, per_poll=10, per_hour=30),
            fingerprints=FINGERPRINTS,
        )
        try:
            now = now_utc()
            await _fill(store, now)
            stay_quick()  # as the bot does
            await _tell("all well", store, now, idle)
            await _break(store, now)
            await _tell(f"{FAILING:.0%} dead, first told", store, now, idle, rounds=1)
            await _tell(f"{FAILING:.0%} dead, told before", store, now, idle)
        finally:
            store.close()


async def _tell(name: str, store: Store, now: datetime, idle: Idle, *, rounds: int = ROUNDS) -> None:
    """Make rounds, and print how long one took and how the loop stalled."""
    make = Rounds(store=store.ward, clock=lambda: now, operators="channel:1")
    stalls = Stalls()
    watching = asyncio.ensure_future(stalls.watch())
    idle.longest_ms()
    took = []
    for _ in range(rounds):
        start = time.perf_counter()
        await make()
        took.append(time.perf_counter() - start)
    watching.cancel()
    print(
        f"round of {SOURCES} sources, {name}: {sorted(took)[len(took) // 2]:.2f} s, at most {max(took):.2f} s (of 300); {stalls}"
        f" (reach 50 ms; an idle process beside it {idle.longest_ms():.0f} ms)"
    )


async def _fill(store: Store, now: datetime) -> None:
    """Follow sources that have given something on most days, and were polled well."""
    follows = [
        Follow(
            kind=SourceKind.FEED,
            address=f"https://feed-{number}.example/",
            name=f"Feed {number}",
            every=timedelta(minutes=30),
            first_run=FirstRun.SILENT,
        )
        for number in range(SOURCES)
    ]
    await store.sources.follow(follows, now=now - timedelta(days=DAYS))
    draw = random.Random(7)

    def work(conn: sa.Connection) -> None:
        for some in conn.scalars(sa.select(sources.c.id)).partitions(500):
            given = [
                {"source_id": number, "day": str((now - timedelta(days=ago)).date()), "articles": draw.randrange(1, 40)}
                for number in some
                for ago in range(DAYS)
                if draw.random() < 0.7
            ]
            conn.execute(sa.insert(volumes), given)
        conn.execute(sa.update(sources).values(polled_at=now, ok_at=now, next_poll=now + timedelta(minutes=30)))

    await store.sources._database.write(work)  # noqa: SLF001


async def _break(store: Store, now: datetime) -> None:
    """Let a share of the sources have failed for days."""
    dead = sources.c.id % round(1 / FAILING) == 0
    failing = {"failures": 60, "reason": "It answers 500.", "ok_at": now - timedelta(days=5)}
    await store.sources._database.write(lambda conn: conn.execute(sa.update(sources).where(dead).values(**failing)))  # noqa: SLF001


if __name__ == "__main__":
    main()
