"""Which files the system has reported as complete: told by the watch, asked by the scan, in memory alone."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import suppress
from pathlib import Path

from bot.sources.folders.scan import Found

_MOST = 5_000
"""Of more at a time the oldest are forgotten: they are at rest by then."""


class Arrivals:
    """The versions of files that a writer has closed, or that were moved in."""

    def __init__(self) -> None:
        self._complete: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def note(self, path: str) -> None:
        """Keep that a file is complete as it is now."""
        with suppress(OSError):
            seen = Path(path).stat()
            self._complete[path] = seen.st_size, seen.st_mtime_ns
            self._complete.move_to_end(path)
            while len(self._complete) > _MOST:
                self._complete.popitem(last=False)

    def has(self, found: Found) -> bool:
        """Tell whether this version of a file is complete."""
        return self._complete.get(found.path) == (found.size, found.modified_ns)
