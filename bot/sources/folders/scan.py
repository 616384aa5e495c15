"""Looks at a folder: which files are there, and what tells their versions apart; it opens none of them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.sources.folders.packed import kind_of
from bot.sources.folders.patterns import Choice

DONE = ".done"
"""`a.txt.done`, or `a.done`, says that `a.txt` is complete."""

_PARTIAL = (".part", ".partial", ".tmp", ".temp", ".swp", ".swx", ".crdownload", ".download", ".filepart", ".aria2", "~", "#")
_HIDDEN = (".", "~$")
"""How names begin of what an editor or an office program keeps for itself."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file as a look found it; `fault` says why it is not to be opened."""

    key: str
    """Its path below the folder, in characters that every database takes."""
    path: str
    size: int = 0
    modified_ns: int = 0
    changed_ns: int = 0
    inode: int = 0
    done: bool = False
    """Somebody says that it is complete."""
    fault: str = ""

    @property
    def modified(self) -> datetime:
        """When it was last written."""
        return _EPOCH + timedelta(microseconds=self.modified_ns // 1000)


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a folder found."""

    files: list[Found] = field(default_factory=list)
    partial: set[int] = field(default_factory=set)
    """The inodes of files whose names say that they are being written."""


def look(root: Path, kinds: frozenset[str], choice: Choice) -> Look:
    """Find the files of these kinds in a folder and its subfolders, and what there cannot be opened or followed.

    Raises:
        OSError: the folder itself cannot be looked into.
    """
    scan = _Scan(root, kinds, choice)
    while scan.folders:
        scan.enter(scan.folders.pop())
    scan.look.files.extend(_strangers(scan.strangers, root, kinds))
    return scan.look


class _Scan:
    """A look on its way through a folder."""

    def __init__(self, root: Path, kinds: frozenset[str], choice: Choice) -> None:
        self._root = root
        self._above = len(str(root).rstrip(os.sep)) + 1
        self._kinds = kinds
        self._choice = choice
        self.folders = [str(root)]
        self.look = Look()
        self.strangers: set[str] = set()
        """The suffixes of what is of no kind that is read."""

    def enter(self, folder: str) -> None:
        """Take up what is in one folder, and remember those below it."""
        try:
            with os.scandir(folder) as listed:
                entries = sorted(
                    (entry for entry in listed if not entry.name.startswith(_HIDDEN)), key=lambda entry: entry.name
                )
        except OSError as error:
            if folder == str(self._root):
                raise
            fault = f"cannot be opened: {error.strerror}"
            self.look.files.append(Found(key=f"{_text(folder[self._above :])}/", path=folder, fault=fault))
            return
        whole = {entry.name: entry for entry in entries if entry.name.endswith(DONE)}
        for entry in entries:
            key = _text(entry.path[self._above :])
            if not entry.is_dir(follow_symlinks=False):
                self._take(entry, key, whole)
            elif not entry.name.lower().endswith(_PARTIAL) and not self._choice.shuts_out(key):
                self.folders.append(entry.path)

    def _take(self, entry: os.DirEntry[str], key: str, whole: dict[str, os.DirEntry[str]]) -> None:
        if entry.name.lower().endswith(_PARTIAL):
            self.look.partial.add(entry.inode())
        elif entry.name not in whole and self._choice.takes(key):
            kind, packing = kind_of(entry.name)
            if kind in self._kinds:
                self.look.files.extend(_found(entry, key, self._root, whole))
            elif entry.is_file(follow_symlinks=False):
                self.strangers.add(f"{kind}{packing}")


def _found(entry: os.DirEntry[str], key: str, root: Path, whole: dict[str, os.DirEntry[str]]) -> Iterator[Found]:
    """Yield a file as it is now, unless it went since the folder was listed or is a link to nowhere."""
    fault = ""
    try:
        if entry.is_symlink() and not Path(entry.path).resolve(strict=True).is_relative_to(root):
            fault = "is a link that leads out of the folder: put the file itself there"
        seen = entry.stat(follow_symlinks=not fault)
        done = bool(whole) and _is_done(entry.name, seen, whole)
    except (OSError, RuntimeError):  # RuntimeError: a link that leads to itself, before Python 3.13
        return
    if not fault and not stat.S_ISREG(seen.st_mode):
        fault = "is no ordinary file"
    yield Found(
        key=key,
        path=entry.path,
        size=seen.st_size,
        modified_ns=seen.st_mtime_ns,
        changed_ns=seen.st_ctime_ns,
        inode=seen.st_ino,
        done=done,
        fault=fault,
    )


def _is_done(name: str, seen: os.stat_result, whole: dict[str, os.DirEntry[str]]) -> bool:
    """Tell whether a `.done` file stands beside a file that was not written since."""
    beside = whole.get(name + DONE) or whole.get(name.split(".", 1)[0] + DONE)
    return beside is not None and beside.stat().st_mtime_ns >= seen.st_mtime_ns


def _strangers(kinds: set[str], root: Path, known: frozenset[str]) -> Iterator[Found]:
    """Yield one for all files of a kind, so that the pictures beside a thousand articles are one line."""
    for kind in sorted(kinds):
        name = f"*{_text(kind)}" if kind else "files without a suffix"
        yield Found(key=name, path=str(root), fault=f"cannot be read: what can be is {' '.join(sorted(known))}")


def _text(name: str) -> str:
    """Return a path as text; bytes in it that are no UTF-8 are written as escapes."""
    return name if name.isascii() else os.fsencode(name).decode("utf-8", "backslashreplace")
