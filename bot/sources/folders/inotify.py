"""Watches folders by Linux's inotify, which says when a writer closes a file; it may miss anything, since the scan is the truth."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from inotify_simple import Event, INotify, flags, parse_events

from bot.sources.folders.arrivals import Arrivals

_SETTLE_S = 0.03
"""How long changes are gathered before they are told."""

_GROWING_S = 0.5
"""How long where files are only written to: what is still being written can wait."""

_READ_BYTES = 32 * 1024
"""Of one read: about a thousand events, which hold the event loop up for a few milliseconds."""

_END = int(flags.DELETE_SELF | flags.MOVE_SELF | flags.UNMOUNT)
_MASK = int(
    flags.CLOSE_WRITE
    | flags.CREATE
    | flags.DELETE
    | flags.DELETE_SELF
    | flags.EXCL_UNLINK
    | flags.MODIFY
    | flags.MOVED_FROM
    | flags.MOVED_TO
    | flags.MOVE_SELF
    | flags.ONLYDIR
)


class Watch:
    """The watches on some folders and all below them, and what they have told."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._inotify = INotify(nonblocking=True)
        self._loop = asyncio.get_running_loop()
        self._arrivals = arrivals
        self._watched: dict[int, tuple[str, Path]] = {}
        """The path of each subfolder, and the folder that it belongs to."""
        self._appeared: list[tuple[str, Path]] = []
        """Subfolders that are not watched yet."""
        self._touched: set[Path] = set()
        self._growing: set[Path] = set()
        """Folders in which something is only being written."""
        self._something = asyncio.Event()
        self.is_over = False
        """One of the folders is no longer the folder that it was."""
        self._loop.add_reader(self._inotify.fileno(), self._read)

    def close(self) -> None:
        """End it."""
        self._loop.remove_reader(self._inotify.fileno())
        self._inotify.close()

    def add(self, paths: Sequence[tuple[str, Path]]) -> None:
        """Watch folders with all that is below them; a link to a folder is none.

        Raises:
            OSError: there are no watches left.
        """
        for path, folder in paths:
            for below, _, _ in os.walk(path):
                with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                    self._watched[self._inotify.add_watch(below, _MASK)] = below, folder

    async def changed(self, stop: asyncio.Event, *, timeout_s: float) -> set[Path]:
        """Return which folders have changed, as soon as one has; none after a while, or at the end."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await _either(self._something, stop)
        if self._something.is_set() and not stop.is_set():
            await asyncio.sleep(_SETTLE_S if self._touched else _GROWING_S)
        self._something.clear()
        if self._appeared:
            await asyncio.to_thread(self.add, [self._appeared.pop() for _ in range(len(self._appeared))])
        found = self._touched | self._growing
        self._touched, self._growing = set(), set()
        return found

    def _read(self) -> None:
        with suppress(BlockingIOError):
            for event in parse_events(os.read(self._inotify.fileno(), _READ_BYTES)):
                self._take(event)
        self._something.set()

    def _take(self, event: Event) -> None:
        if event.mask & flags.Q_OVERFLOW:
            self._touched |= {folder for _, folder in self._watched.values()}
            return
        if event.mask & flags.IGNORED:
            self._watched.pop(event.wd, None)
            return
        if event.wd not in self._watched:
            return  # of a subfolder that is being added: it is looked through when it has been
        above, folder = self._watched[event.wd]
        if event.mask & _END:
            self.is_over |= above == str(folder)
            return
        self._note(event, f"{above}{os.sep}{event.name}", folder)

    def _note(self, event: Event, path: str, folder: Path) -> None:
        if event.mask & flags.ISDIR:
            if event.mask & flags.MOVED_FROM:
                self._forget(path)
            if event.mask & (flags.CREATE | flags.MOVED_TO):
                self._appeared.append((path, folder))
        elif event.mask & (flags.CLOSE_WRITE | flags.MOVED_TO):
            self._arrivals.note(path)
        elif event.mask & flags.MODIFY:
            self._growing.add(folder)
            return
        self._touched.add(folder)

    def _forget(self, path: str) -> None:
        """Watch no longer what has been moved away, which inotify would go on to tell of."""
        for number, (below, _) in list(self._watched.items()):
            if below == path or below.startswith(f"{path}{os.sep}"):
                with suppress(OSError):
                    self._inotify.rm_watch(number)


async def _either(one: asyncio.Event, other: asyncio.Event) -> None:
    waits = {asyncio.ensure_future(event.wait()) for event in (one, other)}
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
