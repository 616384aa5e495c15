"""A drop of very many files into the running bot: how long it takes in, what is posted, and whether people still get answers."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from benchmarks import news
from tests.wire.fake import FakeDiscord
from tests.wire.process import BotProcess

FILES = 30_000
MATCHING = 3
"""Every so-manieth file is told of."""
ASK_EVERY_S = 0.5
LAUNCHER = Path(__file__).with_name("sampled.py")


def main() -> None:
    """Print the figures."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[0].endswith("drop.py") else FILES
    for stopped in (False, True):
        with tempfile.TemporaryDirectory() as home:
            asyncio.run(_measure(Path(home), files, stopped=stopped))


async def _measure(home: Path, files: int, *, stopped: bool) -> None:
    """Move files in, ask meanwhile, and wait until all are read; `stopped` ends the bot in the middle and starts it again."""
    shutil.copytree("config", home / "config")
    (home / "config" / "sources.toml").write_text('[[source]]\nname = "Inbox"\nfolder = "inbox"\n')
    _write(home / "drop", files)
    async with FakeDiscord() as fake:
        env = {"DISCORD_TOKEN": fake.token, "DISCORD_CHANNEL_ID": str(fake.news.id), "SITREP_LOG": "warning"}
        env |= {"LATENESS": str(home / "lateness"), "PYTHONPATH": str(Path.cwd())}
        with _idle(home), BotProcess(fake, "run", cwd=home, env=env, launcher=LAUNCHER) as bot:
            await fake.connected(timeout_s=60)
            await fake.registered("latest", timeout_s=60)
            start = time.monotonic()
            await asyncio.to_thread(_move, home)
            moved = time.monotonic() - start
            if stopped:
                await fake.until(lambda: _count(home, "articles") > files // 3 or None, timeout_s=600)
                end = await bot.stop(timeout_s=20)
                print(f"SIGTERM in a drop of {files:,} files: exit {end.code} after {end.took_s:.2f} s (reach 8)")
            else:
                took, answers = await _asked(fake, home, files)
                _report(home, files=files, moved=moved, took=took, answers=answers)
                await _quiet(fake, home)
        if stopped:
            with BotProcess(fake, "run", cwd=home, env=env, launcher=LAUNCHER):
                await fake.until(lambda: _count(home, "articles", "state = 'done'") >= files or None, timeout_s=900)
            kept, told = _count(home, "articles"), _count(home, "deliveries", "kind = 'alert'")
            print(f"  started again: {kept:,} articles of {files:,} files kept, {told:,} alerts made")


@contextmanager
def _idle(home: Path) -> Iterator[None]:
    """Sample an empty event loop beside the bot."""
    with subprocess.Popen([sys.executable, LAUNCHER], env={**os.environ, "LATENESS": str(home / "idle")}) as idle:
        yield
        idle.terminate()


def _move(home: Path) -> None:
    for path in (home / "drop").iterdir():
        path.rename(home / "config" / "inbox" / path.name)


def _write(folder: Path, files: int) -> None:
    """Write the files beside the inbox, a minute old."""
    draw = random.Random(29)
    folder.mkdir()
    written = time.time() - 60
    for number in range(files):
        title, text = news.article(draw, sentences=8, special=news.CLEAR if number % MATCHING == 0 else ())
        path = folder / f"{number}.txt"
        path.write_text(f"{title} ({number}).\n\n{text}")
        os.utime(path, (written, written))


async def _asked(fake: FakeDiscord, home: Path, files: int) -> tuple[float, dict[str, list[float]]]:
    """Ask again and again until every file has been read; return how long that took, and how long each answer."""
    answers: dict[str, list[float]] = {"latest": [], "status": []}
    start = time.monotonic()
    while await asyncio.to_thread(_count, home, "articles", "state = 'done'") < files:
        for name, waits in answers.items():
            began = time.monotonic()
            with suppress(TimeoutError):
                await fake.slash(fake.news, name, timeout_s=30)
            waits.append(time.monotonic() - began)
        await asyncio.sleep(ASK_EVERY_S)
    return time.monotonic() - start, answers


def _report(home: Path, *, files: int, moved: float, took: float, answers: dict[str, list[float]]) -> None:
    (longest, late), (idle, idle_late) = ((home / name).read_text().split() for name in ("lateness", "idle"))
    taken = _value(home, "select (julianday(max(collected_at)) - julianday(min(collected_at))) * 86400 from articles")
    print(
        f"a drop of {files:,} files, moved in within {moved:.1f} s: taken in after {taken:.1f} s, all read after {took:.0f} s"
    )
    for name, waits in answers.items():
        ordered = sorted(waits)
        middle, worst = ordered[len(ordered) // 2], ordered[-1]
        print(f"  /{name}: {len(waits)} answers, p50 {middle:.2f} s, slowest {worst:.2f} s (reach 3)")
    print(f"  the event loop was at most {longest} ms late, {late} times over 50 ms;")
    print(f"  an empty loop beside it at most {idle} ms, {idle_late} times over 50 ms (reach: no more than that)")


async def _quiet(fake: FakeDiscord, home: Path) -> None:
    """Wait for the last fold to be posted, and say what a person sees."""
    await asyncio.sleep(20)
    alerts = _count(home, "deliveries", "kind = 'alert'")
    edits = sum(call.method == "PATCH" and "/channels/" in call.template for call in fake.calls)
    print(f"  {alerts:,} alerts became {len(fake.posts)} messages in the channel, with {edits} edits")


def _count(home: Path, table: str, where: str = "true") -> int:
    return int(_value(home, f"select count(*) from {table} where {where}"))


def _value(home: Path, query: str) -> float:
    with closing(sqlite3.connect(home / "var" / "sitrep.db", timeout=10)) as conn:
        return float(conn.execute(query).fetchone()[0])


if __name__ == "__main__":
    main()
