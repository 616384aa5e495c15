"""Tells by its path whether a file of a folder is wanted; it knows nothing of disks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.model import Files

_SIGNS = re.compile(r"\*\*/|\*\*|\*|\?")
_MEANING = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


@dataclass(frozen=True)
class Choice:
    """What the patterns of a source let through."""

    files: Files

    def takes(self, key: str) -> bool:
        """Tell whether a file is read, by its path below the folder."""
        return (self._include is None or self._include.match(key) is not None) and not self.shuts_out(key)

    def shuts_out(self, key: str) -> bool:
        """Tell whether a file, or all that is in a subfolder, is left out."""
        return self._exclude is not None and self._exclude.match(key) is not None

    @cached_property
    def _include(self) -> re.Pattern[str] | None:
        return _expression(self.files.include)

    @cached_property
    def _exclude(self) -> re.Pattern[str] | None:
        return _expression(self.files.exclude)


def _expression(patterns: Sequence[str]) -> re.Pattern[str] | None:
    """Join patterns; what matches a subfolder matches all that is in it."""
    if not patterns:
        return None
    return re.compile(rf"(?:{'|'.join(map(_translated, patterns))})(?:/.*)?\Z", re.DOTALL)


def _translated(pattern: str) -> str:
    """Turn one pattern into an expression; without a slash it is about a name, wherever it lies."""
    inner = pattern.strip("/")
    ends = [*(found.span() for found in _SIGNS.finditer(inner)), (len(inner), len(inner))]
    written = "" if "/" in inner else _MEANING["**/"]
    at = 0
    for start, end in ends:
        written += re.escape(inner[at:start]) + _MEANING.get(inner[start:end], "")
        at = end
    return written
