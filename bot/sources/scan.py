"""Looks at a folder: which files are there, and which of them are finished; it opens none of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

AT_REST = timedelta(seconds=2)
"""A file that was last written so long ago is finished at first sight: a move keeps the time of writing."""

BETWEEN_LOOKS = timedelta(seconds=1)
"""A younger file is finished when it is the same over two looks so far apart."""

READ = "read"
FAILED = "failed"
_SEEN = "seen@"

_UNFINISHED = (".part", ".tmp", ".swp", "~")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Step(StrEnum):
    """What to do about a file now."""

    READ = "read"
    WAIT = "wait"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file as a look found it; `fault` says why it is not to be opened."""

    key: str
    """Its path below the folder, in characters that every database takes."""
    path: Path
    size: int = 0
    modified_ns: int = 0
    fault: str = ""

    @property
    def modified(self) -> datetime:
        """When it was last written."""
        return _EPOCH + timedelta(microseconds=self.modified_ns // 1000)

    def marked(self, state: str) -> str:
        """Return what to remember of this version of the file."""
        return f"{self.size}:{self.modified_ns}:{state}"

    def marked_seen(self, mark: str | None, now: datetime) -> str:
        """Return the mark of a file that waits for a second look: the one it has, or one of now."""
        known = mark is not None and self._seen_at(mark, now) is not None
        return mark if known and mark else self.marked(f"{_SEEN}{now.timestamp():.3f}")

    def next_step(self, mark: str | None, now: datetime) -> Step:
        """Decide what to do from what is remembered: a finished version is read once, a young one waits for a second look."""
        if mark in {self.marked(READ), self.marked(FAILED)}:
            return Step.LEAVE
        if self.fault or now - self.modified >= AT_REST:
            return Step.READ
        seen_at = self._seen_at(mark or "", now)
        return Step.READ if seen_at and now - seen_at >= BETWEEN_LOOKS else Step.WAIT

    def _seen_at(self, mark: str, now: datetime) -> datetime | None:
        """Return when this version was first seen; None if it was not, or by a clock that was ahead and has been set back."""
        prefix = self.marked(_SEEN)
        if not mark.startswith(prefix):
            return None
        seen_at = datetime.fromtimestamp(float(mark.removeprefix(prefix)), UTC)
        return seen_at if seen_at <= now else None


def look(root: Path, suffixes: frozenset[str]) -> Iterator[Found]:
    """Yield the files of these kinds in a folder and its subfolders, and what there cannot be opened or followed.

    Raises:
        OSError: the folder itself cannot be looked into.
    """
    folders = [root]
    strangers: set[str] = set()
    while folders:
        folder = folders.pop()
        try:
            entries = _entries(folder)
        except OSError as error:
            if folder == root:
                raise
            yield Found(key=f"{_key(folder, root)}/", path=folder, fault=f"cannot be opened: {error.strerror}")
            continue
        folders += [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
        files = [Path(entry.path) for entry in entries if not entry.is_dir(follow_symlinks=False)]
        strangers |= {Path(entry.name).suffix.lower() for entry in entries if entry.is_file(follow_symlinks=False)} - suffixes
        yield from (found for path in files if path.suffix.lower() in suffixes and (found := _found(path, root)))
    for suffix in strangers:
        # One for all files of a kind, so that the pictures beside a thousand articles are one line.
        kind = f"*{_text(suffix)}" if suffix else "files without a suffix"
        yield Found(key=kind, path=root, fault=f"cannot be read: what can be is {' '.join(sorted(suffixes))}")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with os.scandir(folder) as entries:
        shown = (entry for entry in entries if not entry.name.startswith(".") and not entry.name.lower().endswith(_UNFINISHED))
        return sorted(shown, key=lambda entry: entry.name)


def _found(path: Path, root: Path) -> Found | None:
    """Return a file as it is now; None if it went since the folder was listed, or is a link to nowhere."""
    try:
        is_outside = path.is_symlink() and not path.resolve(strict=True).is_relative_to(root)
        seen = path.lstat() if is_outside else path.stat()
    except (OSError, RuntimeError):  # RuntimeError: a link that leads to itself, before Python 3.13
        return None
    fault = "" if stat.S_ISREG(seen.st_mode) else "is no ordinary file"
    if is_outside:
        fault = "is a link that leads out of the folder: put the file itself there"
    return Found(key=_key(path, root), path=path, size=seen.st_size, modified_ns=seen.st_mtime_ns, fault=fault)


def _key(path: Path, root: Path) -> str:
    """Return the path below the root; bytes in it that are no UTF-8 are written as escapes."""
    return _text(path.relative_to(root).as_posix())


def _text(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")
