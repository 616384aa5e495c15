"""The running bot against a fake of Discord: its memory after 200 articles and a `/why`, and how fast a file becomes a post."""

from __future__ import annotations

import asyncio
import os
import random
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from benchmarks import news
from tests.wire.fake import FakeDiscord
from tests.wire.process import BotProcess

ARTICLES = 200
DROPS = 50
PAUSE_S = 2.0
SETTLE_S = 5.0
"""For what matches only by what the parser says."""


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as home:
        asyncio.run(_measure(Path(home)))


async def _measure(home: Path) -> None:
    shutil.copytree("config", home / "config")
    inbox = home / "config" / "inbox"
    (home / "config" / "sources.toml").write_text('[[source]]\nname = "Inbox"\nfolder = "inbox"\n')
    (home / "config" / "settings.toml").write_text("[telling]\nper_poll = 1000\nper_hour = 100000\n")
    draw = random.Random(11)
    async with FakeDiscord() as fake:
        env = {"DISCORD_TOKEN": fake.token, "DISCORD_CHANNEL_ID": str(fake.news.id), "SITREP_LOG": "info"}
        with BotProcess(fake, "run", cwd=home, env=env) as bot:
            await fake.connected(timeout_s=60)
            await _fill(inbox, draw, fake)
            print(f"memory after {ARTICLES} articles, catalogue and model loaded: {_memory(bot.pid)}; reach 255)")
            await fake.slash(fake.news, "why", {"url": "1"}, timeout_s=60)
            print(f"memory with the ranking model, which /why has loaded: {_memory(bot.pid)}; reach 340)")
            for name, age_s in (("moved in, written before", 10.0), ("freshly written", 0.0)):
                waits = [await _drop(home, inbox, draw, fake, age_s=age_s, number=number) for number in range(DROPS)]
                p95 = quantiles(waits, n=20, method="inclusive")[-1]
                print(f"file {name}: p50 {sorted(waits)[DROPS // 2]:.2f} s, p95 {p95:.2f} s, most {max(waits):.2f} s")


async def _fill(inbox: Path, draw: random.Random, fake: FakeDiscord) -> None:
    """Bring articles in, some of which need the model, and wait until all that match are told."""
    matching = 0
    for number in range(ARTICLES):
        special = {0: news.OPEN, 1: news.CLEAR}.get(number % 10, ())
        matching += number % 10 == 1
        title, text = news.article(draw, special=special)
        (inbox / f"fill-{number}.md").write_text(f"# {title}\n\n{text}")
    await fake.until(lambda: len(fake.posts) >= matching or None, timeout_s=120, what="the first articles")
    await asyncio.sleep(SETTLE_S)


async def _drop(home: Path, inbox: Path, draw: random.Random, fake: FakeDiscord, *, age_s: float, number: int) -> float:
    """Put one file into the folder; return the seconds until the request to post it arrives."""
    await asyncio.sleep(PAUSE_S)
    title, text = news.article(draw, special=news.CLEAR)
    title = f"North Korea: {title}"  # what the title names is always about it
    name = f"drop-{age_s:g}-{number}.md"
    before = len(fake.posts)
    if age_s:
        beside = home / name
        beside.write_text(f"# {title}\n\n{text}")
        os.utime(beside, (time.time() - age_s,) * 2)
        start = time.monotonic()
        beside.rename(inbox / name)
    else:
        start = time.monotonic()
        (inbox / name).write_text(f"# {title}\n\n{text}")
    await fake.until(lambda: len(fake.posts) > before or None, timeout_s=30, what=name)
    return time.monotonic() - start


def _memory(pid: int) -> str:
    sizes = [proportional_kb(one) / 1024 for one in family(pid)]
    return f"{sum(sizes):.0f} MB in all processes ({', '.join(f'{size:.0f}' for size in sizes)}"


def family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from family(int(child))


def proportional_kb(pid: int) -> int:
    """Return the memory of a process, what it shares counted by its share."""
    found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


if __name__ == "__main__":
    main()
