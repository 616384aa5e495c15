"""The outbox of the running bot against a fake of Discord: how fast it tells, how evenly, how it is handed over, how it ends."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from tests import postgres
from tests.wire.fake import FakeDiscord
from tests.wire.process import BotProcess
from tests.wire.routes import Call
from tests.wire.state import Channel

CHANNELS, ARTICLES = 50, 40
MANY = 2_000
GLOBAL_LIMIT = 50
"""Requests a second that Discord takes from a bot (Discord, Rate Limits)."""
FILES = 5_000
TAKEOVERS = 5


def main() -> None:
    """Print the figures."""
    durable = postgres.started()
    for name, url in (("SQLite", ""), ("PostgreSQL", postgres.url_of(durable))):
        asyncio.run(_rate(name, url))
    asyncio.run(_many())
    for ended_by in (signal.SIGKILL, signal.SIGTERM):
        asyncio.run(_takeover(ended_by))
    asyncio.run(_drop())


def _config(home: Path, channels: Sequence[int]) -> None:
    config = home / "config"
    (config / "actors").mkdir(parents=True)
    (config / "inbox").mkdir()
    (config / "actors" / "north-korea.toml").write_text('name = "North Korea"\ncapitals = ["Pyongyang"]\n')
    (config / "sources.toml").write_text('[[source]]\nname = "Inbox"\nfolder = "inbox"\n')
    (config / "settings.toml").write_text("[telling]\nper_poll = 100000\nper_hour = 100000\n")
    given = f"channels = {list(channels)}\n" if channels else ""
    (config / "watches.toml").write_text(f'[[watch]]\nname = "North Korea"\nquery = "actor:north-korea"\n{given}')


def _drop_articles(home: Path, count: int) -> None:
    records = [{"id": str(n), "title": f"Pyongyang statement {n}", "text": f"North Korea said {n}."} for n in range(count)]
    beside = home / "drop.jsonl"
    beside.write_text("".join(json.dumps(record) + "\n" for record in records))
    os.utime(beside, (time.time() - 10,) * 2)
    beside.rename(home / "config" / "inbox" / "drop.jsonl")


def _env(fake: FakeDiscord, url: str = "", **more: str) -> Mapping[str, str]:
    given = {"DISCORD_TOKEN": fake.token, "SITREP_LOG": "warning", **more}
    return given | ({"DATABASE_URL": url} if url else {})


def _channels(fake: FakeDiscord, count: int) -> list[Channel]:
    return [fake.world.add_channel(fake.guild, f"news-{number}") for number in range(count)]


async def _rate(name: str, url: str) -> None:
    """Tell many articles to some channels of a Discord without limits."""
    with tempfile.TemporaryDirectory() as given:
        home = Path(given)
        async with FakeDiscord() as fake:
            _config(home, [channel.id for channel in _channels(fake, CHANNELS)])
            with BotProcess(fake, "run", cwd=home, env=_env(fake, url, FAKE_TAKES_PER_SECOND="100000")):
                await fake.connected(timeout_s=60)
                _drop_articles(home, ARTICLES)
                posts = await _posts(fake, CHANNELS * ARTICLES)
        took = posts[-1].at - posts[0].at
        print(f"{name}: {len(posts) / took:.0f} deliveries/s ({len(posts)} to {CHANNELS} channels; reach 200)")


async def _many() -> None:
    """Tell one article to very many channels; the floor is what the global limit allows."""
    with tempfile.TemporaryDirectory() as given:
        home = Path(given)
        async with FakeDiscord() as fake:
            _config(home, [channel.id for channel in _channels(fake, MANY)])
            with BotProcess(fake, "run", cwd=home, env=_env(fake)):
                await fake.connected(timeout_s=60)
                start = time.monotonic()
                _drop_articles(home, 1)
                posts = await _posts(fake, MANY)
        floor = MANY / GLOBAL_LIMIT
        took, waited = posts[-1].at - posts[0].at, posts[0].at - start
        times = [post.at for post in posts]
        busiest = max(sum(at <= other < at + 1 for other in times[index : index + 200]) for index, at in enumerate(times))
        print(
            f"one alert to {MANY} channels: {took:.1f} s, {took / floor:.2f}x of the floor (reach 1.1x);"
            f" the first after {waited:.1f} s; at most {busiest} in a second (limit {GLOBAL_LIMIT})"
        )


async def _posts(fake: FakeDiscord, count: int) -> list[Call]:
    await fake.until(lambda: len(fake.posts) >= count or None, timeout_s=300, what=f"{count} posts")
    return fake.posts


async def _takeover(ended_by: signal.Signals) -> None:
    """End the owner while a second copy waits; how long until that one is connected to the gateway."""
    waits = []
    for _ in range(TAKEOVERS):
        with tempfile.TemporaryDirectory() as given, postgres.scratch(migrated=False) as address:
            home = Path(given)
            async with FakeDiscord() as fake:
                _config(home, [])
                env = _env(fake, postgres.url_of(address), DISCORD_CHANNEL_ID=str(fake.news.id))
                with BotProcess(fake, "run", cwd=home, env=env) as owner:
                    await fake.connected(timeout_s=60)
                    with BotProcess(fake, "run", cwd=home, env=env) as second:
                        await second.line("waiting to take over", timeout_s=60)
                        await asyncio.sleep(3)  # it loads its model meanwhile
                        before, start = fake.gateway.identifies, time.monotonic()
                        ending = asyncio.ensure_future(owner.stop(by=ended_by))
                        await fake.until(lambda: fake.gateway.identifies > before or None, timeout_s=30)  # noqa: B023
                        waits.append(time.monotonic() - start)
                        await ending
    reach = 2 if ended_by is signal.SIGKILL else 1
    print(f"takeover on PostgreSQL after {ended_by.name}: most {max(waits):.2f} s of {TAKEOVERS} (reach {reach})")


async def _drop() -> None:
    """Ask the bot to end in the middle of a large drop; nothing may be lost."""
    with tempfile.TemporaryDirectory() as given:
        home = Path(given)
        async with FakeDiscord() as fake:
            _config(home, [])
            env = _env(fake, DISCORD_CHANNEL_ID=str(fake.news.id))
            with BotProcess(fake, "run", cwd=home, env=env) as bot:
                await fake.connected(timeout_s=60)
                for number in range(FILES):
                    (home / "config" / "inbox" / f"{number}.txt").write_text(f"North Korea said {number}. It is short.")
                await fake.until(lambda: len(fake.posts) > 20 or None, timeout_s=120)
                end = await bot.stop(timeout_s=20)
            with BotProcess(fake, "run", cwd=home, env=env) as bot:
                told = "select count(distinct subject) from deliveries where kind = 'alert'"
                await fake.until(lambda: _count(home, told) >= FILES or None, timeout_s=300, what="all alerts")
                alerts = _count(home, told)
                await bot.stop(timeout_s=20)
        print(f"SIGTERM in a drop of {FILES} files: exit {end.code} after {end.took_s:.2f} s (reach 8), {alerts} alerts kept")


def _count(home: Path, query: str) -> int:
    with closing(sqlite3.connect(home / "var" / "sitrep.db")) as conn:
        return int(conn.execute(query).fetchone()[0])


if __name__ == "__main__":
    main()
