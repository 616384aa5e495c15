"""Threads share what memory was freed."""

from __future__ import annotations

import ctypes
import platform
import tempfile
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from bot.workers import Workers

THREADS = 8

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc has several arenas")


def arenas() -> int:
    """Return from how many arenas this process takes memory, once several threads have taken some at the same time."""
    libc = ctypes.CDLL(None)
    libc.fopen.restype = ctypes.c_void_p
    all_there = threading.Barrier(THREADS)

    def take() -> None:
        all_there.wait()
        libc.malloc(1000)
        all_there.wait()

    threads = [threading.Thread(target=take) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    with tempfile.TemporaryDirectory() as home:
        told = Path(home) / "arenas.xml"
        file = ctypes.c_void_p(libc.fopen(bytes(told), b"w"))
        libc.malloc_info(0, file)
        libc.fclose(file)
        return told.read_text().count("<heap nr=")


async def test_the_threads_of_a_worker_share_one_arena() -> None:
    """What a worker frees it can use again, whichever thread asks."""
    workers = Workers(timeout=timedelta(minutes=1))
    try:
        assert await workers.run(arenas) == 1
    finally:
        workers.close()
