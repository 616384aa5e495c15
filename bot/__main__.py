"""`python -m bot` and the script `sitrep`: ends in order from the first moment, then hands over to the command line."""

from __future__ import annotations

import signal
import sys
from types import FrameType
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line; a signal while it is still being loaded ends `run` with 0, as it does later."""
    signal.signal(signal.SIGINT, _end)
    if "run" in sys.argv[1:2]:  # the other verbs are cut off by SIGTERM, which is no success
        signal.signal(signal.SIGTERM, _end)
    from bot.memory import share_one_arena

    share_one_arena()
    from bot import cli  # loading it takes a second or two

    signal.signal(signal.SIGINT, signal.default_int_handler)
    cli.main()


def _end(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    main()
