"""Start the bot as `launch.py` does, looking after its sources every half second."""

from __future__ import annotations

import runpy
import sys
from datetime import timedelta
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Shorten the time between two rounds, then start the bot."""
    # worker processes import this file too and need none of these
    from bot import running

    running.ROUND = timedelta(seconds=0.5)
    runpy.run_path(str(Path(__file__).with_name("launch.py")))["main"](arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
