"""Ends a process that hangs, so that its host starts it anew: a thread looks on. It knows nothing of what the process does.

A thread cannot look while C code keeps the lock of the interpreter; long work belongs into a worker process anyway.
"""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import NoReturn, Self

import structlog

log = structlog.get_logger(__name__)

EXIT_CODE = 70
"""An internal fault of a program (EX_SOFTWARE of sysexits.h)."""

ENDING_S = 7.5
"""An end that was asked for takes so long at most, since some hosts kill after 10 s; all that has a limit of its own ends before."""

_STDERR = 2
_LAST_WORDS_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long what may go on before it counts as hanging, in seconds."""

    loop_s: float = 60.0
    """The event loop may not come round for so long."""
    delivery_s: float = 300.0
    """One try of a delivery may take so long: several times what the courier waits for its requests."""
    look_s: float = 5.0
    """The watchdog looks this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the event loop said of itself when it came round last, by the monotonic clock."""

    beat_at: float
    delivering_since: float | None = None
    """When the delivery that is longest on its way was begun."""


def complaint(signs: Signs, patience: Patience, *, now: float, awake_since: float) -> str | None:
    """Return what hangs, in a sentence, or None; nobody is blamed for the time before the watchdog itself was awake."""
    silent_s = now - max(signs.beat_at, awake_since)
    if silent_s > patience.loop_s:
        return f"The event loop has hung for {silent_s:.0f} s"
    if signs.delivering_since is not None:
        delivering_s = now - max(signs.delivering_since, awake_since)
        if delivering_s > patience.delivery_s:
            return f"A delivery has hung for {delivering_s:.0f} s"
    return None


def end_process(said: str) -> NoReturn:
    """Log a sentence, show where each thread is, and end at once; nothing is lost, since each step is a row in the store."""

    def last_words() -> None:
        log.critical("the process ends, so that its host starts it anew", reason=said, code=EXIT_CODE)
        faulthandler.dump_traceback(_STDERR)

    # Whoever hangs may be writing to a full pipe, and then nobody else gets a word in.
    teller = threading.Thread(target=last_words, name="last words", daemon=True)
    teller.start()
    teller.join(_LAST_WORDS_S)
    os._exit(EXIT_CODE)


def end_in_time(seconds: float = ENDING_S, *, end: Callable[[str], object] = end_process) -> None:
    """End the process if it is still there after so long, whatever it waits for; whoever ends before has nothing to call off."""
    timer = threading.Timer(seconds, end, [f"The end has taken longer than {seconds:g} s"])
    timer.daemon = True
    timer.start()


class Watchdog:
    """Looks on from a thread of its own, from entering the block until it is closed."""

    def __init__(
        self,
        patience: Patience,
        *,
        clock: Callable[[], float] = time.monotonic,
        end: Callable[[str], object] = end_process,
    ) -> None:
        self._patience = patience
        self._clock = clock
        self._end = end
        self._closed = threading.Event()
        self._signs = Signs(beat_at=clock())
        self._looked_at = self._awake_since = self._signs.beat_at
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        """Begin to look on."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Look on no longer."""
        self.close()

    def beat(self, *, delivering_since: float | None = None) -> None:
        """Take in that the event loop comes round, and since when the oldest of its deliveries is on its way."""
        self._signs = Signs(beat_at=self._clock(), delivering_since=delivering_since)

    def look(self) -> None:
        """End the process if something hangs.

        A watchdog that comes late was held up with all the rest, by a machine that slept or a process that was stopped:
        then everything has its whole time again.
        """
        now = self._clock()
        if now - self._looked_at > 2 * self._patience.look_s:
            self._awake_since = now
        self._looked_at = now
        said = complaint(self._signs, self._patience, now=now, awake_since=self._awake_since)
        if said is not None and not self._closed.is_set():
            self._end(said)

    def close(self) -> None:
        """Look on no longer, however long the end takes; closing twice is safe."""
        self._closed.set()

    def _watch(self) -> None:
        while not self._closed.wait(self._patience.look_s):
            self.look()
