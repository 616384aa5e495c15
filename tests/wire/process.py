"""The real bot in a process of its own: started, read, stopped or killed, and never left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from .fake import FakeDiscord
from .waiting import PATIENCE_S

_T = TypeVar("_T")

LAUNCHER = Path(__file__).with_name("launch.py")
IMPATIENT = Path(__file__).with_name("impatient.py")
WATCHFUL = Path(__file__).with_name("watchful.py")
LOOK_EVERY_S = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended: its exit code, negative for a signal, and how long that took since it was asked to."""

    code: int
    took_s: float


class BotProcess:
    """The bot with the arguments of its command line, its discord.py pointed at a fake.

    Nothing of the caller's Discord or database settings reaches it; the token only when `env` gives it.
    On leaving, the process and all its workers are killed.
    """

    def __init__(
        self,
        fake: FakeDiscord,
        *arguments: str,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        launcher: Path = LAUNCHER,
    ) -> None:
        # -P keeps the launcher's folder off the path, where its neighbours would pass for libraries
        self._command = [sys.executable, "-P", str(launcher), fake.api_url, fake.ws_url, "--", *arguments]
        self._cwd = cwd
        self._env = _environment() | dict(env or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._output = tempfile.TemporaryFile()  # noqa: SIM115  # closed on leaving
        self._written: str | None = None

    def __enter__(self) -> Self:
        """Start it."""
        self._process = subprocess.Popen(
            self._command,
            cwd=self._cwd,
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Kill what is left of it; after a failed test its output is shown."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._running.pid, signal.SIGKILL)
        self._running.wait(timeout=5)
        if kind is not None:
            sys.stdout.write(f"output of {self._command[6:]}:\n{self.output}\n")
        self._written = self.output
        self._output.close()

    @property
    def pid(self) -> int:
        """The process id of the bot, not of its workers."""
        return self._running.pid

    @property
    def alive(self) -> bool:
        """Whether the bot still runs."""
        return self._running.poll() is None

    @property
    def left_behind(self) -> list[int]:
        """What still runs of its process group, the bot itself aside: its workers."""
        return [pid for pid, group in _running_groups() if group == self.pid != pid]

    @property
    def output(self) -> str:
        """Everything it has written until now, errors too."""
        if self._written is not None:
            return self._written
        size = os.fstat(self._output.fileno()).st_size
        return os.pread(self._output.fileno(), size, 0).decode(errors="replace")

    @property
    def output_lines(self) -> list[str]:
        """The same, line by line."""
        return self.output.splitlines()

    async def line(self, words: str, *, timeout_s: float = PATIENCE_S) -> str:
        """Wait for a line that holds these words, and return it once it is written to its end.

        Raises:
            TimeoutError: it did not come, or the process ended before.
        """
        found: list[str] = []

        def look() -> bool:
            ended = not self.alive
            # an unbuffered print of several things is several writes, so what has no end yet may still grow
            written = self.output
            whole = written if ended else written[: written.rfind("\n") + 1]
            found.extend(line for line in whole.splitlines() if words in line)
            if ended and not found:
                raise TimeoutError(f"the bot ended before “{words}”:\n{self.output}")
            return bool(found)

        await self._until(look, timeout_s, f"“{words}” was not written")
        return found[0]

    async def during(self, wanted: Awaitable[_T]) -> _T:
        """Await what the bot is to bring about, such as a message at the fake, and give up as soon as the bot has ended.

        Raises:
            TimeoutError: it did not come, or the process ended before.
        """
        task = asyncio.ensure_future(wanted)
        try:
            while not task.done():
                if not self.alive:
                    raise TimeoutError(f"the bot ended before what it was to do:\n{self.output}")
                await asyncio.wait({task}, timeout=LOOK_EVERY_S)
            return await task
        finally:
            task.cancel()

    async def stop(self, *, by: signal.Signals = signal.SIGTERM, timeout_s: float = PATIENCE_S) -> Ended:
        """Ask it to end, and wait until it has."""
        self._running.send_signal(by)
        return await self.wait(timeout_s=timeout_s)

    async def kill(self) -> Ended:
        """End it at once, as a power cut would; its workers are left to find out."""
        return await self.stop(by=signal.SIGKILL)

    async def wait(self, *, timeout_s: float = PATIENCE_S) -> Ended:
        """Wait until it ends by itself.

        Raises:
            TimeoutError: it did not; the message holds its output.
        """
        started = time.monotonic()
        await self._until(lambda: not self.alive, timeout_s, "the bot did not end")
        return Ended(code=self._running.returncode, took_s=time.monotonic() - started)

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the process is started by entering it"
        return self._process

    async def _until(self, done: Callable[[], bool], timeout_s: float, what: str) -> None:
        deadline = time.monotonic() + timeout_s
        while not done():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} within {timeout_s:g} s; its output:\n{self.output}")
            await asyncio.sleep(LOOK_EVERY_S)


def _running_groups() -> Iterator[tuple[int, int]]:
    """Yield the id and the group of each process that has not ended (proc(5), after the name: state, parent, group)."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            state, _parent, group, *_ = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            if state != "Z":
                yield int(folder.name), int(group)


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("DISCORD_") and key != "DATABASE_URL"}
    return kept | {"PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}
