"""Start the bot as `launch.py` does, with a watchdog of little patience, and a loop that hangs when there is a file `hang`."""

from __future__ import annotations

import runpy
import sys
import time
from pathlib import Path


def main(arguments: list[str]) -> None:
    """Make the watchdog impatient, then start the bot."""
    # worker processes import this file too and need none of these
    from bot import running
    from bot.engine.local import LocalEngine
    from bot.health.watchdog import Patience

    running.PATIENCE = Patience(loop_s=3.0, delivery_s=2.0, look_s=0.25)
    tick = LocalEngine.tick

    def hang_or_tick(self: LocalEngine) -> None:
        if Path("hang").exists():
            time.sleep(600)
        tick(self)

    LocalEngine.tick = hang_or_tick  # type: ignore[method-assign]  # a fault that no seam can bring about
    runpy.run_path(str(Path(__file__).with_name("launch.py")))["main"](arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
