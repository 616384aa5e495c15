"""Waking on changes in folders."""

from __future__ import annotations

import asyncio
import shutil
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path

import pytest
import watchfiles

from bot.sources.folders import watching
from bot.sources.folders.arrivals import Arrivals

if sys.platform == "linux":
    from bot.sources.folders import inotify

WAIT = 60

Watch = Callable[[Sequence[Path], asyncio.Event], AsyncGenerator[set[Path], None]]


@pytest.fixture(autouse=True, params=["inotify", "watchfiles", "polling"])
def watch(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """Watch in each of the ways, and check the folders more often than a person would need."""
    if request.param == "inotify" and sys.platform != "linux":
        pytest.skip("only Linux has inotify")
    monkeypatch.setattr(watching, "_HAS_INOTIFY", request.param == "inotify")
    monkeypatch.setattr(watching, "_POLL_MS", 20)
    monkeypatch.setattr(watching, "_CHECK_MS", 20)
    monkeypatch.setattr(watching, "_RETRY_MS", 20)
    return partial(watching.changes, arrivals=Arrivals(), polling=request.param == "polling")


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


async def test_a_change_wakes_the_folder_it_is_in(tmp_path: Path, watch: Watch) -> None:
    """Of several folders the one that changed is named, for changes in subfolders too."""
    one, other = tmp_path / "one", tmp_path / "one-more"
    (one / "sub").mkdir(parents=True)
    other.mkdir()

    async with aclosing(watch([one, other], asyncio.Event())) as changes:
        assert await woken(changes, one / "sub" / "a.txt") == {one}


async def test_a_stop_ends_the_watch(tmp_path: Path, watch: Watch) -> None:
    """The generator ends by itself when the bot stops, with folders and without."""
    for folders in ([tmp_path], [tmp_path / "missing"], []):
        stop = asyncio.Event()
        ended = asyncio.ensure_future(anext(watch(folders, stop), None))
        await asyncio.sleep(0)
        stop.set()

        assert await asyncio.wait_for(ended, WAIT) is None


async def test_a_cancelled_watch_does_not_stop_the_bot(tmp_path: Path, watch: Watch) -> None:
    """The signal of the bot belongs to the bot."""
    stop = asyncio.Event()
    changes = watch([tmp_path], stop)
    await woken(changes, tmp_path / "a.txt")
    waiting = asyncio.ensure_future(anext(changes))
    await asyncio.wait([waiting], timeout=0.1)

    waiting.cancel()
    await asyncio.wait([waiting], timeout=WAIT)

    assert not stop.is_set()


async def test_a_folder_that_appears_is_watched(tmp_path: Path, watch: Watch) -> None:
    """A missing folder is waited for, and what is in it is looked at when it comes."""
    here, late = tmp_path / "here", tmp_path / "late"
    here.mkdir()

    async with aclosing(watch([here, late], asyncio.Event())) as changes:
        await woken(changes, here / "a.txt")
        late.mkdir()
        while await next_of(changes) != {late}:
            pass

        assert await woken(changes, late / "a.txt") == {late}


async def test_a_folder_that_is_replaced_is_watched_again(tmp_path: Path, watch: Watch) -> None:
    """A folder of the same name is another folder."""
    folder = tmp_path / "inbox"
    folder.mkdir()

    async with aclosing(watch([folder], asyncio.Event())) as changes:
        await woken(changes, folder / "a.txt")
        shutil.rmtree(folder)
        folder.mkdir()

        assert await woken(changes, folder / "b.txt") == {folder}
        assert await woken(changes, folder / "c.txt") == {folder}


async def test_a_system_that_cannot_watch_leaves_it_to_the_scan(
    tmp_path: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A watch that fails is tried again, and harms nothing."""
    tries = asyncio.Semaphore(0)
    loop = asyncio.get_running_loop()

    async def failing(*_paths: Path, **_options: object) -> AsyncGenerator[set[tuple[watchfiles.Change, str]], None]:
        tries.release()
        raise OSError(28, "No space left on device")
        yield set()

    def full(*_arguments: object) -> None:
        loop.call_soon_threadsafe(tries.release)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(watching, "awatch", failing)
    if sys.platform == "linux":
        monkeypatch.setattr(inotify.Watch, "add", full)
    stop = asyncio.Event()
    ended = asyncio.ensure_future(anext(watch([tmp_path], stop), None))
    for _ in range(2):
        await asyncio.wait_for(tries.acquire(), WAIT)
    stop.set()

    assert await asyncio.wait_for(ended, WAIT) is None
