"""The launcher and the process around it, tried with a stand-in for the bot's command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .fake import FakeDiscord
from .process import BotProcess

STAND_IN = """
import asyncio, multiprocessing, os, signal, sys
import discord

def double(number):
    print("worker says", 2 * number, "discord" in sys.modules["__mp_main__"].__dict__, flush=True)

class Client(discord.Client):
    async def on_ready(self):
        print("ready as", self.user.name, flush=True)

async def run():
    client = Client(intents=discord.Intents(guilds=True), guild_ready_timeout=0.1)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, lambda: asyncio.ensure_future(client.close()))
    await client.start(os.environ["DISCORD_TOKEN"])

def main():
    print("arguments", sys.argv[1:], "DATABASE_URL" in os.environ, flush=True)
    if sys.argv[1:] == ["fail"]:
        return 78
    worker = multiprocessing.get_context("spawn").Process(target=double, args=(2,))
    worker.start()
    worker.join()
    asyncio.run(run())
    return 0
"""


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a package in the bot's place; the caller has settings of its own."""
    package = tmp_path / "bot"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "cli.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("DISCORD_TOKEN", "the caller's own")
    monkeypatch.setenv("DATABASE_URL", "postgresql://the-callers-own")
    return tmp_path


async def test_the_process_speaks_to_the_fake_and_ends_in_order(fake: FakeDiscord, stand_in: Path) -> None:
    """Its arguments arrive, its workers do not start it again, and SIGTERM ends it with its own exit code."""
    with BotProcess(fake, "run", "--config", "here", cwd=stand_in, env={"DISCORD_TOKEN": fake.token}) as bot:
        ready = await bot.line("ready")
        ended = await bot.stop()

    assert ready == "ready as sitrep"
    assert bot.output_lines[:2] == ["arguments ['run', '--config', 'here'] False", "worker says 4 False"]
    assert ended.code == 0
    assert fake.gateway.identifies == 1


async def test_a_killed_process_is_gone_and_so_is_its_connection(fake: FakeDiscord, stand_in: Path) -> None:
    """SIGKILL ends it as a power cut would; the service notices."""
    with BotProcess(fake, "run", cwd=stand_in, env={"DISCORD_TOKEN": fake.token}) as bot:
        await bot.during(fake.connected())
        ended = await bot.kill()

    assert ended.code == -9
    await fake.until(lambda: not fake.gateway.connected)
    with pytest.raises(ProcessLookupError):
        os.kill(bot.pid, 0)


async def test_a_process_that_ends_too_early_says_so(fake: FakeDiscord, stand_in: Path) -> None:
    """Who waits for a line of a process that has ended gets its output at once."""
    with BotProcess(fake, "fail", cwd=stand_in) as bot:
        with pytest.raises(TimeoutError, match=r"(?s)ended before “ready”.*arguments \['fail'\]"):
            await bot.line("ready")
        with pytest.raises(TimeoutError, match="ended before"):
            await bot.during(fake.connected())

        ended = await bot.wait()

    assert ended.code == 78


async def test_leaving_kills_what_still_runs(fake: FakeDiscord, stand_in: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A failed test leaves no process behind, and shows what it wrote."""
    bot = BotProcess(fake, "run", cwd=stand_in)

    async def wait_in_vain() -> None:
        with bot:
            await bot.line("arguments")
            await bot.line("never said", timeout_s=0.0)

    with pytest.raises(TimeoutError, match="was not written"):
        await wait_in_vain()

    assert not bot.alive
    assert "arguments ['run']" in capsys.readouterr().out


async def test_a_line_is_read_when_it_is_written_to_its_end(fake: FakeDiscord, stand_in: Path) -> None:
    """Half a line is none yet, unless the process has ended on it."""
    (stand_in / "bot" / "cli.py").write_text(
        "import sys, time\n"
        "def main():\n"
        "    print('first half,', end='', flush=True)\n"
        "    time.sleep(0.2)\n"
        "    print(' second half')\n"
        "    print('no end', end='')\n"
    )
    with BotProcess(fake, cwd=stand_in) as bot:
        assert await bot.line("first half") == "first half, second half"
        assert await bot.line("no end") == "no end"
