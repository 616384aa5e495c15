"""The one way in which a reader of files says that it cannot read one."""

from __future__ import annotations


class UnreadableError(Exception):
    """A file, or a part of it, that cannot be read as it is; the message follows its name."""
