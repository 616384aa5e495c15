"""A newsroom: a config folder with a small catalogue, a feed on the loopback, and the program in this process."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
from rich.console import Console

from bot import app, cli, config
from tests.wire.feeds import FeedServer, Item, rss

ACTORS = {
    "north-korea": 'name = "North Korea"\nnames = ["DPRK"]\ndemonyms = ["North Korean"]\ncapitals = ["Pyongyang"]\n',
    "russia": 'name = "Russia"\ndemonyms = ["Russian"]\ncapitals = ["Moscow"]\n',
}
WATCHES = """\
[[watch]]
name = "North Korea"
query = "actor:north-korea"
[[watch]]
name = "With Russia"
query = "sentence:(actor:north-korea AND actor:russia)"
"""


Verb = Callable[..., Awaitable[tuple[int, str]]]


@dataclass(slots=True)
class Newsroom:
    """A config that can be run, and what the terminal has shown."""

    home: Path
    feeds: FeedServer
    shown: io.StringIO = field(default_factory=io.StringIO)
    environ: dict[str, str] = field(default_factory=dict)
    terminal: bool = False
    """Whether what is shown is shown to a person."""

    @property
    def folder(self) -> Path:
        return self.home / "config"

    @property
    def text(self) -> str:
        return self.shown.getvalue()

    def follow(self, **feeds: str) -> None:
        """Follow the drop folder and these feeds, by name and path."""
        parts = ['[[source]]\nname = "Inbox"\nfolder = "inbox"\n']
        parts += [
            f'[[source]]\nname = "{name}"\nurl = "{self.feeds.url(path)}"\nfirst_run = "all"\n' for name, path in feeds.items()
        ]
        (self.folder / "sources.toml").write_text("".join(parts))

    def publish(self, path: str, *items: Item) -> None:
        self.feeds.serve(path, rss("Wire", items))

    def drop(self, name: str, text: str) -> None:
        """Put a file into the drop folder that was finished a while ago."""
        beside = self.home / name
        beside.write_text(text)
        os.utime(beside, (time.time() - 10,) * 2)
        beside.rename(self.folder / "inbox" / name)

    def load(self) -> config.Config:
        return config.load(self.folder, self.environ)

    async def once(self) -> int:
        """Run one round in this process."""
        return await app.run(self.load(), once=True, console=self._console())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run in this process until the block ends, then end as a signal does."""
        task = asyncio.ensure_future(app.run(self.load(), once=False, console=self._console()))
        try:
            yield
        finally:
            if not task.done():
                os.kill(os.getpid(), signal.SIGTERM)
            code = await asyncio.wait_for(task, 10)
        assert code == 0

    async def until(self, words: str | Callable[[str], bool], *, timeout_s: float = 30) -> None:
        """Wait until the terminal shows these words."""
        look = words if callable(words) else lambda text: words in text
        try:
            async with asyncio.timeout(timeout_s):
                while not look(self.text):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"{words} was not shown:\n{self.text}") from None

    def _console(self) -> Console:
        return Console(file=self.shown, width=200, force_terminal=self.terminal or None, no_color=True)


def item(number: int, text: str = "", *, title: str = "", link: str = "") -> Item:
    text = text or f"North Korea issued statement {number}."
    return Item(title=title or f"Statement {number}", text=text, guid=f"g{number}", link=link)


@pytest_asyncio.fixture
async def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Newsroom]:
    """Write the config into an empty home; nothing runs yet."""
    monkeypatch.chdir(tmp_path)
    async with FeedServer() as feeds:
        room = Newsroom(tmp_path, feeds)
        (room.folder / "actors").mkdir(parents=True)
        (room.folder / "inbox").mkdir()
        for name, text in ACTORS.items():
            (room.folder / "actors" / f"{name}.toml").write_text(text)
        (room.folder / "watches.toml").write_text(WATCHES)
        (room.folder / "settings.toml").write_text(
            f'[polling]\nevery = "1 s"\nleast_every = "1 s"\n[http]\nallow_hosts = ["{feeds.address}"]\n'
        )
        room.follow()
        yield room


@contextmanager
def arguments(*words: str) -> Iterator[None]:
    """Let the command line read these words."""
    before, sys.argv = sys.argv, ["sitrep", *words]
    try:
        yield
    finally:
        sys.argv = before


@pytest.fixture
def verb(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Run a verb beside the loop of the test, which serves the feeds; return its exit code and all that it printed."""
    for name in ("DISCORD_TOKEN", "DISCORD_CHANNEL_ID", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)

    async def run(*words: str) -> tuple[int, str]:
        capsys.readouterr()  # what the bot has logged before
        code = await asyncio.to_thread(_ends, *words)
        shown = capsys.readouterr()
        return code, shown.out + shown.err

    return run


def _ends(*words: str) -> int:
    with arguments(*words), pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)
