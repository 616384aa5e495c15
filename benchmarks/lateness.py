"""How late an event loop comes round, and how late a process wakes up beside it that does nothing: what the machine itself adds."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Self

PROBE_S = 0.002


@dataclass(slots=True)
class Stalls:
    """Measures by how much the loop is late, all the time."""

    late_s: list[float] = field(default_factory=list)

    async def watch(self) -> None:
        """Measure until it is cancelled."""
        while True:
            before = time.perf_counter()
            await asyncio.sleep(PROBE_S)
            self.late_s.append(time.perf_counter() - before - PROBE_S)

    def __str__(self) -> str:
        ordered = sorted(self.late_s)
        return f"longest stall of the loop {1e3 * ordered[-1]:.0f} ms, 99.9 % under {1e3 * ordered[-len(ordered) // 1000 - 1]:.0f} ms"


class Idle:
    """An idle process beside what is measured."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "benchmarks.lateness"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def longest_ms(self) -> float:
        """Return by how much it was late at most since this was asked before."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())


def _measure() -> None:
    import select

    longest = 0.0
    while True:
        before = time.perf_counter()
        asked, _, _ = select.select([sys.stdin], [], [], PROBE_S)
        if not asked:
            longest = max(longest, time.perf_counter() - before - PROBE_S)
            continue
        if not sys.stdin.readline():
            return
        print(f"{1e3 * longest:.1f}", flush=True)
        longest = 0.0


if __name__ == "__main__":
    _measure()
