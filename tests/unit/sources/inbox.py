"""A folder with a clock, and the memory that a store would keep of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.errors import ReadingError
from bot.model import Collected, Files, FirstRun, Source, SourceKind
from bot.settings import Folders
from bot.sources.folders.arrivals import Arrivals
from bot.sources.folders.collector import FolderCollector
from bot.sources.folders.files import Job
from bot.workers import Workers

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Here(Workers):
    """A worker that is this very process; it dies of files with deadly names."""

    def __init__(self) -> None:
        super().__init__(timeout=timedelta(minutes=1))
        self.batches: list[list[str]] = []

    async def run(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        jobs: Sequence[Job] = args[0]
        self.batches.append([job.found.key for job in jobs])
        if any("deadly" in job.found.key for job in jobs):
            raise ReadingError("the worker process ended with code -11.")
        return function(*args, **kwargs)


@dataclass
class Inbox:
    """A folder as the bot looks at it."""

    root: Path
    limits: Folders = field(default_factory=Folders)
    kind: SourceKind = SourceKind.FOLDER
    now: datetime = NOW
    marks: dict[str, str] = field(default_factory=dict)
    files: Files = field(default_factory=Files)
    zone: str = ""
    workers: Workers = field(default_factory=Here)
    arrivals: Arrivals = field(default_factory=Arrivals)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Forget all that is in memory alone."""
        self.collector = FolderCollector(
            self.limits, lambda: self.now, self.workers, arrivals=self.arrivals, choices={str(self.root): self.files}
        )

    def put(self, name: str, text: str | bytes = "They agreed.", *, age: timedelta = timedelta(minutes=1)) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return self.touch(path, age=age)

    def add(self, name: str, text: str | bytes, *, age: timedelta = timedelta(minutes=1)) -> Path:
        """Write at the end of a file."""
        path = self.root / name
        with path.open("ab") as file:
            file.write(text.encode() if isinstance(text, str) else text)
        return self.touch(path, age=age)

    def touch(self, path: Path, *, age: timedelta) -> Path:
        at = (self.now - age).timestamp()
        os.utime(path, (at, at))
        return path

    async def look(self) -> Collected:
        source = Source(
            id=1,
            kind=self.kind,
            address=str(self.root),
            name="Inbox",
            every=timedelta(minutes=1),
            first_run=FirstRun.ALL,
            zone=self.zone,
        )
        collected = await self.collector.collect(source, dict(self.marks))
        self.marks = kept(self.marks, collected)
        return collected


def kept(marks: Mapping[str, str], collected: Collected) -> dict[str, str]:
    """Return what a store remembers after a look."""
    changed = {mark.key: mark.value for mark in collected.marks}
    return {key: value for key, value in ({**marks, **changed}).items() if value is not None}


def titles(collected: Collected) -> list[str]:
    return [draft.title for draft in collected.drafts]


def told(collected: Collected) -> dict[str, str]:
    return {problem.part: problem.reason for problem in collected.problems}
