"""What Linux tells of folders: which files their writers have closed, and where to look."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.model import Files
from bot.sources.folders import scan
from bot.sources.folders.arrivals import Arrivals
from bot.sources.folders.patterns import Choice

if sys.platform != "linux":
    pytest.skip("only Linux has inotify", allow_module_level=True)

from inotify_simple import Event, flags

from bot.sources.folders.inotify import Watch

WAIT_S = 60.0


class Desk:
    """A watch on one folder, and what it has reported as complete."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.arrivals = Arrivals()
        self.watch = Watch(self.arrivals)
        self.watch.add([(str(root), root)])

    async def told(self) -> set[Path]:
        return await self.watch.changed(asyncio.Event(), timeout_s=WAIT_S)

    def complete(self) -> set[str]:
        found = scan.look(self.root, frozenset({".txt"}), Choice(Files()))
        return {file.key for file in found.files if self.arrivals.has(file)}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    (tmp_path / "inbox" / "sub").mkdir(parents=True)
    desk = Desk(tmp_path / "inbox")
    with closing(desk.watch):
        yield desk


async def test_a_file_is_complete_when_its_writer_closes_it(desk: Desk) -> None:
    """Not while it is being written, and no longer when it is written again."""
    with (desk.root / "sub" / "a.txt").open("w", encoding="utf-8") as file:
        file.write("They agreed.")
        file.flush()
        assert await desk.told() == {desk.root}
        assert desk.complete() == set()

    assert await desk.told() == {desk.root}
    assert desk.complete() == {"sub/a.txt"}
    with (desk.root / "sub" / "a.txt").open("a", encoding="utf-8") as file:
        file.write("More.")
        file.flush()
        assert desk.complete() == set()


async def test_a_file_is_complete_when_it_is_moved_in_or_loses_its_partial_name(desk: Desk) -> None:
    """Who moves a file has written it before."""
    beside = desk.root.parent / "b.txt"
    for path in (beside, desk.root / "a.txt.part"):
        path.write_text("They agreed.", encoding="utf-8")
    await desk.told()
    assert desk.complete() == set()

    beside.rename(desk.root / "b.txt")
    (desk.root / "a.txt.part").rename(desk.root / "a.txt")

    assert await desk.told() == {desk.root}
    assert desk.complete() == {"a.txt", "b.txt"}


async def test_a_folder_that_comes_is_watched_and_one_that_goes_is_not(desk: Desk) -> None:
    """Made or moved in, with all that is below it; what is moved away is nobody's business."""
    beside = desk.root.parent / "beside"
    (beside / "deep").mkdir(parents=True)
    beside.rename(desk.root / "in")
    (desk.root / "made").mkdir()
    assert await desk.told() == {desk.root}
    for folder in ("in/deep", "made"):
        (desk.root / folder / "a.txt").write_text("They agreed.", encoding="utf-8")
    assert await desk.told() == {desk.root}
    assert desk.complete() == {"in/deep/a.txt", "made/a.txt"}

    (desk.root / "in").rename(beside)
    await desk.told()
    (beside / "deep" / "a.txt").write_text("They did not.", encoding="utf-8")

    assert await desk.watch.changed(asyncio.Event(), timeout_s=0.1) == set()


async def test_a_folder_that_goes_ends_the_watch(desk: Desk) -> None:
    """Another of the same name is another folder."""
    desk.root.rename(desk.root.parent / "away")
    await desk.told()

    assert desk.watch.is_over


async def test_a_full_queue_makes_all_folders_be_looked_through(desk: Desk) -> None:
    """What the system could not tell may have been anything."""
    desk.watch._take(Event(-1, flags.Q_OVERFLOW, 0, ""))
    desk.watch._something.set()

    assert await desk.told() == {desk.root}


async def test_a_stop_ends_the_wait(desk: Desk) -> None:
    """Nobody waits for a change that nobody makes."""
    stop = asyncio.Event()
    stop.set()

    assert await desk.watch.changed(stop, timeout_s=WAIT_S) == set()
