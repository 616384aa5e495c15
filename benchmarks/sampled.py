"""Start the bot as the wire tests do, with a task beside it that notes how late the event loop comes round.

It writes into the file named by LATENESS, every second: the longest delay in milliseconds, and how many were above 50.
Without arguments it samples an empty loop instead: what the machine itself is late.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path
from typing import Any

EVERY_S = 0.005
LATE_S = 0.05


def main(arguments: list[str]) -> None:
    """Put the sampling beside the bot, then start it."""
    from bot import app
    from tests.wire import launch

    bot = app.run

    async def sampled(*given: Any, **named: Any) -> int:
        sampling = asyncio.ensure_future(_sample(Path(os.environ["LATENESS"])))
        try:
            return await bot(*given, **named)
        finally:
            sampling.cancel()

    app.run = sampled
    launch.main(arguments)


async def _sample(file: Path) -> None:
    longest, late, noted = 0.0, 0, time.monotonic()
    while True:
        before = time.monotonic()
        await asyncio.sleep(EVERY_S)
        now = time.monotonic()
        delay = now - before - EVERY_S
        longest, late = max(longest, delay), late + (delay > LATE_S)
        if now - noted > 1:
            _note(file, f"{longest * 1000:.0f} {late}")
            noted = now


def _note(file: Path, words: str) -> None:
    file.write_text(words)


if __name__ == "__main__":
    if sys.argv[1:]:
        main(sys.argv[1:])
    else:
        asyncio.run(_sample(Path(os.environ["LATENESS"])))
