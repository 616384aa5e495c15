"""What is remembered of a file between looks, as a mark of the store, and what there is to do about the file now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.sources.folders.scan import Found

AT_REST = timedelta(seconds=2)
"""A file that was last written so long ago is finished at first sight: a move keeps the time of writing."""

BETWEEN_LOOKS = timedelta(seconds=1)
"""A younger file is finished when it is the same over two looks so far apart."""


class State(StrEnum):
    """How far a version of a file has been read."""

    READ = "read"
    FAILED = "failed"
    CLOSED = "closed"
    """It could not be opened: its permissions may change, which changes neither its size nor its time of writing."""
    OPEN = "open"
    """The lines that end are read; the last one waits for its end."""
    PART = "part"
    """There is more of it than one look takes."""


class Step(StrEnum):
    """What to do about a file now."""

    READ = "read"
    WAIT = "wait"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """How far a file that grows at its end has been read, and how that same file is known again."""

    offset: int = 0
    records: int = 0
    head_size: int = 0
    head: str = ""
    """The digest of its first bytes, which no growth changes: another file of the same name has another."""
    before: str = ""
    """The digest of the last bytes that were read."""
    skipping: bool = False
    """It stands inside a line that is too long to be read."""

    def written(self) -> str:
        """Return it as the end of a mark."""
        return f"{self.offset}:{self.records}:{self.head_size}:{self.head}:{self.before}:{int(self.skipping)}"

    @classmethod
    def read(cls, text: str) -> Tail | None:
        """Read what `written` wrote; None if it did not."""
        try:
            offset, records, head_size, head, before, skipping = text.split(":")
            return cls(
                offset=int(offset),
                records=int(records),
                head_size=int(head_size),
                head=head,
                before=before,
                skipping=skipping == "1",
            )
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """A mark, read: the version of a file that was last dealt with, and how."""

    version: str
    state: str
    changed_ns: int = 0
    inode: int = 0
    tail: Tail | None = None

    @classmethod
    def read(cls, mark: str) -> Memory:
        """Read a mark; one of an earlier release knows less."""
        size, modified_ns, state, *more = mark.split(":", 5)
        changed_ns, inode, tail = [*more, "", "", ""][:3]
        return cls(
            version=f"{size}:{modified_ns}",
            state=state,
            changed_ns=int(changed_ns or 0),
            inode=int(inode or 0),
            tail=Tail.read(tail) if tail else None,
        )


def mark_of(found: Found, state: State, tail: Tail | None = None) -> str:
    """Return the mark of a version of a file."""
    plain = f"{version_of(found)}:{state}"
    if tail is not None:
        return f"{plain}:{found.changed_ns}:{found.inode}:{tail.written()}"
    return f"{plain}:{found.changed_ns}" if state is State.CLOSED else plain


def version_of(found: Found) -> str:
    """Return what changes whenever somebody writes into a file."""
    return f"{found.size}:{found.modified_ns}"


def next_step(found: Found, mark: str | None, *, is_finished: bool, grows: bool) -> Step:
    """Decide what to do: a finished version is read once, a file that grows by whole lines as it grows, another waits."""
    version = f"{version_of(found)}:"
    if mark is not None and mark.startswith(version):
        match mark[len(version) :].partition(":")[0]:  # of 30,000 files, so no more of the mark is read than must be
            case State.READ | State.FAILED:
                return Step.LEAVE
            case State.CLOSED if Memory.read(mark).changed_ns == found.changed_ns:
                return Step.LEAVE
            case State.PART:
                return Step.READ
            case State.OPEN:
                return Step.READ if is_finished else Step.WAIT
    return Step.READ if is_finished or grows or found.fault else Step.WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """When a version of a file was first seen; kept in memory alone, since a file is at rest before a restart is over."""

    version: str
    at: datetime


def is_finished(found: Found, seen: Seen | None, now: datetime) -> bool:
    """Tell whether nobody writes a file any more, from what two looks show."""
    if found.done or now - found.modified >= AT_REST:
        return True
    # A look from the future counts for nothing: the clock has been set back.
    return seen is not None and seen.version == version_of(found) and now - seen.at >= BETWEEN_LOOKS
