"""Wakes the scan of folders when something in them changes; it may miss or repeat a change, since the scan is the truth."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, suppress
from pathlib import Path

import structlog
from watchfiles import awatch
from watchfiles._rust_notify import WatchfilesRustInternalError

_SETTLE_MS = 50
"""How long changes are gathered before they are told, and how often new ones are looked for meanwhile."""

_CHECK_MS = 1_000
"""How often it is checked that the folders being watched are still the folders that are there."""

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


async def changes(folders: Sequence[Path], stop: asyncio.Event) -> AsyncGenerator[set[Path], None]:
    """Yield which of these folders saw a change, until `stop`; one that is missing or replaced is watched once it is there."""
    watched = _there(folders)
    while not stop.is_set():
        there = _there(folders)
        if appeared := {folder for folder in there if there[folder] != watched.get(folder)}:
            yield appeared
        watched = there
        try:
            async with aclosing(_batches(watched, folders, stop)) as batches:
                async for batch in batches:
                    yield batch
        except* (OSError, WatchfilesRustInternalError) as faults:
            # Such as a file whose name is not UTF-8: the watching ends over it, the scan does not.
            log.warning("folders not watched, only scanned", reason=str(faults.exceptions[0]))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _CHECK_MS / 1000)


async def _batches(
    watched: Mapping[Path, _Identity], folders: Sequence[Path], stop: asyncio.Event
) -> AsyncGenerator[set[Path], None]:
    """Yield changes until the folders that are there are no longer the ones being watched."""
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
    )
    async with aclosing(notices):
        async for notice in notices:
            paths = [path for _, path in notice]
            if touched := {folder for folder in watched if any(_is_in(path, folder) for path in paths)}:
                yield touched
            if _there(folders) != watched or any(Path(path) in watched for path in paths):
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
