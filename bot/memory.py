"""Lets a process keep less memory that it has freed."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""The parameter of mallopt(3)."""


def share_one_arena() -> None:
    """Let all threads that start from now on take memory from one arena, where the C library has several (glibc).

    Each thread would get one of its own, of which little goes back to the system: a fifteenth of what the bot needs. Python's
    threads hardly meet there, since they take turns anyway.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(_M_ARENA_MAX, 1)
