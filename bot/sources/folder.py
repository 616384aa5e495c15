"""Collects a folder: reads the files that are finished and were not read before, once each; it never writes into the folder."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event

import structlog

from bot.errors import SourceError
from bot.model import Collected, Draft, Mark, Problem, Source
from bot.ports import Clock
from bot.settings import Folders
from bot.sources import documents, scan
from bot.sources.scan import Found, Step

_SUFFIXES = frozenset(documents.READERS)
_NAMED = 3
"""How many broken records of one file a problem names."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What one finished file came to; without a mark it was still being written and is left for the next look."""

    found: Found
    mark: str | None = None
    drafts: tuple[Draft, ...] = ()
    problem: Problem | None = None


class FolderCollector:
    """Turns the files of folders into drafts (the protocol `ports.Collector`)."""

    def __init__(self, limits: Folders, clock: Clock) -> None:
        self._limits = limits
        self._clock = clock

    async def collect(self, source: Source, marks: Mapping[str, str]) -> Collected:
        """Look at a folder and return what is in its new and changed files.

        Raises:
            SourceError: the folder is missing or cannot be opened.
        """
        abandoned = Event()
        try:
            return await asyncio.to_thread(self._collect, source, marks, abandoned)
        except asyncio.CancelledError:
            abandoned.set()  # a thread cannot be ended; it stops after the file it is at
            raise

    def _collect(self, source: Source, marks: Mapping[str, str], abandoned: Event) -> Collected:
        files = _looked(source)
        now = self._clock()
        steps = {found.key: found.next_step(marks.get(found.key), now) for found in files}
        finished = [found for found in files if steps[found.key] is Step.READ]
        waiting = [found for found in files if steps[found.key] is Step.WAIT]
        results: list[_Read] = []
        for found in self._in_one_go(finished):
            if abandoned.is_set():
                break
            results.append(self._read(found, now))
        waiting += [result.found for result in results if result.mark is None]
        values = {result.found.key: result.mark for result in results if result.mark is not None}
        values |= {found.key: found.marked_seen(marks.get(found.key), now) for found in waiting}
        gone = dict.fromkeys(_gone(marks, files))
        return Collected(
            drafts=_newest_first(results),
            marks=tuple(Mark(key=key, value=value) for key, value in {**gone, **values}.items() if marks.get(key) != value),
            problems=tuple(result.problem for result in results if result.problem),
            look_again=scan.BETWEEN_LOOKS if waiting or len(results) < len(finished) else None,
        )

    def _in_one_go(self, finished: Sequence[Found]) -> Iterator[Found]:
        """Yield files, newest first, up to the size that one file may have: a large drop is read over several looks."""
        size = 0
        for found in sorted(finished, key=lambda found: found.modified_ns, reverse=True):
            yield found
            size += found.size
            if size >= self._limits.max_bytes:
                return

    def _read(self, found: Found, now: datetime) -> _Read:
        """Read a file; a fault in it, or in the reading of it, is told once and the rest go on."""
        try:
            body, is_whole = _body(found, self._limits.max_bytes)
            if not is_whole:
                return _Read(found=found)
            document = documents.read(found.key, body, now=now, max_records=self._limits.max_records)
        except _UnreadableError as error:
            return _failed(found, str(error))
        except Exception:  # one file that brings a fault of ours to light must not hold up the folder
            log.exception("file not read", file=found.key)
            return _failed(found, "could not be read through a fault of the program, which is in its log")
        state = scan.READ if document.drafts else scan.FAILED
        return _Read(found=found, mark=found.marked(state), drafts=document.drafts, problem=_one(found.key, document.problems))


class _UnreadableError(Exception):
    """A file that cannot be read as it is; the message follows its name."""


def _looked(source: Source) -> list[Found]:
    root = Path(source.address)
    try:
        return list(scan.look(root, _SUFFIXES))
    except FileNotFoundError as error:
        raise SourceError(f"The folder {root} is not there: create it, or correct folder in sources.toml.") from error
    except NotADirectoryError as error:
        raise SourceError(f"{root} is no folder: correct folder in sources.toml.") from error
    except OSError as error:
        raise SourceError(f"The folder {root} cannot be opened ({error.strerror}): let the bot read it.") from error


def _body(found: Found, max_bytes: int) -> tuple[bytes, bool]:
    """Return the bytes of a file, and whether it is still the version that was found finished."""
    if found.fault:
        raise _UnreadableError(found.fault)
    if found.size > max_bytes:
        raise _UnreadableError(f"is larger than {max_bytes:,} bytes: split it, or raise max_bytes under [folders]")
    try:
        with found.path.open("rb") as file:
            body = file.read(max_bytes + 1)
            now = os.fstat(file.fileno())
    except OSError as error:
        raise _UnreadableError(f"cannot be opened: {error.strerror}") from error
    return body, (now.st_size, now.st_mtime_ns) == (found.size, found.modified_ns)


def _failed(found: Found, reason: str) -> _Read:
    return _Read(found=found, mark=found.marked(scan.FAILED), problem=Problem(part=found.key, reason=reason))


def _one(key: str, problems: Sequence[Problem]) -> Problem | None:
    """Make one problem of all that a file has: it is told, and mended, as one."""
    if not problems:
        return None
    more = len(problems) - _NAMED
    named = "; ".join(problem.reason for problem in problems[:_NAMED])
    return Problem(part=key, reason=f"{named}; and {more} more" if more > 0 else named)


def _gone(marks: Mapping[str, str], files: Sequence[Found]) -> Iterator[str]:
    """Yield what is remembered of files that are no longer there; those in a folder that cannot be opened may still be."""
    there = {found.key for found in files}
    closed = tuple(key for key in there if key.endswith("/"))
    return (key for key in marks if key not in there and not key.startswith(closed))


def _newest_first(results: Sequence[_Read]) -> tuple[Draft, ...]:
    """Order the drafts of all files by their date, or the time of writing of the file; of one file the last record is the newest."""
    dated = [
        (draft.published.at if draft.published else result.found.modified, place, draft)
        for result in results
        for place, draft in enumerate(result.drafts)
    ]
    return tuple(draft for _, _, draft in sorted(dated, key=lambda item: item[:2], reverse=True))
