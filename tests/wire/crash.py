"""Kills the real bot again and again while articles arrive and the service fails, and judges what was told in the end.

    python -m tests.wire.crash --kills 200 --seed 1

A seed draws where the bot is killed and what goes wrong meanwhile. Processes never run twice in the same order, so a
seed repeats a scenario and not every step of it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from bot.model import Finding, now_utc
from bot.store import doctor
from bot.store.address import Address
from bot.store.database import Database
from tests import postgres

from .desk import Desk
from .fake import FakeDiscord
from .faults import HANG, HANG_STORED
from .feeds import FeedServer
from .laws import Report, Scene, all_told, judge, numbers
from .lives import Aim, Life, plan
from .newsroom import Newsroom
from .process import LOOK_EVERY_S, BotProcess
from .routes import MESSAGE, MESSAGES
from .storm import Storm

RUN = 20
"""Kills in one home: what is found in a run of so many can still be read."""
OUTAGE_S, LONG_OUTAGE_S = 5.0, 120.0
LONG_EVERY = 5
"""One run in so many sees the long outage."""

AIM_S = 8.0
"""What is aimed at and does not come in so long is given up: in an outage nothing is posted."""
TELL_S = 240.0
ENDING_S = 10.0
WORKERS_S = 20.0
"""So long a worker may take to find that nobody needs it: it may just be importing."""

CHANNELS = 3
SETTINGS = "[telling]\nper_poll = 100000\nper_hour = 100000\n"
"""Every alert a card of its own."""


async def survive(
    seed: int,
    kills: int,
    *,
    home: Path,
    outage_s: float = OUTAGE_S,
    database_url: str | None = None,
    say: Callable[[str], None] = lambda _line: None,
) -> Report:
    """Kill the bot so many times in an empty home, let it tell everything in the end, and report.

    The archive is a file in that home, or else the empty database at an address.
    """
    began = time.monotonic()
    async with _opened(seed, home, database_url) as scene, asyncio.TaskGroup() as beside:
        going = [beside.create_task(scene.newsroom.work()), beside.create_task(scene.storm.shake())]
        for number, life in enumerate(plan(seed, kills), start=1):
            if life.outage:
                beside.create_task(scene.storm.outage(lasts_s=outage_s))
            bot, grave = _born(scene)
            how = await _live(scene, bot, life, name=f"life {number}")
            beside.create_task(_bury(scene, bot, grave, name=f"life {number}"))
            if life.forgotten:
                scene.desk.fake.world.forget_nonces()
            told = sum(len(scene.desk.fake.messages(channel)) for channel in scene.channels)
            if told:  # before, there may be no archive yet
                await _examine(scene, after=f"life {number}")
            say(f"{number:4d}  {life.aim:<30}{how:<20}{told:6d} told{', nonces forgotten' * life.forgotten}")
        for task in going:
            task.cancel()
        scene.storm.end()
        bot, grave = _born(scene)
        await _tell_everything(scene, bot)
        scene.outputs["the last life"] = bot.output
        await _bury(scene, bot, grave, name="the last life")
        await _examine(scene, after="the last life")
        return judge(scene, seed=seed, kills=kills, seconds=time.monotonic() - began)


@contextlib.asynccontextmanager
async def _opened(seed: int, home: Path, database_url: str | None) -> AsyncIterator[Scene]:
    async with FakeDiscord() as fake, FeedServer() as feeds:
        desk = Desk(fake, feeds, home, env={"DATABASE_URL": database_url} if database_url else {})
        channels = [fake.news, *(fake.world.add_channel(fake.guild, f"news {number}") for number in range(2, CHANNELS + 1))]
        told_to = f"channels = [{', '.join(str(channel.id) for channel in channels)}]"
        desk.furnish(
            watches=f'[[watch]]\nname = "North Korea"\nquery = "actor:north-korea"\n{told_to}\n'
            f'[[watch]]\nname = "Russia"\nquery = "actor:russia"\nlevel = "mention"\n{told_to}\n',
            first_run="all",
            settings=SETTINGS,
        )
        storm = Storm(fake=fake, draw=random.Random(f"{seed} storm"))
        fake.rest.faults.weather = storm

        def told() -> set[str]:
            return set.intersection(*(set(numbers(desk.titles(channel))) for channel in channels))

        newsroom = Newsroom(desk=desk, draw=random.Random(f"{seed} news"), told=told)
        newsroom.open()
        address = Address.read(database_url or str(home / "var" / "sitrep.db"))
        scene = Scene(desk=desk, channels=channels, storm=storm, newsroom=newsroom, address=address)
        with scene.graves:
            yield scene


def _born(scene: Scene) -> tuple[BotProcess, ExitStack]:
    """Start the bot; closing its own stack kills whatever is left of it."""
    grave = scene.graves.enter_context(ExitStack())
    return grave.enter_context(scene.desk.bot()), grave


async def _live(scene: Scene, bot: BotProcess, life: Life, *, name: str) -> str:
    """Let the bot work until its aim is met, and kill it; return how that came.

    What a worker writes when it finds that the bot has died under it is not the bot's word, and not kept.
    """
    began = time.monotonic()
    scene.storm.rate = life.rate
    is_met = await _meets(scene, bot, life)
    if is_met and life.aim is Aim.ENDING:
        await _end(scene, bot, patience_s=life.delay_s)
    else:
        await asyncio.sleep(life.delay_s)
        if not bot.alive:
            scene.faults.append(f"{name} ended by itself with {(await bot.wait()).code}")
    scene.outputs[name] = bot.output
    await bot.stop(by=signal.SIGKILL)
    scene.desk.fake.rest.faults.clear()
    return f"{time.monotonic() - began:5.1f} s{'' if is_met else ', not met'}"


async def _meets(scene: Scene, bot: BotProcess, life: Life) -> bool:
    """Wait for what a life is aimed at; False if it does not come."""
    try:
        await bot.during(_aimed_at(scene, life))
    except TimeoutError:
        return False
    return True


async def _aimed_at(scene: Scene, life: Life) -> None:
    fake = scene.desk.fake

    async def sent(method: str, template: str, times: int) -> None:
        seen = len(fake.sent(method, template))
        await fake.until(lambda: len(fake.sent(method, template)) >= seen + times, timeout_s=AIM_S)

    match life.aim:
        case Aim.POSTED | Aim.ENDING:
            await sent("POST", MESSAGES, 1 + life.after)
        case Aim.STORED | Aim.UNSTORED:
            await sent("POST", MESSAGES, life.after)
            fake.fail_posts(HANG_STORED if life.aim is Aim.STORED else HANG)
            await sent("POST", MESSAGES, 1)
        case Aim.LOOKING_BACK:
            await sent("GET", MESSAGES, 1)
        case Aim.EDITED:
            await sent("POST", MESSAGES, 1)
            scene.newsroom.add()
            await sent("PATCH", MESSAGE, 1)


async def _end(scene: Scene, bot: BotProcess, *, patience_s: float) -> None:
    """Ask the bot to end; if it has not yet when patience is over, that is no fault."""
    with contextlib.suppress(TimeoutError):
        ended = await bot.stop(timeout_s=patience_s)
        if ended.code:
            scene.faults.append(f"it ended with {ended.code} when it was asked to")


async def _bury(scene: Scene, bot: BotProcess, grave: ExitStack, *, name: str) -> None:
    """Wait until the workers of a dead bot have ended by themselves."""
    with grave:
        try:
            async with asyncio.timeout(WORKERS_S):
                while bot.left_behind:
                    await asyncio.sleep(LOOK_EVERY_S)
        except TimeoutError:
            scene.faults.append(f"{len(bot.left_behind)} workers of {name} outlived it by {WORKERS_S:g} s")


async def _examine(scene: Scene, *, after: str) -> None:
    """Hold the archive against its own laws: after no death is there anything to mend."""

    def look() -> list[Finding]:
        with contextlib.closing(Database(scene.address)) as database:
            return doctor.examine(database, now=now_utc(), mend=False)

    findings = await asyncio.to_thread(look)
    scene.faults.extend(f"after {after}: {one.law} Broken {one.broken} times." for one in findings if one.broken)


async def _tell_everything(scene: Scene, bot: BotProcess) -> None:
    """Let the last bot tell what is left once an outage is over, and end."""
    while scene.desk.fake.gateway.away and bot.alive:
        await asyncio.sleep(LOOK_EVERY_S)
    try:
        async with asyncio.timeout(TELL_S):
            while bot.alive and not all_told(scene):
                await asyncio.sleep(5 * LOOK_EVERY_S)
    except TimeoutError:
        scene.faults.append(f"not everything was told after {TELL_S:g} s of calm")
    if not bot.alive:
        scene.faults.append("it ended by itself in calm weather")
        return
    await _end(scene, bot, patience_s=ENDING_S)
    if bot.alive:
        scene.faults.append(f"it did not end within {ENDING_S:g} s")


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill the bot as often as asked on each database, in runs with a seed and a home of their own; print how each ended."""
    asked = _asked(arguments)
    reports = {database: _runs(database, asked) for database in asked.database}
    for database, runs in reports.items():
        print(f"\n{database:>12}{'kills':>8}{'alerts':>8}{'lost':>8}{'repeated':>10}{'other':>8}{'seconds':>9}")
        for report in runs:
            print(_row(f"seed {report.seed}", [report]))
        print(_row("all", runs))
    return int(any(report.broken for runs in reports.values() for report in runs))


def _runs(database: str, asked: argparse.Namespace) -> list[Report]:
    reports: list[Report] = []
    for number in range(-(-asked.kills // RUN)):
        seed, kills = asked.seed + number, min(RUN, asked.kills - number * RUN)
        outage_s = asked.outage or (OUTAGE_S if (number + 1) % LONG_EVERY else LONG_OUTAGE_S)
        again = f"python -m tests.wire.crash --database {database} --seed {seed} --kills {kills} --outage {outage_s:g}"
        print(f"\nseed {seed}: {again}", flush=True)
        with _database(database) as url:
            reports.append(_one_run(seed, kills, outage_s=outage_s, database_url=url))
    return reports


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="crash", description="Kill the bot again and again, and see what was told.")
    parser.add_argument("--kills", type=int, default=200, help=f"in runs of {RUN}, each with a home of its own")
    parser.add_argument(
        "--seed", type=int, default=int(time.time()) % 1_000_000, help="of the first run; the next ones count on"
    )
    parser.add_argument(
        "--outage", type=float, help=f"seconds; else {OUTAGE_S:g}, and {LONG_OUTAGE_S:g} in every {LONG_EVERY}th run"
    )
    both = ["sqlite", "postgres"]
    parser.add_argument("--database", choices=both, nargs="+", default=both, help="each is killed so often")
    return parser.parse_args(arguments)


@contextlib.contextmanager
def _database(kind: str) -> Iterator[str | None]:
    """Make an empty database for one run; a SQLite one is made by the bot, in its home."""
    if kind == "sqlite":
        yield None
        return
    with postgres.scratch(migrated=False) as address:
        yield postgres.url_of(address)


def _one_run(seed: int, kills: int, *, outage_s: float, database_url: str | None) -> Report:
    """Run in a new folder; it is kept, with what each life wrote, if a law was broken."""
    home = Path(tempfile.mkdtemp(prefix=f"crash-{seed}-"))
    report = asyncio.run(survive(seed, kills, home=home, outage_s=outage_s, database_url=database_url, say=_say))
    _say(f"  went wrong on the way: {', '.join(f'{name} {times}' for name, times in sorted(report.met.items()))}")
    if not report.broken:
        shutil.rmtree(home)
        return report
    for name, output in report.outputs.items():
        (home / f"{name}.log").write_text(output)
    _say("\n  ".join([f"{report.tail}\nBROKEN, see {home}:", *report.broken]))
    return report


def _say(line: str) -> None:
    print(line, flush=True)


def _row(name: str, reports: Sequence[Report]) -> str:
    lost, repeated, faults = (sum(len(getattr(one, what)) for one in reports) for what in ("lost", "repeated", "faults"))
    kills, alerts, seconds = (sum(getattr(one, what) for one in reports) for what in ("kills", "alerts", "seconds"))
    return f"{name:>12}{kills:8d}{alerts:8d}{lost:8d}{repeated:10d}{faults:8d}{seconds:9.0f}"


if __name__ == "__main__":
    sys.exit(main())
