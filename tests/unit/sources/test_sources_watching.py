"""Waking on changes in folders."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path

import pytest
import watchfiles

from bot.sources import watching

WAIT = 10


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check the folders more often than a person would need."""
    monkeypatch.setattr(watching, "_CHECK_MS", 20)


async def next_of(changes: AsyncGenerator[set[Path], None]) -> set[Path]:
    return await asyncio.wait_for(anext(changes), WAIT)


def write(path: Path) -> None:
    path.write_text("They agreed.", encoding="utf-8")


async def woken(changes: AsyncGenerator[set[Path], None], path: Path) -> set[Path]:
    """Write a file until somebody wakes: nothing tells from outside when the watch has begun."""
    waiting = asyncio.ensure_future(next_of(changes))
    while not waiting.done():
        write(path)
        await asyncio.wait([waiting], timeout=0.1)
    return waiting.result()


async def test_a_change_wakes_the_folder_it_is_in(tmp_path: Path) -> None:
    """Of several folders the one that changed is named, for changes in subfolders too."""
    one, other = tmp_path / "one", tmp_path / "one-more"
    (one / "sub").mkdir(parents=True)
    other.mkdir()

    async with aclosing(watching.changes([one, other], asyncio.Event())) as changes:
        assert await woken(changes, one / "sub" / "a.txt") == {one}


async def test_a_stop_ends_the_watch(tmp_path: Path) -> None:
    """The generator ends by itself when the bot stops, with folders and without."""
    for folders in ([tmp_path], [tmp_path / "missing"], []):
        stop = asyncio.Event()
        ended = asyncio.ensure_future(anext(watching.changes(folders, stop), None))
        await asyncio.sleep(0)
        stop.set()

        assert await asyncio.wait_for(ended, WAIT) is None


async def test_a_cancelled_watch_does_not_stop_the_bot(tmp_path: Path) -> None:
    """The signal of the bot belongs to the bot."""
    stop = asyncio.Event()
    changes = watching.changes([tmp_path], stop)
    await woken(changes, tmp_path / "a.txt")
    waiting = asyncio.ensure_future(anext(changes))
    await asyncio.wait([waiting], timeout=0.1)

    waiting.cancel()
    await asyncio.wait([waiting], timeout=WAIT)

    assert not stop.is_set()


async def test_a_folder_that_appears_is_watched(tmp_path: Path) -> None:
    """A missing folder is waited for, and what is in it is looked at when it comes."""
    here, late = tmp_path / "here", tmp_path / "late"
    here.mkdir()

    async with aclosing(watching.changes([here, late], asyncio.Event())) as changes:
        await woken(changes, here / "a.txt")
        late.mkdir()
        while await next_of(changes) != {late}:
            pass

        assert await woken(changes, late / "a.txt") == {late}


async def test_a_folder_that_is_replaced_is_watched_again(tmp_path: Path) -> None:
    """A folder of the same name is another folder."""
    folder = tmp_path / "inbox"
    folder.mkdir()

    async with aclosing(watching.changes([folder], asyncio.Event())) as changes:
        await woken(changes, folder / "a.txt")
        shutil.rmtree(folder)
        folder.mkdir()

        assert await woken(changes, folder / "b.txt") == {folder}
        assert await woken(changes, folder / "c.txt") == {folder}


async def test_a_system_that_cannot_watch_leaves_it_to_the_scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A watch that fails is tried again, and harms nothing."""
    tries = asyncio.Semaphore(0)

    async def failing(*_paths: Path, **_options: object) -> AsyncGenerator[set[tuple[watchfiles.Change, str]], None]:
        tries.release()
        raise OSError(28, "No space left on device")
        yield set()

    monkeypatch.setattr(watching, "awatch", failing)
    stop = asyncio.Event()
    ended = asyncio.ensure_future(anext(watching.changes([tmp_path], stop), None))
    for _ in range(2):
        await asyncio.wait_for(tries.acquire(), WAIT)
    stop.set()

    assert await asyncio.wait_for(ended, WAIT) is None
