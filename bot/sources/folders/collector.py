"""Collects a folder: reads the files that are finished and were not read before, once each; it never writes into the folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

import structlog

from bot.errors import ReadingError, SourceError
from bot.model import Collected, Draft, Files, Mark, Problem, Source
from bot.ports import Clock
from bot.settings import Folders
from bot.sources.folders import files, scan
from bot.sources.folders.arrivals import Arrivals
from bot.sources.folders.documents import READERS
from bot.sources.folders.files import Done, Job
from bot.sources.folders.origin import Origin
from bot.sources.folders.patterns import Choice
from bot.sources.folders.remembered import (
    BETWEEN_LOOKS,
    Memory,
    Seen,
    State,
    Step,
    Tail,
    is_finished,
    mark_of,
    next_step,
    version_of,
)
from bot.sources.folders.scan import Found, Look
from bot.workers import Workers

_KINDS = frozenset(READERS)

MOST_FILES = 150
MOST_BYTES = 4_000_000
"""What one look reads at most: a large drop is taken in over several looks, so that each writes for a moment only."""

STALE = timedelta(seconds=3)
"""So long looks go on with what an earlier one has found: to list 30,000 files takes half a second of computing."""

ON_THE_SPOT = 200_000
"""So many bytes of plain files are read without the worker process: it is not started for a few articles."""

AT_ONCE = 100
"""Files that the worker process is given at a time."""

PATIENCE_S = 30.0
"""After so long a look in which files kill the worker process ends; the next one goes on."""

_NAMED = 3
"""How many broken records of one file a problem names."""

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Glance:
    """What is kept of a folder from one look to the next, in memory: when its young files were first seen."""

    seen: Mapping[str, Seen] = field(default_factory=dict)
    partial: set[int] = field(default_factory=set)
    at: datetime | None = None
    backlog: Sequence[Job] = ()
    """What was ready then and is not read yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What a look has found: what to read now, what waits, what is left for the next look, and which marks are of no file."""

    jobs: Sequence[Job]
    waiting: int
    left: int
    gone: Sequence[str]


class FolderCollector:
    """Turns the files of folders into drafts (the protocol `ports.Collector`)."""

    def __init__(
        self,
        limits: Folders,
        clock: Clock,
        workers: Workers,
        *,
        arrivals: Arrivals | None = None,
        choices: Mapping[str, Files] | None = None,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._workers = workers
        self._arrivals = arrivals or Arrivals()
        self._choices = {address: Choice(wanted) for address, wanted in (choices or {}).items()}
        self._glances: dict[int, _Glance] = {}

    async def collect(self, source: Source, marks: Mapping[str, str]) -> Collected:
        """Look at a folder and return what is in its new and changed files.

        Raises:
            SourceError: the folder is missing or cannot be opened.
        """
        plan = await asyncio.to_thread(self._plan, source, marks)
        results = await self._read(
            plan.jobs, Origin(name=source.name, now=self._clock(), zone=source.zone, limits=self._limits)
        )
        return await asyncio.to_thread(_collected, plan, results, marks)

    def _plan(self, source: Source, marks: Mapping[str, str]) -> _Plan:
        now = self._clock()
        before = self._glances.get(source.id, _Glance())
        if before.backlog and before.at is not None and timedelta() <= now - before.at < STALE:
            return self._go_on(before, waiting=len(before.seen), gone=[])
        found = _looked(source, self._choices.get(source.address, Choice(Files())))
        memories = _Memories(marks, found.files)
        young: dict[str, Seen] = {}
        ready: list[Job] = []
        waiting = 0
        for file in found.files:
            finished = self._is_finished(file, before, now)
            step = next_step(file, marks.get(file.key), is_finished=finished, grows=files.grows(file.path))
            if step is Step.LEAVE:
                continue
            if not finished:
                young[file.key] = _first_seen(file, before.seen.get(file.key), now)
            if step is Step.READ:
                ready.append(Job(found=file, is_finished=finished, tail=memories.tail(file)))
            else:
                waiting += 1
        ready.sort(key=lambda job: job.found.modified_ns, reverse=True)
        glance = _Glance(seen=young, partial=found.partial, at=now, backlog=ready)
        self._glances[source.id] = glance
        return self._go_on(glance, waiting=waiting, gone=list(_gone(marks, found.files)))

    def _go_on(self, glance: _Glance, *, waiting: int, gone: Sequence[str]) -> _Plan:
        """Take the next files from those that are ready, newest first, up to what one look reads."""
        size = number = 0
        most = min(self._limits.max_bytes, MOST_BYTES)
        while number < min(len(glance.backlog), MOST_FILES) and size < most:
            size += files.weight(glance.backlog[number].found)
            number += 1
        jobs, glance.backlog = glance.backlog[:number], glance.backlog[number:]
        return _Plan(jobs=jobs, waiting=waiting, left=len(glance.backlog), gone=gone)

    def _is_finished(self, file: Found, before: _Glance, now: datetime) -> bool:
        return (
            is_finished(file, before.seen.get(file.key), now)
            or self._arrivals.has(file)
            or file.inode in before.partial  # its name said that it was being written, and says so no more
        )

    async def _read(self, jobs: Sequence[Job], origin: Origin) -> list[tuple[Job, Done]]:
        """Read files; what can crash or hang, or is much, in the worker process."""
        weight = sum(files.weight(job.found) for job in jobs)
        if weight <= ON_THE_SPOT and all(files.is_plain(job.found.path) for job in jobs):
            return list(zip(jobs, await asyncio.to_thread(files.read_files, jobs, origin), strict=True))
        until = asyncio.get_running_loop().time() + PATIENCE_S
        results: list[tuple[Job, Done]] = []
        for start in range(0, len(jobs), AT_ONCE):
            if not results or asyncio.get_running_loop().time() < until:
                results += await self._in_worker(jobs[start : start + AT_ONCE], origin, until)
        return results

    async def _in_worker(self, jobs: Sequence[Job], origin: Origin, until: float) -> list[tuple[Job, Done]]:
        """Read files in the worker process; if one of them ends it, one by one."""
        try:
            return list(zip(jobs, await self._workers.run(files.read_files, jobs, origin), strict=True))
        except ReadingError:
            results: list[tuple[Job, Done]] = []
            for job in jobs:
                if results and asyncio.get_running_loop().time() >= until:
                    break
                results.append((job, await self._alone(job, origin)))
            return results

    async def _alone(self, job: Job, origin: Origin) -> Done:
        try:
            return (await self._workers.run(files.read_files, [job], origin))[0]
        except ReadingError as error:
            reason = f"cannot be read: {str(error).rstrip('.')}"
            return Done(state=State.FAILED, problems=(Problem(part=job.found.key, reason=reason),))


class _Memories:
    """What is remembered of the files that grow, also where one has been renamed, as logs are when they are full."""

    def __init__(self, marks: Mapping[str, str], found: Sequence[Found]) -> None:
        self._marks = marks
        self._found = found

    def tail(self, file: Found) -> Tail | None:
        """Return how far a file was read, if it was read in pieces."""
        if mark := self._marks.get(file.key):
            return Memory.read(mark).tail
        return self._renamed.get(file.inode) if files.in_pieces(file.path) else None

    @cached_property
    def _renamed(self) -> Mapping[int, Tail]:
        there = {file.key: file.inode for file in self._found}
        known = ((key, Memory.read(mark)) for key, mark in self._marks.items() if files.in_pieces(key))
        return {memory.inode: memory.tail for key, memory in known if memory.tail and there.get(key) != memory.inode}


def _first_seen(file: Found, seen: Seen | None, now: datetime) -> Seen:
    """Return when this version was first seen: before, or now; a look from the future counts for nothing."""
    version = version_of(file)
    return seen if seen and seen.version == version and seen.at <= now else Seen(version=version, at=now)


def _looked(source: Source, choice: Choice) -> Look:
    root = Path(source.address)
    try:
        return scan.look(root, _KINDS, choice)
    except FileNotFoundError as error:
        raise SourceError(f"The folder {root} is not there: create it, or correct folder in sources.toml.") from error
    except NotADirectoryError as error:
        raise SourceError(f"{root} is no folder: correct folder in sources.toml.") from error
    except OSError as error:
        raise SourceError(f"The folder {root} cannot be opened ({error.strerror}): let the bot read it.") from error


def _collected(plan: _Plan, results: Sequence[tuple[Job, Done]], marks: Mapping[str, str]) -> Collected:
    values: dict[str, str | None] = dict.fromkeys(plan.gone)
    problems: list[Problem] = []
    waiting, left = plan.waiting, plan.left + len(plan.jobs) - len(results)
    for job, done in results:
        if done.fault:
            log.error("file not read", file=job.found.key, traceback=done.fault)
        if done.state is not None:
            values[job.found.key] = mark_of(job.found, done.state, done.tail)
        problems += _one(job.found.key, done.problems)
        waiting += done.state in {None, State.OPEN}
        left += done.state is State.PART
    return Collected(
        drafts=_newest_first(results),
        marks=tuple(Mark(key=key, value=value) for key, value in values.items() if marks.get(key) != value),
        problems=tuple(problems),
        look_again=timedelta() if left else BETWEEN_LOOKS if waiting else None,
        unfinished=left > 0,
    )


def _one(key: str, problems: Sequence[Problem]) -> Iterator[Problem]:
    """Make one problem of all that a file has: it is told, and mended, as one."""
    if problems:
        more = len(problems) - _NAMED
        named = "; ".join(problem.reason for problem in problems[:_NAMED])
        yield Problem(part=key, reason=f"{named}; and {more} more" if more > 0 else named)


def _gone(marks: Mapping[str, str], found: Sequence[Found]) -> Iterator[str]:
    """Yield what is remembered of files that are no longer there; those in a folder that cannot be opened may still be."""
    there = {file.key for file in found}
    closed = tuple(key for key in there if key.endswith("/"))
    return (key for key in marks if key not in there and not key.startswith(closed))


def _newest_first(results: Sequence[tuple[Job, Done]]) -> tuple[Draft, ...]:
    """Order the drafts of all files by their date, or the time of writing of the file; of one file the last record is the newest."""
    dated = [
        (draft.published.at if draft.published else job.found.modified, place, draft)
        for job, done in results
        for place, draft in enumerate(done.drafts)
    ]
    return tuple(draft for _, _, draft in sorted(dated, key=lambda item: item[:2], reverse=True))
