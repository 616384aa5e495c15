"""Polling thousands of feeds: how fast, beside the same loop with plain feedparser; how long the loop stalls; what it costs."""

from __future__ import annotations

import asyncio
import io
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import feedparser
import sqlalchemy as sa

from benchmarks import feed_server
from benchmarks.lateness import Idle, Stalls
from benchmarks.running import family, proportional_kb
from bot import logs
from bot.app import stay_quick
from bot.desks import FINGERPRINTS, PARSE_LIMIT, QUICK_LIMIT
from bot.engine.local import LocalEngine, Tasks
from bot.model import Catalogue, FirstRun, Follow, Polled, SourceKind, now_utc
from bot.pipeline import Poll
from bot.settings import Http, Polling
from bot.sources.feeds.collector import FeedCollector
from bot.sources.feeds.parse import Feed
from bot.sources.feeds.parsing import Document, Parsing
from bot.sources.text.drafts import compose
from bot.sources.web.http import Client
from bot.store.address import Address
from bot.store.database import Database
from bot.store.schema import sources
from bot.store.store import Store
from bot.store.telling.audience import Audience
from bot.workers import Workers
from tests.wire.fake import FakeDiscord
from tests.wire.process import BotProcess

FEEDS, PLAIN_FEEDS = 2_000, 150
"""Plain feedparser is slow and steady, so that a share of the feeds is enough to know its rate."""
ROUNDS = 3
REGISTERED, FEW = 10_000, 10
CYCLE_S, SHORT_CYCLE_S = 600, 60


def main() -> None:
    """Print the figures."""
    logs.set_up(level="warning")
    asyncio.run(_rates())
    asyncio.run(_registered())


class _Plain(Parsing):
    """What many bots do: every entry, by plain feedparser, in the process of the event loop."""

    async def parse(self, document: Document, *, trusted: bool) -> Feed:  # noqa: ARG002
        """Parse a whole document."""
        found = feedparser.parse(io.BytesIO(document.body))
        drafts = [
            compose(title=one.get("title", ""), text=one.get("summary", ""), guid=one.get("id", ""), url=one.get("link", ""))
            for one in found.entries
        ]
        return Feed(drafts=tuple(draft for draft in drafts if draft))


@dataclass(slots=True)
class _Bench:
    """Store, collector and engine as the bot has them, over feeds of the loopback."""

    store: Store
    engine: LocalEngine
    count: int
    left: int = 0
    troubles: list[str] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def heard(self, polled: Polled) -> None:
        self.left -= 1
        self.troubles += [polled.trouble] if polled.trouble else []
        if not self.left:
            self.over.set()

    async def round(self) -> tuple[float, Stalls]:
        """Poll every feed once; return how many a second, and how the loop stalled."""
        self.left = self.count
        self.over.clear()
        due = sa.update(sources).values(next_poll=now_utc())
        await self.store.sources._database.write(lambda conn: conn.execute(due))  # noqa: SLF001
        stalls = Stalls()
        watching = asyncio.ensure_future(stalls.watch())
        start = time.perf_counter()
        self.engine.tick()
        await self.over.wait()
        took = time.perf_counter() - start
        watching.cancel()
        if self.troubles:
            raise RuntimeError(f"{len(self.troubles)} polls failed: {self.troubles[0]}")
        return self.count / took, stalls


async def _bench(stack: AsyncExitStack, port: int, count: int, *, plain: bool) -> _Bench:
    home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    store = Store.open(
        Database(Address.read(str(home / "sitrep.db"))),
        catalogue=Catalogue(),
        audience=Audience(discord=False, per_poll=10, per_hour=30),
        fingerprints=FINGERPRINTS,
    )
    stack.callback(store.close)
    hosts = [feed_server.host(number) for number in range(count)]
    follows = [
        Follow(
            kind=SourceKind.FEED,
            address=f"http://{host}:{port}/",
            name=host,
            every=timedelta(days=1),
            first_run=FirstRun.SILENT,
        )
        for host in hosts
    ]
    await store.sources.follow(follows, now=now_utc() + timedelta(days=1))  # due when a round begins
    client = await stack.enter_async_context(Client(Http(allow_hosts=tuple(hosts))))
    quick, patient = Workers(timeout=QUICK_LIMIT), Workers(timeout=PARSE_LIMIT)
    stack.callback(quick.close)
    stack.callback(patient.close)
    parsing = _Plain(quick=quick, patient=patient) if plain else Parsing(quick=quick, patient=patient)
    collector = FeedCollector(client, parsing)
    poll = Poll(collectors={SourceKind.FEED: collector}, store=store.polls, clock=now_utc, polling=Polling())
    bench = _Bench(store, _engine(store, poll), count)
    bench.engine.on_polled = bench.heard
    stop = asyncio.Event()
    go = asyncio.Event()
    go.set()
    task = asyncio.ensure_future(bench.engine.run(stop, owning=go, reading=go, telling=go, drain=timedelta(seconds=5)))

    async def end() -> None:
        stop.set()
        await task

    stack.push_async_callback(end)
    return bench


def _engine(store: Store, poll: Poll) -> LocalEngine:
    async def nothing(*_: object) -> int:
        return 0

    async def none(*_: object) -> Sequence[object]:
        return ()

    tasks = Tasks(
        due_sources=store.sources.due_sources,
        wake=nothing,  # type: ignore[arg-type]  # nothing is woken
        poll=poll,
        due_teasers=none,  # type: ignore[arg-type]  # no page is read
        complete=nothing,  # type: ignore[arg-type]
        analyse=nothing,
        due_deliveries=none,  # type: ignore[arg-type]  # nothing is told
        deliver=nothing,  # type: ignore[arg-type]
    )
    return LocalEngine(tasks=tasks, clock=now_utc, at_once=Polling().at_once, on_polled=lambda _: None)


async def _rates() -> None:
    """Poll the same feeds by the bot and by plain feedparser: first everything new, then one of thirty, then nothing."""
    async with AsyncExitStack() as stack:
        port, server = stack.enter_context(feed_server.serving())
        idle = stack.enter_context(Idle())
        ours = await _bench(stack, port, FEEDS, plain=False)
        plain = await _bench(stack, port, PLAIN_FEEDS, plain=True)
        stay_quick()  # as the bot does
        first, _ = await ours.round()
        await plain.round()
        feed_server.publish(server)
        await ours.round()  # starts the process for what is known
        pairs = [await _pair(server, ours, plain, idle) for _ in range(ROUNDS)]
        idle.longest_ms()
        quiet, quiet_stalls = await ours.round()
        quiet_late = idle.longest_ms()
    rate, base, stalls, late = sorted(pairs, key=lambda pair: pair[0] / pair[1])[ROUNDS // 2]
    each = ", ".join(f"{one / other:.1f}" for one, other, *_ in pairs)
    print(f"first load of {FEEDS} feeds of {feed_server.ENTRIES} entries: {first:.0f} feeds/s")
    print(f"one new entry of {feed_server.ENTRIES}: {rate:.0f} feeds/s ({FEEDS} feeds, each of another host; {stalls})")
    print(
        f"  the same loop with plain feedparser in process: {base:.1f} feeds/s ({PLAIN_FEEDS} feeds, in turn with the others)"
    )
    print(f"  {rate / base:.1f}x, the median of {each} (reach 10x)")
    print(f"nothing new (304): {quiet:.0f} polls/s ({quiet_stalls}; reach 50 ms)")
    print(f"  an idle process beside it woke up to {late:.0f} ms late while one was new, {quiet_late:.0f} ms while nothing was")


async def _pair(server: subprocess.Popen[str], ours: _Bench, plain: _Bench, idle: Idle) -> tuple[float, float, Stalls, float]:
    """Poll one new entry of each feed both ways, one right after the other, since what else the machine does changes."""
    feed_server.publish(server)
    idle.longest_ms()
    rate, stalls = await ours.round()
    late = idle.longest_ms()
    base, _ = await plain.round()
    return rate, base, stalls, late


async def _registered() -> None:
    """Let the whole bot poll ten thousand feeds, ten times as often as in a cycle of ten minutes, and weigh it."""
    sizes = {}
    with feed_server.serving(entries=0) as (port, _server):
        for count in (FEW, REGISTERED):
            with tempfile.TemporaryDirectory() as home:
                sizes[count], polls, cpu = await _weigh(Path(home), port, count)
    added = sizes[REGISTERED] - sizes[FEW]
    print(
        f"{REGISTERED} feeds registered: {added:.0f} MB more than with {FEW} in all processes ({sizes[FEW]:.0f} MB; reach 60)"
    )
    print(
        f"  polled every {SHORT_CYCLE_S} s: {polls:.0f} polls/s of {REGISTERED / SHORT_CYCLE_S:.0f} wanted, {cpu:.2f} cores in all;"
        f" a cycle of {CYCLE_S // 60} min wants {REGISTERED / CYCLE_S:.0f}"
    )


async def _weigh(home: Path, port: int, count: int) -> tuple[float, float, float]:
    """Return the size in MB, the polls a second and the cores it takes, once everything was polled."""
    config = home / "config"
    config.mkdir()
    hosts = [feed_server.host(number) for number in range(count)]
    (config / "sources.toml").write_text(
        "".join(f'[[source]]\nname = "Feed {host}"\nurl = "http://{host}:{port}/feed"\n' for host in hosts)
    )
    (config / "settings.toml").write_text(
        f'[polling]\nevery = "{SHORT_CYCLE_S} s"\nquiet_every = "{SHORT_CYCLE_S} s"\nleast_every = "10 s"\n'
        f"[http]\nallow_hosts = {list(hosts)}\n".replace("'", '"')
    )
    (config / "watches.toml").write_text("")
    async with FakeDiscord() as fake:
        with BotProcess(fake, "run", cwd=home, env={"SITREP_LOG": "warning"}) as bot:
            await _polled(home, count, since="")
            since, before, start = f"{now_utc():%Y-%m-%dT%H:%M:%S}", _cpu_s(bot.pid), time.monotonic()
            await asyncio.sleep(SHORT_CYCLE_S)
            done = await _polled(home, 0, since=since)
            cpu = (_cpu_s(bot.pid) - before) / (time.monotonic() - start)
            parts = [proportional_kb(pid) / 1024 for pid in family(bot.pid)]
            print(f"  {count} feeds: {sum(parts):.0f} MB ({', '.join(f'{one:.0f}' for one in parts)})")
            size = sum(parts)
            return size, done / (time.monotonic() - start), cpu


async def _polled(home: Path, least: int, *, since: str) -> int:
    """Wait until so many feeds have been polled since then; return how many were."""
    deadline = time.monotonic() + 600
    while True:
        with suppress(sqlite3.OperationalError), closing(sqlite3.connect(home / "var" / "sitrep.db")) as conn:
            found = int(conn.execute("select count(*) from sources where polled_at > ?", [since]).fetchone()[0])
            if found >= least:
                return found
        if time.monotonic() > deadline:
            raise TimeoutError(f"not all of {least} feeds were polled")
        await asyncio.sleep(1)


def _cpu_s(pid: int) -> float:
    """Return the CPU time of a process and its children until now."""
    ticks = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rsplit(")", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / 100


if __name__ == "__main__":
    main()
