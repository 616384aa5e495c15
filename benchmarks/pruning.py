"""Reading a feed with one new entry of thirty against feedparser on the whole, and, over real feeds, that pruning changes nothing."""

from __future__ import annotations

import io
import random
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import feedparser

from benchmarks import news
from bot.errors import SourceError
from bot.sources.feeds.parse import Feed, parse

FEEDS = 20
ENTRIES = 30
ROUNDS = 5
SUBSETS = 20
"""Random choices of known entries that each real feed is read with."""
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def main() -> None:
    """Print the figures; with an archive of feeds as argument, compare pruned readings of them with whole ones."""
    if len(sys.argv) > 1:
        sys.exit(_differ(Path(sys.argv[1])))
    _race()


def _race() -> None:
    draw = random.Random(3)
    bodies = [_feed(draw) for _ in range(FEEDS)]
    words = [_read(body).entries for body in bodies]
    size = sum(map(len, bodies)) / FEEDS / 1024
    print(f"reading {FEEDS} feeds of {ENTRIES} entries, {size:.0f} KB each, in process")

    def plain() -> None:
        for body in bodies:
            feedparser.parse(io.BytesIO(body))

    def pruned(new: int) -> Callable[[], None]:
        known = [frozenset(entries[new:]) for entries in words]

        def work() -> None:
            for body, one in zip(bodies, known, strict=True):
                _read(body, one)

        return work

    rounds = [[_cpu_s(work) for work in (plain, pruned(ENTRIES), pruned(1), pruned(0))] for _ in range(ROUNDS)]
    for at, name in enumerate(("plain feedparser", "all entries new", "one entry new", "nothing new")):
        rate = FEEDS / median(row[at] for row in rounds)
        ratio = median(row[0] / row[at] for row in rounds)
        print(f"  {name:18s}{rate:8.1f} feeds, {rate * ENTRIES:9.0f} entries per CPU-second, ratio {ratio:6.1f}")


def _differ(archive: Path) -> int:
    """Read every feed with many choices of known entries; return 1 if one of them changed what remains."""
    draw = random.Random(5)
    feeds = entries = readings = prunable = 0
    wrong: list[str] = []
    for name, body in _real(archive):
        try:
            full = _read(body)
        except SourceError:
            continue
        feeds += 1
        prunable += bool(full.entries)
        entries += len(full.drafts)
        for _ in range(SUBSETS if full.entries else 0):
            known = frozenset(word for word in full.entries if draw.random() < draw.random())
            readings += 1
            if not _is_rest(body, full, known):
                wrong.append(name)
                break
    print(
        f"pruning: {prunable} of {feeds} feeds with {entries} articles can be pruned; {readings} readings, {len(wrong)} of them wrong"
    )
    for name in wrong:
        print(f"  {name}")
    return int(bool(wrong))


def _is_rest(body: bytes, full: Feed, known: frozenset[str]) -> bool:
    """Tell whether a pruned reading and that of the pruned entries are the full one between them, in its order."""
    pruned, others = _read(body, known), _read(body, frozenset(full.entries) - known)
    told = set(pruned.drafts)
    return (
        pruned.drafts == tuple(draft for draft in full.drafts if draft in told)[: len(pruned.drafts)]
        and Counter(pruned.drafts) + Counter(others.drafts) == Counter(full.drafts)
        and pruned.known == sum(word in known for word in full.entries)
        and replace(pruned, drafts=(), known=0, trouble="") == replace(full, drafts=(), known=0, trouble="")
    )


def _real(archive: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(archive) as files:
        for member in files:
            if member.isfile() and (file := files.extractfile(member)):
                yield member.name, file.read()


def _read(body: bytes, known: frozenset[str] = frozenset()) -> Feed:
    return parse(body, url="https://news.example/feed.xml", headers={}, known=known, zone="", now=NOW)


def _feed(draw: random.Random) -> bytes:
    items = []
    for number in range(ENTRIES):
        title, text = news.article(draw)
        html = "".join(f"&lt;p&gt;{part}&lt;/p&gt;" for part in text.split("\n\n"))
        items.append(
            f"<item><title>{title}</title><link>https://news.example/{draw.random()}</link><guid>{draw.random()}</guid>"
            f"<pubDate>Mon, 23 Nov 2026 {number % 24:02d}:00:00 GMT</pubDate><description>{html}</description></item>"
        )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'.encode()


def _cpu_s(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
