"""The exception tree.

    SitrepError
    ├── ConfigError        a file of the config folder cannot be used      (file, key)   exit 78
    ├── QueryError         a query cannot be read                          (query, at)
    ├── TokenError         Discord refuses the token                                     exit 77
    ├── BusyError          another copy owns the store                                   exit 75
    ├── StoreError         the database cannot be used                                   exit 74
    ├── SourceError        one source could not be collected               (source, retry_after)
    │   └── BlockedAddress an address that may not be asked
    ├── ReadingError       a worker process could not read an article
    └── Unanswerable       a question has no answer for this viewer, and why

Each message is one sentence for a person: it names the thing and the mend. A bug is none of these.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta


class SitrepError(Exception):
    """The root of what the program expects to go wrong; `exit_code` is what the command line ends with.

    `quoted` holds lines that are to be shown under the message in letters of one width.
    """

    exit_code = 1

    def __init__(self, message: str = "", *, quoted: str = "") -> None:
        super().__init__(message)
        self.quoted = quoted


class ConfigError(SitrepError):
    """A file of the config folder cannot be used: the message names file, key, fault and mend."""

    exit_code = 78


class TokenError(SitrepError):
    """Discord refuses the token."""

    exit_code = 77


class BusyError(SitrepError):
    """Another copy of the program owns the schedule and the gateway."""

    exit_code = 75


class StoreError(SitrepError):
    """The database cannot be used."""

    exit_code = 74


class QueryError(SitrepError):
    """A query cannot be read; `at` is the offset of the fault in the query, where one is known."""

    def __init__(self, message: str, *, at: int | None = None, query: str = "") -> None:
        super().__init__(message, quoted=_pointed(query, at) if at is not None else "")
        self.at = at


class SourceError(SitrepError):
    """One source could not be collected; `retry_after` is the least pause that `host` asked for, for all that is there."""

    def __init__(
        self,
        message: str,
        *,
        retry_after: timedelta | None = None,
        host: str = "",
        unreachable: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.host = host
        self.unreachable = unreachable
        self.status = status
        """What a server answered (RFC 9110, section 15); none where there was no answer."""


class BlockedAddress(SourceError):
    """The address is private, local or otherwise not for a bot to ask."""


class ReadingError(SitrepError):
    """A worker process could not read an article: it crashed, or ran out of time or memory."""


class Unanswerable(SitrepError):
    """A question has no answer for this viewer; the message says why and what to try."""


_AROUND = 30
"""Characters of a query that are shown on either side of a fault."""


def _pointed(query: str, at: int) -> str:
    """Return the part of a query around a place, and below it a caret under that place."""
    if not query.strip():
        return ""
    start, end = max(0, at - _AROUND), at + _AROUND
    shown = "".join(one if one.isprintable() else " " for one in query[start:end])
    before, after = "…" if start else "", "…" if end < len(query) else ""
    # A caret stands under wide characters only where what goes before it is as wide.
    wide = ("\u3000" if unicodedata.east_asian_width(one) in "WF" else " " for one in shown[: at - start])
    return f"{before}{shown}{after}\n{' ' * len(before)}{''.join(wide)}^"
