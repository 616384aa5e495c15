"""Reads files of a folder, on the spot or in the worker process; it opens them, and never writes."""

from __future__ import annotations

import os
import stat
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO

from bot.model import Draft, Problem
from bot.sources.folders import documents, tails
from bot.sources.folders.origin import Origin
from bot.sources.folders.packed import kind_of
from bot.sources.folders.reasons import UnreadableError
from bot.sources.folders.remembered import State, Tail
from bot.sources.folders.scan import Found
from bot.sources.folders.tails import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file to read, and from where."""

    found: Found
    is_finished: bool = True
    tail: Tail | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a file came to; without a state it was still being written and is left for the next look."""

    state: State | None = None
    tail: Tail | None = None
    drafts: tuple[Draft, ...] = ()
    problems: tuple[Problem, ...] = ()
    fault: str = ""
    """The traceback of a bug of ours that the file brought to light."""


class _ChangedError(Exception):
    """The file is no longer the one that was found."""


def grows(name: str) -> bool:
    """Tell whether a file is read by whole lines while it is being written."""
    return kind_of(name) == (".jsonl", "")


def is_plain(name: str) -> bool:
    """Tell whether a file can neither crash nor hang the process that reads it."""
    kind, packing = kind_of(name)
    return kind in documents.PLAIN and not packing


def in_pieces(name: str) -> bool:
    """Tell whether a look may read a part of a file alone, and remembers how far it came."""
    return grows(name) or kind_of(name) in {(".warc", ""), (".warc", ".gz")}


def weight(found: Found) -> int:
    """Return how many bytes a look reads of a file, at most."""
    return min(found.size, tails.PIECE) if grows(found.path) else found.size


def read_files(jobs: Sequence[Job], folder: Origin) -> list[Done]:
    """Read files, in order; a fault in one, or in the reading of it, is told of that one."""
    return [_read_file(job, replace(folder, name=job.found.key)) for job in jobs]


def _read_file(job: Job, origin: Origin) -> Done:
    try:
        if job.found.fault:
            raise UnreadableError(job.found.fault)
        return _read(job, origin)
    except (_ChangedError, FileNotFoundError):
        return Done()
    except UnreadableError as error:
        return _failed(job, str(error))
    except OSError as error:
        return _failed(job, f"cannot be opened: {error.strerror}", State.CLOSED)
    except MemoryError:
        return _failed(job, "needs more memory than there is: split it")
    except Exception:  # noqa: BLE001  # one file that brings a fault of ours to light must not hold up the folder
        fault = traceback.format_exc()
        return Done(
            state=State.FAILED,
            problems=_failed(job, "could not be read through a fault of the program, which is in its log").problems,
            fault=fault,
        )


def _read(job: Job, origin: Origin) -> Done:
    with _opened(job.found) as file:
        if in_pieces(job.found.path) and not grows(job.found.path):
            from bot.sources.folders.archives import read_archive_on  # only archives need it

            return _going_on(read_archive_on(file, origin, job.tail))
        if grows(job.found.path) and not _is_wide(file):
            return _going_on(tails.read_on(file, origin, job.tail, is_finished=job.is_finished))
        if not job.is_finished:
            return Done()
        return _whole(file, job, origin)


def _going_on(piece: Piece) -> Done:
    return Done(state=piece.state, tail=piece.tail, drafts=piece.drafts, problems=piece.problems)


def _whole(file: BinaryIO, job: Job, origin: Origin) -> Done:
    most = origin.limits.max_bytes
    if job.found.size > most:
        raise UnreadableError(f"is larger than {most:,} bytes: split it, or raise max_bytes under [folders]")
    body = file.read(most + 1)
    now = os.fstat(file.fileno())
    if (now.st_size, now.st_mtime_ns) != (job.found.size, job.found.modified_ns):
        raise _ChangedError
    document = documents.read(body, origin)
    return Done(state=State.READ if document.drafts else State.FAILED, drafts=document.drafts, problems=document.problems)


@contextmanager
def _opened(found: Found) -> Iterator[BinaryIO]:
    """Open the file that was found, and not what may have been put in its place since, such as a pipe or a link elsewhere."""
    handle = os.open(found.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        now = os.fstat(handle)
        if now.st_ino != found.inode or not stat.S_ISREG(now.st_mode):
            raise _ChangedError
        yield file


def _is_wide(file: BinaryIO) -> bool:
    """Tell whether a file is written with two bytes or more a character, so that its lines are not found byte by byte."""
    file.seek(0)
    start = file.read(4)
    file.seek(0)
    return b"\0" in start or start.startswith((b"\xff\xfe", b"\xfe\xff"))


def _failed(job: Job, reason: str, state: State = State.FAILED) -> Done:
    return Done(state=state, problems=(Problem(part=job.found.key, reason=reason),))
