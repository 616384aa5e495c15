"""Bad weather between the bot and the service: requests that fail in runs, a gateway that drops, an outage of everything."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field

from .fake import FakeDiscord
from .faults import (
    BAD_GATEWAY,
    DONE_ALL_THE_SAME,
    HANG,
    HANG_STORED,
    LOST_REPLY,
    RESET,
    SERVER_ERROR,
    UNAVAILABLE,
    Fault,
    too_many,
)
from .routes import MESSAGE, MESSAGES

TELLING = frozenset({("POST", MESSAGES), ("PATCH", MESSAGE)})
ELSEWHERE = 0.05
"""So much of the rate is met by requests that tell nothing: a login that fails costs seconds."""
RUN = 4
DROPS_S = (0.5, 4.0)

FAULTS: dict[str, tuple[Fault, float]] = {
    "reset": (RESET, 3),
    "lost reply": (LOST_REPLY, 4),
    "500": (SERVER_ERROR, 1),
    "502": (BAD_GATEWAY, 1),
    "502, and done": (DONE_ALL_THE_SAME, 2),
    "503": (UNAVAILABLE, 2),
    "429": (too_many(0.2), 2),
    "429 global": (too_many(0.2, scope="global"), 1),
    "hang": (HANG, 0.2),
    "hang, and done": (HANG_STORED, 0.2),
}


@dataclass(slots=True, kw_only=True)
class Storm:
    """Decides what goes wrong with each request (a `faults.Weather`), and shakes the gateway."""

    fake: FakeDiscord
    draw: random.Random
    rate: float = 0.0
    """How many of the posts and edits begin a run of one fault."""
    met: Counter[str] = field(default_factory=Counter)
    _left: Counter[str] = field(default_factory=Counter)

    def __call__(self, method: str, template: str) -> Fault | None:
        """Say what goes wrong with a request of this route."""
        telling = (method, template) in TELLING
        name = next(self._left.elements(), None) if telling else None
        if name is not None:
            self._left[name] -= 1
        elif self.draw.random() < (self.rate if telling else self.rate * ELSEWHERE):
            name = self._begin(telling=telling)
        if name is None:
            return None
        self.met[name] += 1
        return FAULTS[name][0]

    def _begin(self, *, telling: bool) -> str:
        """Begin a run of one fault; only what tells may hang, since a login that hangs is a life in which nothing happens."""
        names = [name for name in FAULTS if telling or "hang" not in name]
        [name] = self.draw.choices(names, weights=[FAULTS[name][1] for name in names])
        if telling and "hang" not in name:
            self._left[name] = self.draw.randrange(RUN)
        return name

    async def shake(self) -> None:
        """Drop, move and end the sessions of the gateway until cancelled."""
        gateway = self.fake.gateway
        while True:
            await asyncio.sleep(self.draw.uniform(*DROPS_S))
            name, blow = self.draw.choice(
                [("drop", gateway.drop), ("reconnect", gateway.ask_to_reconnect), ("invalid", gateway.invalidate)]
            )
            if self.rate:
                self.met[f"gateway {name}"] += bool(gateway.connected)
                await blow()

    async def outage(self, *, lasts_s: float) -> None:
        """Let nobody be heard for a while."""
        self.met["outage"] += 1
        async with self.fake.outage():
            await asyncio.sleep(lasts_s)

    def end(self) -> None:
        """Let nothing more go wrong, but an outage take its time."""
        self.rate = 0.0
        self._left.clear()
