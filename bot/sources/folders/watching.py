"""Wakes the scan of folders when something in them changes; it may miss or repeat a change, since the scan is the truth."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, closing, suppress
from pathlib import Path

import structlog
from watchfiles import awatch
from watchfiles._rust_notify import WatchfilesRustInternalError

from bot.sources.folders.arrivals import Arrivals

_SETTLE_MS = 50
"""How long changes are gathered before they are told, and how often new ones are looked for meanwhile."""

_CHECK_MS = 1_000
"""How often it is checked that the folders being watched are still the folders that are there."""

_POLL_MS = 1_000
"""How often a folder is looked through of which the system tells nothing."""

_RETRY_MS = 60_000
"""What could not be watched is tried again after so long; until then it is scanned."""

_HAS_INOTIFY = sys.platform == "linux"

_Identity = tuple[int, int]
"""Device and inode: what a folder of the same name that was put in its place does not share."""

log = structlog.get_logger(__name__)


class _Ending(asyncio.Event):
    """A signal that is also set when the bot stops; watchfiles sets it when it is cancelled, which must not stop the bot."""

    def __init__(self, stop: asyncio.Event) -> None:
        super().__init__()
        self._stop = stop

    def is_set(self) -> bool:
        return super().is_set() or self._stop.is_set()


async def changes(
    folders: Sequence[Path], stop: asyncio.Event, *, arrivals: Arrivals, polling: bool = False
) -> AsyncGenerator[set[Path], None]:
    """Yield which of these folders saw a change, until `stop`; one that is missing or replaced is watched once it is there.

    With `polling` they are looked through again and again, since the system tells nothing of changes in them.
    """
    watched = _there(folders)
    said = ""
    while not stop.is_set():
        there = _there(folders)
        if appeared := {folder for folder in there if there[folder] != watched.get(folder)}:
            yield appeared
        watched = there
        fault = ""
        try:
            notices = _told(watched, arrivals, stop) if _HAS_INOTIFY and not polling else _seen(watched, stop, polling=polling)
            async with aclosing(_batches(notices, watched, folders, stop)) as batches:
                async for batch in batches:
                    yield batch
        except* (OSError, WatchfilesRustInternalError) as faults:
            # Such as a file whose name is not UTF-8, or no watches left: the watching ends over it, the scan does not.
            fault = str(faults.exceptions[0])
        if fault not in {"", said}:
            log.warning("folders not watched, only scanned", reason=fault)
        said = fault
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), (_RETRY_MS if fault else _CHECK_MS) / 1000)


async def _batches(
    notices: AsyncGenerator[set[Path], None], watched: Mapping[Path, _Identity], folders: Sequence[Path], stop: asyncio.Event
) -> AsyncGenerator[set[Path], None]:
    """Yield changes until the folders that are there are no longer the ones being watched."""
    async with aclosing(notices):
        async for changed in notices:
            if changed:
                yield changed
            if stop.is_set() or _there(folders) != watched:
                return


async def _told(watched: Mapping[Path, _Identity], arrivals: Arrivals, stop: asyncio.Event) -> AsyncGenerator[set[Path], None]:
    """Yield changes as Linux tells them, and now and then nothing."""
    from bot.sources.folders import inotify  # other systems have none

    if not watched:
        return
    with closing(inotify.Watch(arrivals)) as watch:
        await asyncio.to_thread(watch.add, [(str(folder), folder) for folder in watched])
        while not watch.is_over:
            yield await watch.changed(stop, timeout_s=_CHECK_MS / 1000)


async def _seen(watched: Mapping[Path, _Identity], stop: asyncio.Event, *, polling: bool) -> AsyncGenerator[set[Path], None]:
    """Yield changes as watchfiles sees them, and now and then nothing."""
    if not watched:
        return
    notices = awatch(
        *watched,
        watch_filter=None,
        debounce=_SETTLE_MS,
        step=_SETTLE_MS,
        rust_timeout=_CHECK_MS,
        yield_on_timeout=True,
        stop_event=_Ending(stop),
        force_polling=polling or None,
        poll_delay_ms=_POLL_MS,
    )
    async with aclosing(notices):
        async for notice in notices:
            paths = [path for _, path in notice]
            yield {folder for folder in watched if any(_is_in(path, folder) for path in paths)}
            if any(Path(path) in watched for path in paths):
                return


def _is_in(path: str, folder: Path) -> bool:
    return path == str(folder) or path.startswith(f"{folder}{os.sep}")


def _there(folders: Sequence[Path]) -> dict[Path, _Identity]:
    found: dict[Path, _Identity] = {}
    for folder in folders:
        with suppress(OSError):
            if folder.is_dir():
                seen = folder.stat()
                found[folder] = seen.st_dev, seen.st_ino
    return found
